"""Contacts chosen by a mask, a function or the values of columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vocmine.corpus.columns import existing_column
from vocmine.errors import InputError

Mask: TypeAlias = Sequence[bool] | NDArray[np.bool_] | pd.Series
Where: TypeAlias = Mask | Callable[[pd.DataFrame], Mask]


def select_contacts(contacts: pd.DataFrame, where: Where | None, equal: Mapping[str, object]) -> NDArray[np.bool_]:
    """Return one truth value a contact: whether it passes the mask and has the values asked for."""
    kept = np.ones(len(contacts), dtype=bool)
    if where is not None:
        kept &= _mask(where(contacts) if callable(where) else where, len(contacts))
    for column, wanted in equal.items():
        values = wanted if isinstance(wanted, list | tuple | set | frozenset) else [wanted]
        kept &= contacts[existing_column(contacts, "column", column)].isin(list(values)).to_numpy()
    return kept


def _mask(given: Mask, length: int) -> NDArray[np.bool_]:
    mask = pd.Series(given).reset_index(drop=True)
    if len(mask) != length:
        raise InputError(f"got a mask of length {len(mask)}, expected one truth value for each of {length} contacts")
    if not mask.dropna().map(lambda value: isinstance(value, bool | np.bool_)).all():
        raise InputError(f"got a mask of dtype {mask.dtype}, expected truth values; compare a column with a value")
    return mask.eq(True).fillna(value=False).to_numpy(dtype=bool)


def keep_contacts(tables: Mapping[str, pa.Table], kept: NDArray[np.bool_]) -> dict[str, pa.Table]:
    """Return the tables of the contacts kept; rejected rows belong to no contact and stay."""
    contacts = tables["contacts"].filter(pa.array(kept))
    ids = contacts["contact_id"].combine_chunks()
    of_contacts = {name: _of(tables[name], ids) for name in tables if name not in {"contacts", "rejected"}}
    return {**tables, **of_contacts, "contacts": contacts}


def _of(table: pa.Table, ids: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table["contact_id"], value_set=ids))
