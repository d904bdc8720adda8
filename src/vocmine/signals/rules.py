"""Texts come in; the cues found in them go out, with their places, why they are cues, and how they are meant.

All texts are first looked through for any cue of a signal, by Arrow's expressions, which take one pass whatever their
number; only texts that hold one are matched cue by cue.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from vocmine.schema import SIGNALS
from vocmine.signals.cues import PSEUDO, Cue, cues_of
from vocmine.text.folding import fold
from vocmine.text.qualifiers import qualify


class Hit(NamedTuple):
    """A cue found in a text.

    Attributes
    ----------
    signal : str
    start, end : int
        Code points of the text.
    strength : int
        As in `Cue`.
    why : str
        What the cue shows.
    qualifiers : frozenset of str
        How it is meant, where not plainly; see `vocmine.text.qualifiers`.
    affirmed : bool
        Whether it shows the signal all the same.
    """

    signal: str
    start: int
    end: int
    strength: int
    why: str
    qualifiers: frozenset[str]
    affirmed: bool


class Rules:
    """Find the cues of some signals.

    Parameters
    ----------
    cues : mapping of str to sequence of Cue, optional
        By signal; by default the word lists that come with the package.

    Examples
    --------
    >>> [(hit.signal, hit.affirmed) for hit in Rules().find(["Je ne suis pas fâchée, je m'informe."])[0]]
    [('anger', False)]
    """

    def __init__(self, cues: dict[str, tuple[Cue, ...]] | None = None) -> None:
        given = {signal: cues_of(signal) for signal in SIGNALS} if cues is None else cues
        self._screens = [
            ("|".join(f"(?:{cue.pattern})" for cue in found if cue.strength != PSEUDO), found)
            for found in given.values()
            if any(cue.strength != PSEUDO for cue in found)
        ]

    def find(self, texts: Sequence[str]) -> list[list[Hit]]:
        """Return the cues of each text, in the order they stand in.

        Parameters
        ----------
        texts : sequence of str
            Whole turns: how a cue is meant is told by what stands around it.
        """
        folded = [fold(text) for text in texts]
        column = pa.array(folded, pa.string())
        found: list[list[tuple[Cue, int, int]]] = [[] for _ in texts]
        for screen, cues in self._screens:
            holds = pc.match_substring_regex(column, screen)
            for row in pc.indices_nonzero(holds).to_pylist():
                found[row].extend(_matches(folded[row], cues))
        return [_qualified(text, matches) for text, matches in zip(folded, found, strict=True)]


def _matches(folded: str, cues: Sequence[Cue]) -> list[tuple[Cue, int, int]]:
    """Return where the cues of one signal stand, without what a pseudo-cue covers; one cue a place, the strongest."""
    places: list[tuple[Cue, int, int]] = []
    for cue in cues:
        expression = _compiled(cue.pattern)
        group = "q" if "q" in expression.groupindex else 0
        places += [(cue, *match.span(group)) for match in expression.finditer(folded) if match.start(group) >= 0]
    hidden = [(start, end) for cue, start, end in places if cue.strength == PSEUDO]
    shown = [
        (cue, start, end)
        for cue, start, end in places
        if cue.strength != PSEUDO and not any(start < last and first < end for first, last in hidden)
    ]
    kept: list[tuple[Cue, int, int]] = []
    for cue, start, end in sorted(shown, key=lambda one: (-one[0].strength, one[1] - one[2])):
        if not any(start < last and first < end for _, first, last in kept):
            kept.append((cue, start, end))
    return kept


def _qualified(folded: str, matches: list[tuple[Cue, int, int]]) -> list[Hit]:
    if not matches:
        return []
    matches.sort(key=lambda one: (one[1], one[2], one[0].signal))
    meant = qualify(folded, [(start, end) for _, start, end in matches])
    return [
        Hit(cue.signal, start, end, cue.strength, cue.why, how, not how & cue.cancelled_by)
        for (cue, start, end), how in zip(matches, meant, strict=True)
    ]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
