"""A column as its distinct values and, for each row, which of them it holds: what repeats is read once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vocmine.corpus.cells import PLACEHOLDERS, Cells, as_cells, cells, label

Codes: TypeAlias = NDArray[np.int64]
_STRINGS: Final = (pa.types.is_string, pa.types.is_large_string)


@dataclass(frozen=True, eq=False)
class Distinct:
    """The cells of a column.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_rows,)
        Rank, among the levels, of each row's value; -1 where the row has none.
    levels : pyarrow.Array of string, or ndarray of object, shape (n_levels,)
        The values, in the order of their first row. Objects that cannot be compared may stand there several times.

    Examples
    --------
    >>> column = distinct(pd.Series(["Mail", None, "Appel", "Mail"]))
    >>> column.codes.tolist(), column.levels.to_pylist()
    ([0, -1, 1, 0], ['Mail', 'Appel'])
    >>> column.map(str.upper).cells().tolist()
    ['MAIL', None, 'APPEL', 'MAIL']
    """

    codes: Codes
    levels: pa.Array | Cells

    @classmethod
    def constant(cls, value: object, n_rows: int) -> Self:
        """Return a column that holds one value on every row; None makes it empty."""
        if value is None or not n_rows:
            return cls(np.full(n_rows, -1, dtype=np.int64), as_cells([]))
        return cls(np.zeros(n_rows, dtype=np.int64), as_cells([value]))

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def present(self) -> NDArray[np.bool_]:
        """Rows that hold a value."""
        return self.codes >= 0

    def objects(self) -> Cells:
        """Return the values as Python objects, shape (n_levels,)."""
        # Not `to_numpy`, whose errors quote the value that memory ran out on.
        return self.levels if isinstance(self.levels, np.ndarray) else as_cells(self.levels.to_pylist())

    def cells(self) -> Cells:
        """Return the value of each row, None where there is none."""
        return np.append(self.objects(), as_cells([None]))[self.codes]

    def counts(self) -> NDArray[np.int64]:
        """Return the number of rows that hold each value."""
        return np.bincount(self.codes[self.present], minlength=len(self.levels))

    def map(self, read: Callable[..., Hashable]) -> Self:
        """Apply a function to each value; what becomes equal is one value, what becomes None is none."""
        ranks: dict[Hashable, int] = {}
        results = map(read, self.objects())
        codes = [-1 if result is None else ranks.setdefault(result, len(ranks)) for result in results]
        return type(self)(np.array([*codes, -1], dtype=np.int64)[self.codes], as_cells(ranks))

    def filled(self, value: Hashable) -> Self:
        """Return the column with a value on the rows that have none."""
        if self.present.all():
            return self
        rank = len(self.levels)
        filled = type(self)(np.where(self.present, self.codes, rank), np.append(self.objects(), as_cells([value])))
        return filled.map(lambda each: each)

    def take(self, rows: Codes, kind: pa.DataType) -> pa.Array:
        """Return the values of some rows in Arrow; a row of -1 has none."""
        return self.at(np.where(rows < 0, -1, self.codes[rows]) if len(self) else rows, kind)

    def at(self, codes: Codes, kind: pa.DataType) -> pa.Array:
        """Return the values of these codes in Arrow, null for -1."""
        values = pa.array(self.levels, kind) if isinstance(self.levels, np.ndarray) else self.levels.cast(kind)
        return values.take(pa.array(codes, mask=codes < 0))


def distinct(column: pd.Series) -> Distinct:
    """Return the distinct values of a column; every kind of missing value is none."""
    strings = as_strings(column)
    if strings is not None:
        return _of_strings(strings)
    if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        codes, values = pd.factorize(column)
        return Distinct(codes.astype(np.int64), cells(pd.Series(values)))
    objects = cells(column)
    there = np.fromiter((value is not None for value in objects), dtype=bool, count=len(objects))
    return Distinct(np.where(there, np.cumsum(there) - 1, -1), objects[there])


def as_strings(column: pd.Series) -> pa.ChunkedArray | None:
    """Return a column of strings in Arrow; None where some value is none, or cannot be stored as UTF-8."""
    if column.dtype == object:
        if pd.api.types.infer_dtype(column, skipna=True) not in {"string", "empty"}:
            return None
        try:
            return pa.chunked_array([pa.array(column, pa.string(), from_pandas=True)])
        except (pa.ArrowException, UnicodeError, TypeError, ValueError):
            return None
    if not isinstance(column.dtype, pd.StringDtype | pd.ArrowDtype):
        return None
    strings = pa.array(column, from_pandas=True)
    if not any(test(strings.type) for test in _STRINGS):
        return None
    strings = strings.cast(pa.string())
    return strings if isinstance(strings, pa.ChunkedArray) else pa.chunked_array([strings])


def labels(column: Distinct) -> Distinct:
    """Return the column as strings that name something (see `cells.label`), its values in Arrow."""
    if isinstance(column.levels, np.ndarray):
        named = column.map(label)
        return Distinct(named.codes, pa.array(named.levels, pa.string()))
    doubtful = np.flatnonzero(_may_change(column.levels))
    if not len(doubtful):
        return column
    mask = np.zeros(len(column.levels), dtype=bool)
    mask[doubtful] = True
    read = [label(value) for value in column.levels.take(pa.array(doubtful)).to_pylist()]
    values = pc.replace_with_mask(column.levels, pa.array(mask), pa.array(read, pa.string()))
    again = _of_strings(pa.chunked_array([values]))
    return Distinct(np.append(again.codes, -1)[column.codes], again.levels)


def _of_strings(strings: pa.ChunkedArray) -> Distinct:
    encoded = strings.dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = pa.array([], pa.dictionary(pa.int32(), pa.string())) if not encoded.num_chunks else encoded.chunk(0)
    return Distinct(encoded.indices.fill_null(-1).to_numpy().astype(np.int64), encoded.dictionary)


def _may_change(values: pa.Array) -> NDArray[np.bool_]:
    """Tell the strings that are no label as they stand; some that are may be among them.

    White space is below or beyond the printable ASCII characters: a string that neither begins nor ends there has none
    to strip.
    """
    offsets = np.frombuffer(values.buffers()[1], dtype=np.int32)[values.offset : values.offset + len(values) + 1]
    data = np.frombuffer(values.buffers()[2] or b"", dtype=np.uint8)
    change = np.asarray(pc.is_in(values, value_set=pa.array(sorted(PLACEHOLDERS))).to_numpy(zero_copy_only=False))
    filled = offsets[:-1] < offsets[1:]
    edges = data[np.stack([offsets[:-1][filled], offsets[1:][filled] - 1])]
    change |= ~filled
    change[filled] |= ((edges <= ord(" ")) | (edges > ord("~"))).any(axis=0)
    return change
