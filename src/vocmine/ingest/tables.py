"""Tables of any kind as formats: a file that is small is read whole, a large one some thousand rows at a time.

Workbooks, and JSON documents that are no array of records, can only be read whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from vocmine.corpus import RawRows
from vocmine.ingest.delimited import read_delimited
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.json_batches import array_batches, line_batches
from vocmine.ingest.lines import SUFFIXES as DELIMITED
from vocmine.ingest.lines import DelimitedSource
from vocmine.ingest.parquet import read_parquet
from vocmine.ingest.records import read_json
from vocmine.ingest.row_groups import SUFFIXES as PARQUET
from vocmine.ingest.row_groups import ParquetSource
from vocmine.ingest.spreadsheet import read_spreadsheet

WHOLE_BYTES: Final = 2**26
"""Files up to this size are read at once, which is faster; so are workbooks, whatever their size."""

_JSON: Final = (".json",)
_JSON_LINES: Final = (".jsonl", ".ndjson")
_SPREADSHEET: Final = (".xlsx", ".xlsm")
_RECORDS: Final = re.compile(r'\s{0,100}+(?:\[\s{0,100}+)?\{\s{0,100}+"')
"""How records in JSON begin, whatever the extension says."""


def _delimited(file: File, choices: Choices) -> Iterator[RawRows]:
    data = _small(file)
    if data is None:
        source = DelimitedSource(file.path, file.source, encoding=choices.encoding, separator=choices.separator)
        yield from source.batches(0)
    else:
        yield read_delimited(data, file.source, encoding=choices.encoding, separator=choices.separator)


def _json(file: File, choices: Choices) -> Iterator[RawRows]:
    data = _small(file)
    if data is not None:
        yield read_json(data, file.source, encoding=choices.encoding)
    elif file.head_text.lstrip().startswith("["):
        yield from array_batches(file)
    elif _in_lines(file):
        yield from line_batches(file, choices.encoding)
    else:
        yield read_json(file.data(), file.source, encoding=choices.encoding)


def _json_lines(file: File, choices: Choices) -> Iterator[RawRows]:
    data = _small(file)
    if data is None:
        yield from line_batches(file, choices.encoding)
    else:
        yield read_json(data, file.source, encoding=choices.encoding, lines=True)


def _spreadsheet(file: File, choices: Choices) -> Iterator[RawRows]:
    yield read_spreadsheet(file.data(), file.source, sheet=choices.sheet)


def _parquet(file: File, _choices: Choices) -> Iterator[RawRows]:
    data = _small(file)
    if data is None and file.path.suffix.lower() != ".gz":
        yield from ParquetSource(file.path, file.source).batches(0)
    else:
        yield read_parquet(file.data() if data is None else data, file.source)


def _small(file: File) -> bytes | None:
    """Return all that a file holds, None if it is large."""
    with suppress(OSError):  # which reading will tell
        if file.path.stat().st_size > WHOLE_BYTES:
            return None
    data = file.first(WHOLE_BYTES + 1)
    return data if len(data) <= WHOLE_BYTES else None


def _in_lines(file: File) -> bool:
    """Tell whether the first line is an object by itself, and there are others."""
    first, end, _ = file.head_text.lstrip().partition("\n")
    return bool(end) and first.rstrip().endswith("}")


def _looks_like_json(file: File) -> bool:
    return file.suffix in {*_JSON, ".txt", ""} and _RECORDS.match(file.head_text) is not None


TABLES: Final = (
    Format("parquet", PARQUET, lambda file: file.head.startswith(b"PAR1"), _parquet),
    Format("spreadsheet", _SPREADSHEET, lambda file: file.suffix in _SPREADSHEET, _spreadsheet),
    Format("json_lines", _JSON_LINES, lambda file: file.suffix in _JSON_LINES, _json_lines),
    Format("json", _JSON, _looks_like_json, _json),
    Format("delimited", DELIMITED, lambda file: file.suffix in DELIMITED, _delimited),
)
"""Tables, which come after every format that says more of itself."""
