"""Columns of dates: which of day and month comes first, which zone, and what cannot be a contact's date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.corpus.cells import PLACEHOLDERS, Cells, as_cells
from vocmine.corpus.datetext import Stamp, month_first, read_stamp

EARLIEST: Final = datetime(1990, 1, 1)
_TOLERANCE: Final = timedelta(days=1)
_NOTHING: Final = np.datetime64("NaT", "us")


@dataclass(frozen=True)
class DatesRead:
    """How a column of dates was read.

    Attributes
    ----------
    source, role, column : str
        Where the dates come from: file or frame, use made of them (``at`` or ``ended_at``), name of the column.
    forms : tuple of str
        How the dates are written, the most frequent first.
    read, missing, unparsable, out_of_range : int
        Rows whose date was read, absent, not understood, before 1990 or more than a day ahead. The last two are null.
    dayfirst : bool or None
        Whether 03/04/2025 was read as 3 April; None where no date is written so.
    dayfirst_from : str or None
        ``given``, ``values`` (told by dates such as 23/04/2025) or ``default``.
    ambiguous : int
        Rows whose date would be another one with the month first.
    naive : int
        Rows whose date bears no zone and was taken as local time of `timezone`.
    timezone, timezone_from : str
        IANA zone (several are joined by commas), and ``given``, ``column`` or ``default``.
    """

    source: str
    role: str
    column: str
    forms: tuple[str, ...]
    read: int
    missing: int
    unparsable: int
    out_of_range: int
    dayfirst: bool | None
    dayfirst_from: str | None
    ambiguous: int
    naive: int
    timezone: str
    timezone_from: str


@dataclass(frozen=True)
class Dates:
    """Dates of the rows, as datetime64[us] in UTC (NaT where there is none), and the kind of repair each took."""

    utc: NDArray[np.datetime64]
    repairs: Cells
    stamps: list[Stamp | None]
    present: NDArray[np.bool_]
    naive: NDArray[np.bool_]
    dayfirst: bool
    dayfirst_from: str

    def summary(self, source: str, role: str, column: str, *, zones: Cells, zone_from: str) -> DatesRead:
        """Return how the dates were read."""
        numeric = any(stamp.form == "numeric" for stamp in self.stamps if stamp)
        kinds = Counter(self.repairs)
        return DatesRead(
            source=source,
            role=role,
            column=column,
            forms=tuple(form for form, _ in Counter(stamp.form for stamp in self.stamps if stamp).most_common()),
            read=int((~np.isnat(self.utc)).sum()),
            missing=int((~self.present).sum()),
            unparsable=kinds["unparsable_date"],
            out_of_range=kinds["date_before_1990"] + kinds["future_date"],
            dayfirst=self.dayfirst if numeric else None,
            dayfirst_from=self.dayfirst_from if numeric else None,
            ambiguous=sum(stamp.ambiguous for stamp in self.stamps if stamp),
            naive=int(self.naive.sum()),
            timezone=", ".join(sorted(set(zones))),
            timezone_from=zone_from,
        )


def read_dates(values: Cells, *, zones: Cells, dayfirst: bool | None = None, now: datetime | None = None) -> Dates:
    """Read the dates of a column.

    Dates without a zone are local times. An hour that the change to summer time skips is moved forward; of an hour
    that occurs twice in autumn, the first is taken. A date before 1990 or more than a day ahead is a default value or
    a typing error more often than a date: it is not kept, for it would stretch every series to it.

    Parameters
    ----------
    values : ndarray of object, shape (n_rows,)
        Strings, dates, numbers; None where there is nothing.
    zones : ndarray of object, shape (n_rows,)
        IANA zone of each row.
    dayfirst : bool, optional
        Whether 03/04/2025 is 3 April. By default the dates that leave no doubt say it; if none does, it is.
    now : datetime with a zone, optional
        By default, the time of the call.
    """
    stamps, present = _read_stamps(values)
    dayfirst, dayfirst_from = (dayfirst, "given") if dayfirst is not None else _guess_dayfirst(stamps)
    chosen = stamps if dayfirst else [month_first(stamp) if stamp else None for stamp in stamps]
    repairs = as_cells([None] * len(stamps))
    repairs[[there and stamp is None for there, stamp in zip(present, stamps, strict=True)]] = "unparsable_date"
    repairs[[_against(stamp, dayfirst=dayfirst) for stamp in stamps]] = "swapped_day_month"

    naive = np.array([stamp is not None and stamp.moment.tzinfo is None for stamp in chosen], dtype=bool)
    utc = np.array([_plain(stamp) for stamp in chosen], dtype="datetime64[us]")
    # Far from any clock change: what is out of range is set aside before zones are asked about absurd years.
    now_utc = np.datetime64((now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None), "us")
    _drop_outside(utc, repairs, np.datetime64(EARLIEST, "us"), now_utc + np.timedelta64(_TOLERANCE))
    _localise(utc, repairs, naive & ~np.isnat(utc), zones)
    return Dates(utc, repairs, stamps, present, naive & ~np.isnat(utc), dayfirst, dayfirst_from)


def _read_stamps(values: Cells) -> tuple[list[Stamp | None], NDArray[np.bool_]]:
    known: dict[tuple[type, object], Stamp | None] = {}
    stamps: list[Stamp | None] = []
    present = np.zeros(len(values), dtype=bool)
    for row, value in enumerate(values):
        present[row] = not _is_nothing(value)
        key = (type(value), value if isinstance(value, str) else repr(value))
        if key not in known:
            known[key] = read_stamp(value)
        stamps.append(known[key])
    return stamps, present


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, str) and (not value.strip() or value.strip() in PLACEHOLDERS))


def _guess_dayfirst(stamps: Sequence[Stamp | None]) -> tuple[bool, str]:
    told = [stamp for stamp in stamps if stamp and stamp.form == "numeric" and not stamp.ambiguous]
    by_month = sum(not stamp.day_possible for stamp in told)
    by_day = sum(stamp.swapped is None for stamp in told)
    return (by_day >= by_month, "values") if by_day + by_month else (True, "default")


def _against(stamp: Stamp | None, *, dayfirst: bool) -> bool:
    """Tell whether a numeric date can only be read against the order of its column."""
    if stamp is None or stamp.form != "numeric":
        return False
    return not stamp.day_possible if dayfirst else stamp.swapped is None


def _plain(stamp: Stamp | None) -> datetime | None:
    """Return the moment without its zone: in UTC if it has one, else as written."""
    if stamp is None:
        return None
    try:
        return stamp.moment.astimezone(UTC).replace(tzinfo=None) if stamp.moment.tzinfo else stamp.moment
    except OverflowError:  # the year 1 or 9999, at the edge of the calendar
        return stamp.moment.replace(tzinfo=None)


def _drop_outside(utc: NDArray[np.datetime64], repairs: Cells, earliest: np.datetime64, latest: np.datetime64) -> None:
    for kind, outside in (("date_before_1990", utc < earliest), ("future_date", utc > latest)):
        repairs[outside] = kind
        utc[outside] = _NOTHING


def _localise(utc: NDArray[np.datetime64], repairs: Cells, rows: NDArray[np.bool_], zones: Cells) -> None:
    """Turn local times into UTC, in place."""
    for zone in sorted(set(zones[rows])):
        here = rows & (zones == zone)
        local = pd.DatetimeIndex(utc[here])
        first = np.ones(len(local), dtype=bool)
        skipped = local.tz_localize(zone, ambiguous=first, nonexistent="NaT").isna()
        twice = local.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward").isna()
        moved = local.tz_localize(zone, ambiguous=first, nonexistent="shift_forward").tz_convert("UTC")
        utc[here] = moved.tz_localize(None).to_numpy()
        kinds = repairs[here]
        kinds[skipped] = "nonexistent_hour"
        kinds[twice] = "ambiguous_hour"
        repairs[here] = kinds
