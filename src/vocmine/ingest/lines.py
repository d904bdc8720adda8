"""CSV and its kin, read line after line as `vocmine.read` reads them whole: the same records, the same rejections."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, Final, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from vocmine.corpus import ColumnOptions, RawRows
from vocmine.errors import ReadError
from vocmine.ingest.batches import in_batches
from vocmine.ingest.delimited import (
    LONGEST_RECORD,
    SEPARATOR_LINE,
    Record,
    fitted,
    records_of,
    trouble,
    without_empty_end,
)
from vocmine.ingest.frames import HEAD_ROWS
from vocmine.ingest.sniff import NO_SEPARATOR, decode, find_separator

SUFFIXES: Final = (".csv", ".tsv", ".tab", ".txt")

_NAMES: Final = {"\t": "tabulation", NO_SEPARATOR: "aucun"}
_SAMPLE_BYTES: Final = 2**20
LONGEST_LINE: Final = 2**24
"""Characters that no line has in a table: the file is something else, and would not fit in memory."""

_AHEAD: Final = 2**23
"""Characters that a record may take here, quotes around line breaks included: memory must hold them."""
_STRAY: Final = re.compile("[\udc80-\udcff]")
"""Bytes that the encoding does not have, as Python sets them aside."""
_NULLS: Final = re.compile(rb"\0{0,3}")
"""What is left of a line feed, in encodings where it takes several bytes."""


class DelimitedSource:
    """The records of a table of text, gzipped or not.

    The encoding and the separator are told from the first million bytes. A file cut off inside a quoted field ends
    with a malformed row; one whose gzip is cut off stops the reading there.

    Parameters
    ----------
    path : Path
        Where it is.
    name : str, optional
        Name under which rows are reported; by default that of the file.
    encoding, separator : str, optional
        By default the content tells.

    Raises
    ------
    ReadError
        If it cannot be read, or has no header.
    """

    def __init__(
        self, path: Path, name: str | None = None, *, encoding: str | None = None, separator: str | None = None
    ) -> None:
        self.name = name or path.name
        self.total = None
        self._path = path
        sample = self._sample()
        text, found = decode(sample, encoding)
        self._encoding = "utf-8" if found.startswith("utf-8,") else found
        self._told = SEPARATOR_LINE.match(text)
        if self._told:
            text = text[self._told.end() :]
        self._separator = separator or (self._told[1] if self._told else find_separator(text))
        first = list(islice(records_of(text, self._separator), 2))
        if not first or first[0].fields is None:
            raise ReadError(f"{self.name}: got no header, expected a first line with the names of the columns")
        self._columns = without_empty_end(first[0].fields)
        self._notes = (f"encodage {found}, séparateur {_NAMES.get(self._separator, f'« {self._separator} »')}",)
        # A quoted name may hold line breaks: the header ends where the record after it begins.
        self._header_lines = first[1].line - 1 if len(first) > 1 else sum(1 for _ in io.StringIO(text, newline=""))

    @property
    def known(self) -> ColumnOptions:
        """Nothing: a table does not tell the use of its columns."""
        return ColumnOptions()

    @property
    def types(self) -> Mapping[str, pa.DataType]:
        """All columns are text."""
        return dict.fromkeys(self._columns, pa.string())

    def describe(self) -> dict[str, object]:
        """Return the file's name, size and time of change."""
        state = self._path.stat()
        return {"kind": "text", "name": self.name, "bytes": state.st_size, "modified_ns": state.st_mtime_ns}

    def head(self) -> pd.DataFrame:
        """Return the first rows."""
        with closing(self.batches(0)) as batches:
            return next(batches).frame.head(HEAD_ROWS)

    def batches(self, start: int) -> Generator[RawRows]:
        """Read the rows from one on; those before are read too, since only records tell where rows begin.

        Raises
        ------
        ReadError
            If the file cannot be read to its end; the rows before have come, save some thousands.
        """
        records = islice(enumerate(self._records()), start, None)
        batch: list[tuple[int, Record]] | None = None
        for batch in in_batches(records, _size):
            yield self._batch(batch)
        if batch is None:
            yield self._batch([])

    def _batch(self, records: list[tuple[int, Record]]) -> RawRows:
        width = len(self._columns)
        rows, positions, malformed = [], [], {}
        for position, record in records:
            fields = fitted(record.fields, width)
            if fields is None:
                malformed[position] = trouble(record, width)
            else:
                rows.append([field or None for field in fields])
                positions.append(position)
        frame = pd.DataFrame(rows, columns=self._columns, dtype=object)
        return RawRows(frame, self.name, np.array(positions, dtype=np.int64), malformed, notes=self._notes)

    def _records(self) -> Iterator[Record]:
        """Read the records after the header.

        A record is read with the lines after it at hand, as many as it may span: so it ends where it would if the whole
        file were. The few that are too near the end of a block are read again with the next one.
        """
        lines = self._lines()
        header = list(islice(lines, self._header_lines))
        before, window = 0, []
        for block in chain(in_batches(lines, len), ([],)):
            window += block
            settled = _settled(window) if block else len(window)
            read = len(window)
            for record in islice(records_of("".join(header + window), self._separator), 1, None):
                place = record.line - 1 - len(header)
                if place >= settled:
                    read = place
                    break
                yield Record(record.line + before, record.fields)
            before, window = before + read, window[read:]

    def _lines(self) -> Iterator[str]:
        errors = "replace" if self._encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
        with self._opened() as binary, io.TextIOWrapper(binary, self._encoding, errors, newline="") as lines:
            if self._told:
                next(lines)
                yield "\n"  # an empty line is no record, and the others keep their numbers
            while line := lines.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE:
                    raise ReadError(f"{self.name}: got a line of {LONGEST_LINE} characters or more, expected a table")
                yield _STRAY.sub(_as_windows, line)

    def _sample(self) -> bytes:
        with self._opened() as binary:
            sample = binary.read(_SAMPLE_BYTES)
        if not sample.strip():
            raise ReadError(f"{self.name}: got an empty file, expected a header and rows; export it again")
        # A character cut in two would pass for one of another encoding.
        end = sample.rfind(b"\n") + 1
        return sample[:end] + cast("re.Match[bytes]", _NULLS.match(sample, end))[0] if end else sample

    @contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        try:
            with self._path.open("rb") as file:
                # A GzipFile reads bytes as files do, though its type does not say so.
                yield cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if self._path.suffix.lower() == ".gz" else file
        except (OSError, EOFError, zlib.error) as error:
            why = type(error).__name__
            raise ReadError(
                f"{self.name}: cannot be read to its end ({why}); see its rights and that it is whole"
            ) from error


def _settled(window: Sequence[str]) -> int:
    """Return the line before which a record has all the lines after it at hand that it may span."""
    characters = 0
    for ahead, line in enumerate(reversed(window)):
        if ahead >= LONGEST_RECORD or characters >= _AHEAD:
            return len(window) - ahead
        characters += len(line)
    return 0


def _size(record: tuple[int, Record]) -> int:
    return sum(map(len, record[1].fields or ()))


def _as_windows(stray: re.Match[str]) -> str:
    """Read a byte as Windows-1252, or as the C1 control character where that has none."""
    byte = ord(stray[0]) - 0xDC00
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)
