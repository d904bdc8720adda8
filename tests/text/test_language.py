"""Languages named, and those not named; scripts that can be scored, and those that cannot."""

from __future__ import annotations

import pytest

from vocmine.text import identify, identify_many, latin_share, scorable, script_of


@pytest.mark.parametrize(
    "text",
    [
        "ok merci",
        "Bonjour",
        "svp help",
        "Bjr, g pa recu ma facture",
        "slt",
        "panne internet",
        "chu tanné d'attendre",
        "Le courriel est jamais rentré",
        "@sav https://exemple.fr/where-is-my-order le colis est perdu",
    ],
)
def test_short_french_is_french(text: str) -> None:
    assert identify(text).code == "fr"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("My order never arrived, what is going on?", "en"),
        ("Wo bleibt meine Bestellung?", "de"),
        ("Mi pedido no ha llegado todavía", "es"),
        ("Il mio ordine non è ancora arrivato", "it"),
        ("A minha encomenda ainda não chegou", "pt"),
        ("Mijn bestelling is nog steeds niet aangekomen", "nl"),
        ("Где мой заказ, я жду две недели?", "ru"),
    ],
)
def test_other_languages_are_named(text: str, code: str) -> None:
    language = identify(text)
    assert (language.code, language.reason) == (code, None)
    assert 0 < language.score <= 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "too_short"),
        ("ok", "too_short"),
        ("12 34", "too_short"),
        ("😡😡", "too_short"),
        ("top wifi", "unclear"),
        ("lamentable", "unclear"),
    ],
)
def test_short_or_shared_words_name_no_language(text: str, reason: str) -> None:
    language = identify(text)
    assert (language.code, language.score, language.reason) == ("und", 0.0, reason)


def test_text_in_any_state_is_accepted() -> None:
    assert identify("Bonjour\x00, mon colis est perdu \ud83d").code == "fr"


def test_many_texts_keep_their_order() -> None:
    texts = ["Bonjour à tous", "Where is my parcel?", "Bonjour à tous"]
    assert identify_many(texts) == [identify(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Merci", None),
        ("👍", None),
        ("Très bien спасибо", None),
        ("", "no_letters"),
        ("12,50 € !!!", "no_letters"),
        ("Здравствуйте", "unsupported_script"),
        ("ok 注文が届きません", "unsupported_script"),
        ("لم أستلم طلبي 😡", "unsupported_script"),
    ],
)
def test_what_cannot_be_scored_says_why(text: str, reason: str | None) -> None:
    assert scorable(text) == reason


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Élève", "latin"),
        ("Ελλάδα", "greek"),
        ("Привет", "cyrillic"),
        ("مرحبا", "arabic"),
        ("שלום", "hebrew"),
        ("注文", "han"),
        ("ありがとう", "kana"),
        ("안녕", "hangul"),
        ("ᐃᓄᒃᑎᑐᑦ", "other"),
        ("12 €", "none"),
    ],
)
def test_scripts_are_told_apart(text: str, script: str) -> None:
    assert script_of(text) == script


def test_latin_share_counts_letters_only() -> None:
    assert latin_share("abc 123 ж!") == 0.75
    assert latin_share("123") == 0.0
