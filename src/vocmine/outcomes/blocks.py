"""Daily contacts come in; blocks of a week around the day of a measure go out, with what they are in proportion to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from vocmine.issues.expected import Design, fit_series
from vocmine.stats.counterfactual import Foretold, foretell
from vocmine.stats.counts import Floats

LEAD: Final = 14
"""Days before a measure that are not learnt from: measures follow spikes, and a spike would pass for the usual."""
_WEEK: Final = 7
_UNUSUAL: Final = 25.0
"""Squared residuals are cut there: one wild day does not excuse the others."""
_CONTROL_GAIN: Final = 2.0
"""Logarithm of how much more probable a control has to make what came before the measure."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """What came in a window, beside what was to be expected.

    Attributes
    ----------
    observed, expected : float
        Contacts of the window.
    spread : float
        Standard deviation of the logarithm of what was expected.
    dispersion : float
        Variance over mean of the counts.
    daily : float array of shape (n_days,)
        Contacts expected on each day of the window; 0 where the feed was missing.
    foretold : Foretold
    controls : tuple of int
        Controls that were used.
    """

    observed: float
    expected: float
    spread: float
    dispersion: float
    daily: Floats
    foretold: Foretold
    controls: tuple[int, ...] = ()

    @property
    def log_ratio(self) -> float:
        """Logarithm of observed over expected, half a contact added to each."""
        return float(np.log((self.observed + 0.5) / (self.expected + 0.5)))

    @property
    def error(self) -> float:
        """Standard deviation of the log-ratio."""
        return float(np.sqrt(self.spread**2 + self.dispersion / (self.observed + 0.5)))

    @property
    def z(self) -> float:
        """How many standard deviations the window is from what was expected, if nothing had changed."""
        return self.log_ratio / float(np.sqrt(self.spread**2 + self.dispersion / (self.expected + 0.5)))


def profiles(counts: Floats, design: Design, n_before: int, exposure: Floats | None = None) -> Floats:
    """Return what weekdays, holidays and exposure make of each day of each series, around 1.

    Parameters
    ----------
    counts : float array of shape (n_series, n_days)
        Contacts; NaN where missing.
    design : Design
        Of as many days.
    n_before : int
        Days to learn from.
    exposure : float array of shape (n_days,), optional

    Returns
    -------
    float array of shape (n_series, n_days)
        0 where the feed was missing.
    """
    columns = design.at(n_before)
    exposed = np.ones(counts.shape[1]) if exposure is None else exposure
    fitted = fit_series(
        counts[:, :n_before],
        columns[:n_before],
        np.broadcast_to(exposed[:n_before], (len(counts), n_before)),
        design,
        np.arange(len(counts)),
        np.full((len(counts), columns.shape[1]), np.nan),
    )
    course = np.exp(fitted.coefficients[:, design.pooled] @ columns[:, design.pooled].T) * exposed
    return np.where(np.isfinite(counts), course, 0.0)


def compare(
    counts: Floats,
    course: Floats,
    days: pd.DatetimeIndex,
    since: int,
    until: int,
    *,
    lead: int = LEAD,
    controls: Floats | None = None,
    control_courses: Floats | None = None,
) -> Estimate:
    """Compare a window of a series with what the days before it foretell.

    Parameters
    ----------
    counts, course : float arrays of shape (n_days,)
        See `profiles`.
    days : DatetimeIndex of shape (n_days,)
    since, until : int
        First day of the window, and the day after its last.
    lead : int
        Days before the window that are not learnt from.
    controls, control_courses : float arrays of shape (n_controls, n_days), optional
        Series that nothing was done to. One is used only where it makes what came before more probable.
    """
    learnt = since - lead
    n_before = learnt // _WEEK
    starts = np.concatenate([learnt - _WEEK * np.arange(n_before, 0, -1), np.arange(since, until, _WEEK)])
    ends = np.concatenate([starts[:n_before] + _WEEK, np.minimum(starts[n_before:] + _WEEK, until)])
    there = np.where(np.isfinite(counts), counts, 0.0)
    own, exposed = _sums(there, starts, ends), _sums(course, starts, ends)
    middle = (starts + ends - 1) / 2 - since
    dispersion = _dispersion(there, course, starts[:n_before])
    common = {"dispersion": dispersion, "first_day": int(days[since].day_of_year)}
    kept = np.flatnonzero(np.concatenate([exposed[:n_before] > 0, np.ones(len(starts) - n_before, dtype=bool)]))
    n_kept = int((exposed[:n_before] > 0).sum())
    own, exposed, middle = own[kept], exposed[kept], middle[kept]
    beside = _logs(controls, control_courses, starts, ends)[:, kept]

    def told(rows: list[int]) -> Foretold:
        return foretell(own[:n_kept], exposed, middle, n_kept, controls=beside[rows] if rows else None, **common)  # type: ignore[arg-type]

    plain = told([])
    useful = [row for row in range(len(beside)) if told([row]).evidence > plain.evidence + _CONTROL_GAIN]
    together = told(useful) if useful else plain
    found = together if together.evidence >= plain.evidence else plain
    shares = course[since:until] / np.maximum(np.repeat(exposed[n_kept:], _WEEK)[: until - since], 1e-9)
    daily = shares * np.repeat(found.expected, _WEEK)[: until - since]
    used = tuple(useful) if found is not plain else ()
    observed = float(there[since:until].sum())
    return Estimate(observed, found.total, found.spread, dispersion, daily, found, used)


def _sums(values: Floats, starts: Floats, ends: Floats) -> Floats:
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[ends.astype(np.int64)] - total[starts.astype(np.int64)], dtype=np.float64)


def _dispersion(counts: Floats, course: Floats, starts: Floats) -> float:
    """Return variance over mean of the days within their weeks, as if 15 days more had shown 1.7."""
    days = starts.astype(np.int64)[:, None] + np.arange(_WEEK)
    own, share = counts[days], course[days]
    level = (own.sum(axis=1) + 0.5) / (share.sum(axis=1) + 0.5 * share.sum() / max(float(own.sum()), 1.0))
    means = share * level[:, None]
    seen = means > 0
    squares = np.minimum((own - means) ** 2 / np.maximum(means, 1e-9), _UNUSUAL)[seen].sum()
    return float(max((squares + 15 * 1.7) / (seen.sum() * (_WEEK - 1) / _WEEK + 15), 1.05))


def _logs(controls: Floats | None, shares: Floats | None, starts: Floats, ends: Floats) -> Floats:
    """Return the logarithm of each control's blocks, relative to their own course."""
    if controls is None or shares is None or not len(controls):
        return np.empty((0, len(starts)))
    rows = []
    for counts, course in zip(controls, shares, strict=True):
        own = _sums(np.where(np.isfinite(counts), counts, 0.0), starts, ends)
        exposed = np.maximum(_sums(course, starts, ends), 1e-9)
        rows.append(np.log((own + 0.5) / exposed))
    return np.stack(rows)
