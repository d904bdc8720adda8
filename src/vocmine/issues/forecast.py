"""What is going on comes in; the contacts to be expected over the next two weeks go out."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from vocmine.stats.counts import Floats

DAYS: Final = 14
_LEVEL: Final = 0.9
_DRAWS: Final = 4_000
_LASTING: Final = (10.0, 0.7)
"""Median, in days, and log standard deviation of the time in which what is going on falls to a third."""
_LATELY: Final = 7


class Forecast(NamedTuple):
    """Contacts of the days to come, with the bounds of a 90 % interval; each of shape (n_days,)."""

    expected: Floats
    forecast: Floats
    low: Floats
    high: Floats
    extra: Floats
    extra_low: Floats
    extra_high: Floats


def foretell(
    observed: Floats, means: Floats, ahead: Floats, dispersion: float, uncertainty: float, seed: int = 0
) -> Forecast:
    """Foretell the counts of the days to come: what is usual, and what lasts of the present excess.

    The excess of the last seven days, in proportion to what was expected, is supposed to die away; how fast is drawn
    anew each time, as issues last from days to months. Counts are drawn around it.

    Parameters
    ----------
    observed, means : float arrays of shape (n_past,)
        Counts of the last days, and what was expected; NaN where missing.
    ahead : float array of shape (n_days,)
        What is expected of the days to come, had nothing happened.
    dispersion : float
        Variance over mean.
    uncertainty : float
        Relative variance of what is expected.
    seed : int
    """
    rng = np.random.default_rng(seed)
    there = np.isfinite(observed[-_LATELY:]) & np.isfinite(means[-_LATELY:])
    seen = observed[-_LATELY:][there].sum()
    usual = max(means[-_LATELY:][there].sum(), 1e-9)
    spread = np.sqrt(dispersion * max(seen, 1.0)) / usual
    ratio = np.maximum(rng.normal(seen / usual - 1, spread, _DRAWS), 0.0)
    lasting = np.exp(rng.normal(np.log(_LASTING[0]), _LASTING[1], _DRAWS))
    days = np.arange(1, len(ahead) + 1)
    level = np.exp(rng.normal(0.0, np.sqrt(uncertainty), _DRAWS))[:, None]
    extra = ahead * ratio[:, None] * np.exp(-days / lasting[:, None])
    rate = np.maximum(ahead * level + extra, 1e-9)
    success = 1 / max(dispersion, 1.0 + 1e-6)
    counts = rng.negative_binomial(rate * success / (1 - success), success)
    tails = [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]
    low, high = np.quantile(counts, tails, axis=0)
    extra_low, extra_high = np.quantile(extra, tails, axis=0)
    return Forecast(ahead, rate.mean(axis=0), low, high, extra.mean(axis=0), extra_low, extra_high)
