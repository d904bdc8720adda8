"""CSV and its kin: every record is read or told malformed, and a stray quote swallows no more than its own line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from vocmine.corpus import RawRows
from vocmine.errors import ReadError
from vocmine.ingest.sniff import NO_SEPARATOR, decode, find_separator

LONGEST_RECORD: Final = 5_000
"""Lines that a quoted field may span; beyond, its quote is taken for one that was never closed."""

_LONGEST_FIELD: Final = 2**31 - 1
SEPARATOR_LINE: Final = re.compile(r'"?sep=([^\w\s"]|\t)"?(?=[\r\n])', re.IGNORECASE)  # a first line for Excel
_NAMES: Final = {"\t": "tabulation", NO_SEPARATOR: "aucun"}


@dataclass(frozen=True)
class Record:
    """The fields of a record, or None where it has none to give; the line it starts on, from 1."""

    line: int
    fields: list[str] | None


def read_delimited(data: bytes, source: str, *, encoding: str | None = None, separator: str | None = None) -> RawRows:
    """Read a table of text, its first record being the header. Empty lines are no rows.

    A record whose number of fields is not the header's is malformed, unless what it has too many is empty. So is the
    line where a quote is opened and not closed; reading goes on at the next line.

    Raises
    ------
    ReadError
        If there is no header, or the encoding or separator named does not fit.
    """
    text, encoding = decode(data, encoding)
    if separator is not None and len(separator) != 1:
        raise ReadError(f"got separator={separator!r}, expected one character; leave it out to have it found")
    if told := SEPARATOR_LINE.match(text):
        text, separator = text[told.end() :], separator or told[1]
    separator = separator or find_separator(text)
    records = records_of(text, separator)
    header = next(records, None)
    if header is None or header.fields is None:
        raise ReadError(f"{source}: got no header, expected a first line with the names of the columns")
    names = without_empty_end(header.fields)
    rows, positions, malformed = [], [], {}
    for position, record in enumerate(records):
        fields = fitted(record.fields, len(names))
        if fields is None:
            malformed[position] = trouble(record, len(names))
        else:
            rows.append([field or None for field in fields])
            positions.append(position)
    notes = (f"encodage {encoding}, séparateur {_NAMES.get(separator, f'« {separator} »')}",)
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return RawRows(frame, source, np.array(positions, dtype=np.int64), malformed, notes=notes)


def fitted(fields: list[str] | None, width: int) -> list[str] | None:
    """Return the fields of a record of the header's width; None if it is malformed."""
    if fields is None or len(fields) < width or any(fields[width:]):
        return None
    return fields[:width]


def without_empty_end(names: Sequence[str]) -> list[str]:
    """Return the names of the columns, up to the last that has one."""
    width = max((position for position, name in enumerate(names, start=1) if name.strip()), default=len(names))
    return list(names[:width])


def trouble(record: Record, width: int) -> str:
    """Say what is wrong with a malformed record, and none of its words."""
    got = "a quote that is not closed" if record.fields is None else f"{len(record.fields)} fields"
    return f"line {record.line}: got {got}, expected {width} fields"


def records_of(text: str, separator: str) -> Iterator[Record]:
    """Cut text into records; a line whose quote is not closed is one, without fields."""
    csv.field_size_limit(_LONGEST_FIELD)
    lines = list(io.StringIO(text, newline=""))
    start = width = 0
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
