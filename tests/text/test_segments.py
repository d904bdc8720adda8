"""Segments tile the text, keep sentences whole where they can, and never pass the window."""

from __future__ import annotations

import pytest

from vocmine.errors import InputError
from vocmine.text import segment


def segments(text: str, max_chars: int = 240) -> list[str]:
    return [text[start:end] for start, end in segment(text, max_chars)]


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_blank_text_has_no_segment(text: str) -> None:
    assert segment(text) == []


def test_short_sentences_are_packed() -> None:
    assert segments("Bonjour. Ma box est en panne. Merci.") == ["Bonjour. Ma box est en panne. Merci."]


def test_sentences_are_kept_whole_where_they_fit() -> None:
    assert segments("La box est en panne. Le technicien n'est pas venu.", 30) == [
        "La box est en panne. ",
        "Le technicien n'est pas venu.",
    ]


def test_a_short_last_sentence_takes_a_neighbour() -> None:
    assert segments("J'attends un appel. Je perds patience. Merci.", 38) == [
        "J'attends un appel. ",
        "Je perds patience. Merci.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("j'ai payé la facture ; elle était fausse, hélas", ["j'ai payé la facture ; ", "elle était fausse, hélas"]),
        ("j'ai appelé quatre fois, personne ne répond", ["j'ai appelé quatre fois, ", "personne ne répond"]),
        ("je rappelle tous les jours mais rien ne bouge", ["je rappelle tous les jours ", "mais rien ne bouge"]),
        ("un technicien devait passer hier matin", ["un technicien devait ", "passer hier matin"]),
        ("x" * 45, ["x" * 30, "x" * 15]),
    ],
)
def test_a_long_sentence_is_cut_at_its_best_place(text: str, expected: list[str]) -> None:
    assert segments(text, 30) == expected


@pytest.mark.parametrize("unit", ["e\u0301", "👩\u200d💻", "👍🏽", "🇫🇷"])
def test_what_reads_as_one_sign_is_not_cut(unit: str) -> None:
    pieces = segments("a" + unit * 40, 21)
    assert all(piece.removeprefix("a").replace(unit, "") == "" for piece in pieces)


def test_speech_without_punctuation_is_cut_within_the_window() -> None:
    pieces = segments("donc je rappelle parce que la ligne coupe encore " * 40)
    assert max(map(len, pieces)) <= 240
    assert min(map(len, pieces)) >= 80


def test_a_window_too_small_is_refused() -> None:
    with pytest.raises(InputError, match="max_chars is 5; expected 20 or more"):
        segment("Bonjour", max_chars=5)
