"""Replacements in a text, and the offsets that survive them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import NamedTuple


class Edit(NamedTuple):
    """The characters from `start` to `end` become `new`; `kind` says what was wrong, or is None for mere layout."""

    start: int
    end: int
    new: str
    kind: str | None


class _Change(NamedTuple):
    """One edit as a pair of spans, before and after."""

    start: int
    end: int
    new_start: int
    new_end: int


Span = tuple[int, int]
_before = attrgetter("start", "end")
_after = attrgetter("new_start", "new_end")


class OffsetMap:
    """Where the characters of a text went when edits were applied to it, and where they came from.

    Parameters
    ----------
    edits : iterable of Edit
        In order, not overlapping, none of them empty before (nothing is ever inserted from nowhere).
    """

    __slots__ = ("_changes",)

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._changes: list[_Change] = []
        shift = 0
        for edit in edits:
            new_start = edit.start + shift
            self._changes.append(_Change(edit.start, edit.end, new_start, new_start + len(edit.new)))
            shift += len(edit.new) - (edit.end - edit.start)

    def forward(self, start: int, end: int) -> Span:
        """Map a span of the text before to the smallest span that holds it after."""
        return self._map(start, end, _before, _after)

    def back(self, start: int, end: int) -> Span:
        """Map a span of the text after to the smallest span that it came from."""
        return self._map(start, end, _after, _before)

    def _map(self, start: int, end: int, here: Callable[[_Change], Span], there: Callable[[_Change], Span]) -> Span:
        first = self._place(start, here, there)[0]
        if end <= start:
            return first, first
        # The end is where the last character of the span ends: what was dropped after it stays outside.
        return first, self._place(end - 1, here, there)[1]

    def _place(self, position: int, here: Callable[[_Change], Span], there: Callable[[_Change], Span]) -> Span:
        """Return the span, on the other side, of the one character at `position`."""
        rank = bisect_right(self._changes, position, key=lambda change: here(change)[0]) - 1
        if rank < 0:
            return position, position + 1
        change = self._changes[rank]
        if position < here(change)[1]:
            return there(change)
        moved = position - here(change)[1] + there(change)[1]
        return moved, moved + 1


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with every edit made.

    Examples
    --------
    >>> apply_edits("Ã©tÃ©", [Edit(0, 2, "é", "mojibake"), Edit(3, 5, "é", "mojibake")])
    'été'
    """
    pieces: list[str] = []
    done = 0
    for edit in edits:
        pieces += (text[done : edit.start], edit.new)
        done = edit.end
    pieces.append(text[done:])
    return "".join(pieces)
