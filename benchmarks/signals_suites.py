"""The suites of marked texts, written from the definitions alone: contacts, and what is true of them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import vocmine as vm
from vocmine.errors import ReadError
from vocmine.text import normalise

DATA = Path(__file__).resolve().parent / "data"
SUITES = {
    "a": ("repeat_contact", "unresolved", "effort", "waiting", "anger"),
    "b": ("churn_intent", "escalation_request", "legal_threat", "public_threat", "harm"),
    "c": ("distrust", "compensation_request", "agent_hostility", "irony", "resolved"),
}
"""The signals that each suite was written for; on the others' it holds too few cases."""

_MARK = re.compile(r"\[([^\[\]|]+)\|([a-z_,]+)\]")
_TURN = re.compile(r"\s*//\s*(?=[CA]:)")
_FIELDS = 8


@dataclass(frozen=True)
class Turn:
    """What one speaker says, with (start, end, label) of what is marked in it."""

    agent: bool
    text: str
    marks: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Written:
    """A contact of a suite.

    Attributes
    ----------
    contact_id : str
    variant : str
        ``fr-FR`` or ``fr-CA``.
    traps : frozenset of str
        Signals that it seems to carry, and does not.
    turns : tuple of Turn
    """

    contact_id: str
    variant: str
    traps: frozenset[str]
    turns: tuple[Turn, ...]

    @property
    def labels(self) -> set[str]:
        """Signals and styles marked in it."""
        return {label for turn in self.turns for _, _, label in turn.marks}


def read_suite(path: Path) -> list[Written]:
    """Read a suite: domain, channel, variant, frustration, sentiment, scale, traps, text with its marks.

    Raises
    ------
    ReadError
        If a line has another number of fields.
    """
    found = []
    for rank, row in enumerate(csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=3)):
        if len(row) != _FIELDS:
            raise ReadError(f"{path.name}, line {rank + 1}: got {len(row)} fields, expected {_FIELDS}; see README.md")
        turns = tuple(_turn(each) for each in _TURN.split(row[7]))
        found.append(Written(f"{path.stem}-{rank}", row[2], frozenset(filter(None, row[6].split(","))), turns))
    return found


def corpus_of(contacts: list[Written]) -> vm.Corpus:
    """Return the contacts as a corpus; `turn` counts from 0 in each."""
    rows = [
        (each.contact_id, place, "agent" if turn.agent else "customer", turn.text)
        for each in contacts
        for place, turn in enumerate(each.turns)
    ]
    frame = pd.DataFrame(rows, columns=["contact_id", "turn", "speaker", "text"])
    return vm.Corpus.from_pandas(frame, contact_id="contact_id", turn="turn", speaker="speaker", text="text")


def marked(contacts: list[Written], label: str) -> NDArray[np.bool_]:
    """Say of each contact whether it is marked with a label."""
    return np.array([label in each.labels for each in contacts], dtype=np.bool_)


def _turn(given: str) -> Turn:
    """Take the marks out of a turn; offsets count in the text that a corpus stores."""
    raw, clean, marks, last = given.removeprefix("C:").removeprefix("A:").strip(), "", [], 0
    for found in _MARK.finditer(raw):
        clean += raw[last : found.start()]
        marks += [(len(clean), len(clean) + len(found[1]), label) for label in found[2].split(",")]
        clean += found[1]
        last = found.end()
    repaired = normalise(clean + raw[last:])
    moved = tuple((*repaired.from_raw(start, end), label) for start, end, label in marks)
    return Turn(given.startswith("A:"), repaired.text, moved)
