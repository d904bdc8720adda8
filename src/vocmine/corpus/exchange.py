"""Other libraries' tables, in and out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.corpus.build import RawRows
from vocmine.corpus.cells import as_cells, valid_unicode
from vocmine.errors import InputError

if TYPE_CHECKING:
    import datasets

# What only serves to trace a row, or is worked out again when the frame is read.
_BOOKKEEPING: Final = {"source", "row", "raw", "started_at"}


def record_rows(
    records: Iterable[object],
    source: str,
    *,
    malformed: Mapping[int, str] | None = None,
    notes: tuple[str, ...] = (),
) -> RawRows:
    """Return mappings as a frame; texts alone make a frame of one column, ``text``.

    Among mappings, whatever is none is a malformed row, as are the positions known to be `malformed`.

    Raises
    ------
    InputError
        If it is one thing instead of several: a text, a mapping, a frame.
    """
    if isinstance(records, str | bytes | Mapping | pd.DataFrame) or not isinstance(records, Iterable):
        raise InputError(
            f"got a {type(records).__name__}, expected a list of mappings or of texts; a frame goes to from_pandas"
        )
    broken = dict(malformed or {})
    read = {row: record for row, record in enumerate(records) if row not in broken}
    in_columns = any(isinstance(record, Mapping) for record in read.values())
    if in_columns:
        for row, record in read.items():
            if not isinstance(record, Mapping):
                broken[row] = f"got a {type(record).__name__}, expected a mapping of columns to values"
        # Objects as they are: left to itself, pandas would make floats of integers wherever a record lacks the column.
        records = [_with_valid_names(record) for record in read.values() if isinstance(record, Mapping)]
        frame = pd.DataFrame(records, dtype=object)
    else:
        frame = pd.DataFrame({"text": pd.Series(as_cells(read.values()), dtype=object)})
    positions = np.array([row for row in read if row not in broken], dtype=np.int64)
    text = None if in_columns else "text"
    return RawRows(frame, source, positions, broken, text, notes)


def _with_valid_names(record: Mapping[object, object]) -> dict[object, object]:
    return {valid_unicode(name) if isinstance(name, str) else name: value for name, value in record.items()}


def arrow_frame(table: pa.Table) -> pd.DataFrame:
    """Return an Arrow table as a frame, keeping integers whole where some are missing.

    An index that pandas saved under a name, such as an id, is a column again.

    Raises
    ------
    InputError
        If it is none.
    """
    if not isinstance(table, pa.Table | pa.RecordBatch):
        raise InputError(f"got a {type(table).__name__}, expected a pyarrow.Table; a frame goes to from_pandas")
    frame: pd.DataFrame = table.to_pandas(integer_object_nulls=True)
    named = [level for level, name in enumerate(frame.index.names) if name is not None]
    return frame.reset_index(level=named, allow_duplicates=True) if named else frame


def dataset_table(dataset: datasets.Dataset) -> pa.Table:
    """Return a dataset as an Arrow table."""
    from datasets import Dataset

    if not isinstance(dataset, Dataset):
        raise InputError(
            f"got a {type(dataset).__name__}, expected a datasets.Dataset; choose one split, as in dataset['train']"
        )
    return dataset.with_format("arrow")[:]


def joined(contacts: pa.Table, turns: pa.Table) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the turns, each with the columns of its contact, and the row of the input that each comes from."""
    rank = {contact_id: position for position, contact_id in enumerate(contacts["contact_id"].to_pylist())}
    of_turn = contacts.take(pa.array([rank[each] for each in turns["contact_id"].to_pylist()], pa.int64()))
    columns = {name: turns[name] for name in turns.column_names if name not in _BOOKKEEPING}
    columns |= {name: of_turn[name] for name in contacts.column_names if name not in _BOOKKEEPING | set(columns)}
    return pa.table(columns).to_pandas(), turns["row"].to_numpy()
