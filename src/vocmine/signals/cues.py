"""`Cue`: a pattern that shows a signal, from word lists (`lexicons/<signal>.csv`) or of a user's own.

Patterns are regular expressions of RE2 (no look-around, so that each is linear), on folded text: lower case, no accents
and straight apostrophes. ``{name}`` stands for an alternative of `lexicons/classes.csv`. Where a group named ``q``
matches, its words are the evidence; otherwise all of the match.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from vocmine.text.qualifiers import QUALIFIERS

PSEUDO: Final = 0
"""Strength of a pattern that shows the contrary: what it covers is no cue (« carte de crédit », « attendez »)."""

_CLASS: Final = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
CANCELS: Final = frozenset(QUALIFIERS) - {"conditional"}
"""What leaves a cue without meaning, unless its list says otherwise: a conditional threat is a threat."""


@dataclass(frozen=True)
class Cue:
    """One pattern of a signal.

    Attributes
    ----------
    signal : str
    pattern : str
        Expression of RE2 on folded text, classes put in.
    strength : int
        3 where it is nearly always right when affirmed, 2 mostly, 1 a hint that needs others; `PSEUDO` for none.
    why : str
        What it shows, in fixed words.
    cancelled_by : frozenset of str
        The qualifiers under which it shows nothing.
    """

    signal: str
    pattern: str
    strength: int
    why: str
    cancelled_by: frozenset[str] = CANCELS


@cache
def classes() -> dict[str, str]:
    """Return the named alternatives that patterns may use; those defined later may use those defined before."""
    found: dict[str, str] = {}
    for row in _rows("classes"):
        found[row["name"]] = f"(?:{_put_in(row['pattern'], found)})"
    return found


@cache
def cues_of(signal: str) -> tuple[Cue, ...]:
    """Return the cues of a signal, in the order of its list."""
    return tuple(
        Cue(
            signal,
            _put_in(row["pattern"], classes()),
            int(row["strength"]),
            row["why"],
            CANCELS - frozenset(row["despite"].split()),
        )
        for row in _rows(signal)
    )


def _put_in(pattern: str, known: dict[str, str]) -> str:
    return _CLASS.sub(lambda found: known[found[1]], pattern)


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath("lexicons").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
