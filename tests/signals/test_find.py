"""What scoring finds besides sentiment: signals of customers alone, each with words that show it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from tests.inference.conftest import tiny_config, tiny_manifest, tiny_tensors, tiny_tokenizer
from vocmine.schema import SIGNALS, SPANS, STYLES

TURNS = [
    ("A", "client", "Bonjour. Ça fait trois fois que j’appelle pour ma facture, et ce n’est toujours pas réglé !"),
    ("A", "conseiller", "Ça fait trois fois que vous appelez, je comprends. Je m’en occupe tout de suite."),
    ("A", "client", "Je n’ai toujours pas de réponse, on me balade de service en service."),
    ("B", "conseiller", "Ça fait trois fois que j’appelle, je n’ai toujours pas de réponse de votre part."),
    ("C", "client", "C’est réglé, merci beaucoup."),
    ("D", "client", "12 34 ??"),
    ("E", None, "Ça fait trois fois que j’appelle pour la même chose."),
]
P_SIGNALS = [f"p_{name}" for name in SIGNALS]
OF_CUSTOMERS = ["frustration", "p_frustrated", *P_SIGNALS, "signals"]


@pytest.fixture(scope="module")
def tiny():
    """A model without heads for signals: rules alone tell them."""
    return vm.Model.assemble(tiny_manifest(), tiny_config(), tiny_tokenizer(), tiny_tensors())


@pytest.fixture(scope="module", params=["rules alone", "embedded"])
def scorer(request, tiny):
    return vm.Miner(tiny, device="cpu") if request.param == "rules alone" else request.getfixturevalue("miner")


@pytest.fixture(scope="module")
def corpus():
    return vm.Corpus.from_records([{"id": one, "locuteur": who, "texte": text} for one, who, text in TURNS])


@pytest.fixture(scope="module")
def analysis(scorer, corpus):
    return scorer.score(corpus)


@pytest.fixture(scope="module")
def contacts(analysis):
    return analysis.contacts.set_index("contact_id")


def test_customers_signals_are_found(contacts):
    assert "repeat_contact" in contacts.loc["A", "signals"]
    assert "resolved" in contacts.loc["C", "signals"]


def test_every_probability_is_one(contacts):
    p = contacts.loc[["A", "C", "E"], ["p_frustrated", *P_SIGNALS]].to_numpy(dtype=float)
    assert ((p >= 0) & (p <= 1)).all()


def test_signals_are_listed_in_the_order_of_the_schema(contacts):
    for found in contacts["signals"].dropna():
        assert list(found) == [name for name in SIGNALS if name in set(found)]


def test_an_agents_turns_carry_no_signal(analysis):
    turns = analysis.turns
    agents = turns[turns["speaker"] == "agent"]
    assert agents[OF_CUSTOMERS].isna().all(axis=None)
    spans = analysis.spans.merge(turns[["contact_id", "turn", "speaker"]], on=["contact_id", "turn"])
    assert not ((spans["kind"] == "signal") & (spans["speaker"] == "agent")).any()


def test_a_contact_of_the_agent_alone_has_no_answer(contacts):
    assert contacts.loc["B", OF_CUSTOMERS].isna().all()


def test_unknown_speakers_count_where_nobody_is_named_the_customer(contacts):
    assert "repeat_contact" in contacts.loc["E", "signals"]


def test_styles_are_those_of_agents_turns_and_null_for_others(analysis):
    turns = analysis.turns
    agent = turns["speaker"] == "agent"
    assert turns.loc[~agent, "styles"].isna().all()
    assert all(set(found) <= set(STYLES) for found in turns.loc[agent, "styles"])


def test_spans_quote_their_turn(analysis):
    turns = analysis.turns.set_index(["contact_id", "turn"])["text"]
    spans = analysis.spans
    assert len(spans)
    for span in spans.itertuples():
        assert turns[span.contact_id, span.turn][span.start : span.end] == span.quote
        assert span.quote.strip()


def test_every_signal_reported_has_words_that_show_it(analysis):
    spans = analysis.spans
    shown = {(one.contact_id, one.label) for one in spans[spans["kind"] == "signal"].itertuples()}
    told = analysis.contacts[["contact_id", "signals"]].explode("signals").dropna()
    assert shown == set(told.itertuples(index=False, name=None))


def test_spans_stand_in_the_order_of_contacts_turns_and_text(analysis):
    spans = analysis.spans
    rank = {name: place for place, name in enumerate(analysis.contacts["contact_id"])}
    keys = [(rank[span.contact_id], span.turn, span.start) for span in spans.itertuples()]
    assert keys == sorted(keys)


def test_scoring_again_gives_the_same(scorer, corpus, analysis):
    again = scorer.score(corpus)
    pd.testing.assert_frame_equal(again.contacts[OF_CUSTOMERS], analysis.contacts[OF_CUSTOMERS])
    pd.testing.assert_frame_equal(again.spans, analysis.spans)


def test_the_order_of_contacts_changes_nothing(scorer, corpus, analysis):
    names = analysis.contacts["contact_id"].tolist()[::-1]
    rows = [{"id": one, "locuteur": who, "texte": text} for name in names for one, who, text in TURNS if one == name]
    other = scorer.score(vm.Corpus.from_records(rows)).contacts.set_index("contact_id")
    mine = analysis.contacts.set_index("contact_id").loc[names]
    np.testing.assert_allclose(other[P_SIGNALS].astype(float), mine[P_SIGNALS].astype(float), atol=1e-5)
    assert other["signals"].map(str).equals(mine["signals"].map(str))


def test_frustration_has_a_course(contacts):
    for name in ("A", "C", "E"):
        start, peak, end = contacts.loc[name, ["frustration_start", "frustration_peak", "frustration_end"]]
        assert 0 <= max(start, end) <= peak <= 3
    assert contacts["frustration_recovered"].notna().tolist() == [True, False, False, False, False]


def test_signals_that_are_not_asked_for_are_null_and_have_no_span(tiny, corpus):
    without = vm.Miner(tiny, device="cpu", signals=False).score(corpus)
    assert without.contacts[OF_CUSTOMERS].isna().all(axis=None)
    assert without.turns[[*OF_CUSTOMERS, "styles"]].isna().all(axis=None)
    assert without.tables["spans"].equals(SPANS.empty_table())


def test_signals_leave_sentiment_as_it_is(tiny, corpus):
    columns = ["contact_id", "sentiment", "p_negative", "p_neutral", "p_positive"]
    one, other = (vm.Miner(tiny, device="cpu", signals=signals).score(corpus) for signals in (True, False))
    pd.testing.assert_frame_equal(one.contacts[columns], other.contacts[columns])


def test_a_corpus_without_contacts_has_none(tiny):
    empty = vm.Miner(tiny, device="cpu").score(vm.Corpus.from_records([None]))
    assert len(empty.contacts) == len(empty.spans) == 0


def test_a_stream_shows_the_same_words(tiny, corpus, tmp_path):
    frame = pd.DataFrame(TURNS, columns=["id", "locuteur", "texte"])
    miner = vm.Miner(tiny, device="cpu", threads=1)
    miner.stream(frame, tmp_path / "flux", chunk_rows=3)
    streamed = pd.read_parquet(tmp_path / "flux" / "spans")
    whole = miner.score(corpus).spans
    assert len(whole)
    pd.testing.assert_frame_equal(streamed[whole.columns], whole, check_dtype=False)
