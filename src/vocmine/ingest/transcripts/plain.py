"""Plain text where each turn bears its speaker: « Client : », « [00:01:23] Conseillère : », « 00:01:23 Agent ».

A line without a speaker goes on with the turn before. Several calls may follow each other: a ruler or a title (« Appel
n° 12 ») opens the next one, and lines such as « Date : 12/03/2025 14:05 » above its first turn tell its start or its
id; other words there are malformed rows. In a file without labels, lines that begin with a dash are turns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple

from vocmine.corpus import RawRows
from vocmine.corpus.cells import fold
from vocmine.corpus.datetext import read_stamp
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.transcripts.labels import is_label, split_label, words_used_as
from vocmine.ingest.transcripts.text_lines import encoding_of, lines_of, name_of
from vocmine.ingest.transcripts.timing import CLOCK, seconds
from vocmine.ingest.transcripts.turns import LONGEST_TURN, Malformed, Row, Turn, raw_rows

_RULER: Final = re.compile(r"\s{0,8}([-=_*#~–—]) ?\1 ?\1[-=_*#~–—\s]{0,400}")
_FRAMES: Final = frozenset("-=_*#~–—")
_TITLE: Final = re.compile(
    r"[\s=#*_~-]{0,40}(?:appel|call|conversation|entretien|transcript|transcription|dossier|contact)"
    r"(?: (?:id|n°|no|num[ée]ro|de l['’]appel))?[\s:#°n]{0,6}([\w./-]{0,60})[\s=#*_~-]{0,80}",
    re.IGNORECASE,
)
_LONGEST_TITLE: Final = 120
_FIELD: Final = re.compile(r"\s{0,8}([^\W\d_][^:\n]{0,39}?)\s{0,2}:\s{0,4}(\S.{0,200})")
_TIMED: Final = re.compile(rf"\s{{0,8}}[\[(]?({CLOCK})[\])]?(?=\s|$)\s{{0,4}}(?:[-–—|]\s)?\s{{0,4}}")
_AFTER: Final = re.compile(rf"(.{{1,60}}?)\s?[\[(]({CLOCK})[\])]\s?:?(?:\s|$)")
_DASH: Final = re.compile(r"\s{0,8}[-–—]\s?(?=\S)")
_SUFFIXES: Final = (".txt", ".text", ".log")
_MAIL: Final = ("From ", "From:", "Received:", "Return-Path:", "Message-ID:", "MIME-Version:", "Subject:")
"""How the lines above an e-mail begin, some of which read like names."""
_MAIL_LINES: Final = 60
_SAMPLE_LINES: Final = 400
_LONGEST_TURN: Final = 4 * LONGEST_TURN


class _Opening(NamedTuple):
    """What opens a turn: its time, its speaker, and its first words."""

    start_s: float | None
    label: str | None
    text: str


@dataclass(frozen=True)
class _Dialect:
    """Whether names are labels, and whether dashes open turns."""

    names: bool = False
    dashes: bool = False

    def opening(self, line: str) -> _Opening | None:
        """Return what opens a turn on this line, or None where the line goes on with the turn before."""
        start_s, rest = None, line
        if timed := _TIMED.match(line):
            start_s, rest = seconds(timed[1]), line[timed.end() :]
        elif (after := _AFTER.match(line)) and is_label(after[1], names=self.names):
            return _Opening(seconds(after[2]), after[1], line[after.end() :].lstrip(": ").rstrip())
        if found := split_label(rest, names=self.names):
            return _Opening(start_s, found.label, found.text)
        if timed and is_label(rest.strip(" []"), names=self.names):
            return _Opening(start_s, rest.strip(" []"), "")
        if timed:
            return _Opening(start_s, None, rest.strip())
        dash = _DASH.match(line) if self.dashes else None
        return _Opening(None, None, line[dash.end() :].rstrip()) if dash else None


def _fits(file: File) -> bool:
    if file.suffix not in {*_SUFFIXES, ""}:
        return False
    lines = [line for line in file.head_text.lstrip("\ufeff").splitlines()[:_SAMPLE_LINES] if line.strip()]
    if (
        not lines
        or lines[0].startswith(("{", "[{", "<"))
        or any(line.startswith(_MAIL) for line in lines[:_MAIL_LINES])
    ):
        return False
    roles = sum(_opens(_Dialect(), line) for line in lines)
    every = sum(_opens(_Dialect(names=True), line) for line in lines)
    dashes = sum(_DASH.match(line) is not None and not _RULER.fullmatch(line) for line in lines)
    by_role = roles >= 2 and 10 * roles >= len(lines)
    return by_role or (every >= 2 and 2 * every >= len(lines)) or (dashes >= 2 and 4 * dashes >= 3 * len(lines))


def _opens(dialect: _Dialect, line: str) -> bool:
    opening = dialect.opening(line)
    return opening is not None and opening.label is not None


def _dialect(lines: Iterable[str]) -> _Dialect:
    """Tell the dialect from the first lines: names are labels where they open as many lines as roles do."""
    said = [line for line in lines if line.strip() and not _RULER.fullmatch(line)]
    roles, every = (sum(_opens(_Dialect(names=names), line) for line in said) for names in (False, True))
    return _Dialect(names=roles < every and 2 * every >= len(said), dashes=not every)


def _rows(file: File, choices: Choices) -> Iterator[RawRows]:
    dialect = _dialect(islice(lines_of(file, choices), _SAMPLE_LINES))
    rows = _Reader(name_of(file), dialect).read(lines_of(file, choices))
    return raw_rows(rows, file.source, channel="phone", notes=(f"encodage {encoding_of(file, choices)}",))


class _Reader:
    """Reads the turns of one file, call after call."""

    def __init__(self, name: str, dialect: _Dialect) -> None:
        self._name = name
        self._dialect = dialect
        self._calls = 0
        self._ids: set[str] = set()
        self._contact: str | None = None
        self._begun: datetime | None = None
        self._turn: Turn | None = None
        self._line = 0
        self._above = True

    def read(self, lines: Iterable[str]) -> Iterator[Row]:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            title = _title(line)
            if title is not None:
                yield from self._close()
                self._next_call(title)
            elif opening := self._dialect.opening(line):
                yield from self._close()
                self._open(opening, number)
            elif self._turn is not None:
                yield from self._go_on(line.strip(), number)
            elif not self._heading(line):
                yield Malformed(f"line {number}: got words before any speaker")
        yield from self._close()

    def _next_call(self, contact: str) -> None:
        """Begin another call; a second ruler, or a title under a ruler, is still the heading of the same one."""
        if not self._above:
            self._above, self._contact, self._begun = True, None, None
        self._contact = contact or self._contact

    def _heading(self, line: str) -> bool:
        """Read a line above the first turn of a call; tell whether it is of a known kind."""
        found = _FIELD.fullmatch(line.rstrip()) if self._above else None
        key = fold(found[1]) if found else ""
        if found and key in words_used_as("id_field"):
            self._contact = found[2].strip()[:100]
        elif found and key in words_used_as("date_field"):
            stamp = read_stamp(found[2].strip())
            self._begun = stamp.moment if stamp else self._begun
        return any(key in words_used_as(use) for use in ("id_field", "date_field", "other_field"))

    def _open(self, opening: _Opening, number: int) -> None:
        if self._above:
            self._above = False
            self._calls += 1
            self._contact = self._free(
                self._contact or (self._name if self._calls == 1 else f"{self._name}#{self._calls}")
            )
        at = None if self._begun is None else _later(self._begun, opening.start_s)
        self._line = number
        self._turn = Turn(str(self._contact), opening.text, opening.label, opening.start_s, at=at)

    def _free(self, contact: str) -> str:
        name = contact if contact not in self._ids else f"{contact}#{self._calls}"
        self._ids.add(name)
        return name

    def _go_on(self, words: str, number: int) -> Iterator[Row]:
        turn = self._turn
        if turn is not None and len(turn.text) + len(words) > _LONGEST_TURN and turn.text:
            yield turn
            self._line, self._turn = number, turn._replace(text=words)
        elif turn is not None:
            self._turn = turn._replace(text=f"{turn.text}\n{words}" if turn.text else words)

    def _close(self) -> Iterator[Row]:
        turn, self._turn = self._turn, None
        if turn is not None:
            yield turn if turn.text else Malformed(f"line {self._line}: got a speaker without words")


def _title(line: str) -> str | None:
    """Return the id that a ruler or a title gives, empty where it gives none; None where the line is neither."""
    if _RULER.fullmatch(line):
        return ""
    found = _TITLE.fullmatch(line) if len(line) < _LONGEST_TITLE else None
    if found is None:
        return None
    framed = line.strip()[0] in _FRAMES
    named = any(character.isdigit() for character in found[1])
    return (found[1] if named else "") if named or framed or not found[1] else None


def _later(begun: datetime, offset: float | None) -> datetime | None:
    try:
        return begun + timedelta(seconds=offset or 0.0)
    except OverflowError:
        return None


PLAIN: Final = Format("plain_transcript", _SUFFIXES, _fits, _rows)
