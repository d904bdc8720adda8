"""Sentences, with the expected ends written inside the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from vocmine.text import split_sentences

CASES = [
    line.replace("⏎", "\n")
    for line in Path(__file__).with_name("sentences.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 80


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_the_reader_says(case: str) -> None:
    text = case.replace("‖", "")
    marked = "‖".join(piece for piece in (part.strip() for part in case.split("‖")) if piece)
    assert "‖".join(text[start:end] for start, end in split_sentences(text)) == marked
