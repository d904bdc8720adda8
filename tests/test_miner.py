"""Contacts come in, scores go out: one row each, in order, with a reason where there is no score."""

import json
import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from vocmine.errors import DeviceError, InputError, ModelError, ModelNotFoundError

CALL = [
    ("c1", "conseiller", "Clairval bonjour, que puis-je faire pour vous ?"),
    ("c1", "client", "Ça fait trois fois que j'appelle et rien n'est fait, c'est inadmissible !"),
    ("c1", "conseiller", "Je suis vraiment désolée, je fais partir le remboursement tout de suite."),
    ("c1", "client", "Merci beaucoup, vous êtes très efficace, je suis ravi."),
]
MAIL = ("m1", "client", "Je voudrais changer l'adresse de livraison de ma commande, merci.")


def corpus_of(*rows):
    return vm.Corpus.from_pandas(pd.DataFrame(rows, columns=["contact_id", "speaker", "text"]), speaker="speaker")


@pytest.fixture(scope="module")
def call(miner):
    return miner.score(corpus_of(*CALL, MAIL))


def test_one_row_a_contact_a_turn_and_a_segment(call):
    assert call.contacts["contact_id"].tolist() == ["c1", "m1"]
    assert len(call.turns) == 5
    assert len(call.segments) == len(call.embeddings)


def test_probabilities_sum_to_one(call):
    for frame in (call.contacts, call.turns, call.segments):
        sums = frame[["p_negative", "p_neutral", "p_positive"]].sum(axis="columns")
        np.testing.assert_allclose(sums, 1, atol=1e-9)


def test_the_customer_recovers_over_the_call(call):
    contact = call.contacts.set_index("contact_id").loc["c1"]
    assert contact["sentiment_start"] < 0 < contact["sentiment_end"]
    assert contact["recovered"]
    assert contact["shift"] == pytest.approx(contact["sentiment_end"] - contact["sentiment_start"])


def test_the_agents_words_do_not_count_for_the_contact(miner):
    alone = miner.score(corpus_of(CALL[1], CALL[3])).contacts
    with_agent = miner.score(corpus_of(*CALL)).contacts
    assert alone.loc[0, "p_negative"] == pytest.approx(with_agent.loc[0, "p_negative"])


def test_unknown_speakers_count_where_nobody_is_the_customer(miner):
    rows = [("a", "participant 7", CALL[1][2]), ("b", "participant 7", CALL[3][2]), ("b", "client", CALL[1][2])]
    assert miner.score(corpus_of(*rows)).contacts["sentiment"].tolist() == ["negative", "negative"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("x", "client", "مرحبا، أين طلبي؟"), "unsupported_script"),
        (("x", "client", "..."), "no_letters"),
        (("x", "conseiller", "Bonjour, que puis-je faire pour vous ?"), "no_customer_turn"),
    ],
)
def test_what_cannot_be_scored_says_why(miner, row, reason):
    contact = miner.score(corpus_of(row)).contacts.iloc[0]
    assert contact["abstained"]
    assert contact["reason"] == reason
    assert pd.isna(contact["sentiment"])
    assert pd.isna(contact["p_negative"])


def test_rows_in_are_turns_and_rejected_rows(miner):
    analysis = miner.score(vm.Corpus.from_records(["Merci !", None, "", "Toujours rien reçu."]))
    assert analysis.run["rows_in"] == 4
    assert len(analysis.turns) + len(analysis.rejected) == 4
    assert json.loads(analysis.run["reasons"]).keys() == set(analysis.rejected["reason"])


def test_the_callers_order_and_index_come_back(miner):
    frame = pd.DataFrame({"message": ["C'est honteux.", None, "Parfait, merci beaucoup !"]}, index=["z", "y", "x"])
    analysis = miner.score(vm.Corpus.from_pandas(frame))
    assert analysis.contacts.index.tolist() == ["z", "x"]
    assert analysis.contacts["sentiment"].tolist() == ["negative", "positive"]


def test_a_column_that_bears_the_name_of_a_score_is_kept(miner):
    frame = pd.DataFrame({"text": ["C'est honteux."], "sentiment": ["déclaré"], "sentiment_given": ["donné"]})
    contact = miner.score(vm.Corpus.from_pandas(frame)).contacts.iloc[0]
    assert contact.index.is_unique
    assert (contact["sentiment_given_2"], contact["sentiment_given"], contact["sentiment"]) == (
        "déclaré",
        "donné",
        "negative",
    )


def test_a_long_account_is_read_to_its_end(miner):
    account = "J'ai envoyé le dossier par courrier. " * 150 + "C'est honteux, je suis furieuse et je vais résilier !"
    analysis = miner.score(vm.Corpus.from_records([account]))
    assert analysis.segments["end"].iloc[-1] == len(account)
    assert analysis.segments["p_negative"].iloc[-1] > 0.5


def test_a_miner_that_has_worked_can_be_sent_to_another_process(miner):
    corpus = vm.Corpus.from_records(["C'est honteux."])
    sent = pickle.loads(pickle.dumps(miner))
    assert (sent.model, sent.device) == (miner.model, miner.device)
    pd.testing.assert_frame_equal(sent.score(corpus).contacts, miner.score(corpus).contacts)


def test_an_empty_corpus_gives_empty_tables(miner):
    analysis = miner.score(vm.Corpus.from_records([]))
    assert len(analysis.contacts) == len(analysis.turns) == len(analysis.embeddings) == 0


def test_errors_say_what_to_do():
    corpus = vm.Corpus.from_records(["Bonjour"])
    with pytest.raises(ModelNotFoundError):
        vm.Miner("no/such/folder").score(corpus)
    with pytest.raises(DeviceError):
        vm.Miner(device="cuda:9").score(corpus)
    assert issubclass(ModelNotFoundError, ModelError)
    embedded = vm.Model.from_pretrained("embedded")
    head = next(head for head in embedded.heads if head.name == "sentiment")
    for other, message in (
        (replace(head, name="urgency"), "has no 'sentiment' head"),
        (replace(head, labels=("NEG", "NEU", "POS", "MIX")), "tells NEG, NEU, POS, MIX apart"),
    ):
        manifest = replace(embedded.manifest, heads=(other,))
        stored = {name.replace("heads.sentiment", f"heads.{other.name}"): a for name, a in embedded.stored.items()}
        with pytest.raises(ModelError, match=message):
            vm.Miner(replace(embedded, manifest=manifest, stored=stored)).score(corpus)
    with pytest.raises(InputError, match=r"got DataFrame, expected a Corpus; make one with vm\.Corpus\.from_pandas"):
        vm.Miner().score(pd.DataFrame({"text": ["Bonjour"]}))
