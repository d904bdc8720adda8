"""Texts come in; the cues found in them go out, with their places, why they are cues, and how they are meant.

All texts are first looked through by Arrow's expressions, whose time grows with the text alone; only texts that hold a
cue are matched again, for its places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from vocmine.schema import SIGNALS
from vocmine.signals.cues import PSEUDO, Cue, cues_of
from vocmine.text.folding import fold
from vocmine.text.qualifiers import qualify

_FEW: Final = 16
"""Texts up to which Arrow's look at all of them together costs more than a look at each."""
_Match: TypeAlias = tuple[Cue, int, int]


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
        self._lists = [found for found in given.values() if any(cue.strength != PSEUDO for cue in found)]

    def find(self, texts: Sequence[str]) -> list[list[Hit]]:
        """Return the cues of each text, in the order they stand in.

        Parameters
        ----------
        texts : sequence of str
            Whole turns: how a cue is meant is told by what stands around it.
        """
        folded = [fold(text) for text in texts]
        on_one_line = [text.replace("\n", " ") for text in folded]
        found: list[list[_Match]] = [[] for _ in texts]
        for cues in self._lists:
            for row, matches in _places(on_one_line, cues).items():
                found[row].extend(_strongest(matches))
        return [_qualified(text, matches) for text, matches in zip(folded, found, strict=True)]


def _places(texts: list[str], cues: Sequence[Cue]) -> dict[int, list[_Match]]:
    """Return where the cues of one signal stand, by text; those without any are left out."""
    column = pa.array(texts, pa.string()) if len(texts) > _FEW else None
    found: dict[int, list[_Match]] = {}
    for cue in cues:
        expression = _compiled(cue.pattern)
        group = "q" if "q" in expression.groupindex else 0
        for row in range(len(texts)) if column is None else _holding(column, cue.pattern):
            places = [match.span(group) for match in expression.finditer(texts[row]) if match.start(group) >= 0]
            if places:
                found.setdefault(row, []).extend((cue, *_whole_words(texts[row], *place)) for place in places)
    return found


def _holding(column: pa.Array, pattern: str) -> list[int]:
    return list(pc.indices_nonzero(pc.match_substring_regex(column, pattern)).to_pylist())


def _strongest(places: list[_Match]) -> list[_Match]:
    """Leave out what a pseudo-cue covers, and keep one cue a place: the strongest, then the longest."""
    hidden = _Taken((start, end) for cue, start, end in places if cue.strength == PSEUDO)
    shown = [place for place in places if place[0].strength != PSEUDO and not hidden.meets(*place[1:])]
    taken, kept = _Taken(()), []
    for cue, start, end in sorted(shown, key=lambda one: (-one[0].strength, one[1] - one[2])):
        if not taken.meets(start, end):
            taken.add(start, end)
            kept.append((cue, start, end))
    return kept


class _Taken:
    """Characters that are taken; each is a place of a set, so that many hits in a long text cost no more than it."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._characters: set[int] = set()
        for span in spans:
            self.add(*span)

    def add(self, start: int, end: int) -> None:
        """Take a span."""
        self._characters.update(range(start, end))

    def meets(self, start: int, end: int) -> bool:
        """Say whether some of a span is taken."""
        return not self._characters.isdisjoint(range(start, end))


def _whole_words(folded: str, start: int, end: int) -> tuple[int, int]:
    while 0 < start < len(folded) and folded[start - 1].isalnum() and folded[start].isalnum():
        start -= 1
    while 0 < end < len(folded) and folded[end - 1].isalnum() and folded[end].isalnum():
        end += 1
    return start, end


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
