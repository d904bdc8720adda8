"""Counts before a day come in; what was to be expected after it, had nothing changed, goes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from vocmine.stats.counts import Floats

_WOBBLES: Final = (0.015, 0.045, 0.08, 0.14, 0.26)
_MEMORIES: Final = (0.0, 0.45, 0.75, 0.93)
_TYPICAL: Final = (0.065, 0.4)
"""Wobble of a usual series, and the spread of its logarithm over series."""
_LEVEL: Final = 3.0
_TREND: Final = 0.25
"""Standard deviation of a trend, on the logarithm, per year."""
_HARMONICS: Final = (0.18, 0.18, 0.02, 0.02)
_CONTROL: Final = 0.6
_HUBER: Final = 2.5
"""Blocks beyond so many standard deviations weigh less."""
_YEAR: Final = 365.25
_ROUNDS: Final = 12


@dataclass(frozen=True, eq=False)
class Foretold:
    """What was expected of some blocks of days, had nothing changed.

    Attributes
    ----------
    expected : float array of shape (n_blocks,)
        Contacts.
    total : float
        Their sum.
    spread : float
        Standard deviation of the logarithm of the total, from what is not known of level, trend and season.
    wobble, memory : float
        Standard deviation of the level around its course, relative to it, and its correlation from block to block.
    evidence : float
        Logarithm of the probability of what came before; higher is better.
    """

    expected: Floats
    total: float
    spread: float
    wobble: float
    memory: float
    evidence: float


def season(days: Floats) -> Floats:
    """Return the columns of a yearly course, two harmonics; shape (n_blocks, 4).

    Parameters
    ----------
    days : float array of shape (n_blocks,)
        Day of the year of each block's middle.
    """
    angle = 2 * np.pi * days / _YEAR
    return np.column_stack([np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)])


def foretell(
    counts: Floats,
    exposure: Floats,
    days: Floats,
    n_before: int,
    *,
    dispersion: float,
    first_day: int = 0,
    controls: Floats | None = None,
) -> Foretold:
    """Foretell blocks of days from those before them.

    The logarithm of the mean is a level, a trend that is close to none, a yearly course and a wobble that dies away
    from block to block (a damped level), each with a normal prior; counts vary by `dispersion` times their mean. How
    strong the wobble is and how long it lasts is not chosen but averaged over, by the evidence of each. Blocks far
    from what is fitted weigh less: they may hold a past issue.

    Parameters
    ----------
    counts : float array of shape (n_before,)
        Contacts of the blocks before.
    exposure : float array of shape (n_blocks,)
        What the contacts of each block are in proportion to, those to foretell included: days, weekdays, orders.
    days : float array of shape (n_blocks,)
        Middle of each block, in days from the day of the measure.
    n_before : int
        Blocks before.
    dispersion : float
        Variance over mean, 1 or more.
    first_day : int
        Day of the year of the measure.
    controls : float array of shape (n_controls, n_blocks), optional
        Logarithms of other series that nothing was done to, relative to their own exposure.

    References
    ----------
    C. Rasmussen, C. Williams, Gaussian Processes for Machine Learning, 2006, sections 3.4 and 5.4.1; P. Huber, Robust
    Estimation of a Location Parameter, Annals of Mathematical Statistics 35, 1964.
    """
    design, prior = _design(days, first_day, controls, n_before)
    level = np.log((counts.sum() + 0.5) / max(float(exposure[:n_before].sum()), 1e-9))
    steady = (design * prior**2) @ design.T
    apart = np.abs(np.subtract.outer(days, days)) / 7
    trust = _trust(counts, exposure[:n_before] * np.exp(level), dispersion, steady[:n_before, :n_before])
    offset = np.log(np.maximum(exposure, 1e-9)) + level
    grid = [(wobble, memory) for wobble in _WOBBLES for memory in _MEMORIES]
    fits = [
        _fitted(counts, offset[:n_before], steady + wobble**2 * memory**apart, dispersion / trust)
        for wobble, memory in grid
    ]
    evidence = np.array([fit.evidence + _likely(wobble) for fit, (wobble, _) in zip(fits, grid, strict=True)])
    weight = np.exp(evidence - evidence.max())
    known = float(evidence.max() + np.log(weight.mean()))
    weight /= weight.sum()
    means = np.stack([fit.mean for fit in fits])
    expected = np.exp(offset[n_before:] + weight @ means)
    total = float(expected.sum())
    shares = expected / total
    within = np.array([shares @ fit.covariance @ shares for fit in fits])
    among = (means @ shares - weight @ means @ shares) ** 2
    wobble, memory = weight @ np.array(grid)
    return Foretold(expected, total, float(np.sqrt(weight @ (within + among))), float(wobble), float(memory), known)


def _design(days: Floats, first_day: int, controls: Floats | None, n_before: int) -> tuple[Floats, Floats]:
    """Return the columns that explain blocks, and the prior standard deviations of their coefficients."""
    columns = [np.ones(len(days)), days / _YEAR, *season(first_day + days).T]
    spreads = [_LEVEL, _TREND, *_HARMONICS]
    for control in controls if controls is not None else ():
        columns.append(control - control[:n_before].mean())
        spreads.append(_CONTROL)
    return np.column_stack(columns), np.array(spreads)


def _likely(wobble: float) -> float:
    return float(-0.5 * ((np.log(wobble) - np.log(_TYPICAL[0])) / _TYPICAL[1]) ** 2)


class _Fit(NamedTuple):
    """Mean and covariance of the log-level of the blocks to come, and the evidence of those before."""

    mean: Floats
    covariance: Floats
    evidence: float


def _fitted(counts: Floats, offset: Floats, covariance: Floats, dispersion: Floats) -> _Fit:
    """Fit the log-level of the blocks before, by Laplace's approximation, and foretell that of the others."""
    n = len(counts)
    before, across, after = covariance[:n, :n], covariance[:n, n:], covariance[n:, n:]
    latent = np.zeros(n)
    for _ in range(_ROUNDS):
        mean = np.exp(np.clip(offset + latent, -20, 20))
        root = np.sqrt(mean / dispersion)
        factor = cho_factor(np.eye(n) + root[:, None] * before * root, lower=True)
        target = root**2 * latent + (counts - mean) / dispersion
        weights = target - root * cho_solve(factor, root * (before @ target))
        moved = before @ weights
        step = np.abs(moved - latent).max()
        latent = latent + (moved - latent) * min(1.0, 2.0 / max(step, 1e-9))
        if step < 1e-3:
            break
    mean = np.exp(np.clip(offset + latent, -20, 20))
    fit = float(((counts * np.log(np.maximum(mean, 1e-9)) - mean) / dispersion).sum())
    evidence = fit - 0.5 * float(weights @ latent) - float(np.log(np.diag(factor[0])).sum())
    scaled = root[:, None] * across
    return _Fit(across.T @ weights, after - scaled.T @ cho_solve(factor, scaled), evidence)


def _trust(counts: Floats, means: Floats, dispersion: float, steady: Floats) -> Floats:
    """Weigh each block by how far it is from a steady course (level, trend, season): 1 where it is near."""
    weights = np.ones(len(counts))
    means = np.maximum(means, 1e-9)
    relative = counts / means - 1
    for _ in range(4):
        noise = (dispersion / means + _TYPICAL[0] ** 2) / weights
        course = steady @ np.linalg.solve(steady + np.diag(noise), relative)
        fitted = means * np.maximum(1 + course, 0.05)
        ninth = (dispersion / fitted + _TYPICAL[0] ** 2) / 9
        standing = (np.cbrt(counts / fitted) - 1 + ninth) / np.sqrt(ninth)  # Wilson and Hilferty
        weights = (_HUBER / np.maximum(np.abs(standing), _HUBER)) ** 2
    return np.asarray(weights, dtype=np.float64)
