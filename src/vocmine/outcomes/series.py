"""Slices of the contacts come in; their daily counts and usual courses around a day go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from vocmine.analysis import Analysis
from vocmine.errors import InputError
from vocmine.issues.calendar import design
from vocmine.issues.counts import Counts, count
from vocmine.issues.grain import DAY
from vocmine.outcomes.blocks import LEAD, profiles
from vocmine.outcomes.slices import Slice, column_slice, topic_slice
from vocmine.stats.counts import Floats

_SIBLINGS: Final = 12
_FEWEST_A_DAY: Final = 0.2
_SEEN: Final = 180
"""Days before the measure on which another matter has to be known."""


@dataclass(frozen=True, eq=False)
class Daily:
    """Daily counts of a matter, of its controls, and of other matters.

    Attributes
    ----------
    slices : list of Slice
        The matter itself, `n_controls` controls, then others, most contacts first.
    counts : float array of shape (n_slices, n_days)
        NaN where the feed was missing.
    courses : float array of shape (n_slices, n_days)
        What weekdays, holidays and exposure make of each day; 0 where the feed was missing.
    days : DatetimeIndex
        Local days.
    since : int
        Rank of the first day of the measure.
    n_controls : int
    contact_ids : list of str
        Contacts of the matter from that day on.
    """

    slices: list[Slice]
    counts: Floats = field(repr=False)
    courses: Floats = field(repr=False)
    days: pd.DatetimeIndex
    since: int
    n_controls: int
    contact_ids: list[str] = field(repr=False)

    @property
    def length(self) -> int:
        """Days of the window."""
        return len(self.days) - self.since


def daily(
    analysis: Analysis,
    own: Slice,
    controls: Sequence[Slice],
    others: Sequence[Slice],
    since: date,
    until: date | None,
    *,
    exposure: pd.Series | None = None,
    countries: Sequence[str] = ("FR",),
    closed: Sequence[date] = (),
) -> Daily:
    """Count the contacts of each slice by local day.

    Raises
    ------
    InputError
        If the day is not within the contacts' days.
    """
    slices = [own, *controls, *others]
    counted = _counted(analysis.contacts, slices, exposure, until)
    first, last = counted.periods[0].date(), counted.periods[-1].date()
    if not first < since <= last:
        raise InputError(f"got since={since}, expected a day after {first} and not after {last}, the contacts' days")
    start = int(counted.periods.searchsorted(pd.Timestamp(since)))
    values = counted.observed[1:]
    begun = np.isfinite(values[:, :start]).sum(axis=1) >= _SEEN
    kept = np.flatnonzero(begun | (np.arange(len(slices)) <= len(controls)))
    values, begun, slices = values[kept], begun[kept], [slices[place] for place in kept]
    calendar = design(counted.periods, DAY, countries, closed)
    courses = np.isfinite(values).astype(np.float64)  # of what had not begun, nothing more is known
    courses[begun] = profiles(values[begun], calendar, max(start - LEAD, 1), counted.exposure)
    ids = counted.members.ids(1, start, len(counted.periods) - 1)
    return Daily(slices, values, courses, counted.periods, start, len(controls), ids)


def matter(analysis: Analysis, topic: str | int | None, equal: dict[str, object]) -> Slice:
    """Return the contacts that a topic and columns choose together."""
    if topic is None:
        return column_slice(analysis.contacts, **equal)
    own = topic_slice(analysis, topic)
    if not equal:
        return own
    part = column_slice(analysis.contacts, **equal)
    return Slice(f"{own.name} · {part.name}", own.rows & part.rows, own.topic_id)


def other_matters(analysis: Analysis, own: Slice, equal: dict[str, object], but: Sequence[Slice]) -> list[Slice]:
    """Return other topics, or other values of the first column given, those with most contacts first."""
    contacts = analysis.contacts
    if own.topic_id is not None:
        topics = analysis.topics
        found = [topic_slice(analysis, int(topic), contacts) for topic in topics["topic_id"] if topic >= 0]
    else:
        column = next(iter(equal), None)
        values: list[object] = contacts[column].dropna().unique().tolist() if column else []
        found = [column_slice(contacts, **{str(column): value}) for value in sorted(values, key=str)]
    known = {own.name, *(one.name for one in but)} | {
        column_slice(contacts, **{name: value}).name for name, value in equal.items()
    }
    n_days = max((contacts["started_at"].max() - contacts["started_at"].min()).days, 1)
    many = [one for one in found if one.name not in known and one.rows.sum() >= _FEWEST_A_DAY * n_days]
    return sorted(many, key=lambda one: -int(one.rows.sum()))[:_SIBLINGS]


def _counted(contacts: pd.DataFrame, slices: Sequence[Slice], exposure: pd.Series | None, until: date | None) -> Counts:
    frame = contacts[["contact_id", "started_at", "timezone"]].reset_index(drop=True)
    names = [f"slice {place}" for place in range(len(slices))]
    for name, own in zip(names, slices, strict=True):
        frame[name] = pd.Series(own.rows).map({True: "in"})
    wanted = [((name, "in"),) for name in names]
    end = None if until is None else pd.Timestamp(until)
    return count(frame, names, slices=wanted, exposure=exposure, until=end, min_contacts=1)
