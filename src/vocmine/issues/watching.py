"""Counts come in; how unusual each slice is in each period goes out, with what is expected of the days to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from vocmine.issues.calendar import design
from vocmine.issues.calibration import needed, rarity
from vocmine.issues.counts import Counts
from vocmine.issues.episodes import Watch
from vocmine.issues.expected import Expected, expect, rolling_sum
from vocmine.issues.forecast import DAYS
from vocmine.issues.grain import grain_of
from vocmine.issues.weighing import weigh
from vocmine.stats.counts import Floats

_USUAL: Final = 28
"""Periods whose expected counts say how large a slice is."""


def watched(
    counts: Counts,
    false_alerts_per_week: float,
    *,
    countries: Sequence[str] = ("FR",),
    closed: Sequence[date] = (),
    min_contacts: int = 20,
    known: Expected | None = None,
) -> tuple[Watch, Floats]:
    """Weigh counts, and look ahead.

    Parameters
    ----------
    counts : Counts
        Whose first slice is the sum of all.
    false_alerts_per_week : float
        The budget, shared by the slices that are watched in a period.
    countries, closed
        See `vocmine.issues.calendar.design`.
    min_contacts : int
        Contacts that a slice must have had before it is watched.
    known : Expected, optional
        What was expected of the first periods, to go on from.

    Returns
    -------
    watch : Watch
    ahead : float array of shape (n_slices, n_periods of the next 14 days)
        What is expected of them.
    """
    grain = grain_of(counts.grain)
    step = counts.periods[-1] - counts.periods[-2] if len(counts.periods) > 1 else pd.Timedelta(days=1)
    n_ahead = DAYS * pd.Timedelta(days=1) // step
    to_come = pd.DatetimeIndex([counts.periods[-1] + (number + 1) * step for number in range(n_ahead)])
    columns = design(pd.DatetimeIndex(counts.periods.append(to_come)), grain, countries, closed)
    expected = expect(counts.observed, columns, grain, exposure=counts.exposure, known=known)
    evidence = weigh(counts.observed, expected, grain, whole=0)
    seen = np.nancumsum(counts.observed, axis=1) >= min_contacts
    usual = rolling_sum(np.nan_to_num(expected.means), _USUAL)
    days = rolling_sum(np.isfinite(expected.means).astype(np.float64), _USUAL)
    rare = rarity(evidence.score, usual / np.maximum(days, 1), grain)
    rare = np.where(seen, rare, np.nan)
    n_watched = (seen & np.isfinite(expected.means)).sum(axis=0)
    least = np.array([needed(false_alerts_per_week, float(number)) for number in n_watched])
    return Watch(counts, expected, evidence, rare, least), expected.ahead(columns, grain, len(counts.periods))
