"""CSV and its kin, read line after line as `vocmine.read` reads them whole: the same records, the same rejections."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from vocmine.corpus import RawRows
from vocmine.errors import ReadError
from vocmine.ingest.delimited import (
    LONGEST_RECORD,
    SEPARATOR_LINE,
    Record,
    fitted,
    records_of,
    trouble,
    without_empty_end,
)
from vocmine.ingest.sniff import decode, find_separator
from vocmine.streaming.frames import BATCH_ROWS, HEAD_ROWS

SUFFIXES: Final = (".csv", ".tsv", ".tab", ".txt")

_SAMPLE_BYTES: Final = 2**20
_BLOCK_LINES: Final = 20_000
_STRAY: Final = re.compile("[\udc80-\udcff]")
"""Bytes that the encoding does not have, as Python sets them aside."""


class DelimitedSource:
    """The records of a table of text, gzipped or not.

    The encoding and the separator are told from the first million bytes. A file cut off inside a quoted field ends
    with a malformed row; one whose gzip is cut off stops the reading there.

    Raises
    ------
    ReadError
        If it cannot be read, or has no header.
    """

    def __init__(self, path: Path, name: str | None = None) -> None:
        self.name = name or path.name
        self.total = None
        self._path = path
        sample = self._sample()
        text, encoding = decode(sample)
        self._encoding = "utf-8" if encoding.startswith("utf-8,") else encoding
        self._told = SEPARATOR_LINE.match(text)
        if self._told:
            text = text[self._told.end() :]
        self._separator = self._told[1] if self._told else find_separator(text)
        first = list(islice(records_of(text, self._separator), 2))
        if not first or first[0].fields is None:
            raise ReadError(f"{self.name}: got no header, expected a first line with the names of the columns")
        self._columns = without_empty_end(first[0].fields)
        # A quoted name may hold line breaks: the header ends where the record after it begins.
        self._header_lines = first[1].line - 1 if len(first) > 1 else sum(1 for _ in io.StringIO(text, newline=""))

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
        records = enumerate(self._records())
        batch = list(islice(records, start, start + BATCH_ROWS))
        yield self._batch(batch)
        while batch := list(islice(records, BATCH_ROWS)):
            yield self._batch(batch)

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
        return RawRows(frame, self.name, np.array(positions, dtype=np.int64), malformed)

    def _records(self) -> Iterator[Record]:
        """Read the records after the header.

        A record is read with the lines after it at hand, as many as it may span: so it ends where it would if the whole
        file were. The few that are too near the end of a block are read again with the next one.
        """
        lines = self._lines()
        header = list(islice(lines, self._header_lines))
        before, window = 0, []
        while True:
            block = list(islice(lines, _BLOCK_LINES))
            window += block
            settled = len(window) - LONGEST_RECORD if len(block) == _BLOCK_LINES else len(window)
            read = len(window)
            for record in islice(records_of("".join(header + window), self._separator), 1, None):
                place = record.line - 1 - len(header)
                if place >= settled:
                    read = place
                    break
                yield Record(record.line + before, record.fields)
            if not block:
                return
            before, window = before + read, window[read:]

    def _lines(self) -> Iterator[str]:
        errors = "replace" if self._encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
        with self._opened() as binary, io.TextIOWrapper(binary, self._encoding, errors, newline="") as lines:
            if self._told:
                next(lines)
                yield "\n"  # an empty line is no record, and the others keep their numbers
            for line in lines:
                yield _STRAY.sub(_as_windows, line)

    def _sample(self) -> bytes:
        with self._opened() as binary:
            sample = binary.read(_SAMPLE_BYTES)
        if not sample.strip():
            raise ReadError(f"{self.name}: got an empty file, expected a header and rows; export it again")
        # A character cut in two would pass for one of another encoding.
        return sample[: sample.rfind(b"\n") + 1] or sample

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


def _as_windows(stray: re.Match[str]) -> str:
    """Read a byte as Windows-1252, or as the C1 control character where that has none."""
    byte = ord(stray[0]) - 0xDC00
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)
