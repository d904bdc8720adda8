"""Messages that a machine sent are told from those of people who write about them. All texts are invented."""

import csv
from pathlib import Path

import pytest

from vocmine import Corpus
from vocmine.text.automatic import KINDS, automatic_kind
from vocmine.text.lexicons import column

GOLDEN = Path(__file__).parents[1] / "golden"


def read(name):
    """Read cases; ⏎ is a line break."""
    with (GOLDEN / name).open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["kind"], row["subject"] or None, row["text"].replace("⏎", "\n")) for row in rows]


CASES = read("automatic.tsv")
HELD_OUT = read("automatic_held_out.tsv")
MISSED = ("De retour le 16/08.", "Pouvez-vous nous accorder")
"""Beginnings of automatic messages that say too little to be told."""


def kind_of(*message):
    found = automatic_kind(*message)
    return "none" if found is None else found.kind


def test_there_are_enough_cases_both_ways():
    written = [kind == "none" for kind, *_ in CASES + HELD_OUT]
    assert min(sum(written), len(written) - sum(written)) >= 80
    assert {kind for kind, *_ in CASES} == {*KINDS, "none"} - {"notification"}


@pytest.mark.parametrize(("kind", "subject", "text"), [case for case in CASES if not case[2].startswith(MISSED)])
def test_kind(kind, subject, text):
    assert kind_of(text, subject) == kind


@pytest.mark.parametrize(("kind", "subject", "text"), HELD_OUT)
def test_no_wrong_answer_on_texts_that_no_rule_was_made_for(kind, subject, text):
    assert kind_of(text, subject) in {kind, "none"}


def test_score_and_reasons():
    found = automatic_kind("Je suis absente du bureau jusqu’au 14 avril, sans accès à ma messagerie.")
    assert 0.65 <= found.score <= 1
    assert set(found.why) == {"absence said", "absence from the office", "no access to messages", "back on"}


def test_reasons_are_fixed_words():
    known = {"headers", *column("automatic_messages", "why")}
    assert all(known.issuperset(found.why) for *_, text in CASES if (found := automatic_kind(text)))


def test_a_reply_to_an_automatic_message_is_no_automatic_message():
    assert kind_of("Merci, je rappellerai lundi.", "Re: Réponse automatique : Facture") == "none"
    assert kind_of("Je suis là demain.", "Réponse automatique : Facture") == "auto_reply"


@pytest.mark.parametrize("mark", ["> ", ""])
def test_what_is_quoted_is_no_evidence(mark):
    quoted = f"{mark}Nous accusons réception de votre demande. Ceci est un message automatique, ne pas répondre."
    assert kind_of(f"Le 3 mars, le service client a écrit :\n{quoted}") == "none"
    assert kind_of(quoted.removeprefix("> ")) == "acknowledgement"


@pytest.mark.parametrize(
    ("text", "header", "kind"),
    [
        ("Je rentre lundi.", None, "none"),
        ("Je rentre lundi.", "Auto-Submitted", "notification"),
        ("Je suis absent.", "Auto-Submitted", "auto_reply"),
        ("Je suis absent, de retour lundi.", None, "none"),
        ("Je suis absent, de retour le 3.", "Precedence", "auto_reply"),
        ("Toujours rien reçu.", "Precedence", "none"),
        ("Diagnostic code: smtp", "Content-Type", "delivery_failure"),
        ("Les spectacles de mai. Se désinscrire", "List-Unsubscribe", "newsletter"),
        ("Je suis client depuis 2010.", "List-Unsubscribe", "none"),
        ("Bonjour", "X-Unknown", "none"),
    ],
)
def test_headers_settle_or_support(text, header, kind):
    assert kind_of(text, None, header) == kind


def test_the_end_of_a_long_message_is_read():
    long = "Les légumes de saison sont arrivés en magasin. " * 2_000
    assert kind_of(f"{long}\nAfficher dans le navigateur | Se désinscrire") == "newsletter"


@pytest.mark.parametrize(
    "text", ["", "\0", "\ud83d", "«" * 100_000, '"' * 100_000, "> " * 100_000, "a ecrit " * 50_000]
)
def test_text_in_any_state_is_accepted(text):
    assert automatic_kind(text, text) is None


@pytest.mark.data
def test_accounts_of_people_are_not_automatic(development_data):
    corpus = Corpus.from_pandas(pandas_of(development_data / "services_publics_plus" / "dev.csv"))
    titles = corpus.contacts["title"].to_pylist()
    texts = corpus.turns["text"].to_pylist()
    assert sum(automatic_kind(text, title) is not None for text, title in zip(texts, titles, strict=True)) <= 3


def pandas_of(path):
    import pandas as pd

    return pd.read_csv(path, dtype=str)
