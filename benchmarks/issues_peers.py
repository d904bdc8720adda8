"""What our detector of emerging issues is compared with: counts come in, the scores of other methods go out.

Every score is the higher the more unusual, and that of a period is of that period and those before it; NaN where a
method has too little to go by. Thresholds are not the methods' own: all are compared at equal numbers of false alarms.
A missing period is left out of baselines. Peers get what serves them: floors, variances and the penalty are those that
found the most outbreaks, of a few tried on tuning seeds 1 to 3 at one false episode a series-year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import ruptures
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Peer = Callable[[Floats, Booleans], Floats]

FLOOR = 1.0
"""The least standard deviation of a baseline, in contacts: a higher one serves EARS better than none."""
LEAST_MEAN = 0.25
"""The least mean of a baseline, in contacts, where its variance comes from it."""
WEEKDAYS = 7
FEWEST = 8
"""Periods without which a long baseline says nothing."""


def before(counts: Floats, lags: Iterable[int], least: int) -> tuple[Floats, Floats]:
    """Return the mean and the standard deviation of the periods that lie `lags` back.

    Parameters
    ----------
    counts : float array of shape (n_series, n_periods)
        NaN where missing.
    lags : iterable of int
    least : int
        Where fewer periods are known, both are NaN.

    Returns
    -------
    mean, deviation : float arrays of shape (n_series, n_periods)
        The deviation is `FLOOR` or more.
    """
    known = np.isfinite(counts)
    values = np.where(known, counts, 0.0)
    number, total, squares = np.zeros_like(values), np.zeros_like(values), np.zeros_like(values)
    for lag in lags:
        if lag < counts.shape[1]:
            past = values[:, : counts.shape[1] - lag]
            number[:, lag:] += known[:, : counts.shape[1] - lag]
            total[:, lag:] += past
            squares[:, lag:] += past**2
    enough = number >= least
    divisor = np.where(enough, number, 2.0)
    mean = total / divisor
    variance = np.maximum(squares - divisor * mean**2, 0.0) / (divisor - 1)
    deviation = np.maximum(np.sqrt(variance), FLOOR)
    return np.where(enough, mean, np.nan), np.where(enough, deviation, np.nan)


def z_score(counts: Floats, _holidays: Booleans, *, lags: range = range(1, 29)) -> Floats:
    """Score a period by its standard deviations from the periods that lie `lags` back.

    With the seven before it, this is EARS C1; with the seven before these two days, C2.
    """
    mean, deviation = before(counts, lags, len(lags) // 2 + 1)
    scores: Floats = (counts - mean) / deviation
    return scores


def ears_c3(counts: Floats, _holidays: Booleans) -> Floats:
    """Score a period by EARS C3: what C2 is above one, summed over three periods.

    References
    ----------
    L. Hutwagner et al., Journal of Urban Health 80 (suppl. 1), 2003, for C1 to C3.
    """
    c2 = z_score(counts, _holidays, lags=range(3, 10))
    beyond = np.maximum(np.nan_to_num(c2, nan=1.0) - 1, 0.0)
    total = beyond.copy()
    for lag in (1, 2):
        total[:, lag:] += beyond[:, :-lag]
    return np.where(np.isfinite(c2), total, np.nan)


def standardised(counts: Floats, *, length: int, step: int = WEEKDAYS) -> Floats:
    """Return the standard deviations of periods from the mean of `length` earlier ones, `step` apart.

    The variance is that mean times the dispersion of the series up to the period before: with the baseline's own
    variance, CUSUMs of 8, 26 and 52 weeks all find fewer outbreaks.
    """
    mean, _ = before(counts, range(step, step * length + 1, step), min(FEWEST, length))
    usual = np.maximum(mean, LEAST_MEAN)
    ratio = (counts - mean) ** 2 / usual
    known = np.isfinite(ratio)
    total, number = np.cumsum(np.where(known, ratio, 0.0), axis=1), np.cumsum(known, axis=1)
    dispersion = np.ones_like(total)
    dispersion[:, 1:] = np.maximum(total[:, :-1] / np.maximum(number[:, :-1], 1), 1.0)
    z: Floats = (counts - mean) / np.sqrt(dispersion * usual)
    return z


def cusum(
    counts: Floats, _holidays: Booleans, *, length: int = 26, step: int = WEEKDAYS, reference: float = 0.5
) -> Floats:
    """Sum what the standard deviations of periods are above a reference, from nought up, without reset.

    Parameters
    ----------
    counts : float array of shape (n_series, n_periods)
    _holidays : bool array of shape (n_periods,)
    length : int
        Periods of the baseline, `step` apart: seven for days is the same weekday.
    step : int
    reference : float
        Standard deviations a period.

    References
    ----------
    E. Page, Biometrika 41, 1954.
    """
    z = standardised(counts, length=length, step=step)
    scores, total = np.full_like(z, np.nan), np.zeros(len(z))
    for period in range(z.shape[1]):
        known = np.isfinite(z[:, period])
        total = np.maximum(total + np.where(known, z[:, period] - reference, 0.0), 0.0)
        scores[known, period] = total[known]
    return scores


def last_shift(
    counts: Floats,
    _holidays: Booleans,
    *,
    evaluated: int = 365,
    memory: int = 182,
    renewed: int = 7,
    penalty: float = 3.0,
) -> Floats:
    """Score a period by how far the mean of the last segment that ruptures finds is above that of the one before it.

    The segments are those of PELT with a Gaussian cost (`ruptures.KernelCPD`, linear kernel) on the standard deviations
    of same weekdays over 8 weeks, with a penalty of `penalty` times the logarithm of their number. The score is the
    shift times the square root of the shorter segment's length: its standard errors, but for a factor.

    Parameters
    ----------
    counts : float array of shape (n_series, n_periods)
    _holidays : bool array of shape (n_periods,)
    evaluated : int
        Only so many last periods are scored.
    memory : int
        Periods that are segmented.
    renewed : int
        Periods from one segmentation to the next; the score stands between them.
    penalty : float

    References
    ----------
    R. Killick et al., J. Am. Stat. Assoc. 107, 2012; C. Truong et al., Signal Processing 167, 2020.
    """
    z = standardised(counts, length=8)
    scores = np.full_like(z, np.nan)
    n_periods = z.shape[1]
    for period in range(max(n_periods - evaluated, 1), n_periods, renewed):
        for series, row in enumerate(z[:, max(period + 1 - memory, 0) : period + 1]):
            signal = row[np.isfinite(row)]
            if len(signal) >= 4 * FEWEST:
                scores[series, period : period + renewed] = _shift(signal, penalty)
    return scores


def _shift(signal: Floats, penalty: float) -> float:
    """Return the standard errors by which the last segment is above the one before it, 0 where there is but one."""
    search = ruptures.KernelCPD(kernel="linear", min_size=3).fit(signal[:, None])
    ends = [0, *search.predict(pen=penalty * np.log(len(signal)))]
    if len(ends) < 3:
        return 0.0
    last, previous = signal[ends[-2] :], signal[ends[-3] : ends[-2]]
    return float((last.mean() - previous.mean()) * np.sqrt(min(len(last), len(previous))))


PEERS: dict[str, Peer] = {
    "EARS C1": partial(z_score, lags=range(1, 8)),
    "EARS C2": partial(z_score, lags=range(3, 10)),
    "EARS C3": ears_c3,
    "z 28 days": z_score,
    "CUSUM 8 weeks": partial(cusum, length=8),
    "CUSUM 26 weeks": cusum,
    "CUSUM 52 weeks": partial(cusum, length=52),
    "ruptures": last_shift,
}
"""Of daily series; each takes counts of shape (n_series, n_days), NaN where missing, and which days are holidays."""
