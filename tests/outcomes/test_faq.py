"""Drafts of a FAQ are real questions with real answers, and say where they come from."""

import numpy as np
import pandas as pd
import pytest

from vocmine import Corpus
from vocmine.errors import InputError
from vocmine.outcomes.faq import faq
from vocmine.outcomes.questions import simple_requests

BAG = (
    "Comment faire livrer mes bagages à l'hôtel ?",
    "Comment faire livrer ma valise à l'hôtel ?",
    "Comment puis-je faire livrer mes bagages à l'hôtel ?",
    "Peut-on faire livrer ses bagages à l'hôtel ?",
    "Comment faire pour livrer des bagages à l'hôtel ?",
)
BAG_ANSWERS = (
    "La livraison des bagages se réserve à l'accueil, la veille au soir.",
    "Réservez la livraison des bagages à l'accueil la veille.",
    "La livraison des bagages se demande à l'accueil, un jour avant.",
    "Le parking est derrière la gare.",
    "Je note votre demande.",
)
WIFI = ("Quel est le code du wifi ?", "Le code du wifi, quel est-il ?", "Où est le code du wifi ?")
LONELY = ("Où acheter un plan de la vieille ville ?", "Le spa accepte-t-il les enfants de huit ans ?")


def _records():
    pairs = [(f"B{n}", *pair) for n, pair in enumerate(zip(BAG, BAG_ANSWERS, strict=True))]
    pairs += [(f"W{n}", ask, "Le code figure au dos du badge de la chambre.") for n, ask in enumerate(WIFI)]
    pairs += [(f"L{n}", ask, "Oui, à toute heure de la journée.") for n, ask in enumerate(LONELY)]
    return [
        {
            "id": contact,
            "locuteur": who,
            "texte": text,
            "client_id": f"C{contact}",
            "date": f"2026-0{1 + n % 3}-1{n % 9} 10:00",
        }
        for n, (contact, ask, told) in enumerate(pairs)
        for who, text in (("client", ask), ("conseiller", told))
    ]


@pytest.fixture(scope="module")
def analysis(miner):
    return miner.score(Corpus.from_records(_records()))


@pytest.fixture(scope="module")
def drafts(analysis):
    return faq(analysis).drafts


def test_each_draft_cites_three_contacts_or_more_that_ask_its_question(drafts):
    assert {frozenset(ids) for ids in drafts["contact_ids"]} == {
        frozenset(f"B{n}" for n in range(5)),
        frozenset(f"W{n}" for n in range(3)),
    }
    assert drafts["n_contacts"].tolist() == [5, 3]
    assert (drafts["contact_ids"].map(len) == drafts["n_contacts"]).all()


def test_questions_and_answers_are_real_and_of_the_contacts_cited(drafts):
    records = pd.DataFrame(_records())
    for _, row in drafts.iterrows():
        own = records[records["id"].isin(row["contact_ids"])]["texte"]
        assert row["question"] in set(own)
        source = records[records["id"] == row["answer_contact_id"]]["texte"]
        assert row["answer"] in source.tolist()
        assert row["answer_contact_id"] in row["contact_ids"]


def test_the_answer_is_the_one_that_others_agree_with(drafts):
    assert drafts.loc[0, "answer_contact_id"] in {"B0", "B1", "B2"}


def test_a_customer_who_came_back_lends_no_answer(miner, drafts):
    chosen = drafts.loc[0, "answer_contact_id"]
    back = {"id": "X1", "locuteur": "client", "texte": "Encore moi.", "client_id": f"C{chosen}"}
    day = next(record["date"] for record in _records() if record["id"] == chosen)
    again = miner.score(Corpus.from_records([*_records(), back | {"date": f"{day[:-5]}18:00"}]))
    assert faq(again).drafts.loc[0, "answer_contact_id"] not in {chosen, "B3"}


def test_what_might_be_absorbed_lies_in_its_interval_and_under_the_volume(drafts):
    assert (drafts["absorbed_low"] < drafts["absorbed"]).all()
    assert (drafts["absorbed"] <= drafts["absorbed_high"]).all()
    assert (drafts["absorbed_high"] <= drafts["per_month"]).all()
    answered, served = 4, 3  # « Je note votre demande » answers nothing, the parking something else
    assert drafts.loc[0, "absorbed"] == pytest.approx(drafts.loc[0, "per_month"] * served / answered)


