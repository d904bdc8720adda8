"""CSV and its kin: every record is read or told malformed, and a stray quote swallows no more than its own line."""

from __future__ import annotations

import re
from typing import Final

from vocmine.corpus import RawRows
from vocmine.errors import ReadError
from vocmine.ingest.body import Body
from vocmine.ingest.csv_records import (
    LONGEST_RECORD,
    Record,
    first_fields,
    fitted,
    records_of,
    trouble,
    without_empty_end,
)
from vocmine.ingest.sniff import NO_SEPARATOR, SAMPLE_LINES, find_separator, first_lines, to_utf8

__all__ = [
    "LONGEST_RECORD",
    "SEPARATOR_LINE",
    "Record",
    "fitted",
    "read_delimited",
    "records_of",
    "trouble",
    "without_empty_end",
]

SEPARATOR_LINE: Final = re.compile(r'"?sep=([^\w\s"]|\t)"?(?=[\r\n])', re.IGNORECASE)
"""A first line for Excel, which tells the separator."""

_SEPARATOR_BYTES: Final = 64
_HEADER_LINES: Final = 100  # one that spans more is odd, and costs the time of reading record by record
_NAMES: Final = {"\t": "tabulation", NO_SEPARATOR: "aucun"}


def read_delimited(data: bytes, source: str, *, encoding: str | None = None, separator: str | None = None) -> RawRows:
    """Read a table of text, its first record being the header. Empty lines are no rows.

    A record whose number of fields is not the header's is malformed, unless what it has too many is empty. So is the
    line where a quote is opened and not closed; reading goes on at the next line.

    Raises
    ------
    ReadError
        If there is no header, or the encoding or separator named does not fit.
    """
    data, encoding = to_utf8(data, encoding)
    if separator is not None and len(separator) != 1:
        raise ReadError(f"got separator={separator!r}, expected one character; leave it out to have it found")
    if told := SEPARATOR_LINE.match(data[:_SEPARATOR_BYTES].decode(errors="replace")):
        data, separator = data[len(told[0].encode()) :], separator or told[1]
    separator = separator or find_separator(first_lines(data, SAMPLE_LINES))
    start = len(data) - len(data.lstrip(b"\r\n"))
    plain = first_fields(first_lines(data, _HEADER_LINES, start), separator)
    header = Record(1, plain)
    if plain is None:
        header = next(records_of(first_lines(data, LONGEST_RECORD + 1, start), separator), header)
    if header.fields is None:
        raise ReadError(f"{source}: got no header, expected a first line with the names of the columns")
    names = without_empty_end(header.fields)
    notes = (f"encodage {encoding}, séparateur {_NAMES.get(separator, f'« {separator} »')}",)
    rows = Body(data, separator, len(header.fields), len(names), plain=plain is not None).read()
    return RawRows(rows.frame(names), source, rows.positions, rows.malformed, notes=notes)
