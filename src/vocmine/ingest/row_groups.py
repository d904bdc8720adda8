"""Parquet files, read a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from vocmine.corpus import ColumnOptions, RawRows
from vocmine.corpus.columns import unique_names
from vocmine.errors import ReadError
from vocmine.ingest.batches import BATCH_ROWS
from vocmine.ingest.frames import HEAD_ROWS, object_frame

SUFFIXES: Final = (".parquet", ".pq")

_ASIDE: Final = (".", "_")
"""How the names of files that are no data begin."""


class ParquetSource:
    """The rows of a Parquet file, or of those of a folder and its sub-folders in the order of their names.

    Every footer is read at once: a file cut off is known before anything is scored.

    Raises
    ------
    ReadError
        If there is no file, or one is damaged, or two have different columns.
    """

    def __init__(self, path: Path, name: str | None = None) -> None:
        self.name = name or path.name
        self._files = _files(path)
        opened = {file: _metadata(file) for file in self._files}
        self._rows = [rows for rows, _ in opened.values()]
        self._schemas = [schema for _, schema in opened.values()]
        for file, schema in zip(self._files, self._schemas, strict=True):
            if schema.names != self._schemas[0].names:
                raise ReadError(f"{file.name}: got other columns than in {self._files[0].name}, expected the same")

    @property
    def total(self) -> int:
        """Rows in all."""
        return sum(self._rows)

    @property
    def known(self) -> ColumnOptions:
        """Nothing: a table does not tell the use of its columns."""
        return ColumnOptions()

    @property
    def types(self) -> Mapping[str, pa.DataType]:
        """Types of the columns, wide enough for every file; null where there is no such type."""
        kinds = (_widest(each) for each in zip(*(schema.types for schema in self._schemas), strict=True))
        return dict(zip(unique_names(self._schemas[0].names), kinds, strict=True))

    def describe(self) -> dict[str, object]:
        """Return the files' rows, size and time of change."""
        states = [file.stat() for file in self._files]
        return {
            "kind": "parquet",
            "name": self.name,
            "files": len(self._files),
            "rows": self.total,
            "bytes": sum(state.st_size for state in states),
            "modified_ns": max(state.st_mtime_ns for state in states),
        }

    def head(self) -> pd.DataFrame:
        """Return the first rows."""
        frames, rows = [], 0
        for batch in self.batches(0):
            frames.append(batch.frame)
            rows += len(batch.frame)
            if rows >= HEAD_ROWS:
                break
        return pd.concat(frames, ignore_index=True).head(HEAD_ROWS)

    def batches(self, start: int) -> Iterator[RawRows]:
        """Read the rows from one on, without decoding the groups of rows before it.

        Raises
        ------
        ReadError
            If a page is damaged.
        """
        row = 0
        for file, rows in zip(self._files, self._rows, strict=True):
            if start < row + rows or not self.total:
                yield from self._batches(file, row, start)
            row += rows

    def _batches(self, file: Path, row: int, start: int) -> Iterator[RawRows]:
        try:
            with pq.ParquetFile(file) as opened:
                sizes = [opened.metadata.row_group(group).num_rows for group in range(opened.num_row_groups)]
                ends = row + np.cumsum([0, *sizes])
                wanted = [group for group in range(len(sizes)) if ends[group + 1] > start]
                row = int(ends[wanted[0]]) if wanted else row
                if not wanted:
                    yield RawRows(object_frame(opened.schema_arrow.empty_table()), self.name, np.arange(0))
                for batch in opened.iter_batches(BATCH_ROWS, row_groups=wanted):
                    batch.validate(full=True)  # a damaged page may hold strings that are no UTF-8
                    first = min(max(start - row, 0), batch.num_rows)
                    frame = object_frame(batch.slice(first))
                    yield RawRows(frame, self.name, np.arange(row + first, row + batch.num_rows))
                    row += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise _damaged(file, error) from None  # the errors of Arrow quote values


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and not file.name.startswith(_ASIDE)]
    if not found:
        raise ReadError(f"got the folder {path.name!r} without a Parquet file, expected one or more (.parquet, .pq)")
    return sorted(found)


def _metadata(file: Path) -> tuple[int, pa.Schema]:
    try:
        with pq.ParquetFile(file) as opened:
            return opened.metadata.num_rows, opened.schema_arrow
    except (pa.ArrowException, OSError) as error:
        raise _damaged(file, error) from None  # the errors of Arrow quote values


def _widest(kinds: Iterable[pa.DataType]) -> pa.DataType:
    schemas = [pa.schema({"": kind}) for kind in dict.fromkeys(kinds)]
    try:
        return pa.unify_schemas(schemas, promote_options="permissive").types[0]
    except pa.ArrowException:
        return pa.null()


def _damaged(file: Path, error: Exception) -> ReadError:
    return ReadError(f"{file.name}: got no Parquet, or a damaged file ({type(error).__name__}); export it again")
