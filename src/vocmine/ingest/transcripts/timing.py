"""Times as subtitles and transcripts write them."""

from __future__ import annotations

import re
from typing import Final

CLOCK: Final = r"(?:\d{1,4}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
"""A pattern: 01:23, 00:01:23, 00:01:23,456; hours may be left out."""

_PARTS: Final = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?")
_ARROW: Final = re.compile(r"-{1,3}>")
_STAMP: Final = re.compile(r"\s*(-?)([\d:.,]{1,20})(?=[\s-]|$)")
_CLOCK_LIKE: Final = re.compile(r"\s*-?\d{1,4}:\d")


def seconds(clock: str) -> float | None:
    """Return a time of the clock in seconds, or None where it is none.

    Examples
    --------
    >>> seconds("00:01:23,5"), seconds("01:23"), seconds("00:61:00")
    (83.5, 83.0, None)
    """
    found = _PARTS.fullmatch(clock)
    if not found:
        return None
    hours, minutes, whole = int(found[1] or 0), int(found[2]), int(found[3])
    if whole > 59 or (minutes > 59 and found[1]):
        return None
    return hours * 3600 + minutes * 60 + whole + int((found[4] or "0").ljust(3, "0")) / 1000


def read_timing(line: str) -> tuple[float, float] | str | None:
    """Read the line that opens a cue.

    Returns
    -------
    tuple of float, str or None
        Start and end in seconds; what is wrong, where it is meant to be such a line; None where it is none.

    Examples
    --------
    >>> read_timing("00:01.000 --> 00:02.500 align:start"), read_timing("00:02 --> 00:01")
    ((1.0, 2.5), 'ends before it starts')
    >>> read_timing("Cliquez sur Compte --> Factures") is None
    True
    """
    arrow, start = _ARROW.search(line, 0, 60), _STAMP.match(line)
    if not _CLOCK_LIKE.match(line):
        return None
    if arrow is None or start is None or line[start.end() : arrow.start()].strip():
        return "got a time that cannot be read" if "-->" in line else None
    end = _STAMP.match(line, arrow.end())
    if start[1] or (end and end[1]):
        return "got a time below zero"
    times = seconds(start[2]), seconds(end[2]) if end else None
    if times[0] is None or times[1] is None:
        return "got a time that cannot be read"
    return "ends before it starts" if times[1] < times[0] else (times[0], times[1])
