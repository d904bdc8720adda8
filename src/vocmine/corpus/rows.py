"""What each row says, column by column, whatever the contact that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.corpus.cells import Cells, as_cells, cells, is_inexact, labels, per_distinct, present
from vocmine.corpus.columns import ColumnFound
from vocmine.corpus.dates import Dates, read_dates
from vocmine.corpus.layout import Positions, name_contacts
from vocmine.corpus.repairs import RepairLog
from vocmine.corpus.values import read_flag, read_rating
from vocmine.corpus.vocabulary import read_channel, read_language, read_speaker
from vocmine.corpus.zones import DEFAULT_ZONE, check_zone, is_zone

_NAN: Final = float("nan")


class Rows:
    """The rows of a frame, read by the use made of each column; repairs are noted on the way.

    Parameters
    ----------
    frame : DataFrame, n_rows rows
        With distinct strings for column labels.
    found : sequence of ColumnFound
        Columns in use. A use without a column reads as None on every row.
    repairs : RepairLog
        Where repairs are noted.
    """

    def __init__(self, frame: pd.DataFrame, found: Sequence[ColumnFound], repairs: RepairLog) -> None:
        self.frame = frame
        self.column_of = {column.role: column.column for column in found}
        self.repairs = repairs

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def in_turns(self) -> bool:
        """Whether the rows are turns of conversations, so that a contact may take several."""
        return "speaker" in self.column_of or "turn" in self.column_of

    @property
    def own(self) -> pd.DataFrame:
        """The columns that the library has no use for."""
        return self.frame.drop(columns=list(dict.fromkeys(self.column_of.values())))

    def cells(self, role: str) -> Cells:
        """Return the values as received, None where there is nothing."""
        column = self.column_of.get(role)
        return as_cells([None] * len(self)) if column is None else cells(self.frame[column])

    def labels(self, role: str) -> Cells:
        """Return the values as strings, None where there is nothing."""
        return labels(self.cells(role))

    def contact_ids(self, positions: Positions) -> Cells:
        """Return the id of each row's contact, made where there is none; turns alone may go by their conversation."""
        role = "contact_id"
        if role not in self.column_of and self.in_turns:
            role = "conversation_id"
        received = self.cells(role)
        ids, made = name_contacts(labels(received), positions)
        if role in self.column_of:
            self.repairs.add("contact_id", "generated_id", made)
            self.repairs.add("contact_id", "inexact_id", [is_inexact(value) for value in received])
        return ids

    def channels(self) -> Cells:
        """Return the channel of each row."""
        return self._looked_up("channel", read_channel)

    def speakers(self) -> Cells:
        """Return the speaker of each row: the customer where no column tells, unknown where its cell is empty."""
        if "speaker" not in self.column_of:
            return as_cells(["customer"] * len(self))
        return as_cells(speaker or "unknown" for speaker in self._looked_up("speaker", read_speaker))

    def languages(self) -> tuple[Cells, Cells]:
        """Return the language of each row and the regional variant that it tells."""
        names = self.labels("language")
        found = per_distinct(names, read_language)
        self.repairs.add("language", "unknown_language", present(names) & ~present(as_cells(found)))
        variants = self.labels("variant")
        told = [tag[1] if tag else None for tag in found]
        return (
            as_cells(tag[0] if tag else None for tag in found),
            as_cells(given or other for given, other in zip(variants, told, strict=True)),
        )

    def ratings(self) -> Cells:
        """Return the rating of each row."""
        received = self.cells("rating")
        read = as_cells(map(read_rating, received))
        there = present(labels(received))
        self.repairs.add("rating", "unreadable_rating", there & ~present(read))
        return read

    def turn_numbers(self) -> NDArray[np.float64] | None:
        """Return the number that the source gives each turn, NaN where none is read; None without such a column."""
        if "turn" not in self.column_of:
            return None
        read = map(read_rating, self.cells("turn"))
        numbers = np.array([_NAN if number is None else number for number in read], dtype=np.float64)
        self.repairs.add("turn", "unreadable_turn", np.isnan(numbers))
        return numbers

    def flags(self, role: str) -> list[bool]:
        """Return the truth value of each row, False where there is none."""
        return [read_flag(value) for value in self.cells(role)]

    def zones(self, timezone: str | None) -> tuple[Cells, str]:
        """Return the time zone of each row, and where it comes from: ``given``, ``column`` or ``default``."""
        if "timezone" not in self.column_of:
            zone = DEFAULT_ZONE if timezone is None else check_zone(str(timezone))
            return as_cells([zone] * len(self)), "default" if timezone is None else "given"
        named = self.labels("timezone")
        known = as_cells(name if name is not None and is_zone(name) else None for name in named)
        self.repairs.add("timezone", "unknown_zone", present(named) & ~present(known))
        return as_cells(name or DEFAULT_ZONE for name in known), "column"

    def dates(self, role: str, zones: Cells, dayfirst: bool | None) -> Dates:
        """Return the dates of a column."""
        dates = read_dates(self.cells(role), zones=zones, dayfirst=dayfirst)
        self.repairs.add_kinds(role, dates.repairs)
        return dates

    def _looked_up(self, role: str, read: Callable[[str], tuple[str, str | None]]) -> Cells:
        found = per_distinct(self.labels(role), read)
        self.repairs.add_kinds(role, as_cells(entry[1] if entry else None for entry in found))
        return as_cells(entry[0] if entry else None for entry in found)
