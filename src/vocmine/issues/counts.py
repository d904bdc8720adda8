"""Contacts come in; how many of each slice came in each period goes out, and which they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from vocmine.errors import InputError
from vocmine.issues.grain import grain_of
from vocmine.stats.counts import Floats

Slice = tuple[tuple[str, str], ...]
"""Which contacts: dimension and value of each, by dimension; ``()`` is every contact."""

LISTS: Final = {"topic": "topics", "signal": "signals"}
"""Dimensions of which a contact has several values, and the column that lists them."""
_FREQUENCIES: Final = {"hour": "h", "day": "D", "week": "W-MON"}
_APART: Final = pd.Timedelta(days=180)
"""Contacts dated so far from all others, and few, are dated wrongly."""


@dataclass(frozen=True, eq=False)
class Members:
    """The contacts that were counted.

    Attributes
    ----------
    contact_ids : array of str, shape (n_contacts,)
    period : int array of shape (n_contacts,)
        Rank of the period of each.
    slices : sparse bool array of shape (n_slices, n_contacts)
        Which contacts each slice has.
    """

    contact_ids: NDArray[np.object_]
    period: NDArray[np.int64]
    slices: sparse.csr_array

    def rows(self, place: int) -> NDArray[np.int64]:
        """Return the ranks of a slice's contacts, in order."""
        own: NDArray[np.int64] = self.slices.indices[self.slices.indptr[place] : self.slices.indptr[place + 1]]
        return own

    def ids(self, place: int, first: int, last: int) -> list[str]:
        """Return the contacts of a slice from one period to another, both included."""
        own = self.rows(place)
        within = own[(self.period[own] >= first) & (self.period[own] <= last)]
        return list(self.contact_ids[within])


