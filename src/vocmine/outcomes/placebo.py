"""Windows in which nothing was done: how far the method is off there tells how far to trust it elsewhere."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from vocmine.outcomes.blocks import LEAD, compare
from vocmine.stats.counts import Floats

PRIOR: Final = 20.0
"""The method's own standard deviation counts for as much as so many placebo windows."""
_HISTORY: Final = 26 * 7
"""Days that a placebo window must have before it."""
_MOST_Z: Final = 3.5
"""A window that holds an issue of its own counts no more than this."""
_LEAST_EXPECTED: Final = 15.0
_LEAST_FACTOR: Final = 0.9


def placebos(
    counts: Floats, profiles: Floats, days: pd.DatetimeIndex, since: int, length: int, *, lead: int = LEAD
) -> pd.DataFrame:
    """Measure windows of the same length that end before the lead of the measure.

    Parameters
    ----------
    counts, profiles : float arrays of shape (n_series, n_days)
        The series of the measure first, then others that nothing was done to.
    days : DatetimeIndex of shape (n_days,)
    since : int
        First day of the measure.
    length : int
        Days of the window.

    Returns
    -------
    DataFrame
        One row a window: ``series``, ``since`` (day), ``observed``, ``expected``, ``effect``, ``z``.
    """
    rows = []
    for series in range(len(counts)):
        stop = since - lead
        born = int(np.argmax(profiles[series] > 0))
        while stop - length - lead - born >= _HISTORY:
            own, share = counts[series, born:], profiles[series, born:]
            found = compare(own, share, days[born:], stop - length - born, stop - born, lead=lead)
            if found.expected >= _LEAST_EXPECTED:
                told = (days[stop - length], found.observed, found.expected, np.expm1(found.log_ratio), found.z)
                rows.append((series, *told))
            stop -= length
    return pd.DataFrame(rows, columns=["series", "since", "observed", "expected", "effect", "z"])


def calibrated(z: Floats, level: float = 0.95) -> tuple[float, float]:
    """Return by what the method's standard deviation is to be multiplied, and how many of them the interval takes.

    The placebo windows' squared deviations are joined with the method's own claim, as a scaled inverse chi-square
    prior; the quantile is Student's. The factor is never far below 1: quiet windows promise nothing.

    References
    ----------
    A. Gelman et al., Bayesian Data Analysis, 2013, section 2.6.

    Examples
    --------
    >>> calibrated(np.array([0.4, -1.1, 0.9]))[1] > 1.96
    True
    """
    cut = np.clip(z, -_MOST_Z, _MOST_Z)
    factor = float(np.sqrt((PRIOR + (cut**2).sum()) / (PRIOR + len(cut))))
    return max(factor, _LEAST_FACTOR), float(stats.t.ppf((1 + level) / 2, PRIOR + len(cut)))
