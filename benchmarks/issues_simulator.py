"""Daily contacts of a customer service, with outbreaks whose first and last days are known.

Two families of series stand here; `issues_noufaily` holds the third. Parameters are those of the first study of this
project: means log-uniform from .5 to 80 a day; weekday profile of a strength of its own for each series; annual cycle;
trend; holidays and the day after; negative-binomial noise; a wobble of the level that lasts for days; shocks that all
series share; and past outbreaks left in the history. Seeds below 1,000 are for tuning, those from 1,000 for thresholds,
those from 2,000 for the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HISTORY = 730
EVALUATED = 365
SIZES = (1.0, 2.0, 3.0, 5.0)
LENGTHS = (7, 14, 28)
SHAPES = ("step", "ramp", "spike")
DISPERSIONS = (1.2, 1.5, 3.0)
WEEKDAYS = np.array([1.30, 1.12, 1.05, 1.0, 1.0, 0.45, 0.15])
HOLIDAYS = (0, 95, 120, 127, 138, 194, 226, 304, 314, 358)
"""Days of the year from 0, ten as in France."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outbreak:
    """An outbreak: days ``[onset, end)`` of a series, its size in daily standard deviations, its shape."""

    series: int
    onset: int
    end: int
    size: float
    shape: str


@dataclass(frozen=True, eq=False)
class Simulated:
    """Series with their truth.

    Attributes
    ----------
    counts : float array of shape (n_series, n_days)
        Contacts; NaN where the feed was missing or the series had not begun.
    means : float array of shape (n_series, n_days)
        Expected contacts without outbreaks.
    outbreaks : tuple of Outbreak
        Those of the evaluated year.
    holidays : bool array of shape (n_days,)
    """

    counts: Floats
    means: Floats
    outbreaks: tuple[Outbreak, ...]
    holidays: NDArray[np.bool_]


