"""Regional variants of French are named where their markers are clear, and nothing elsewhere. Invented texts."""

import csv
from pathlib import Path

import pytest

from vocmine.text import identify
from vocmine.text.lexicons import column
from vocmine.text.variant import VARIANTS, identify_variant

GOLDEN = Path(__file__).parents[1] / "golden"


def read(name):
    with (GOLDEN / name).open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["variant"], row["family"], row["text"]) for row in rows]


CASES = read("variants.tsv")
HELD_OUT = read("variants_held_out.tsv")
MISSED = {
    "La dame au comptoir était ben correcte, merci.",
    "Les heures prestées ne sont pas payées.",
    "On m'a rendu la monnaie en euros alors que j'ai payé 50 CHF.",
}
"""Told by people, not by the markers."""


@pytest.mark.parametrize("family", VARIANTS)
def test_there_are_enough_cases_of_each_family(family):
    told = [variant for variant, of, _ in CASES if of == family]
    assert len(told) >= 60
    assert told.count("none") >= 15


@pytest.mark.parametrize(("variant", "family", "text"), [case for case in CASES if case[2] not in MISSED])
def test_variant(variant, family, text):
    assert (identify_variant(text).code or "none") == variant


@pytest.mark.parametrize(("variant", "family", "text"), HELD_OUT)
def test_no_wrong_answer_on_texts_that_no_marker_was_chosen_for(variant, family, text):
    assert identify_variant(text).code in {variant, None}


def test_score_and_markers():
    found = identify_variant("Mon GSM est en panne, il reste nonante euros à payer.")
    assert found == ("fr-BE", found.score, ("mon gsm", "nonante euros", "amount in euros"))
    assert 0.5 <= found.score < 1
    assert identify_variant("Merci beaucoup.") == (None, 0.0, ())


def test_a_marker_counts_once():
    assert identify_variant("Un cellulaire, deux cellulaire, trois cellulaire, quatre cellulaire.").code is None


def test_what_two_countries_say_names_neither_until_the_money_tells():
    assert identify_variant("J'ai payé nonante-cinq pour rien.").code is None
    assert identify_variant("J'ai payé nonante-cinq pour rien, soit 45 € de trop.").code == "fr-BE"
    assert identify_variant("J'ai payé nonante-cinq pour rien, soit 45 CHF de trop.").code == "fr-CH"


def test_places_alone_name_no_variant():
    assert identify_variant("De Montréal à Québec, puis Gatineau et Rimouski, tout s'est bien passé.").code is None


def test_markers_of_two_countries_name_neither():
    assert identify_variant("Hydro-Québec et la CPAM me demandent la même attestation.").code is None


def test_a_hint_tips_the_balance_and_decides_nothing():
    assert identify_variant("Le cellulaire est en panne.", hints=["America/Montreal"]).code == "fr-CA"
    assert identify_variant("Mon appareil est en panne.", hints=["CA", "+1", "America/Montreal", "MARS"]).code is None
    assert identify_variant("Le cellulaire est en panne.", hints=["Europe/Paris"]).code is None


@pytest.mark.parametrize(
    "text", ["I paid 45,99 $ for my cellulaire in Montreal", "Ich habe 45.90 CHF mit TWINT bezahlt"]
)
def test_other_languages_have_no_variant(text):
    assert identify_variant(text).code is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Hello,\nMy parcel never arrived, please call me back.\n\nKind regards\nLéa Côté\n514 555-0142\nMontréal",
            "en",
        ),
        ("Guten Tag,\nich habe die Rechnung nicht erhalten.\n\nFreundliche Grüsse\nUrs Aebi\n1003 Lausanne", "de"),
        ("Goeiedag,\nmijn bestelling is nog niet aangekomen.\n\nGroeten\nRue de la Loi 1, 1000 Bruxelles", "nl"),
        ("Bonjour,\nje n'ai rien reçu.\n\nBest regards\nSent from my iPhone", "fr"),
        ("ok merci", "fr"),
        ("thank you so much", "en"),
    ],
)
def test_languages_are_identified_as_before(text, code):
    assert identify(text).code == code


@pytest.mark.parametrize("text", ["", "\0", "\ud83d", "0" * 100_000, "1 " * 50_000, "$" * 100_000, "@a." * 30_000])
def test_text_in_any_state_is_accepted(text):
    assert identify_variant(text).code is None


def test_every_marker_is_of_a_known_variant_and_weighs():
    assert set(column("variant_markers", "variant")) == set(VARIANTS)
    assert all(0 < float(weight) <= 3 for weight in column("variant_markers", "weight"))


@pytest.mark.data
def test_accounts_written_in_france_are_of_no_other_country(development_data):
    import pandas as pd

    accounts = pd.read_csv(development_data / "services_publics_plus" / "dev.csv", dtype=str)
    codes = [identify_variant(f"{title}. {text}").code for title, text in accounts[["title", "text"]].to_numpy()]
    assert sum(code not in {None, "fr-FR"} for code in codes) <= 5