def test_volume_is_counted_by_month_of_the_corpus(analysis, drafts):
    days = analysis.contacts["started_at"].dt.floor("D")
    months = ((days.max() - days.min()).days + 1) / (365.25 / 12)
    np.testing.assert_allclose(drafts["per_month"], drafts["n_contacts"] / months)


def test_the_order_of_the_contacts_changes_nothing(miner, drafts):
    records = _records()
    turned = [record for start in range(len(records) - 2, -1, -2) for record in records[start : start + 2]]
    pd.testing.assert_frame_equal(faq(miner.score(Corpus.from_records(turned))).drafts, drafts)


def test_as_many_drafts_as_asked_and_no_fewer_contacts(analysis):
    assert len(faq(analysis, n=1).drafts) == 1
    assert faq(analysis, min_contacts=4).drafts["n_contacts"].tolist() == [5]


@pytest.mark.parametrize("asked", [{"n": 0}, {"min_contacts": 2}])
def test_impossible_demands_are_refused(analysis, asked):
    with pytest.raises(InputError, match="expected"):
        faq(analysis, **asked)


def test_what_agents_answer_in_opposite_ways_is_marked(miner):
    told = ["Oui, les chiens sont acceptés.", "Non, les chiens sont interdits.", "Oui, ils sont admis partout."]
    records = [
        {"id": f"A{n}", "locuteur": who, "texte": text}
        for n, answer in enumerate([*told, "Les chiens ne sont pas acceptés."])
        for who, text in (("client", "Les chiens sont-ils admis dans le gîte ?"), ("conseiller", answer))
    ]
    assert faq(miner.score(Corpus.from_records(records))).drafts["contradicted"].tolist() == [True]


def test_drafts_without_disagreement_are_not_marked(drafts):
    assert not drafts["contradicted"].any()


def test_the_page_cites_its_sources_and_bounds(analysis):
    page = faq(analysis).to_markdown()
    assert page.startswith("# Foire aux questions")
    assert "borne haute" in page
    for contact in ("B0", "B4", "W2"):
        assert contact in page


def test_personal_data_are_masked_unless_asked(miner):
    records = [
        {"id": f"A{n}", "locuteur": who, "texte": text}
        for n in range(3)
        for who, text in (
            ("client", "Quel numéro appeler pour un taxi ?"),
            ("conseiller", "La borne des taxis répond au 06 12 34 56 78."),
        )
    ]
    analysis = miner.score(Corpus.from_records(records))
    assert "06 12" not in faq(analysis).to_markdown()
    assert "06 12" in faq(analysis, mask=False).to_markdown()


def test_without_dates_volume_is_unknown_and_the_page_says_nothing_of_it(miner):
    records = [
        {key: value for key, value in record.items() if key not in {"date", "client_id"}} for record in _records()
    ]
    result = faq(miner.score(Corpus.from_records(records)))
    assert result.drafts[["per_month", "absorbed", "absorbed_high"]].isna().all(axis=None)
    assert "par mois" not in result.to_markdown()


def test_an_empty_corpus_gives_no_draft(analysis):
    empty = analysis.filter(np.zeros(len(analysis), dtype=bool))
    assert simple_requests(empty).empty
    result = faq(empty)
    assert result.drafts.empty
    assert "Aucune question" in result.to_markdown()


def test_a_corpus_without_agents_has_questions_and_no_draft(miner):
    records = [record for record in _records() if record["locuteur"] == "client"]
    analysis = miner.score(Corpus.from_records(records))
    asked = simple_requests(analysis)
    assert len(asked) == len(records)
    assert asked["answer"].isna().all()
    assert (asked["answer_row"] == -1).all()
    assert faq(analysis).drafts.empty


def test_complaints_ask_no_simple_question(miner):
    records = [
        {"id": "A1", "locuteur": "client", "texte": "Trois semaines sans internet, c'est une honte, que faites-vous ?"},
        {"id": "A2", "locuteur": "client", "texte": "Comment changer le code du wifi ?"},
    ]
    assert simple_requests(miner.score(Corpus.from_records(records)))["contact_id"].tolist() == ["A2"]
