"""From rows to contacts and turns: which rows make one contact, and in which order they were said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.corpus.cells import Cells, as_cells, present
from vocmine.corpus.columns import free_name
from vocmine.corpus.repairs import RepairLog

Positions = NDArray[np.int64]


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

    def one_value_each(self, dates: NDArray[np.datetime64]) -> bool:
        """Whether no contact has two different dates; NaT differs from nothing."""
        return bool(pd.Series(dates).groupby(self.contact).nunique().le(1).all())

    @property
    def first(self) -> Positions:
        """The first row of each contact in the frame, shape (n_contacts,)."""
        first = np.full(self.n_contacts, np.iinfo(np.int64).max, dtype=np.int64)
        np.minimum.at(first, self.contact, self.order)
        return first


def name_contacts(ids: Cells, positions: Positions) -> tuple[Cells, NDArray[np.bool_]]:
    """Give the rows without an id one of their own, ``row-12`` for row 12; also tell which rows these are."""
    missing = ~present(ids)
    taken = set(ids[~missing])
    named = ids.copy()
    for row in np.flatnonzero(missing):
        named[row] = free_name(f"row-{positions[row]}", taken)
        taken.add(named[row])
    return named, missing


def repeated(ids: Cells, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell the kept rows whose id an earlier kept row bears."""
    again = np.zeros(len(ids), dtype=bool)
    seen: set[str] = set()
    for row in np.flatnonzero(kept):
        again[row] = ids[row] in seen
        seen.add(ids[row])
    return again


def lay_out(
    ids: Cells,
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
    ids : ndarray of object, shape (n_rows,)
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
    rank_of: dict[str, int] = {}
    contact = np.array([rank_of.setdefault(ids[row], len(rank_of)) for row in rows], dtype=np.int64)
    if len(rank_of) == len(rows):
        return Layout(rows, contact, np.zeros_like(contact), len(rows))
    key = _by_moment(contact, moments[rows]) if numbers is None else _by_number(contact, numbers[rows])
    as_received, as_said = np.lexsort((rows, contact)), np.lexsort((rows, key, contact))
    _note(repairs, len(ids), "turn_out_of_order", rows[as_said[as_received != as_said]])
    if numbers is not None:
        _note(
            repairs,
            len(ids),
            "duplicate_turn",
            rows[as_said][_same_as_before(contact[as_said], numbers[rows][as_said])],
        )
    contact = contact[as_said]
    starts = np.searchsorted(contact, contact, side="left")
    return Layout(rows[as_said], contact, np.arange(len(rows)) - starts, len(rank_of))


def _by_number(contact: Positions, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
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


def first_present(values: Cells, layout: Layout) -> Positions:
    """Return, for each contact, the position of its first value that is not None; -1 where there is none."""
    there = np.flatnonzero(present(values))[::-1]
    first = np.full(layout.n_contacts, -1, dtype=np.int64)
    first[layout.contact[there]] = (
        there  # where a contact occurs several times the last assignment, its first value, stays
    )
    return first


def conflicting(values: Cells, layout: Layout, first: Positions) -> NDArray[np.bool_]:
    """Tell the values that differ from the first one of their contact; None differs from nothing."""
    if layout.one_turn_each:
        return np.zeros(len(values), dtype=bool)
    chosen = as_cells(values[first[rank]] if first[rank] >= 0 else None for rank in layout.contact)
    different = [mine != kept for mine, kept in zip(values, chosen, strict=True)]
    return np.array(different, dtype=bool) & present(values)