@dataclass(frozen=True, eq=False)
class Counts:
    """Contacts by slice and period.

    Attributes
    ----------
    slices : tuple of Slice
        The first is ``()``, every contact.
    periods : DatetimeIndex
        Start of each local period, without time zone; regular.
    observed : float array of shape (n_slices, n_periods)
        Contacts; NaN where the feed was missing, or before a slice's first contact.
    grain : {"hour", "day", "week"}
    members : Members
    exposure : float array of shape (n_periods,), optional
        What the contacts are in proportion to, such as orders a day.
    undated, outside : int
        Contacts without a date, and with one after the last period or far from all others: they are not counted.
    few : int
        Slices left out as they have too few contacts.
    """

    slices: tuple[Slice, ...]
    periods: pd.DatetimeIndex
    observed: Floats = field(repr=False)
    grain: str
    members: Members = field(repr=False)
    exposure: Floats | None = field(default=None, repr=False)
    undated: int = 0
    outside: int = 0
    few: int = 0

    def __len__(self) -> int:
        return len(self.slices)

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a period and one column a slice."""
        names = [" · ".join(f"{dimension}={value}" for dimension, value in own) or "all" for own in self.slices]
        return pd.DataFrame(self.observed.T, index=self.periods, columns=names)

    def until(self, period: pd.Timestamp) -> Counts:
        """Return the counts up to a period, and this included; slices not born by then have no contact in it."""
        n_periods = int(self.periods.searchsorted(period, side="right"))
        kept = self.members.period < n_periods
        members = Members(
            self.members.contact_ids[kept], self.members.period[kept], sparse.csr_array(self.members.slices[:, kept])
        )
        exposure = None if self.exposure is None else self.exposure[:n_periods]
        values = self.observed[:, :n_periods]
        return replace(self, periods=self.periods[:n_periods], observed=values, members=members, exposure=exposure)


def count(
    contacts: pd.DataFrame,
    by: Sequence[str | tuple[str, ...]] = (),
    *,
    grain: str = "day",
    slices: Sequence[Slice] = (),
    exposure: pd.Series | None = None,
    missing: Sequence[object] = (),
    since: pd.Timestamp | None = None,
    until: pd.Timestamp | None = None,
    min_contacts: int = 20,
) -> Counts:
    """Count contacts by slice and local period.

    Days are local days of each contact's zone: one that is 23 or 25 hours long is a day. By hour, an hour that comes
    twice is one, of both; an hour that daylight saving skips has none. A period in which every contact, or one whole
    channel, is absent against all likelihood counts as missing, not as zero.

    Parameters
    ----------
    contacts : DataFrame
        One row a contact: ``contact_id``, ``started_at`` (UTC), ``timezone``, and the columns counted by.
    by : sequence of str or tuple of str
        Dimensions, each counted by itself, and tuples of them, which are crossed: ``["topic", ("topic", "channel")]``.
        ``topic`` and ``signal`` count a contact in each of its topics and signals.
    grain : {"day", "hour", "week"}
    slices : sequence of Slice
        Slices that come first, in this order, however few contacts they have.
    exposure : Series, optional
        By local day or hour: orders, invoices, customers; what is missing is interpolated.
    missing : sequence of date
        Local days on which the feed was missing.
    since, until : Timestamp, optional
        First and last period; by default those of the contacts.
    min_contacts : int, default 20
        Slices with fewer in all are left out.

    Raises
    ------
    InputError
        If a dimension is no column, no contact has a date, or the exposure is not positive.
    """
    grain_of(grain)
    dated = contacts["started_at"].notna().to_numpy()
    moments = local_times(contacts.loc[dated])
    inside = _plausible(moments, until)
    if not inside.any():
        raise InputError("no contact has a date to count by; name the column of dates when reading, at=")
    frame, moments = contacts.loc[dated].loc[inside], moments[inside]
    starts = _starts(moments, grain)
    periods = _span(starts, grain, since, until)
    place = periods.get_indexer(starts)
    kept = place >= 0
    frame, place = frame.loc[kept], place[kept]
    found, few = _members(frame, by, slices, min_contacts)
    names = ((), *found)
    rows = [np.arange(len(frame)), *found.values()]
    matrix = sparse.csr_array(
        (
            np.ones(sum(map(len, rows)), dtype=np.bool_),
            np.concatenate(rows),
            np.concatenate([[0], np.cumsum([len(own) for own in rows])]),
        ),
        shape=(len(rows), len(frame)),
    )
    values = np.stack([np.bincount(place[own], minlength=len(periods)).astype(np.float64) for own in rows])
    silent = _silence(values[0], periods, grain) | np.isin(periods.normalize(), pd.DatetimeIndex(list(missing)))
    values[:, silent] = np.nan
    _mute_channels(values, names, periods, grain)
    _unborn(values)
    return Counts(
        names,
        periods,
        values,
        grain,
        Members(frame["contact_id"].to_numpy(dtype=object), place, matrix),
        None if exposure is None else _exposed(exposure, periods),
        undated=int((~dated).sum()),
        outside=int(dated.sum()) - len(frame),
        few=few,
    )


def local_times(contacts: pd.DataFrame) -> pd.DatetimeIndex:
    """Return the local time of each contact, without its zone; NaT where it has none."""
    local = pd.Series(pd.NaT, index=range(len(contacts)), dtype="datetime64[us]")
    started = contacts["started_at"].reset_index(drop=True)
    for zone, rows in started.groupby(contacts["timezone"].to_numpy()):
        local[rows.index] = rows.dt.tz_convert(str(zone)).dt.tz_localize(None)
    return pd.DatetimeIndex(local)


def _plausible(moments: pd.DatetimeIndex, until: pd.Timestamp | None) -> NDArray[np.bool_]:
    """Leave out what is dated after the end, and the few that are dated far from all others."""
    inside = np.ones(len(moments), dtype=bool)
    if until is not None:
        inside &= np.asarray(moments < until + pd.Timedelta(days=7))  # the last week may have begun by then
    days = np.sort(moments.normalize().unique())
    gaps = np.flatnonzero(np.diff(days) > np.timedelta64(_APART.days, "D"))
    if len(gaps):
        part = np.searchsorted(days[gaps], moments.normalize().to_numpy(), side="left")
        sizes = np.bincount(part, minlength=len(gaps) + 1)
        inside &= (sizes >= 0.01 * len(moments))[part]
    return inside


def _starts(moments: pd.DatetimeIndex, grain: str) -> pd.DatetimeIndex:
    if grain == "hour":
        return moments.floor("h")
    days = moments.normalize()
    return days if grain == "day" else days - pd.to_timedelta(days.day_of_week, unit="D")


def _span(
    starts: pd.DatetimeIndex, grain: str, since: pd.Timestamp | None, until: pd.Timestamp | None
) -> pd.DatetimeIndex:
    first = starts.min() if since is None else _starts(pd.DatetimeIndex([since]), grain)[0]
    last = starts.max() if until is None else _starts(pd.DatetimeIndex([until]), grain)[0]
    return pd.date_range(first, last, freq=_FREQUENCIES[grain])


def _members(
    frame: pd.DataFrame, by: Sequence[str | tuple[str, ...]], kept: Sequence[Slice], min_contacts: int
) -> tuple[dict[Slice, NDArray[np.intp]], int]:
    """Return the rows of each slice, in order of `by` and value, and how many slices have too few."""
    found: dict[Slice, NDArray[np.intp]] = {own: np.empty(0, dtype=np.intp) for own in kept if own}
    few = 0
    for names in by:
        dimensions = tuple(sorted({names} if isinstance(names, str) else set(names)))
        long = pd.DataFrame({"row": np.arange(len(frame))})
        for dimension in dimensions:
            long = long.merge(_values(frame, dimension), on="row")
        for values, rows in long.groupby(list(dimensions), sort=True)["row"]:
            own = tuple(zip(dimensions, map(str, values), strict=True))
            if len(rows) >= min_contacts or own in found:
                found[own] = rows.to_numpy()
            else:
                few += 1
    return found, few


def _values(frame: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Return one row a contact and value of a dimension."""
    column = LISTS.get(dimension, dimension)
    if column not in frame.columns:
        there = ", ".join(name for name in ("topic", "signal", "channel", "product") if LISTS.get(name, name) in frame)
        raise InputError(f"got no column {column!r} to count by; there are {there}, and any column of contacts")
    values = frame[column].reset_index(drop=True)
    long = values.explode() if dimension in LISTS else values
    long = long.dropna()
    return pd.DataFrame({"row": long.index, dimension: long.astype(str).to_numpy()}).drop_duplicates()


