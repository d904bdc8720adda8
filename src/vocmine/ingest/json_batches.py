"""JSON that is larger than memory: an array record by record, or one object a line."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from vocmine.corpus import RawRows, record_rows
from vocmine.errors import ReadError
from vocmine.ingest.batches import in_batches
from vocmine.ingest.files import File
from vocmine.ingest.sniff import decode

LONGEST_LINE: Final = 2**24
"""Characters of a line; a longer one is malformed, and is not held whole."""

_UNREADABLE: Final = (OSError, EOFError, zlib.error)
_Read = tuple[object, str | None]
"""A record, or None and what is wrong with it."""


def line_batches(file: File, encoding: str | None = None) -> Iterator[RawRows]:
    """Read one object a line; a line that is not JSON is malformed, an empty one is no row.

    Raises
    ------
    ReadError
        If the file cannot be read to its end, or no line is JSON.
    """
    encoding = encoding or decode(file.head)[1].partition(",")[0]
    return _batches(file, _lines_read(file, encoding), (f"encodage {encoding}",))


def array_batches(file: File) -> Iterator[RawRows]:
    """Read the records of an array one by one; where it is cut off, or broken, the file cannot be read.

    Raises
    ------
    ReadError
        If it is no array of JSON to its end.
    """
    return _batches(file, ((record, None) for record in _array(file)), ())


def _batches(file: File, records: Iterable[_Read], notes: tuple[str, ...]) -> Iterator[RawRows]:
    first, any_read, in_columns = 0, False, False
    for held in in_batches(records, _size):
        in_columns = in_columns or (not first and any(isinstance(record, Mapping) for record, _ in held))
        malformed = {row: why for row, read in enumerate(held) if (why := _trouble(*read, in_columns=in_columns))}
        any_read = any_read or len(malformed) < len(held)
        batch = record_rows([record for record, _ in held], file.source, malformed=malformed, notes=notes)
        if in_columns and not len(batch.frame):
            batch = replace(batch, frame=pd.DataFrame(), text=None)  # not the one column of a file of mere texts
        shifted = {first + row: why for row, why in batch.malformed.items()}
        yield replace(batch, positions=batch.rows + first, malformed=shifted)
        first += len(held)
    if not any_read:
        raise ReadError(f"{file.source}: got no record in JSON, expected an array, or one object a line")


def _size(read: _Read) -> int:
    record, _ = read
    values = record.values() if isinstance(record, Mapping) else (record,)
    return sum(len(value) for value in values if isinstance(value, str | list))


def _trouble(record: object, trouble: str | None, *, in_columns: bool) -> str | None:
    """Say what is wrong with a record: with itself, or that it is no mapping where others are."""
    if trouble is not None or not in_columns or isinstance(record, Mapping):
        return trouble
    return f"got a {type(record).__name__}, expected a mapping of columns to values"


def _lines_read(file: File, encoding: str) -> Iterator[_Read]:
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    try:
        with file.open() as opened, io.TextIOWrapper(opened, encoding, errors, newline="\n") as lines:
            for number, line in enumerate(_lines(lines), start=1):
                if len(line) > LONGEST_LINE:
                    yield None, f"line {number}: got more than {LONGEST_LINE} characters, expected one object"
                elif line.strip():
                    yield _parsed(line, number)
    except _UNREADABLE as error:
        raise ReadError(
            f"{file.source}: cannot be read to its end ({type(error).__name__}); see that it is whole"
        ) from error


def _lines(lines: io.TextIOWrapper) -> Iterator[str]:
    """Give the lines, of those that are too long only the beginning."""
    while line := lines.readline(LONGEST_LINE + 1):
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith("\n"):
            rest = lines.readline(LONGEST_LINE + 1)
        yield line


def _parsed(line: str, number: int) -> _Read:
    try:
        return json.loads(line), None
    except (ValueError, RecursionError):
        return None, f"line {number}: got something else than JSON, expected one object"


def _array(file: File) -> Iterator[object]:
    import ijson

    try:
        with file.open() as opened:
            yield from ijson.items(opened, "item", use_float=True)
    except (ijson.JSONError, *_UNREADABLE, ValueError, RecursionError) as error:
        raise ReadError(
            f"{file.source}: got no JSON to its end ({type(error).__name__}); see that it is whole, and in UTF-8"
        ) from None  # ijson quotes the file
