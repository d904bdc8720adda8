"""Columns of dates: which of day and month comes first, which zone, and what cannot be a contact's date."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.corpus.cells import PLACEHOLDERS, Cells, as_cells
from vocmine.corpus.distinct import Codes, Distinct, distinct
from vocmine.corpus.stamps import Moments, Stamps, read_stamps
from vocmine.corpus.zones import DEFAULT_ZONE

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


_KINDS: Final = (
    "unparsable_date",
    "swapped_day_month",
    "date_before_1990",
    "future_date",
    "nonexistent_hour",
    "ambiguous_hour",
)
_UNPARSABLE, _SWAPPED, _BEFORE, _FUTURE, _NONEXISTENT, _AMBIGUOUS = range(len(_KINDS))


@dataclass(frozen=True)
class Dates:
    """Dates of the rows.

    Attributes
    ----------
    utc : ndarray of datetime64[us], shape (n_rows,)
        In UTC; NaT where there is none.
    repaired : Distinct, n_rows rows
        The kind of repair that each took.
    values : Distinct, n_rows rows
        The dates as received.
    stamps : Stamps
        What was read of each distinct value.
    missing, naive : ndarray of bool, shape (n_rows,)
        There is nothing to read; the date bears no zone.
    dayfirst, dayfirst_from : bool, str
        See `DatesRead`.
    """

    utc: Moments
    repaired: Distinct
    values: Distinct
    stamps: Stamps
    missing: NDArray[np.bool_]
    naive: NDArray[np.bool_]
    dayfirst: bool
    dayfirst_from: str

    @property
    def repairs(self) -> Cells:
        """The kind of repair of each row, None for none."""
        return self.repaired.cells()

    def summary(self, source: str, role: str, column: str, *, zones: Distinct | Cells, zone_from: str) -> DatesRead:
        """Return how the dates were read."""
        counts, numeric = self.values.counts(), bool(self.stamps.numeric.any())
        forms: Counter[str] = Counter()
        for form in dict.fromkeys(self.stamps.form[self.stamps.read]):
            forms[form] = int(counts[self.stamps.form == form].sum())
        kinds = dict(zip(_KINDS, self.repaired.counts().tolist(), strict=True))
        return DatesRead(
            source=source,
            role=role,
            column=column,
            forms=tuple(form for form, _ in forms.most_common()),
            read=int((~np.isnat(self.utc)).sum()),
            missing=int(self.missing.sum()),
            unparsable=kinds["unparsable_date"],
            out_of_range=kinds["date_before_1990"] + kinds["future_date"],
            dayfirst=self.dayfirst if numeric else None,
            dayfirst_from=self.dayfirst_from if numeric else None,
            ambiguous=int(counts[self.stamps.ambiguous].sum()),
            naive=int(self.naive.sum()),
            timezone=", ".join(sorted(_as_distinct(zones).map(str).objects())) or DEFAULT_ZONE,
            timezone_from=zone_from,
        )


def read_dates(
    values: Distinct | Cells, *, zones: Distinct | Cells, dayfirst: bool | None = None, now: datetime | None = None
) -> Dates:
    """Read the dates of a column, each distinct one once.

    Dates without a zone are local times. An hour that the change to summer time skips is moved forward; of an hour
    that occurs twice in autumn, the first is taken. A date before 1990 or more than a day ahead is a default value or
    a typing error more often than a date: it is not kept, for it would stretch every series to it.

    Parameters
    ----------
    values : Distinct or ndarray of object, n_rows rows
        Strings, dates, numbers; None where there is nothing.
    zones : Distinct or ndarray of object, n_rows rows
        IANA zone of each row.
    dayfirst : bool, optional
        Whether 03/04/2025 is 3 April. By default the dates that leave no doubt say it; if none does, it is.
    now : datetime with a zone, optional
        By default, the time of the call.
    """
    values, zones = _as_distinct(values), _as_distinct(zones)
    stamps = read_stamps(values.levels)
    dayfirst, dayfirst_from = (dayfirst, "given") if dayfirst is not None else _guess_dayfirst(stamps, values.counts())
    nothing = np.zeros(len(values.levels), dtype=bool)
    unread = np.flatnonzero(~stamps.read)
    nothing[unread] = [_is_nothing(value) for value in values.objects()[unread]]

    utc, naive = stamps.chosen(dayfirst=dayfirst), stamps.naive.copy()
    kinds = np.full(len(utc), -1, dtype=np.int64)
    kinds[~stamps.read & ~nothing] = _UNPARSABLE
    # A numeric date that can only be read against the order of its column.
    kinds[stamps.numeric & (~stamps.day_possible if dayfirst else np.isnat(stamps.swapped))] = _SWAPPED
    # Far from any clock change: what is out of range is set aside before zones are asked about absurd years.
    now_utc = np.datetime64((now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None), "us")
    _drop_outside(utc, kinds, np.datetime64(EARLIEST, "us"), now_utc + np.timedelta64(_TOLERANCE))
    naive &= ~np.isnat(utc)
    if len(zones.levels) == 1:
        _localise(utc, kinds, naive, str(zones.objects()[0]))
    utc, kinds = np.append(utc, _NOTHING)[values.codes], np.append(kinds, -1)[values.codes]
    naive, nothing = np.append(naive, False)[values.codes], np.append(nothing, True)[values.codes]
    if len(zones.levels) > 1:
        for code, zone in enumerate(zones.objects()):
            _localise(utc, kinds, naive & (zones.codes == code), zone)
    return Dates(utc, Distinct(kinds, as_cells(_KINDS)), values, stamps, nothing, naive, dayfirst, dayfirst_from)


def _as_distinct(cells: Distinct | Cells) -> Distinct:
    return cells if isinstance(cells, Distinct) else distinct(pd.Series(cells, dtype=object))


def _is_nothing(value: object) -> bool:
    return isinstance(value, str) and (not value.strip() or value.strip() in PLACEHOLDERS)


def _guess_dayfirst(stamps: Stamps, counts: Codes) -> tuple[bool, str]:
    told = stamps.numeric & ~stamps.ambiguous
    by_month = int(counts[told & ~stamps.day_possible].sum())
    by_day = int(counts[told & np.isnat(stamps.swapped)].sum())
    return (by_day >= by_month, "values") if by_day + by_month else (True, "default")


def _drop_outside(utc: Moments, kinds: Codes, earliest: np.datetime64, latest: np.datetime64) -> None:
    for kind, outside in ((_BEFORE, utc < earliest), (_FUTURE, utc > latest)):
        kinds[outside] = kind
        utc[outside] = _NOTHING


def _localise(utc: Moments, kinds: Codes, here: NDArray[np.bool_], zone: str) -> None:
    """Turn the local times of a zone into UTC, in place."""
    places = np.flatnonzero(here)
    local = pd.DatetimeIndex(utc[places])
    moved = local.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    utc[places] = moved.tz_convert("UTC").tz_localize(None).to_numpy()
    places = places[moved.isna()]  # the few hours that a change of the clocks skips or repeats
    if not len(places):
        return
    local = local[moved.isna()]
    first = np.ones(len(local), dtype=bool)
    skipped = local.tz_localize(zone, ambiguous=first, nonexistent="NaT").isna()
    twice = local.tz_localize(zone, ambiguous="NaT", nonexistent="shift_forward").isna()
    moved = local.tz_localize(zone, ambiguous=first, nonexistent="shift_forward").tz_convert("UTC")
    utc[places] = moved.tz_localize(None).to_numpy()
    kinds[places[skipped]] = _NONEXISTENT
    kinds[places[twice]] = _AMBIGUOUS