def simulate(
    seed: int,
    n_series: int = 160,
    *,
    outbreaks: bool = True,
    share: float = 1.0,
    days: int = HISTORY + EVALUATED,
    low: float = 0.5,
    high: float = 80.0,
) -> Simulated:
    """Draw series of 730 days of history and a year to be watched, with one outbreak a year or none.

    With a `share` below 1, so many of the series have their outbreak, and the others none.

    A tenth of the series begin 60 to 200 days before the year; one day in two hundred is missing, for all.
    """
    rng = np.random.default_rng(seed)
    day = np.arange(days)
    holidays = np.isin(day % 365, HOLIDAYS)
    means, dispersion = _means(rng, n_series, day, holidays, low=low, high=high)
    extra = np.zeros_like(means)
    history = min(HISTORY, days // 2)
    for series in range(n_series):
        for _ in range(rng.poisson(0.5 * history / 365)):
            past = _outbreak(rng, series, 0, history - 30)
            extra[series] += _extra(past, means[series], dispersion[series])
    planted = []
    kept = np.random.default_rng([seed, 1]).random(n_series) < share
    if outbreaks:
        for series in range(n_series):
            found = _outbreak(rng, series, HISTORY + 14, days - 30)
            if kept[series]:
                extra[series] += _extra(found, means[series], dispersion[series])
                planted.append(found)
    values = _drawn(rng, means + extra, dispersion)
    values[:, rng.random(days) < 0.005] = np.nan
    for late in np.flatnonzero(rng.random(n_series) < 0.1):
        values[late, : max(HISTORY - rng.integers(60, 200), 0) if days > HISTORY else 0] = np.nan
    return Simulated(values, means, tuple(planted), holidays)


def cells(seed: int, shape: tuple[int, int, int] = (4, 5, 4), *, outbreaks: bool = True) -> tuple[Simulated, Floats]:
    """Draw channel × product × region cells of one topic: small series whose sums are watched too.

    Returns
    -------
    simulated : Simulated
        One series a cell, in C order of `shape`. Outbreaks name the first of their cells.
    affected : bool array of shape (n_outbreaks, n_cells)
        An outbreak is in every cell, in those of one value of a dimension, or in a single one.
    """
    rng = np.random.default_rng(seed)
    n_cells, days = int(np.prod(shape)), HISTORY + EVALUATED
    day = np.arange(days)
    holidays = np.isin(day % 365, HOLIDAYS)
    whole, dispersion = _means(rng, 1, day, holidays, low=40.0, high=160.0)
    means = rng.dirichlet(np.full(n_cells, 2.0))[:, None] * whole
    dispersion = np.repeat(dispersion, n_cells)
    places = np.stack(np.unravel_index(np.arange(n_cells), shape), axis=1)
    extra, planted, affected = np.zeros_like(means), [], []
    for onset in HISTORY + np.array([40, 130, 220, 310]) if outbreaks else ():
        kind = rng.integers(0, 5)  # 0 to 2: one value of that dimension, 3: everywhere, 4: a single cell
        hit = np.ones(n_cells, dtype=bool)
        if kind < 3:
            hit = places[:, kind] == rng.integers(0, shape[kind])
        elif kind == 4:
            hit = np.arange(n_cells) == rng.integers(0, n_cells)
        found = _outbreak(rng, int(np.flatnonzero(hit)[0]), int(onset), int(onset) + 30)
        grown = _extra(found, means[hit].sum(axis=0), float(dispersion[0]))
        extra[hit] += grown * means[hit] / np.maximum(means[hit].sum(axis=0), 1e-9)
        planted.append(found)
        affected.append(hit)
    values = _drawn(rng, means + extra, dispersion)
    truth = np.array(affected, dtype=bool).reshape(-1, n_cells)
    return Simulated(values, means, tuple(planted), holidays), truth


def _means(
    rng: np.random.Generator,
    n_series: int,
    day: NDArray[np.int64],
    holidays: NDArray[np.bool_],
    *,
    low: float = 0.5,
    high: float = 80.0,
) -> tuple[Floats, Floats]:
    level = np.exp(rng.uniform(np.log(low), np.log(high), n_series))[:, None]
    strength = rng.uniform(0, 1, n_series)[:, None]
    weekly = WEEKDAYS[day % 7] ** strength
    weekly /= weekly[:, :7].mean(axis=1, keepdims=True)
    amplitude, phase = rng.uniform(0, 0.4, (n_series, 1)), rng.uniform(0, 365, (n_series, 1))
    annual = 1 + amplitude * np.cos(2 * np.pi * (day - phase) / 365)
    trend = np.exp(rng.normal(0, 0.25, (n_series, 1)) * (day - HISTORY) / 365)
    closed = np.where(holidays, 0.25, 1.0) * np.where(np.roll(holidays, 1) & ~holidays, 1.25, 1.0)
    wobble = np.zeros((n_series, len(day)))
    steps = rng.normal(0, 0.08 * np.sqrt(1 - 0.9**2), wobble.shape)
    wobble[:, 0] = rng.normal(0, 0.08, n_series)
    for t in range(1, len(day)):
        wobble[:, t] = 0.9 * wobble[:, t - 1] + steps[:, t]
    shock = np.ones(len(day))
    for _ in range(rng.poisson(4 * len(day) / 365)):
        start = rng.integers(0, len(day))
        shock[start : start + rng.integers(1, 4)] *= np.exp(rng.normal(0.2, 0.2))
    return level * weekly * annual * trend * closed * np.exp(wobble) * shock, rng.choice(DISPERSIONS, n_series)


def _outbreak(rng: np.random.Generator, series: int, first: int, last: int) -> Outbreak:
    onset, length = int(rng.integers(first, last)), int(rng.choice(LENGTHS))
    return Outbreak(series, onset, onset + length, float(rng.choice(SIZES)), str(rng.choice(SHAPES)))


def _extra(outbreak: Outbreak, means: Floats, dispersion: float) -> Floats:
    """Return the contacts that an outbreak adds: at its height its size in standard deviations, on a usual day."""
    days, length = len(means), outbreak.end - outbreak.onset
    since = np.arange(length)
    course = {
        "step": np.ones(length),
        "ramp": (since + 1) / length,
        "spike": np.exp(-since / (length / 4)),
    }[outbreak.shape]
    around = means[max(outbreak.onset - 28, 0) : outbreak.onset + 1]
    level = float(around.mean())
    extra = np.zeros(days)
    stop = min(outbreak.end, days)
    profile = means[outbreak.onset : stop] / level
    height = outbreak.size * np.sqrt(dispersion * level)
    extra[outbreak.onset : stop] = height * course[: stop - outbreak.onset] * profile
    return extra


def _drawn(rng: np.random.Generator, means: Floats, dispersion: Floats) -> Floats:
    """Negative-binomial counts whose variance is `dispersion` times their mean."""
    rate = np.maximum(means, 1e-9)
    size = rate / (dispersion[:, None] - 1)
    return rng.negative_binomial(size, 1 / dispersion[:, None]).astype(np.float64)
