"""Weekly contacts of a matter come in; what is constant, what came to stay and what came once goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from vocmine.analysis import Analysis
from vocmine.issues.calendar import design
from vocmine.issues.counts import local_times
from vocmine.issues.grain import DAY
from vocmine.outcomes.blocks import profiles
from vocmine.stats import Interval
from vocmine.stats.changes import Stretch, stretches
from vocmine.stats.counts import Floats

KINDS: Final = ("structurel", "ponctuel", "stable", "trop peu")
_LASTING: Final = 10
"""Weeks from which a higher level that has not ended is no burst."""
_FEWEST: Final = 30
_LEAST_RATIO: Final = 1.15
_Z: Final = 1.96


@dataclass(frozen=True)
class Rise:
    """A time at a higher level than the matter's own baseline.

    Attributes
    ----------
    kind : {"structurel", "ponctuel"}
    since, until : datetime.date
        First and last local day.
    ratio : Interval
        Level over the baseline.
    excess : Interval
        Contacts beyond the baseline.
    ongoing : bool
        Whether it lasts to the end of the data.
    """

    kind: str
    since: date
    until: date
    ratio: Interval
    excess: Interval
    ongoing: bool


@dataclass(frozen=True)
class Course:
    """The course of a matter.

    Attributes
    ----------
    kind : str
        One of `KINDS`: that of the larger excess, or « stable ».
    contacts : int
    base : float
        Contacts a week at the baseline, the lowest level that lasted ten weeks or more.
    structural, one_off : float
        Shares of the contacts, 0 to 1, beyond it, that came to stay and that came once.
    rises : tuple of Rise
    weeks : tuple of (date, float)
        Monday of each week, and its contacts.
    """

    kind: str
    contacts: int
    base: float
    structural: float
    one_off: float
    rises: tuple[Rise, ...]
    weeks: tuple[tuple[date, float], ...]


def courses(analysis: Analysis, by: str, *, exposure: pd.Series | None = None) -> dict[str, Course]:
    """Tell apart, for each value of a column, contacts that keep coming from those of a burst.

    Weeks are corrected for weekdays and holidays, cut where the level changes, and compared with the matter's own
    baseline. A higher level that has lasted ten weeks and goes on is structural; one that came and went is one-off.

    Parameters
    ----------
    analysis : Analysis
    by : str
        Column of ``analysis.contacts``: ``cause``, ``department``, ``topic``.
    exposure : Series, optional
        By local day, such as the orders: what grows with it is no rise.

    References
    ----------
    B. Jackson et al., see `vocmine.stats.changes.stretches`.
    """
    contacts = analysis.contacts.reset_index(drop=True)
    days = local_times(contacts).normalize()
    dated = days.notna()
    names = contacts[by].fillna("non attribué").astype(str)
    if not dated.any():
        return {}
    first = days[dated].min() - pd.to_timedelta(days[dated].min().day_of_week, unit="D")
    last = days[dated].max() + pd.to_timedelta(6 - days[dated].max().day_of_week, unit="D")
    every = pd.date_range(first, last)
    known = sorted(names[dated].unique())
    place = every.get_indexer(days[dated])
    counts = np.zeros((len(known), len(every)))
    np.add.at(counts, (pd.Index(known).get_indexer(names[dated]), place), 1)
    calendar = design(every, DAY)
    exposed = None if exposure is None else exposure.reindex(every).interpolate(limit_direction="both").to_numpy()
    usual = profiles(counts, calendar, len(every), exposed)
    seen = slice(int(place.min()), int(place.max()) + 1)
    usual[:, : seen.start] = usual[:, seen.stop :] = 0  # the ends of the first and last week are not known
    return {name: course(own, share, every) for name, own, share in zip(known, counts, usual, strict=True)}


def course(counts: Floats, usual: Floats, days: pd.DatetimeIndex) -> Course:
    """Tell the course of one matter.

    Parameters
    ----------
    counts, usual : float arrays of shape (n_days,)
        Contacts, and what weekdays and holidays make of each day; whole weeks from Monday.
    days : DatetimeIndex of shape (n_days,)
    """
    weekly, exposed = counts.reshape(-1, 7).sum(axis=1), usual.reshape(-1, 7).sum(axis=1)
    mondays = [day.date() for day in days[::7]]
    total = int(weekly.sum())
    told = tuple(zip(mondays, weekly.tolist(), strict=True))
    if total < _FEWEST or len(weekly) < 2 * _LASTING:
        return Course("trop peu", total, float(weekly.mean()), 0.0, 0.0, (), told)
    dispersion = _dispersion(weekly, exposed)
    found = stretches(weekly, exposed, dispersion=dispersion)
    long = [one for one in found if one.last - one.first + 1 >= _LASTING] or [
        max(found, key=lambda one: one.last - one.first)
    ]
    base = min(long, key=lambda one: one.level)
    rises = tuple(
        rise
        for one in found
        if one.level > base.level and (rise := _rise(one, base, weekly, exposed, dispersion, mondays)) is not None
    )
    parts = {
        kind: sum(rise.excess.value for rise in rises if rise.kind == kind) / total
        for kind in ("structurel", "ponctuel")
    }
    kind = max(parts, key=lambda name: parts[name]) if rises else "stable"
    usual_week = base.level * float(np.median(exposed[exposed > 0]))
    return Course(kind, total, usual_week, parts["structurel"], parts["ponctuel"], rises, told)


def _dispersion(weekly: Floats, exposed: Floats) -> float:
    """Return variance over mean from week to week, which changes of level do not touch much."""
    rate = (weekly + 0.5) / np.maximum(exposed, 1e-9)
    there = exposed > 0
    steps = np.diff(rate[there]) ** 2
    scale = np.maximum((rate[there][1:] + rate[there][:-1]) / 2 * 2 / exposed[there].mean(), 1e-9)
    return float(np.clip(np.median(steps / scale) / 0.455, 1.0, 10.0)) if len(steps) else 1.0


def _rise(
    own: Stretch, base: Stretch, weekly: Floats, exposed: Floats, dispersion: float, mondays: list[date]
) -> Rise | None:
    """Return a stretch above the baseline, or None where the difference may be chance."""
    here, there = float(exposed[own.first : own.last + 1].sum()), float(exposed[base.first : base.last + 1].sum())
    counted, usual = float(weekly[own.first : own.last + 1].sum()), base.level * here
    below = float(weekly[base.first : base.last + 1].sum())
    log_ratio = np.log((counted + 0.5) / (usual + 0.5))
    error = np.sqrt(dispersion * (1 / (counted + 0.5) + here / max(there, 1e-9) / max(usual + 0.5, below * 1e-9)))
    low, high = np.exp(log_ratio - _Z * error), np.exp(log_ratio + _Z * error)
    ratio = Interval(float(np.exp(log_ratio)), float(low), float(high))
    if ratio.low <= 1 or ratio.value < _LEAST_RATIO:
        return None
    spread = _Z * float(np.sqrt(dispersion * (counted + usual * here / max(there, 1e-9))))
    excess = counted - usual
    n_weeks, ongoing = own.last - own.first + 1, own.last == len(weekly) - 1
    return Rise(
        "structurel" if n_weeks >= _LASTING and ongoing else "ponctuel",
        mondays[own.first],
        mondays[own.last] + timedelta(days=6),
        ratio,
        Interval(excess, excess - spread, excess + spread),
        ongoing,
    )
