"""Contradictions are found where agents disagree, and nowhere else."""

import pandas as pd
import pytest

from vocmine import Analysis, Corpus
from vocmine.errors import ColumnError
from vocmine.outcomes.contradictions import _sides, contradictions
from vocmine.outcomes.questions import exchanges, same_questions

PETS = (
    "Les chiens sont-ils admis dans le gîte ?",
    "Puis-je venir au gîte avec mon chien ?",
    "Les animaux sont-ils acceptés dans vos gîtes ?",
    "Mon chien peut-il nous accompagner au gîte ?",
    "Acceptez-vous les chiens dans le gîte ?",
    "Peut-on amener un chien dans vos gîtes ?",
)
POOL = (
    "Combien de jours à l'avance faut-il réserver la piscine ?",
    "Quel délai pour réserver la piscine ?",
    "La piscine se réserve combien de jours avant ?",
    "Quel est le délai de réservation de la piscine ?",
    "Combien de temps avant réserve-t-on la piscine ?",
    "Pour la piscine, quel délai de réservation faut-il prévoir ?",
)
BILL = (
    "Quel est le montant de ma cotisation ?",
    "Combien vais-je payer pour ma cotisation ?",
    "Ma cotisation sera de combien ?",
    "Quel montant pour ma cotisation du mois ?",
    "Quelle somme dois-je pour ma cotisation ?",
    "Ma cotisation, quel est son montant ?",
)
OTHERS = (
    ("Comment changer le nom sur la boîte aux lettres ?", "Collez l'étiquette que le gardien remet."),
    ("Où trouver le plan du village de vacances ?", "À l'accueil, sur le présentoir."),
    ("À quelle heure passe la navette vers la plage ?", "Toutes les heures, devant l'entrée."),
    ("Quel est le code du wifi du bungalow ?", "Il figure au dos du badge."),
)


def _records(questions, answers, name="A"):
    return [
        {"id": f"{name}{place}", "locuteur": who, "texte": text}
        for place, pair in enumerate(zip(questions, answers, strict=True))
        for who, text in zip(("client", "conseiller"), pair, strict=True)
    ]


def _analysis(miner, *records):
    others = _records(*zip(*OTHERS, strict=True), name="Z")
    return miner.score(Corpus.from_records([*others, *(record for part in records for record in part)]))


@pytest.fixture(scope="module")
def disagreeing(miner):
    pets = (
        "Oui, les chiens sont acceptés dans tous nos gîtes.",
        "Non, les animaux sont interdits dans le gîte.",
        "Oui, vous pouvez venir avec lui, c'est permis.",
        "Malheureusement les chiens ne sont pas acceptés.",
        "Bien sûr, ils sont admis sans supplément.",
        "Il est interdit d'amener un chien.",
    )
    pool = (
        "Deux semaines avant.",
        "Comptez 48 h, c'est la règle.",
        "La piscine se réserve quinze jours avant.",
        "Deux jours avant, pas plus.",
        "Il faut réserver 14 jours avant.",
        "Le délai est de deux jours.",
    )
    return _analysis(miner, _records(PETS, pets, "P"), _records(POOL, pool, "N"))


def test_opposite_answers_are_found_with_each_contact_on_its_side(disagreeing):
    found = contradictions(disagreeing)
    pets = found[found["question"].isin(PETS)].iloc[0]
    assert pets["kind"] == "polarity"
    assert [set(pets["contacts_a"]), set(pets["contacts_b"])] in (
        [{"P0", "P2", "P4"}, {"P1", "P3", "P5"}],
        [{"P1", "P3", "P5"}, {"P0", "P2", "P4"}],
    )
    assert pets["side_a"] != pets["side_b"]


def test_delays_that_differ_are_found_and_those_told_in_other_units_are_one(disagreeing):
    found = contradictions(disagreeing)
    pool = found[found["kind"] == "number"].iloc[0]
    assert {frozenset(pool["contacts_a"]), frozenset(pool["contacts_b"])} == {
        frozenset({"N0", "N2", "N4"}),
        frozenset({"N1", "N3", "N5"}),
    }


def test_contacts_that_others_followed_are_counted(disagreeing):
    repeats = pd.DataFrame({"contact_id": ["P0", "P1", "N3", "Z0"], "next_id": ["X1", None, "X2", "X3"]})
    found = contradictions(disagreeing, repeats=repeats)
    linked = {row["kind"]: row["repeats_linked"] for _, row in found.iterrows()}
    assert linked == {"polarity": 1, "number": 1}


def test_repeats_without_their_column_are_refused(disagreeing):
    with pytest.raises(ColumnError, match="next_id"):
        contradictions(disagreeing, repeats=pd.DataFrame({"contact_id": []}))


def test_the_order_of_the_contacts_changes_nothing(miner, disagreeing):
    table = disagreeing.corpus.to_pandas("turns")
    shuffled = table.sort_values("contact_id", ascending=False, kind="stable")
    records = [
        {"id": row["contact_id"], "locuteur": "client" if row["speaker"] == "customer" else "conseiller", "texte": text}
        for (_, row), text in zip(shuffled.iterrows(), shuffled["text"], strict=True)
    ]
    again = contradictions(miner.score(Corpus.from_records(records)))
    pd.testing.assert_frame_equal(again, contradictions(disagreeing))


