"""Records of a table of text one by one: whatever the quotes, each is read or told malformed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vocmine.errors import ReadError

MOST_COLUMNS: Final = 16_384
"""Columns of a table, at most: those of a sheet."""

LONGEST_RECORD: Final = 5_000
"""Lines that a quoted field may span; beyond, its quote is taken for one that was never closed."""

_LONGEST_FIELD: Final = 2**31 - 1


@dataclass(frozen=True)
class Record:
    """The fields of a record, or None where it has none to give; the line it starts on, from 1."""

    line: int
    fields: list[str] | None


def first_fields(text: str, separator: str) -> list[str] | None:
    """Return the fields of the first record if it ends in this text and all its quotes are well placed."""
    try:
        return next(filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)), None)
    except csv.Error:
        return None


def fitted(fields: list[str] | None, width: int) -> list[str] | None:
    """Return the fields of a record of the header's width; None if it is malformed."""
    if fields is None or len(fields) < width or any(fields[width:]):
        return None
    return fields[:width]


def without_empty_end(names: Sequence[str]) -> list[str]:
    """Return the names of the columns, up to the last that has one.

    Raises
    ------
    ReadError
        If there are more than a sheet of a workbook can have: a line of separators is no header.
    """
    width = max((position for position, name in enumerate(names, start=1) if name.strip()), default=len(names))
    if width > MOST_COLUMNS:
        raise ReadError(f"got a header of {width} columns, expected at most {MOST_COLUMNS}; check the separator")
    return list(names[:width])


def trouble(record: Record, width: int) -> str:
    """Say what is wrong with a malformed record, and none of its words."""
    got = "a quote that is not closed" if record.fields is None else f"{len(record.fields)} fields"
    return f"line {record.line}: got {got}, expected {width} fields"


def records_of(text: str, separator: str, width: int = 0) -> Iterator[Record]:
    """Cut text into records; a line whose quote is not closed is one, without fields.

    The first record tells how many fields the others have, unless `width` does.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    lines = list(io.StringIO(text, newline=""))
    start = 0
    while start < len(lines):
        feed = _Feed(lines, start)
        try:
            for fields in csv.reader(feed, delimiter=separator, strict=True):
                width = width or len(fields)
                if len(fields) != width and _are_records(lines[feed.first : feed.next], separator, width):
                    raise csv.Error  # noqa: TRY301  # a quote that swallowed the lines after its own
                if fields:
                    yield Record(feed.first + 1, fields)
                feed.first = feed.next
        except csv.Error:
            yield Record(feed.first + 1, _alone(lines[feed.first], separator))
        start = feed.first + 1 if feed.first < feed.next else feed.next


def _are_records(lines: Sequence[str], separator: str, width: int) -> bool:
    """Tell whether several lines, quotes aside, have each the fields of a record."""
    return len(lines) > 1 and all(line.count(separator) == width - 1 for line in lines)


class _Feed:
    """The lines of a file from one on, for `csv.reader`; it fails where a record grows beyond all likelihood."""

    def __init__(self, lines: Sequence[str], start: int) -> None:
        self._lines = lines
        self.first = self.next = start

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.next >= len(self._lines):
            raise StopIteration
        if self.next - self.first >= LONGEST_RECORD:
            raise csv.Error
        self.next += 1
        return self._lines[self.next - 1]


def _alone(line: str, separator: str) -> list[str] | None:
    """Read one line with quotes inside its fields (`"il a dit "non" hier"`), or None if its quotes do not match."""
    if line.count('"') % 2:
        return None
    return next(csv.reader([line], delimiter=separator), None)
