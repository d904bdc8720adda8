"""How long something lasts when not every end was seen yet: durations come in, shares that last go out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import InputError
from vocmine.stats.counts import Floats
from vocmine.stats.intervals import Interval, wilson


def survival(durations: Floats, ended: NDArray[np.bool_], horizon: float, weights: Floats | None = None) -> Floats:
    """Return the share that lasts beyond a horizon, by Kaplan and Meier.

    Parameters
    ----------
    durations : float array of shape (n,)
        Time from start to end, or to the last time seen, 0 or more, in any unit.
    ended : bool array of shape (n,)
        Whether the end was seen.
    horizon : float
        In the unit of the durations.
    weights : float array of shape (n_draws, n), optional
        How often each counts; by default once.

    Returns
    -------
    float array of shape (n_draws,)
        NaN where nothing counts.

    Raises
    ------
    InputError
        If shapes differ or a duration is negative or not finite.

    References
    ----------
    E. Kaplan, P. Meier, Nonparametric estimation from incomplete observations, JASA 53, 1958.

    Examples
    --------
    >>> survival(np.array([1.0, 2.0, 3.0, 7.0]), np.array([True, False, True, False]), 7.0).tolist()
    [0.375]
    """
    durations = np.asarray(durations, dtype=np.float64)
    if durations.shape != ended.shape or not (np.isfinite(durations) & (durations >= 0)).all():
        raise InputError(
            f"got durations of shape {durations.shape} and ends of shape {ended.shape}, expected the same, 0 or more"
        )
    weights = np.ones((1, len(durations))) if weights is None else weights
    order = np.argsort(durations, kind="stable")
    times, first = np.unique(durations[order], return_index=True)
    sums = np.cumsum(np.column_stack([np.zeros(len(weights)), weights[:, order]]), axis=1)
    at_risk = sums[:, -1:] - sums[:, first]
    ends = np.cumsum(np.column_stack([np.zeros(len(weights)), weights[:, order] * ended[order]]), axis=1)
    stops = np.append(first[1:], len(durations))
    events = ends[:, stops] - ends[:, first]
    within = times <= horizon
    hazard = events[:, within] / np.maximum(at_risk[:, within], 1e-12)
    lasting = np.prod(1 - np.clip(hazard, 0, 1), axis=1)
    return np.where(sums[:, -1] > 0, lasting, np.nan)


def survival_interval(
    durations: Floats,
    ended: NDArray[np.bool_],
    horizon: float,
    clusters: NDArray[np.integer],
    *,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Interval:
    """Return the share that lasts with the interval of a bootstrap over clusters, such as customers.

    Where every one lasts, or none does, no draw differs: the bound is then Wilson's, over clusters.

    Parameters
    ----------
    durations, ended, horizon
        As in `survival`.
    clusters : int array of shape (n,)
        What is drawn together.

    Examples
    --------
    >>> survival_interval(np.array([1.0, 9.0, 9.0]), np.array([True, False, False]), 7, np.arange(3)).value.__round__(2)
    0.67
    """
    value = float(survival(durations, ended, horizon)[0])
    names, place = np.unique(clusters, return_inverse=True)
    if not len(names):
        return Interval(float("nan"), 0.0, 1.0)
    random = np.random.default_rng(seed)
    drawn = random.multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)
    values = survival(durations, ended, horizon, drawn[:, place].astype(np.float64))
    low, high = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
    if value in (0.0, 1.0):
        bounds = wilson(round(value * len(names)), len(names), level=level)
        low, high = bounds.low, bounds.high
    return Interval(value, min(float(low), value), max(float(high), value))
