"""Counts beside what was expected come in; how much they speak for an issue, period by period, goes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.issues.expected import WOBBLE, Expected, rolling_sum
from vocmine.issues.grain import Grain
from vocmine.stats.counts import Floats, tail_z

_SHOCK: Final = 0.1
"""Prior standard deviation of what all series share on a day, relative to their means."""
_LEARNT: Final = (-3.0, 1.5)
"""Standard deviations beyond which a period teaches the level no more: an issue is not to become usual."""
_MIXED: Final = 0.5
"""Share of the variance of a window that an issue is supposed to explain, before it is seen."""
_ALONE: Final = 0.1
"""What the window of a single period weighs beside each of the others."""
_LEAST: Final = 0.3
"""A level is never expected below so much of what season and weekday say."""
_HIGHEST_Z: Final = 25.0


@dataclass(frozen=True, eq=False)
class Evidence:
    """How much each period, with those before it, speaks for an issue.

    Attributes
    ----------
    score : float array of shape (n_series, n_periods)
        Logarithm of the evidence, windows averaged; NaN where a series is not watched or the feed was missing.
    z : float array of shape (n_series, n_periods)
        Standard deviations of the most unusual window.
    window : int array of shape (n_series, n_periods)
        Its length in periods.
    means : float array of shape (n_series, n_periods)
        Expected counts, with what all series share on that day.
    level : float array of shape (n_series, n_periods)
        Relative deviation of the level, as learnt up to each period.
    """

    score: Floats
    z: Floats
    window: NDArray[np.int64]
    means: Floats
    level: Floats


def weigh(values: Floats, expected: Expected, grain: Grain, *, whole: int | None = None) -> Evidence:
    """Weigh counts against what was expected, over windows of several lengths.

    A window's count is compared with what the level learnt before it foretells; its variance is that of the counts, of
    the level's own moves since, and of the fit. Each window gives the odds of an issue of unknown size, and the odds
    are averaged: slow starts and sharp ones are found by one score.

    Parameters
    ----------
    values : float array of shape (n_series, n_periods)
    expected : Expected
        Of the same periods.
    grain : Grain
    whole : int, optional
        The series that is the sum of the others. What moves all series of a period (a campaign, a strike) is taken out
        of the others, robustly, where there are eight or more; in this one it shows.

    References
    ----------
    R. Kass, A. Raftery, J. Am. Stat. Assoc. 90, 1995, for the odds; M. West, J. Harrison, Bayesian Forecasting and
    Dynamic Models, 1997, for the level.
    """
    there = np.isfinite(values) & np.isfinite(expected.means)
    means = np.where(there, expected.means, 0.0)
    dispersion = np.where(there, expected.dispersion, 1.0)
    uncertainty = np.where(there, expected.uncertainty, 0.0)
    counts = np.where(there, values, 0.0)
    if len(values) >= 8:
        scaled = means * (1 + _common(counts, means, dispersion, uncertainty, there))
        if whole is not None:
            scaled[whole] = means[whole]
        means = scaled
    level, doubt = _level(counts, means, dispersion, there, grain.correlation)
    odds, weights = np.zeros_like(means), 0.0
    highest, window = np.full(means.shape, -np.inf), np.zeros(means.shape, dtype=np.int64)
    for length in grain.windows:
        z = _window(counts, means, dispersion, uncertainty, level, doubt, length, grain.correlation)
        weight = _ALONE if length == 1 else 1.0
        odds += weight * np.exp(_MIXED / 2 * np.clip(z, 0.0, _HIGHEST_Z) ** 2)
        weights += weight
        window = np.where(z > highest, length, window)
        highest = np.maximum(highest, z)
    score = np.where(there, np.log(odds / weights), np.nan)
    return Evidence(score, np.where(there, highest, np.nan), window, np.where(there, means, np.nan), level)


def _common(counts: Floats, means: Floats, dispersion: Floats, uncertainty: Floats, there: NDArray[np.bool_]) -> Floats:
    """Estimate by how much all series of a period are above their means: a robust, shrunk average."""
    ratio = counts / np.maximum(means, 1e-9) - 1
    variance = dispersion / np.maximum(means, 1e-9) + WOBBLE**2 + uncertainty
    weights = there / variance
    common = np.zeros(means.shape[1])
    for _ in range(4):
        off = np.abs(ratio - common) / np.sqrt(variance)
        trusted = weights * np.minimum(1.0, 2.0 / np.maximum(off, 1e-9))
        common = (trusted * ratio).sum(axis=0) / (trusted.sum(axis=0) + 1 / _SHOCK**2)
    return np.clip(common, -0.6, 3.0)


def _level(
    counts: Floats, means: Floats, dispersion: Floats, there: NDArray[np.bool_], correlation: float
) -> tuple[Floats, Floats]:
    """Follow the relative deviation of the level and its variance by a Kalman filter."""
    level, doubt = np.zeros_like(means), np.zeros_like(means)
    state, variance = np.zeros(len(means)), np.full(len(means), WOBBLE**2)
    for period in range(means.shape[1]):
        state = correlation * state
        variance = correlation**2 * variance + WOBBLE**2 * (1 - correlation**2)
        mean = np.maximum(means[:, period], 1e-9)
        spread = variance + dispersion[:, period] / mean
        surprise = counts[:, period] / mean - 1 - state
        gain = np.where(there[:, period], variance / spread, 0.0)
        state = state + gain * np.clip(surprise, _LEARNT[0] * np.sqrt(spread), _LEARNT[1] * np.sqrt(spread))
        variance = variance * (1 - gain)
        level[:, period], doubt[:, period] = state, variance
    return level, doubt


def _window(
    counts: Floats,
    means: Floats,
    dispersion: Floats,
    uncertainty: Floats,
    level: Floats,
    doubt: Floats,
    length: int,
    correlation: float,
) -> Floats:
    """Return standard deviations of the windows of one length that end at each period."""
    before = np.pad(level, ((0, 0), (length, 0)))[:, : means.shape[1]]
    doubted = np.pad(doubt, ((0, 0), (length, 0)), constant_values=WOBBLE**2)[:, : means.shape[1]]
    ahead = np.arange(1, length + 1)
    lasting = np.zeros_like(means)
    for step in ahead.tolist():  # periods after the level was learnt
        shift = length - step
        lasting += correlation**step * np.pad(means, ((0, 0), (shift, 0)))[:, : means.shape[1]]
    plain = rolling_sum(means, length)
    mean = np.maximum(np.maximum(plain + before * lasting, _LEAST * plain), 1e-9)
    apart = np.abs(ahead[:, None] - ahead)
    moved = correlation**apart * (1 - correlation ** (2 * np.minimum(ahead[:, None], ahead)))
    variance = dispersion * mean + plain**2 * (
        WOBBLE**2 * moved.mean()
        + (correlation**ahead).mean() ** 2 * doubted
        + rolling_sum(uncertainty, length) / length
    )
    return tail_z(rolling_sum(counts, length), mean, variance)
