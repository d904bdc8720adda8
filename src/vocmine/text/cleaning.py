"""What a text loses when it is cleaned, and the way from the words kept back to the words received."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from vocmine.text.offsets import Edit, OffsetMap, apply_edits

_BLANKS: Final = re.compile(r"\s*")


class Removed(NamedTuple):
    """Characters taken away.

    Attributes
    ----------
    start, end : int
        Code points of the text as received, end excluded.
    kind : str
        What they are: a short fixed code, such as ``quote``, ``signature`` or ``filler``.
    why : str
        The rule that tells, in a few fixed words; never the customer's.
    """

    start: int
    end: int
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without what does not belong to it.

    Attributes
    ----------
    raw : str
        The text as received.
    text : str
        What is kept.
    removed : tuple of Removed
        What is not, in order and without overlap; white space around it may be gone as well.
    """

    raw: str
    text: str
    removed: tuple[Removed, ...] = ()
    _map: OffsetMap = field(default_factory=lambda: OffsetMap(()), repr=False, compare=False)

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the code points of `raw` that ``text[start:end]`` comes from."""
        return self._map.back(start, end)

    def from_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the code points of `text` that come from ``raw[start:end]``; empty where all of it is removed."""
        return self._map.forward(start, end)


def remove(raw: str, removed: Iterable[Removed]) -> Cleaned:
    r"""Take spans out of a text, and close the gap that each leaves.

    What is left on both sides of a gap stays apart as it was: by an empty line, a line break or a space, whichever was
    the widest; a gap inside a word closes entirely. White space at both ends of the text goes.

    Parameters
    ----------
    raw : str
        The text.
    removed : iterable of Removed
        Spans in any order; the first of those that overlap keeps the characters they share.

    Examples
    --------
    >>> cleaned = remove("Bonjour,\n\nJe euh j’attends.\n\nCordialement", [Removed(13, 17, "filler", "euh")])
    >>> cleaned.text
    'Bonjour,\n\nJe j’attends.\n\nCordialement'
    >>> cleaned.raw[slice(*cleaned.to_raw(13, 22))]
    'j’attends'
    """
    spans = tuple(_apart(sorted(removed)))
    if not spans:
        return Cleaned(raw, raw)
    edits = list(_edits(raw, spans))
    return Cleaned(raw, apply_edits(raw, edits), spans, OffsetMap(edits))


def _apart(spans: Iterable[Removed]) -> Iterator[Removed]:
    """Cut what a span shares with those before it."""
    done = 0
    for span in spans:
        start = max(span.start, done)
        if start < span.end:
            yield span._replace(start=start)
            done = span.end


def _edits(raw: str, spans: Iterable[Removed]) -> Iterator[Edit]:
    """Widen each span by the white space around it; those that then touch become one."""
    done, start, end = 0, -1, -1
    for span in spans:
        first, last = _widened(raw, span, max(done, end))
        if start >= 0 and first > end:
            yield _edit(raw, start, end)
            done, start = end, first
        start = first if start < 0 else start
        end = last
    yield _edit(raw, start, end)


def _widened(raw: str, span: Removed, least: int) -> tuple[int, int]:
    start = span.start
    while start > least and raw[start - 1].isspace():
        start -= 1
    after = _BLANKS.match(raw, span.end)
    return start, after.end() if after else span.end


def _edit(raw: str, start: int, end: int) -> Edit:
    gap = raw[start:end]
    if start == 0 or end == len(raw):
        between = ""
    elif re.search(r"\n[^\S\n]*\n", gap):
        between = "\n\n"
    elif "\n" in gap:
        between = "\n"
    else:
        between = " " if gap[0].isspace() or gap[-1].isspace() else ""
    return Edit(start, end, between, None)
