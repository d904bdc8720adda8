"""Columns of the user's own: kept as they are, beside the contacts or the turns."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa

from vocmine.corpus.cells import cells, is_number, valid_unicode
from vocmine.corpus.columns import free_name
from vocmine.corpus.distinct import Codes, as_strings, distinct
from vocmine.corpus.layout import Layout, conflicting, first_present
from vocmine.schema import CONTACTS, TURNS

RESERVED = frozenset(CONTACTS.names) | frozenset(TURNS.names)


def own_names(columns: Iterable[str]) -> dict[str, str]:
    """Return the name under which each column is kept: its own, followed by ``_own`` where the library uses it."""
    names: dict[str, str] = {}
    for column in columns:
        wanted = f"{column}_own" if column in RESERVED else column
        names[column] = free_name(wanted, RESERVED.union(names.values()))
    return names


def own_columns(frame: pd.DataFrame, layout: Layout) -> tuple[dict[str, pa.Array], dict[str, pa.Array], list[str]]:
    """Return the columns that go with the contacts, those that go with the turns, and those read as text.

    A column goes with the turns where it takes two values or more within a contact. One whose values are of a type
    that Arrow lacks, or of several that it cannot store together, is read as text.
    """
    of_contacts: dict[str, pa.Array] = {}
    of_turns: dict[str, pa.Array] = {}
    as_text: list[str] = []
    if not np.array_equal(layout.order, np.arange(len(frame))):
        frame = frame.iloc[layout.order]
    names = own_names(frame.columns)
    with ThreadPoolExecutor() as threads:  # Arrow works outside the interpreter's lock
        columns = threads.map(partial(_placed, layout=layout), [frame.loc[:, column] for column in names])
    for (column, name), (array, mixed, varies) in zip(names.items(), columns, strict=True):
        if mixed:
            as_text.append(column)
        (of_turns if varies else of_contacts)[name] = array
    return of_contacts, of_turns, as_text


def _placed(column: pd.Series, layout: Layout) -> tuple[pa.Array, bool, bool]:
    """Return a column in Arrow, one row a turn or one a contact, whether it is mixed, and whether it is one a turn."""
    array, mixed = to_arrow(column)
    if layout.one_turn_each and pa.types.is_string(array.type):
        return array, mixed, False
    codes = _codes(column)
    first = first_present(codes, layout)
    if conflicting(codes, layout, first).any():
        return array, mixed, True
    return array.take(pa.array(first, mask=first < 0)), mixed, False


def _codes(column: pd.Series) -> Codes:
    """Return numbers that differ where the values do, -1 where there is none."""
    values = distinct(column)
    return values.codes if isinstance(values.levels, pa.Array) else values.map(_key).codes


def _key(value: object) -> str:
    """Return a string that differs where the values do."""
    return value if isinstance(value, str) else repr(value.tolist() if isinstance(value, np.ndarray) else value)


def to_arrow(column: pd.Series) -> tuple[pa.Array, bool]:
    """Return a column in Arrow, and whether it had to be read as text."""
    if (strings := as_strings(column)) is not None and strings.null_count < len(strings):
        return strings.combine_chunks(), False
    try:
        # Left to itself, Arrow takes integers among dates for days since 1970.
        array = None if _is_mixed(column) else pa.array(column, from_pandas=True)
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        array = None
    if array is None or _is_extension(array.type):
        return pa.array(
            [None if each is None else valid_unicode(str(each)) for each in cells(column)], pa.string()
        ), True
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_large_string(array.type):
        array = array.cast(pa.string())
    return array, False


def _is_extension(kind: pa.DataType) -> bool:
    """Tell a type that pandas or Python adds to those of Arrow (intervals, UUID), which other libraries cannot read."""
    return isinstance(kind.value_type if pa.types.is_dictionary(kind) else kind, pa.BaseExtensionType)


def _is_mixed(column: pd.Series) -> bool:
    if not pd.api.types.is_object_dtype(column.dtype):
        return False
    values = [value for value in cells(column) if value is not None]
    # A time with a zone and one without are not of one kind: Arrow takes the second for UTC.
    kinds = {(type(value), getattr(value, "tzinfo", None) is None) for value in values}
    return len(kinds) > 1 and not all(map(is_number, values))
