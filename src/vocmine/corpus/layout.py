"""From rows to contacts and turns: which rows make one contact, and in which order they were said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.corpus.columns import free_name
from vocmine.corpus.distinct import Codes, Distinct
from vocmine.corpus.repairs import RepairLog

Positions = NDArray[np.int64]
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True)
class Layout:
    """Where each kept row goes.

    Attributes
    ----------
    order : ndarray of int64, shape (n_turns,)
        Rows of the frame, contact after contact, turn after turn. Contacts stand in the order of their first row.
    contact : ndarray of int64, shape (n_turns,)
        Rank of the contact of each of these rows.
    turn : ndarray of int64, shape (n_turns,)
        Rank of each of these rows in its contact.
    n_contacts : int
        Number of contacts.
    """

    order: Positions
    contact: Positions
    turn: Positions
    n_contacts: int

    @property
    def one_turn_each(self) -> bool:
        """Whether every contact is one turn."""
        return self.n_contacts == len(self.order)

    def ordered(self, of_rows: NDArray[T]) -> NDArray[T]:
        """Return what each row has, in this order."""
        return of_rows if self._as_received and len(of_rows) == len(self.order) else of_rows[self.order]

    @cached_property
    def _as_received(self) -> bool:
        return bool((self.order == np.arange(len(self.order))).all())

    @cached_property
    def starts(self) -> Positions:
        """Where in `order` each contact begins, shape (n_contacts,)."""
        return np.flatnonzero(self.turn == 0)

    @cached_property
    def first(self) -> Positions:
        """The first row of each contact in the frame, shape (n_contacts,)."""
        return np.minimum.reduceat(self.order, self.starts) if self.n_contacts else self.order

    def earliest(self, moments: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
        """Return the earliest of the moments of each contact, given in `order`; NaT where it has none."""
        return np.fmin.reduceat(moments, self.starts) if self.n_contacts else moments

    def latest(self, moments: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
        """Return the latest of the moments of each contact, given in `order`; NaT where it has none."""
        return np.fmax.reduceat(moments, self.starts) if self.n_contacts else moments

    def one_value_each(self, dates: NDArray[np.datetime64]) -> bool:
        """Whether no contact has two different dates; NaT differs from nothing."""
        return not (self.earliest(dates) < self.latest(dates)).any()


def name_contacts(ids: Distinct, positions: Positions) -> Distinct:
    """Give the rows without an id one of their own, ``row-12`` for row 12."""
    missing = np.flatnonzero(~ids.present)
    if not len(missing):
        return ids
    taken = set(ids.objects())
    made = []
    for position in positions[missing].tolist():
        made.append(free_name(f"row-{position}", taken))
        taken.add(made[-1])
    codes = ids.codes.copy()
    codes[missing] = len(ids.levels) + np.arange(len(missing))
    return Distinct(codes, pa.concat_arrays([ids.levels, pa.array(made, pa.string())]))


def repeated(ids: Distinct, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell the kept rows whose id an earlier kept row bears."""
    again = np.zeros(len(ids), dtype=bool)
    again[kept] = pd.Series(ids.codes[kept]).duplicated()
    return again


def lay_out(
    ids: Distinct,
    kept: NDArray[np.bool_],
    *,
    numbers: NDArray[np.float64] | None,
    moments: NDArray[np.datetime64],
    repairs: RepairLog,
) -> Layout:
    """Group the kept rows into contacts and put their turns in order.

    Turns follow their numbers; without numbers, their dates where all the turns of the contact have one; without
    either, the input. A turn whose number cannot be read follows the row before it.

    Parameters
    ----------
    ids : Distinct, n_rows rows
        Contact of each row.
    kept : ndarray of bool, shape (n_rows,)
        Rows that make a turn.
    numbers : ndarray of float, shape (n_rows,), optional
        Number of each turn in the source, NaN where it cannot be read.
    moments : ndarray of datetime64, shape (n_rows,)
        Date of each row, NaT where there is none.
    repairs : RepairLog
        Told of the turns that were moved or bear a number twice.
    """
    rows = np.flatnonzero(kept)
    contact, known = pd.factorize(ids.codes[rows])
    if len(known) == len(rows):
        return Layout(rows, contact, np.zeros_like(contact), len(rows))
    together = _sorted_by(contact)
    rows, contact = rows[together], contact[together]
    key: NDArray[np.generic] = (
        _by_moment(contact, moments[rows]) if numbers is None else _by_number(contact, numbers[rows])
    )
    said = _sorted_by(contact, key)
    _note(repairs, len(ids), "turn_out_of_order", rows[said][said != np.arange(len(said))])
    rows = rows[said]
    if numbers is not None:
        _note(repairs, len(ids), "duplicate_turn", rows[_same_as_before(contact, numbers[rows])])
    starts = np.searchsorted(contact, contact, side="left")
    return Layout(rows, contact, np.arange(len(rows)) - starts, len(known))


def _sorted_by(*keys: NDArray[np.generic]) -> Positions:
    """Return the order in which rows follow the first key, then the second; rows in order already stay as they are."""
    in_order = np.ones(max(len(keys[0]) - 1, 0), dtype=bool)
    for key in reversed(keys):
        in_order = (key[:-1] < key[1:]) | ((key[:-1] == key[1:]) & in_order)
    return np.arange(len(keys[0])) if in_order.all() else np.lexsort(keys[::-1])


def _by_number(contact: Positions, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    if not np.isnan(numbers).any():
        return numbers
    known = pd.Series(numbers).groupby(contact).ffill()
    return np.asarray(known.fillna(-np.inf), dtype=np.float64)


def _by_moment(contact: Positions, moments: NDArray[np.datetime64]) -> Positions:
    undated = np.bincount(contact, weights=np.isnat(moments)) > 0
    return np.where(undated[contact], 0, moments.astype(np.int64))


def _same_as_before(contact: Positions, numbers: NDArray[np.float64]) -> NDArray[np.bool_]:
    same = (contact[1:] == contact[:-1]) & (numbers[1:] == numbers[:-1])
    return np.concatenate([np.zeros(1, dtype=bool), same])


def _note(repairs: RepairLog, n_rows: int, kind: str, rows: Positions) -> None:
    mask = np.zeros(n_rows, dtype=bool)
    mask[rows] = True
    repairs.add("turn", kind, mask)


def first_present(codes: Codes, layout: Layout) -> Positions:
    """Return, for each contact, the place of its first value that is there; -1 where there is none.

    Parameters
    ----------
    codes : ndarray of int64, shape (n_turns,)
        Codes of the values (`Distinct.codes`), in the order of the layout.
    """
    if (codes[layout.starts] >= 0).all():
        return layout.starts
    there = np.flatnonzero(codes >= 0)[::-1]
    first = np.full(layout.n_contacts, -1, dtype=np.int64)
    # Where a contact occurs several times the last assignment, its first value, stays.
    first[layout.contact[there]] = there
    return first


def conflicting(codes: Codes, layout: Layout, first: Positions) -> NDArray[np.bool_]:
    """Tell the values that differ from the first one of their contact; what is not there differs from nothing."""
    if layout.one_turn_each:
        return np.zeros(len(codes), dtype=bool)
    chosen = np.append(codes, -1)[first]
    return np.asarray((codes >= 0) & (codes != chosen[layout.contact]))
