"""The lines of an e-mail, with the marks of quotation taken off and the letters folded for comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from vocmine.text.folding import fold

_LINE: Final = re.compile(r"[^\S\n]*((?:>[^\S\n]?)*)[^\S\n]*([^\n]*)(?:\n|\Z)")


class Line(NamedTuple):
    """A line that holds anything.

    Attributes
    ----------
    start, end : int
        Its words in the text, white space around them and marks of quotation left out.
    outer : int
        Where its marks of quotation begin; `start` where it has none.
    depth : int
        Marks of quotation (``>``) in front of it.
    gap : bool
        Whether an empty line comes before, or nothing at all.
    text, key : str
        The words, as they are and folded.
    """

    start: int
    end: int
    outer: int
    depth: int
    gap: bool
    text: str
    key: str

    @property
    def words(self) -> list[str]:
        """The folded words."""
        return self.key.split()


def read_lines(text: str) -> list[Line]:
    r"""Return the lines of a text that hold something; a mark of quotation alone counts.

    Examples
    --------
    >>> [(line.depth, line.key, line.gap) for line in read_lines("Réponse :\n\n> > Été\n>\n")]
    [(0, 'reponse :', True), (2, 'ete', True), (1, '', False)]
    """
    lines: list[Line] = []
    gap, at = True, 0
    while at < len(text):
        match = _LINE.match(text, at)
        if match is None:  # unreachable: every part of the pattern may be empty
            break
        at = match.end()
        depth, words = match[1].count(">"), match[2].rstrip()
        if not words and not depth:
            gap = True
            continue
        start = match.start(2)
        outer = match.start(1) if depth else start
        lines.append(Line(start, start + len(words), outer, depth, gap, words, fold(words)))
        gap = False
    return lines


def chunks(lines: Iterable[Line]) -> list[list[Line]]:
    """Group lines into paragraphs, at the empty lines."""
    groups: list[list[Line]] = []
    for line in lines:
        if line.gap or not groups:
            groups.append([])
        groups[-1].append(line)
    return groups
