"""The cues of subtitles, WebVTT or SRT, well formed or not.

The libraries `webvtt-py` 0.6 and `srt` 3.5 were tried first. On malformed files the first one drops cues in silence and
merges the voices of a cue; the second one merges cues that no empty line separates, and logs the words that it drops.
None of them gives the line of what it drops; a customer's words may neither be lost nor logged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from vocmine.ingest.transcripts.timing import read_timing
from vocmine.ingest.transcripts.turns import Malformed

_ID: Final = re.compile(r"\s*(?:\d{1,9}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?:[/-][\d-]{1,9})?)\s*")
"""Numbers, and the identifiers of Teams: 36 hexadecimal digits and hyphens, then the rank of the cue."""
_ASIDE: Final = ("NOTE", "STYLE", "REGION", "WEBVTT")
_LONGEST_CUE: Final = 20_000
_MOST_ASIDE: Final = 100
_NO_WORDS: Final = "got a cue without words"


@dataclass
class Cue:
    """A cue: its first line in the file, its start and end in seconds, and its lines of words."""

    line: int
    start_s: float
    end_s: float
    payload: list[str] = field(default_factory=list)


class CueReader:
    """Reads cues, and what is no cue, line after line.

    Attributes
    ----------
    aside : list of str
        Lines of the header and of notes, met so far.
    """

    def __init__(self) -> None:
        self.aside: list[str] = []
        self._cue: Cue | Malformed | None = None
        self._loose: list[str] = []
        self._length = 0

    def read(self, lines: Iterable[str]) -> Iterator[Cue | Malformed]:
        """Give the cues of a file in order; what should have been one is malformed, with its line."""
        number = 0
        for number, line in enumerate(lines, start=1):
            timing = read_timing(line) if "->" in line else None
            if timing is not None:
                yield from self._start(number, timing)
            elif not line.strip():
                yield from self._pause(number)
            else:
                yield from self._say(number, line)
        yield from self._pause(number + 1)
        yield from self._close()

    def _start(self, number: int, timing: tuple[float, float] | str) -> Iterator[Cue | Malformed]:
        """Open a cue: the line just before may be its identifier rather than words of the one before."""
        if isinstance(self._cue, Cue) and self._cue.payload and _ID.fullmatch(self._cue.payload[-1]):
            self._cue.payload.pop()
        yield from self._close()
        if self._loose and not self._is_aside():
            self._loose.pop()
        yield from self._leave(number)
        self._cue = Cue(number, *timing) if isinstance(timing, tuple) else Malformed(f"line {number}: {timing}")

    def _pause(self, number: int) -> Iterator[Cue | Malformed]:
        """Close the cue at an empty line, save one whose words are still to come."""
        if not isinstance(self._cue, Cue) or self._cue.payload:
            yield from self._close()
        yield from self._leave(number)

    def _say(self, number: int, line: str) -> Iterator[Cue | Malformed]:
        self._length += len(line)
        if self._length > _LONGEST_CUE and isinstance(self._cue, Cue) and self._cue.payload:
            rest = Cue(number, self._cue.start_s, self._cue.end_s)
            yield from self._close()
            self._cue = rest
        if isinstance(self._cue, Cue):
            self._cue.payload.append(line)
        elif self._cue is None:
            self._loose.append(line)
            del self._loose[_MOST_ASIDE:-1]

    def _close(self) -> Iterator[Cue | Malformed]:
        cue, self._cue, self._length = self._cue, None, 0
        if isinstance(cue, Cue) and not cue.payload:
            yield Malformed(f"line {cue.line}: {_NO_WORDS}")
        elif cue is not None:
            yield cue

    def _leave(self, number: int) -> Iterator[Malformed]:
        """Leave the lines outside cues: the header and notes, or words without a time."""
        if self._loose and self._is_aside():
            self.aside += self._loose[: max(0, _MOST_ASIDE - len(self.aside))]
        elif self._loose:
            yield Malformed(f"line {number - 1}: got words without a time")
        self._loose = []

    def _is_aside(self) -> bool:
        return self._loose[0].lstrip("\ufeff").startswith(_ASIDE)
