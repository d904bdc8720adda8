"""What each row says, column by column, whatever the contact that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.corpus.cells import is_inexact, label
from vocmine.corpus.columns import ColumnFound
from vocmine.corpus.dates import Dates, read_dates
from vocmine.corpus.distinct import Distinct, distinct, labels
from vocmine.corpus.layout import Positions, name_contacts
from vocmine.corpus.repairs import RepairLog
from vocmine.corpus.values import read_flag, read_rating
from vocmine.corpus.vocabulary import read_channel, read_language, read_speaker
from vocmine.corpus.zones import DEFAULT_ZONE, check_zone, is_zone


class Rows:
    """The rows of a frame, read by the use made of each column; repairs are noted on the way.

    Parameters
    ----------
    frame : DataFrame, n_rows rows
        With distinct strings for column labels.
    found : sequence of ColumnFound
        Columns in use. A use without a column has a value on no row.
    repairs : RepairLog
        Where repairs are noted.
    """

    def __init__(self, frame: pd.DataFrame, found: Sequence[ColumnFound], repairs: RepairLog) -> None:
        self.frame = frame
        self.column_of = {column.role: column.column for column in found}
        self.repairs = repairs
        names = [each.column for each in found if each.role != "text"]
        with ThreadPoolExecutor() as threads:  # Arrow works outside the interpreter's lock
            self._values = dict(zip(names, threads.map(distinct, [frame.loc[:, name] for name in names]), strict=True))

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

    def values(self, role: str) -> Distinct:
        """Return the values as received."""
        column = self.column_of.get(role)
        return Distinct.constant(None, len(self)) if column is None else self._values[column]

    def labels(self, role: str) -> Distinct:
        """Return the values as strings."""
        return labels(self.values(role))

    def contact_ids(self, positions: Positions) -> Distinct:
        """Return the id of each row's contact, made where there is none; turns alone may go by their conversation."""
        role = "contact_id"
        if role not in self.column_of and self.in_turns:
            role = "conversation_id"
        received = self.values(role)
        named = labels(received)
        if role in self.column_of:
            self.repairs.add("contact_id", "generated_id", ~named.present)
            if isinstance(received.levels, np.ndarray):
                self.repairs.add("contact_id", "inexact_id", received.map(lambda id_: is_inexact(id_) or None).present)
        return name_contacts(named, positions)

    def channels(self) -> Distinct:
        """Return the channel of each row."""
        return self._looked_up("channel", read_channel)

    def speakers(self) -> Distinct:
        """Return the speaker of each row: the customer where no column tells, unknown where its cell is empty."""
        if "speaker" not in self.column_of:
            return Distinct.constant("customer", len(self))
        return self._looked_up("speaker", read_speaker).filled("unknown")

    def languages(self) -> tuple[Distinct, Distinct]:
        """Return the language of each row and the regional variant that it tells."""
        names = self.labels("language")
        found = names.map(read_language)
        self.repairs.add("language", "unknown_language", names.present & ~found.present)
        return found.map(_first), _either(self.labels("variant"), found.map(_second))

    def ratings(self) -> Distinct:
        """Return the rating of each row."""
        received = self.values("rating")
        self.repairs.add("rating", "unreadable_rating", received.map(_no_rating).present)
        return received.map(read_rating)

    def turn_numbers(self) -> NDArray[np.float64] | None:
        """Return the number that the source gives each turn, NaN where none is read; None without such a column."""
        if "turn" not in self.column_of:
            return None
        read = self.values("turn").map(read_rating)
        numbers = np.append(read.levels.astype(np.float64), np.nan)[read.codes]
        self.repairs.add("turn", "unreadable_turn", np.isnan(numbers))
        return numbers

    def flags(self, role: str) -> NDArray[np.bool_]:
        """Return the truth value of each row, False where there is none."""
        return self.values(role).map(lambda value: read_flag(value) or None).present

    def zones(self, timezone: str | None) -> tuple[Distinct, str]:
        """Return the time zone of each row, and where it comes from: ``given``, ``column`` or ``default``."""
        if "timezone" not in self.column_of:
            zone = DEFAULT_ZONE if timezone is None else check_zone(str(timezone))
            return Distinct.constant(zone, len(self)), "default" if timezone is None else "given"
        named = self.labels("timezone")
        known = named.map(lambda name: name if is_zone(name) else None)
        self.repairs.add("timezone", "unknown_zone", named.present & ~known.present)
        return known.filled(DEFAULT_ZONE), "column"

    def dates(self, role: str, zones: Distinct, dayfirst: bool | None) -> Dates:
        """Return the dates of a column."""
        dates = read_dates(self.values(role), zones=zones, dayfirst=dayfirst)
        self.repairs.add_kinds(role, dates.repaired)
        return dates

    def _looked_up(self, role: str, read: Callable[[str], tuple[str, str | None]]) -> Distinct:
        found = self.labels(role).map(read)
        self.repairs.add_kinds(role, found.map(_second))
        return found.map(_first)


def _first(pair: tuple[str, str | None]) -> str:
    return pair[0]


def _second(pair: tuple[str, str | None]) -> str | None:
    return pair[1]


def _either(given: Distinct, other: Distinct) -> Distinct:
    """Return the values of one column, and those of another where it has none."""
    if not other.present.any():
        return given
    codes = np.where(given.present, given.codes, np.where(other.present, other.codes + len(given.levels), -1))
    return Distinct(codes, np.append(given.objects(), other.objects())).map(str)


def _no_rating(value: object) -> bool | None:
    return True if read_rating(value) is None and label(value) is not None else None
