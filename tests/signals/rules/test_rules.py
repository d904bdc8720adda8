"""The word lists of signals: invented sentences, each with the words that show the signal, or a dash."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from vocmine.signals.cues import PSEUDO, cues_of
from vocmine.signals.rules import Hit, Rules

HERE = Path(__file__).parent
NONE = "-"
LIKELY = 2
MARKED = re.compile(r"\[([^\]]+)\]")


def sentences() -> list[tuple[str, str, str]]:
    """Return (signal of the file, signal or dash, marked text)."""
    found = []
    for path in sorted(HERE.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text, label = line.rsplit("\t", 1)
            found.append((path.stem, label, text))
    return found


SENTENCES = sentences()
SHOWN = [(signal, text) for signal, label, text in SENTENCES if label != NONE]
TRAPS = [(signal, text) for signal, label, text in SENTENCES if label == NONE]
FILES = sorted({signal for signal, _, _ in SENTENCES})


@cache
def rules(signal: str) -> Rules:
    return Rules({signal: cues_of(signal)})


def reported(signal: str, text: str) -> list[Hit]:
    return [hit for hit in rules(signal).find([text])[0] if hit.affirmed and hit.strength >= LIKELY]


@pytest.mark.parametrize(("signal", "marked"), SHOWN)
def test_words_that_show_a_signal_are_found(signal: str, marked: str) -> None:
    bounds = [
        (found.start() - 2 * rank, found.end() - 2 * rank - 2) for rank, found in enumerate(MARKED.finditer(marked))
    ]
    hits = reported(signal, MARKED.sub(r"\1", marked))
    assert bounds
    for start, end in bounds:
        assert any(hit.start < end and start < hit.end for hit in hits)


@pytest.mark.parametrize(("signal", "text"), TRAPS)
def test_traps_are_left_alone(signal: str, text: str) -> None:
    assert [text[hit.start : hit.end] for hit in reported(signal, text)] == []


@pytest.mark.parametrize(("file", "label"), [(file, label) for file, label, _ in SENTENCES])
def test_sentences_are_labelled_with_the_signal_of_their_file(file: str, label: str) -> None:
    assert label in {file, NONE}


@pytest.mark.parametrize("signal", FILES)
def test_cues_say_in_fixed_words_why_they_are_cues(signal: str) -> None:
    for cue in cues_of(signal):
        assert PSEUDO <= cue.strength <= 3
        assert re.fullmatch(r"[A-Za-z' -]{4,60}", cue.why)


@pytest.mark.parametrize("signal", FILES)
def test_every_pattern_is_one_that_both_engines_read(signal: str) -> None:
    for cue in cues_of(signal):
        assert Rules({signal: (cue,)}).find(["bonjour"]) == [[]]
