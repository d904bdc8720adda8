"""Intervals for shares and for any statistic of rows drawn independently."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from vocmine.errors import InputError


class Interval(NamedTuple):
    """An estimate with its lower and upper bound, in the unit of the estimate."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def wilson(successes: int, n: int, *, level: float = 0.95) -> Interval:
    """Return a share with its Wilson score interval.

    Parameters
    ----------
    successes, n : int
        Count of successes among `n` independent trials; ``0 <= successes <= n``.
    level : float, default 0.95
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    Interval
        Share, lower and upper bound, 0 to 1. With ``n == 0`` the share is NaN and the interval is [0, 1].

    Raises
    ------
    InputError
        If the counts or the level are not possible.

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.

    Examples
    --------
    >>> print(wilson(45, 60))
    0.750 [0.628, 0.842]
    """
    if not 0 <= successes <= n:
        raise InputError(f"got {successes} successes of {n} trials, expected 0 <= successes <= n; check the counts")
    _check_level(level)
    if n == 0:
        return Interval(float("nan"), 0.0, 1.0)
    z = float(ndtri(0.5 + level / 2))
    share = successes / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * float(np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)))
    # Rounding must not put the bounds on the wrong side of a share of 0 or 1.
    return Interval(share, min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half)))


def bootstrap(
    statistic: Callable[[NDArray[np.intp]], float],
    n: int,
    *,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Return a statistic of `n` rows with its percentile bootstrap interval.

    Parameters
    ----------
    statistic : callable
        Takes row positions, shape (n,), with repetitions, and returns the statistic of these rows.
        Two models compared on the same rows are one statistic: their difference.
    n : int
        Number of rows, at least 1.
    draws : int, default 1000
        Resamples.
    level : float, default 0.95
        Coverage of the interval.
    seed : int, default 0
        Seed of the resampling.

    Raises
    ------
    InputError
        If there is no row or no draw, or the level is not possible.

    References
    ----------
    B. Efron (1979), Bootstrap methods: another look at the jackknife, Annals of Statistics 7.

    Examples
    --------
    >>> waits = np.array([4.0, 7.0, 9.0, 12.0])
    >>> bootstrap(lambda rows: float(waits[rows].mean()), len(waits)).value
    8.0
    """
    _check_level(level)
    values = resample(statistic, n, draws=draws, seed=seed)
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(statistic(np.arange(n))), float(low), float(high))


def resample(
    statistic: Callable[[NDArray[np.intp]], float], n: int, *, draws: int = 1000, seed: int = 0
) -> NDArray[np.float64]:
    """Return a statistic of `n` rows drawn with replacement, `draws` times.

    Parameters
    ----------
    statistic, n, draws, seed
        As in `bootstrap`.

    Returns
    -------
    ndarray of float64, shape (draws,)

    Raises
    ------
    InputError
        If there is no row or no draw.

    Examples
    --------
    >>> waits = np.array([4.0, 7.0, 9.0, 12.0])
    >>> resample(lambda rows: float(waits[rows].mean()), len(waits), draws=3).shape
    (3,)
    """
    if n < 1:
        raise InputError("got no row, expected at least one; check the filter that came before")
    if draws < 1:
        raise InputError(f"got draws={draws}, expected at least one; 1000 is usual")
    random = np.random.default_rng(seed)
    return np.array([statistic(random.integers(0, n, size=n)) for _ in range(draws)], dtype=np.float64)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise InputError(f"got level={level}, expected a share between 0 and 1, such as 0.95")
