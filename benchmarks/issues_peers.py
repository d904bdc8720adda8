"""What others compute: a score of each series and day from counts alone, higher where more unusual.

Each takes counts of shape (n_series, n_days), NaN where the feed was missing, and the days that are holidays, of which
none of them makes use; each looks at the days up to the one it scores. CUSUM has the reference, of .25 to 1, that does
best on tuning seeds.

References
----------
L. Hutwagner et al., J. Urban Health 80, 2003, for EARS; M. Frisén, Int. Stat. Rev. 60, 1992, for CUSUM; C. Truong et
al., Signal Processing 167, 2020, for change points.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import ruptures
from issues_simulator import EVALUATED, Floats
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Score = Callable[[Floats, NDArray[np.bool_]], Floats]

LEAST_SD = 0.5
"""Of contacts a day: the spread of a baseline of a few days may be none by chance."""


def _trailing(values: Floats, length: int, gap: int) -> Floats:
    """Return the `length` days that end `gap` days before each day: shape (n_series, n_days, length), NaN before all."""
    padded = np.pad(values, ((0, 0), (length + gap, 0)), constant_values=np.nan)
    windows = sliding_window_view(padded, length, axis=1)
    return windows[:, : values.shape[1]]


def _standing(values: Floats, baseline: Floats, fewest: int) -> Floats:
    """Return how many standard deviations of its baseline each value stands above its mean."""
    there = np.isfinite(baseline)
    n_there = there.sum(axis=-1)
    mean = np.where(there, baseline, 0).sum(axis=-1) / np.maximum(n_there, 1)
    square = np.where(there, (baseline - mean[..., None]) ** 2, 0).sum(axis=-1)
    spread = np.sqrt(square / np.maximum(n_there - 1, 1))
    scores = (values - mean) / np.maximum(spread, LEAST_SD)
    return np.where(n_there >= fewest, scores, np.nan)


def ears_c1(counts: Floats, _: NDArray[np.bool_]) -> Floats:
    """EARS C1: the seven days before."""
    return _standing(counts, _trailing(counts, 7, 0), 4)


def ears_c2(counts: Floats, _: NDArray[np.bool_]) -> Floats:
    """EARS C2: seven days, two days before."""
    return _standing(counts, _trailing(counts, 7, 2), 4)


def ears_c3(counts: Floats, holidays: NDArray[np.bool_]) -> Floats:
    """EARS C3: what C2 has above one, summed over three days."""
    excess = np.maximum(np.nan_to_num(ears_c2(counts, holidays)) - 1, 0)
    return excess + np.pad(excess, ((0, 0), (1, 0)))[:, :-1] + np.pad(excess, ((0, 0), (2, 0)))[:, :-2]


def z28(counts: Floats, _: NDArray[np.bool_]) -> Floats:
    """Standard deviations above the mean of the 28 days before."""
    return _standing(counts, _trailing(counts, 28, 0), 14)


def _same_weekday(counts: Floats, weeks: int) -> Floats:
    """Return standard deviations above the same weekday of the `weeks` before."""
    found = np.full(counts.shape, np.nan)
    for weekday in range(7):
        own = counts[:, weekday::7]
        found[:, weekday::7] = _standing(own, _trailing(own, weeks, 0), 8)
    return found


def _cusum(z: Floats, reference: float) -> Floats:
    """Sum up what is above a reference, never below zero."""
    total, sums = np.zeros(len(z)), np.zeros(z.shape)
    for day in range(z.shape[1]):
        total = np.maximum(total + np.nan_to_num(z[:, day]) - reference * np.isfinite(z[:, day]), 0)
        sums[:, day] = total
    return sums


def cusum_8(counts: Floats, _: NDArray[np.bool_]) -> Floats:
    """CUSUM of standard deviations above the same weekday of eight weeks, reference .5."""
    return _cusum(_same_weekday(counts, 8), 0.5)


def cusum_26(counts: Floats, _: NDArray[np.bool_]) -> Floats:
    """CUSUM of standard deviations above the same weekday of 26 weeks, reference .75."""
    return _cusum(_same_weekday(counts, 26), 0.75)


def cusum_52(counts: Floats, _: NDArray[np.bool_]) -> Floats:
    """CUSUM of standard deviations above the same weekday of 52 weeks, reference 1."""
    return _cusum(_same_weekday(counts, 52), 1.0)


def change_points(counts: Floats, _: NDArray[np.bool_], length: int = 56) -> Floats:
    """Change points by ruptures: by how much the last segment of the 56 last days is above the one before.

    Counts are standardised by the same weekday of 26 weeks. PELT with a squared loss (`KernelCPD`, linear) and a penalty of
    2 log n is run each day of the evaluated year; the score is the standardised rise where the last segment begins within 28 days.
    """
    z = np.nan_to_num(_same_weekday(counts, 26))
    found = np.zeros(counts.shape)
    for series, row in enumerate(z):
        for day in range(counts.shape[1] - EVALUATED, counts.shape[1]):
            part = row[day - length + 1 : day + 1]
            ends = ruptures.KernelCPD(kernel="linear", min_size=2).fit(part[:, None]).predict(pen=2 * np.log(length))
            if len(ends) > 1 and length - ends[-2] <= 28:
                before = part[(ends[-3] if len(ends) > 2 else 0) : ends[-2]]
                last = part[ends[-2] :]
                found[series, day] = (last.mean() - before.mean()) * np.sqrt(len(last))
    return found


PEERS: dict[str, Score] = {
    "EARS C1": ears_c1,
    "EARS C2": ears_c2,
    "EARS C3": ears_c3,
    "28-day z": z28,
    "same-weekday CUSUM, 8 weeks": cusum_8,
    "same-weekday CUSUM, 26 weeks": cusum_26,
    "same-weekday CUSUM, 52 weeks": cusum_52,
    "ruptures": change_points,
}
