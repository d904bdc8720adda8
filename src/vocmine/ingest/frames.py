"""Tables in memory, or an iterable that makes them one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from vocmine.corpus import ColumnOptions, RawRows, arrow_frame
from vocmine.corpus.columns import unique_names
from vocmine.errors import InputError
from vocmine.ingest.batches import BATCH_ROWS

Frame: TypeAlias = pd.DataFrame | pa.Table | pa.RecordBatch

HEAD_ROWS: Final = 10_000
"""Rows on which the use of columns and the order of days and months are decided."""


class FrameSource:
    """The rows of tables, one after the other.

    Parameters
    ----------
    frames : iterable of DataFrame, pyarrow.Table or RecordBatch
        Read once, in order.
    name : str, default "stream"
        Name under which rows are reported.
    total : int, optional
        Rows in all, where this is known.

    Raises
    ------
    InputError
        If the first is no table, or there is none.
    """

    def __init__(self, frames: Iterable[Frame], name: str | None = None, total: int | None = None) -> None:
        self.name = name or "stream"
        self.total = total
        rest = iter(frames)
        first = list(islice(rest, 1))
        self._types = _types(first[0]) if first else {}
        self._rest = map(_as_frame, chain(first, rest))
        self._held: list[pd.DataFrame] = []
        self._columns = list(self.head().columns)
        if not self._columns:
            raise InputError("got no table, or one without columns, expected one or more with a text column")

    @property
    def known(self) -> ColumnOptions:
        """Nothing: a table does not tell the use of its columns."""
        return ColumnOptions()

    @property
    def types(self) -> Mapping[str, pa.DataType]:
        """Types of the first table's columns, if it is one of Arrow; of a pandas table the values tell."""
        return self._types

    def describe(self) -> dict[str, object]:
        """Return the columns: nothing else tells one iterable from another before it is read."""
        return {"kind": "tables", "columns": self._columns}

    def head(self) -> pd.DataFrame:
        """Return the first rows."""
        while sum(map(len, self._held)) < HEAD_ROWS and (frame := next(self._rest, None)) is not None:
            self._held.append(frame)
        tops = [_objects(frame.head(HEAD_ROWS)) for frame in self._held]
        same = [top for top in tops if top.columns.equals(tops[0].columns)]
        return pd.concat(same, ignore_index=True).head(HEAD_ROWS) if same else pd.DataFrame()

    def batches(self, start: int) -> Iterator[RawRows]:
        """Read the rows from one on; the tables that hold earlier ones are made and left."""
        row = 0
        for frame in self._frames():
            for first in range(max(start - row, 0), max(len(frame), 1), BATCH_ROWS):
                batch = _objects(frame.iloc[first : first + BATCH_ROWS])
                yield RawRows(batch, self.name, np.arange(row + first, row + first + len(batch)))
            row += len(frame)

    def _frames(self) -> Iterator[pd.DataFrame]:
        while self._held:
            yield self._held.pop(0)
        yield from self._rest


def object_frame(table: pa.Table | pa.RecordBatch) -> pd.DataFrame:
    """Return an Arrow table as a frame of Python objects."""
    return _objects(arrow_frame(table))


def _objects(frame: pd.DataFrame) -> pd.DataFrame:
    # Of one type whatever the values: pandas would make floats of integers in the tables where some are missing.
    return frame.set_axis(unique_names(frame.columns), axis="columns").reset_index(drop=True).astype(object)


def _types(table: Frame) -> dict[str, pa.DataType]:
    if not isinstance(table, pa.Table | pa.RecordBatch):
        return {}
    return dict(zip(unique_names(table.schema.names), table.schema.types, strict=True))


def _as_frame(table: Frame) -> pd.DataFrame:
    if isinstance(table, pd.DataFrame):
        return table
    if isinstance(table, pa.Table | pa.RecordBatch):
        return arrow_frame(table)
    raise InputError(f"got a {type(table).__name__} among the tables, expected a pandas.DataFrame or a pyarrow.Table")
