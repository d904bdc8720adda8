"""The organisation that a customer would go to, not the one that they leave."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from vocmine.signals.competitors import competitor


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Je quitte Orange pour Free.", "Free"),
        ("Je quitte Swisscom et je prends Sunrise.", "Sunrise"),
        ("Mon contrat chez Proximus finit, je change pour Telenet.", "Telenet"),
        ("Je résilie mon contrat chez vous et je vais chez Engie.", "Engie"),
        ("Je suis chez Bell depuis dix ans, je m'en vas chez Vidéotron.", "Vidéotron"),
        ("je transfère mon assurance à la Maif", "Maif"),
        ("jvais partir chez orange demain", "orange"),
        ("Je passe chez Alpinergie demain.", "Alpinergie"),
        ("Je passe chez Banque Alpine Romande demain.", "Banque Alpine Romande"),
        ("j'ouvre un compte à La Banque Postale et je ferme celui-ci", "La Banque Postale"),
        ("je prendrai un autre opérateur", "un autre opérateur"),
        ("Je file à la concurrence.", "la concurrence"),
    ],
)
def test_the_name_after_words_of_going(text, name):
    assert competitor(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "Je suis chez Bouygues depuis dix ans, je résilie.",
        "Je pars de chez SFR.",
        "Je résilie mon contrat chez Engie.",
        "La lampe orange clignote, je résilie.",
        "Je vais résilier, je veux me sentir free.",
        "Je vais chez moi.",
        "Je résilie.",
        "",
    ],
)
def test_the_one_that_is_left_a_colour_or_a_home_are_no_competitors(text):
    assert competitor(text) is None


def test_the_list_names_each_once_in_four_countries_and_seven_sectors():
    lines = files("vocmine.signals").joinpath("lexicons").joinpath("competitors.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(lines.splitlines()))
    assert len({row["name"].casefold() for row in rows}) == len(rows)
    sectors = {"telecom", "energy", "bank", "insurance", "transport", "retail", "parcels"}
    assert {(row["sector"], row["country"]) for row in rows} >= {
        (s, c) for s in sectors for c in ("FR", "CA", "BE", "CH")
    }


@pytest.mark.parametrize("text", ["je quitte chez Orange ", "chez ", "quitte ", "je suis parti de chez "])
def test_long_repetitive_text_is_read_to_its_end(text):
    assert competitor(text * 20_000) is None