def _silence(total: Floats, periods: pd.DatetimeIndex, grain: str) -> NDArray[np.bool_]:
    """Find periods without a contact that are no quiet ones: usually there are many, by weekday (and hour)."""
    step = {"hour": 168, "day": 7, "week": 1}[grain]
    silent = np.zeros(len(periods), dtype=bool)
    for place in np.flatnonzero(total == 0):
        before = total[place - step : max(place - 8 * step, -1) : -step] if place >= step else np.array([])
        # With a variance of twice the mean, none of n expected comes in with a probability of 2 to the power of -n.
        silent[place] = len(before) > 2 and float(np.nanmedian(before)) > np.log2(1e4)
    return silent


def _mute_channels(values: Floats, slices: tuple[Slice, ...], periods: pd.DatetimeIndex, grain: str) -> None:
    """Set the periods in which a channel fell silent to missing, in it and in all slices that are part of it."""
    for place, own in enumerate(slices):
        if len(own) == 1 and own[0][0] == "channel":
            silent = _silence(np.nan_to_num(values[place]), periods, grain) & np.isfinite(values[0])
            for other, its in enumerate(slices):
                if own[0] in its:
                    values[other, silent] = np.nan


def _unborn(values: Floats) -> None:
    """Set the time before a slice's first contact to missing, if it had been long for so many contacts since."""
    for row in values:
        counted = np.flatnonzero(row > 0)
        if len(counted) and counted[0] * float(np.nanmean(row[counted[0] :])) > np.log(1e3):
            row[: counted[0]] = np.nan


def _exposed(exposure: pd.Series, periods: pd.DatetimeIndex) -> Floats:
    """Return the exposure of each period, relative to its mean."""
    if not isinstance(exposure.index, pd.DatetimeIndex):
        raise InputError(f"exposure is indexed by {exposure.index.dtype}, expected days: pd.to_datetime(index)")
    if not (exposure.dropna() > 0).all():
        raise InputError(
            "exposure has values of 0 or less, expected what contacts are in proportion to; leave days out"
        )
    found = exposure.astype(np.float64).groupby(exposure.index.tz_localize(None)).sum(min_count=1)
    joined = found.reindex(found.index.union(periods)).interpolate("time", limit_direction="both").reindex(periods)
    if joined.isna().any():
        raise InputError("exposure has no value at all, expected one a day")
    return np.asarray(joined / joined.mean(), dtype=np.float64)
