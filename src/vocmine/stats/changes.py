"""Counts of periods come in; the stretches between which their level changed go out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from vocmine.stats.counts import Floats


class Stretch(NamedTuple):
    """Periods ``[first, last]`` of one level, in counts for an exposure of 1."""

    first: int
    last: int
    level: float


def stretches(counts: Floats, exposure: Floats, *, dispersion: float = 1.0, penalty: float = 1.2) -> list[Stretch]:
    """Cut a series of counts where its level changes, by optimal partitioning of its likelihood.

    Parameters
    ----------
    counts : float array of shape (n_periods,)
        NaN where missing.
    exposure : float array of shape (n_periods,)
        What each period's count is in proportion to.
    dispersion : float
        Variance over mean.
    penalty : float
        What a change costs, in units of ``log(n_periods)``: with 1.2, a steady series of 60 periods is cut once in 30.

    References
    ----------
    B. Jackson et al., An algorithm for optimal partitioning of data on an interval, IEEE Signal Processing Letters 12,
    2005.

    Examples
    --------
    >>> [one[:2] for one in stretches(np.array([5, 4, 6, 5, 15, 16, 14, 15.0]), np.ones(8))]
    [(0, 3), (4, 7)]
    """
    there = np.isfinite(counts) & (exposure > 0)
    seen, exposed = np.where(there, counts, 0.0), np.where(there, exposure, 0.0)
    n = len(counts)
    if n == 0:
        return []
    total = np.concatenate([[0.0], np.cumsum(seen)])
    under = np.concatenate([[0.0], np.cumsum(exposed)])
    cost = penalty * np.log(max(n, 2)) * dispersion
    best, start = np.zeros(n + 1), np.zeros(n + 1, dtype=np.int64)
    best[0] = -cost
    for stop in range(1, n + 1):
        own, length = total[stop] - total[:stop], under[stop] - under[:stop]
        rate = (own + 0.5) / np.maximum(length + 0.5 * under[-1] / max(total[-1], 1.0), 1e-9)
        misfit = rate * length - own * np.log(rate)
        every = best[:stop] + misfit + cost
        start[stop] = int(np.argmin(every))
        best[stop] = every[start[stop]]
    found: list[Stretch] = []
    stop = n
    while stop:
        first = int(start[stop])
        level = (total[stop] - total[first]) / max(under[stop] - under[first], 1e-9)
        found.append(Stretch(first, stop - 1, float(level)))
        stop = first
    return found[::-1]
