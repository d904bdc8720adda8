"""Roles told from what speakers say."""

from pathlib import Path

import pandas as pd
import pytest

from vocmine.corpus.roles import infer_roles

CALL = [
    ("SPEAKER_01", "Fibrelune bonjour, que puis-je faire pour vous ?"),
    ("SPEAKER_00", "Bonjour, ma box ne marche plus depuis lundi."),
    ("SPEAKER_01", "Je vais vérifier votre dossier, ne quittez pas."),
]

AGENTS = [
    "Bienvenue chez Colivia, je vous écoute.",
    "Pouvez-vous me confirmer votre date de naissance ?",
    "merci de patienter je consulte votre dossier",
    "Y a-t-il autre chose pour vous ? Je vous souhaite une bonne journée.",
    "je transmets votre demande vous serez recontacté sous deux jours",
]
CUSTOMERS = [
    "Oui bonjour, je vous appelle parce que ma facture est fausse.",
    "ça fait trois fois que j'appelle personne ne me répond",
    "J'ai reçu un courrier, je ne comprends pas pourquoi vous m'avez prélevé.",
    "votre technicien n'est jamais venu c'est inadmissible",
    "je voudrais résilier mon abonnement",
]


def roles(turns, known=None):
    return {speaker: guess.role for speaker, guess in infer_roles(turns, known).items()}


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize("customer", CUSTOMERS)
def test_two_speakers_are_told_apart_whoever_speaks_first(agent, customer):
    assert roles([("A", agent), ("B", customer)]) == {"A": "agent", "B": "customer"}
    assert roles([("B", customer), ("A", agent)]) == {"A": "agent", "B": "customer"}


def test_capitals_accents_and_punctuation_do_not_matter():
    flat = [(speaker, text.upper().replace("É", "E").replace("?", "")) for speaker, text in CALL]
    assert roles(flat) == roles(CALL) == {"SPEAKER_01": "agent", "SPEAKER_00": "customer"}


def test_it_abstains_where_too_little_tells_them_apart():
    guesses = infer_roles([("A", "D'accord."), ("B", "Très bien."), ("A", "Oui.")])
    assert {guess.role for guess in guesses.values()} == {"unknown"}
    assert {guess.confidence for guess in guesses.values()} == {0.5}


def test_more_evidence_makes_it_surer():
    less, more = (infer_roles(CALL[:length])["SPEAKER_01"].confidence for length in (2, 3))
    assert 0.5 < less < more < 1


def test_one_of_two_who_is_known_tells_the_other():
    assert roles([("Agent", "Oui."), ("Camille", "Merci.")], {"Agent": "agent"}) == {"Camille": "customer"}
    assert roles([("Paul", "Oui."), ("Cliente", "Merci.")], {"Cliente": "customer"}) == {"Paul": "agent"}


def test_a_machine_tells_nothing_of_the_others():
    turns = [("SVI", "Tapez 1."), ("A", "D'accord.")]
    assert roles(turns, {"SVI": "bot"}) == {"A": "unknown"}


def test_a_transfer_has_two_agents():
    turns = [*CALL, ("SPEAKER_02", "Service technique bonjour, je vous écoute.")]
    assert roles(turns) == {"SPEAKER_01": "agent", "SPEAKER_00": "customer", "SPEAKER_02": "agent"}


def test_nobody_speaks():
    assert infer_roles([]) == {}


def test_a_phrase_counts_once_a_speaker():
    once, often = (infer_roles([("A", "je vous écoute " * n), ("B", "oui")])["A"].confidence for n in (1, 50))
    assert once == often


def test_the_sample_calls_in_french_with_their_labels_hidden():
    turns = pd.read_csv(Path(__file__).parents[2] / "examples" / "contacts.csv")
    calls = turns[(turns["channel"] == "phone") & (turns["language"] == "fr")].groupby("contact_id")
    hidden = {"agent": "SPEAKER_00", "customer": "SPEAKER_01"}
    told = [roles(zip(call["speaker"].map(hidden), call["text"], strict=True))["SPEAKER_00"] for _, call in calls]
    assert len(told) > 1_000
    assert told.count("agent") > 0.95 * len(told)
    assert told.count("customer") < 0.005 * len(told)
