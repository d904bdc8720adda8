"""Columns of the user's own: kept as they are, beside the contacts or the turns."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa

from vocmine.corpus.cells import as_cells, cells, is_number, valid_unicode
from vocmine.corpus.columns import free_name
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

    A column goes with the turns where it takes two values or more within a contact. One whose values are of several
    types that Arrow cannot store together is read as text.
    """
    of_contacts, of_turns, as_text = {}, {}, []
    for column, name in own_names(frame.columns).items():
        values = frame[column].iloc[layout.order]
        array, mixed = to_arrow(values)
        if mixed:
            as_text.append(column)
        keys = as_cells(value if value is None or isinstance(value, str) else repr(value) for value in cells(values))
        first = first_present(keys, layout)
        if conflicting(keys, layout, first).any():
            of_turns[name] = array
        else:
            of_contacts[name] = array.take(pa.array(first, mask=first < 0))
    return of_contacts, of_turns, as_text


def to_arrow(column: pd.Series) -> tuple[pa.Array, bool]:
    """Return a column in Arrow, and whether it had to be read as text."""
    try:
        # Left to itself, Arrow takes integers among dates for days since 1970.
        array = None if _is_mixed(column) else pa.array(column, from_pandas=True)
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        array = None
    if array is None:
        return pa.array(
            [None if each is None else valid_unicode(str(each)) for each in cells(column)], pa.string()
        ), True
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_large_string(array.type):
        array = array.cast(pa.string())
    return array, False


def _is_mixed(column: pd.Series) -> bool:
    if not pd.api.types.is_object_dtype(column.dtype):
        return False
    values = [value for value in cells(column) if value is not None]
    return len({type(value) for value in values}) > 1 and not all(map(is_number, values))
