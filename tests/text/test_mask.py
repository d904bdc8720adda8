"""Personal data masked in quotes, and the figures that must stay legible."""

from __future__ import annotations

import pytest

from vocmine.text import find_personal, mask


@pytest.mark.parametrize(
    "phone",
    [
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "0612345678",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "0033612345678",
        "0478/12.34.56",
        "02/123.45.67",
        "+32 478 12 34 56",
        "079 123 45 67",
        "+41 79 123 45 67",
        "514 555-0199",
        "(514) 555-0199",
        "418.555.0123",
        "1-800-555-0199",
        "+1 514 555 0199",
    ],
)
def test_telephone_numbers_are_masked(phone: str) -> None:
    assert mask(f"Rappelez au {phone}, merci") == "Rappelez au [téléphone], merci"


@pytest.mark.parametrize(
    "number", ["4970 1234 5678 9012", "4970-1234-5678-9012", "123456", "1234567890", "123.456.789", "6A12345678901"]
)
def test_long_numbers_are_masked(number: str) -> None:
    assert mask(f"commande {number} ouverte") == "commande [numéro] ouverte"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("sur FR76 3000 6000 0112 3456 7890 189", "sur [IBAN]"),
        ("sur FR7630006000011234567890189", "sur [IBAN]"),
        ("sur BE68 5390 0754 7034", "sur [IBAN]"),
        ("sécu 1 85 05 78 006 084 36", "sécu [NIR]"),
        ("dossier 123456", "dossier [référence]"),
        ("Mme Exemple habite 12 rue des Lilas", "Mme [nom] habite [adresse]"),
    ],
)
def test_what_the_numbers_are_is_told(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("lea.roy+sav@mail.exemple.co.uk.", "[e-mail]."),
        ("Merci @sav_exemple !", "Merci [@…] !"),
        ("06 12 34 56 78 ou 07 12 34 56 78", "[téléphone] ou [téléphone]"),
        ("https://exemple.fr/suivi/123456789?a=1", "https://exemple.fr/suivi/[numéro]?a=1"),
    ],
)
def test_addresses_and_handles_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 250,50 €",
        "1.250,00 €",
        "1\u202f250\u00a0€",
        "250000 €",
        "7$",
        "10 000 $",
        "$1,250.00",
        "1 250 000 euros",
        "1 250 000 d’euros",
        "198,25€",
        "24h/24, 7j/7",
        "30 à 40 %",
        "en 2023",
        "2019-2023",
        "12/03/2025",
        "12.03.25",
        "12/03/2025-14/03/2025",
        "du 12/03 au 15/04/2025",
        "2025-03-12 14:30:15",
        "le 01/02/2025 14h",
        "14h30",
        "75011 Paris",
        "H2X 1Y4",
        "le 3949",
        "120 jours, 15 minutes, 12 000 habitants",
        "a@b",
        "[e-mail] [@…] [téléphone] [numéro]",
    ],
)
def test_amounts_dates_durations_stay(text: str) -> None:
    assert mask(text) == text


def test_spans_lead_to_what_was_found() -> None:
    text = "Lea@exemple.fr, 514 555-0199, @lea, commande 123456"
    assert [(text[start:end], kind) for start, end, kind in find_personal(text)] == [
        ("Lea@exemple.fr", "email"),
        ("514 555-0199", "phone"),
        ("@lea", "handle"),
        ("123456", "number"),
    ]


@pytest.mark.parametrize("pattern", ["1", "1 ", "a.", "a@", "@", "+33", "12/03/", "AB12 ", "_"])
def test_masking_hostile_repetitions_ends(pattern: str) -> None:
    assert isinstance(mask(pattern * 50_000), str)