def test_one_answer_in_many_words_is_no_contradiction(miner):
    answers = (
        "Oui, les chiens sont acceptés dans tous nos gîtes.",
        "Vous pouvez venir avec lui, ce n'est pas interdit.",
        "Bien sûr, aucun problème, ils sont admis.",
        "Nous ne refusons aucun chien.",
        "Oui, c'est permis partout.",
        "C'est possible, sans supplément.",
    )
    assert contradictions(_analysis(miner, _records(PETS, answers))).empty


def test_amounts_of_the_customers_own_case_are_no_contradiction(miner):
    answers = (
        "Votre cotisation est de 42,10 €.",
        "Le montant est de 57 €.",
        "Ce sera 38,40 €.",
        "La cotisation du mois s'élève à 42,10 €.",
        "Il reste 57 €.",
        "Le total est de 75 €.",
    )
    assert contradictions(_analysis(miner, _records(BILL, answers))).empty


def test_one_agent_alone_is_no_contradiction(miner):
    answers = ("Oui, les chiens sont acceptés.",) * 5 + ("Non, les chiens sont interdits.",)
    assert contradictions(_analysis(miner, _records(PETS, answers))).empty


def test_personal_data_are_masked_in_quotes(miner):
    answers = ("Oui, les chiens sont acceptés, appelez le 06 12 34 56 78.",) * 3 + (
        "Non, les chiens sont interdits.",
    ) * 3
    analysis = _analysis(miner, _records(PETS, answers))
    quotes = {
        shown: " ".join(contradictions(analysis, mask=shown)[["side_a", "side_b"]].iloc[0]) for shown in (True, False)
    }
    assert "06 12" not in quotes[True]
    assert "06 12" in quotes[False]


@pytest.mark.parametrize(
    "records",
    [
        [],
        [{"id": "A1", "locuteur": "client", "texte": "Les chiens sont-ils admis ?"}],
        [{"id": "A1", "locuteur": "conseiller", "texte": "Les chiens sont admis."}],
    ],
)
def test_without_questions_or_answers_nothing_is_found(miner, records):
    empty = records or [{"id": "A1", "locuteur": "client", "texte": "Merci beaucoup."}]
    analysis = miner.score(Corpus.from_records(empty))
    if not records:
        analysis = analysis.filter([False])
    assert isinstance(analysis, Analysis)
    found = contradictions(analysis, repeats=pd.DataFrame({"contact_id": ["A1"], "next_id": [None]}))
    assert found.empty
    assert found["repeats_linked"].dtype == "int64"


@pytest.mark.parametrize(
    ("answer", "axis", "side"),
    [
        ("C'est gratuit.", "cost", 1),
        ("Vous ne paierez rien.", "cost", 1),
        ("Non, jamais de frais.", "cost", 1),
        ("Le déplacement n'est pas gratuit.", "cost", -1),
        ("Sans justificatif, des frais s'appliquent.", "cost", -1),
        ("C'est gratuit, sinon des frais s'appliquent.", "cost", 1),
        ("Ce n'est pas obligatoire.", "obligation", -1),
        ("Il faut une pièce d'identité.", "obligation", 1),
        ("Un document n'est accepté qu'en original.", "possibility", 1),
        ("It is not allowed.", "possibility", -1),
    ],
)
def test_negations_turn_what_they_reach(answer, axis, side):
    assert _sides("", answer, "en" if answer.startswith("It") else "fr")[axis] == side


@pytest.mark.parametrize(
    ("answer", "hours"),
    [("Sous quinze jours.", 336), ("Comptez deux semaines.", 336), ("Huit jours.", 168), ("En 48 h.", 48)],
)
def test_delays_are_read_in_hours(answer, hours):
    assert _sides("", answer, "fr")["hours"] == hours


def test_quantities_that_the_customer_named_or_that_the_agent_gives_to_one_are_left_out():
    assert "hours" not in _sides("Est-ce sous deux jours ?", "Oui, 48 h.", "fr")
    assert "hours" not in _sides("Quand ?", "Je peux l'étaler sur 6 mois.", "fr")


def test_questions_are_told_from_courtesy_and_answers_from_formulas(miner):
    records = [
        {"id": "A1", "locuteur": "conseiller", "texte": "Bonjour, je vous écoute."},
        {
            "id": "A1",
            "locuteur": "client",
            "texte": "Bonjour, vous m'entendez ? La piscine est-elle chauffée en avril ?",
        },
        {"id": "A1", "locuteur": "conseiller", "texte": "Quel est votre numéro de dossier ?"},
        {"id": "A1", "locuteur": "conseiller", "texte": "Je vérifie et je reviens vers vous."},
        {"id": "A1", "locuteur": "conseiller", "texte": "Elle est chauffée toute l'année. Bonne journée !"},
    ]
    frame = exchanges(miner.score(Corpus.from_records(records))).frame
    assert frame["question"].tolist() == ["La piscine est-elle chauffée en avril ?"]
    assert frame["answer"].tolist() == ["Elle est chauffée toute l'année."]


def test_chains_of_questions_are_cut():
    import numpy as np

    angles = np.arange(0, 12) * 0.4
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    labels = same_questions(points, alike=0.8)
    assert labels.max() >= 3
    assert all((points[labels == label] @ points[labels == label].T).mean() >= 0.8 for label in set(labels.tolist()))
