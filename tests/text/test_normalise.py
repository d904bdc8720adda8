"""Repaired text: what changes, what must not, what is counted, and the way back."""

from __future__ import annotations

import pytest

from vocmine.text import normalise


@pytest.mark.parametrize(
    ("raw", "text", "repairs"),
    [
        ("J\x92ai payé 50\x80", "J’ai payé 50€", {"c1_controls": 2}),
        ("undefined\x81 in cp1252", "undefined in cp1252", {"c1_controls": 1}),
        ("RÉSILIÉ\x85", "RÉSILIÉ…", {"c1_controls": 1}),
        ("Ã‰tÃ© Ã\xa0 cÃ´tÃ©", "Été à côté", {"mojibake": 5}),
        ("J'ai Ã\x83Â©crit", "J'ai écrit", {"mojibake": 3}),
        ("cÅ“ur, nâ€™est, 5â‚¬", "cœur, n’est, 5€", {"mojibake": 3}),
        ("ðŸ˜€ ravi", "😀 ravi", {"mojibake": 1}),
        ("voilÃ le colis Ã 14h", "voilà le colis à 14h", {"mojibake": 2}),
        ("Bonjour Â ! Â«OuiÂ»", "Bonjour ! «Oui»", {"mojibake": 3}),
        ("l&#39;appli &amp; le site d&amp;eacute;bit&eacute;s", "l'appli & le site débités", {"html_entity": 4}),
        ("e\u0301te\u0301", "été", {"nfc": 2}),
        ("\ufeffBonjour", "Bonjour", {"byte_order_mark": 1}),
        ("ré\u00adsi\u200blier", "résilier", {"zero_width": 2}),
        ("B\x00o\x00n", "Bon", {"nul": 2}),
        ("\x1b[31mErreur\x1b[0m\x07", "Erreur", {"control": 10}),
        ("ravi \ud83d\ude00", "ravi 😀", {"surrogate_pair": 1}),
        ("coupé \ud83d", "coupé �", {"lone_surrogate": 1}),
    ],
)
def test_accidents_are_repaired_and_counted(raw: str, text: str, repairs: dict[str, int]) -> None:
    repaired = normalise(raw)
    assert (repaired.text, repaired.repairs) == (text, repairs)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "« Bonjour », m’a-t-on dit… – puis rien !",
        "CAFÉ… CAFÉ» À «OUI» Ü“",
        "R&D; AT&T &c. a&b",
        "MANHÃ, NÃO, CÂMARA",
        "Ça coûte 7$ 24h/24, 30 à 40 %",
        "👩\u200d💻 👍🏽 ❤️ 🇫🇷",
        "Où est l'œuvre ? 12 m²",
    ],
)
def test_good_text_is_left_alone(text: str) -> None:
    repaired = normalise(text)
    assert (repaired.text, repaired.repairs) == (text, {})


def test_only_the_emoji_joiner_survives() -> None:
    assert normalise("a\u200db 👩\u200d💻").text == "ab 👩\u200d💻"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  a \t b  ", "a b"),
        ("Prix\u00a0: 5\u202f€\u00a0!", "Prix : 5 € !"),
        ("un\r\ndeux\rtrois\u2028quatre\vcinq", "un\ndeux\ntrois\nquatre\ncinq"),
        ("un \n\n\n\n deux", "un\n\ndeux"),
        (" \n\t ", ""),
    ],
)
def test_layout_is_folded_without_being_counted(raw: str, text: str) -> None:
    repaired = normalise(raw)
    assert (repaired.text, repaired.repairs) == (text, {})


def test_accents_piled_by_the_hundred_are_cut() -> None:
    assert len(normalise("e" + "\u0301" * 1_000).text) == 30


def test_offsets_lead_back_through_every_repair() -> None:
    raw = "\ufeff Ma  box\x92s : rÃ©pondre\u200b,\r\ne\u0301tat &eacute;crit"
    repaired = normalise(raw)
    assert repaired.text == "Ma box’s : répondre,\nétat écrit"
    for found, expected in [
        ("Ma", "Ma"),
        ("Ma box", "Ma  box"),
        ("répondre", "rÃ©pondre"),
        ("é", "Ã©"),
        ("\n", "\r\n"),
        ("état", "e\u0301tat"),
        ("écrit", "&eacute;crit"),
    ]:
        start = repaired.text.index(found)
        assert raw[slice(*repaired.to_raw(start, start + len(found)))] == expected


def test_offsets_lead_forward_and_what_was_dropped_is_empty() -> None:
    raw = "a\u200bb Ã©t"
    repaired = normalise(raw)
    assert repaired.text == "ab ét"
    assert repaired.from_raw(2, 3) == (1, 2)
    assert repaired.from_raw(1, 2) == (1, 1)
    assert repaired.from_raw(5, 6) == (3, 4)  # half of « Ã© » leads to the whole of « é »
    assert repaired.from_raw(0, len(raw)) == (0, len(repaired.text))
