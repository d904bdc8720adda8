"""Counts come in; what was to be expected of each period goes out, from what came before it alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from vocmine.issues.grain import Grain
from vocmine.stats.counts import CountRegression, Floats, fit_counts

WOBBLE: Final = 0.08
"""Standard deviation of a level around what season and weekday say, relative to it."""
_CUT: Final = 3.0
"""Counts beyond so many standard deviations weigh less in the next fits: they may be a past issue."""
_LOOSE: Final = 3.0
"""A dispersion beyond so many times that of most periods comes from a few: it does not excuse them."""
_MEDIAN_SQUARE: Final = 0.455
"""Median of the square of a standard normal variable."""
_OUTBREAKS: Final = (7, 21)
"""Lengths, in periods, of the past issues that are looked for."""


@dataclass(frozen=True, eq=False)
class Design:
    """Columns that explain counts, with the normal prior of their coefficients on the logarithm.

    Attributes
    ----------
    columns : float array of shape (n_periods, n_features)
        The first is 1, the second the time in years.
    prior_mean, prior_precision : float arrays of shape (n_features,)
    pooled : bool array of shape (n_features,)
        Features whose effect on the sum of all series is the prior mean of each: weekdays, holidays.
    """

    columns: Floats
    prior_mean: Floats
    prior_precision: Floats
    pooled: NDArray[np.bool_]

    def at(self, period: int) -> Floats:
        """Return the columns up to the last, with time counted from `period`, where the level is sought."""
        columns = self.columns.copy()
        columns[:, 1] -= columns[min(period, len(columns) - 1), 1]
        return columns


@dataclass(frozen=True, eq=False)
class Expected:
    """What was expected, as known before each period; NaN where a series was too short.

    Attributes
    ----------
    means : float array of shape (n_series, n_periods)
    uncertainty : float array of shape (n_series, n_periods)
        Relative variance of the mean that comes from the fit.
    dispersion : float array of shape (n_series, n_periods)
        Variance over mean of the counts.
    coefficients : float array of shape (n_series, n_features)
        Of the last fit.
    """

    means: Floats
    uncertainty: Floats
    dispersion: Floats
    coefficients: Floats

    @property
    def n_periods(self) -> int:
        """Periods that were expected."""
        return int(self.means.shape[1])

    def ahead(self, design: Design, grain: Grain, n_periods: int) -> Floats:
        """Return what is expected of the periods after the `n_periods` first, by the last fit.

        Returns
        -------
        float array of shape (n_series, n_periods of `design` - n_periods)
            NaN where a series was too short.
        """
        fitted = max((n_periods - 1) // grain.refit, 1) * grain.refit
        means: Floats = np.exp(self.coefficients @ design.at(fitted)[n_periods:].T)
        return means


def expect(
    values: Floats,
    design: Design,
    grain: Grain,
    *,
    exposure: Floats | None = None,
    known: Expected | None = None,
) -> Expected:
    """Expect each period from the periods before it.

    The fits are made anew every `grain.refit` periods, counted from the first, so that watching day by day or all at
    once gives the same. Past issues weigh less: a window that is far above what was fitted has its periods
    down-weighted (Farrington et al. 1996), and the fit is made again.

    Parameters
    ----------
    values : float array of shape (n_series, n_periods)
        Counts; NaN where missing, or before a series began.
    design : Design
        Of `n_periods` periods or more.
    grain : Grain
    exposure : float array that broadcasts to `values`, optional
    known : Expected, optional
        What was expected of the first periods, to go on from.

    Returns
    -------
    Expected
        Of `n_periods` periods. Where a series' watch begins, the windows before it are the fit's own.

    References
    ----------
    C. Farrington et al., J. R. Stat. Soc. A 159, 1996; A. Noufaily et al., Statistics in Medicine 32, 2013.
    """
    n_series, n_periods = values.shape
    exposed = np.ones_like(values) if exposure is None else np.broadcast_to(exposure, values.shape)
    arrays = [np.full(values.shape, np.nan) for _ in range(3)]
    done = 0
    coefficients = np.full((n_series, design.columns.shape[1]), np.nan)
    if known is not None:
        done, old = known.n_periods, len(known.means)
        for array, before in zip(arrays, (known.means, known.uncertainty, known.dispersion), strict=True):
            array[:old, :done] = before
        coefficients[:old] = known.coefficients
    start = grain.refit * (done // grain.refit)
    for now in range(max(start, grain.refit), n_periods, grain.refit):
        seen = np.isfinite(values[:, :now]).sum(axis=1)
        ready = np.flatnonzero(seen >= grain.history - 4)
        if not len(ready):
            continue
        columns = design.at(now)
        fitted = fit_series(values[:, :now], columns[:now], exposed[:, :now], design, ready, coefficients[ready])
        coefficients[ready] = fitted.coefficients
        # A series that is watched for the first time has its last windows fitted, not foretold.
        fresh = ready[np.isnan(arrays[0][ready, now - 1])]
        stop = min(now + grain.refit, n_periods)
        for rows, first in ((ready, max(now, done)), (fresh, max(now - max(grain.windows), 0))):
            if not len(rows) or first >= stop:
                continue
            part = np.isin(ready, rows)
            own = CountRegression(fitted.coefficients[part], fitted.covariance[part], fitted.dispersion[part])
            means, uncertainty = own.predict(columns[first:stop], exposed[rows, first:stop])
            arrays[0][rows, first:stop] = means
            arrays[1][rows, first:stop] = uncertainty
            arrays[2][rows, first:stop] = own.dispersion[:, None]
    return Expected(arrays[0], arrays[1], arrays[2], coefficients)


def fit_series(
    values: Floats,
    columns: Floats,
    exposure: Floats,
    design: Design,
    rows: NDArray[np.intp],
    start: Floats,
) -> CountRegression:
    """Fit the series of `rows`, with the profile of the sum of all as their prior, past issues down-weighted."""
    prior = design.prior_mean.copy()
    there = np.isfinite(values).any(axis=0)
    total = np.where(there, np.nansum(values, axis=0), np.nan)[None, :]
    whole = fit_counts(total, columns, prior_mean=prior, prior_precision=design.prior_precision, wobble=WOBBLE)
    prior[design.pooled] = whole.coefficients[0, design.pooled]
    own, exposed = values[rows], exposure[rows]
    begun = np.isfinite(start).all(axis=1)
    first = None if not begun.all() else start

    def again(weights: Floats | None, start: Floats | None, n_iterations: int) -> CountRegression:
        return fit_counts(
            own,
            columns,
            weights=weights,
            exposure=exposed,
            prior_mean=prior,
            prior_precision=design.prior_precision,
            wobble=WOBBLE,
            start=start,
            n_iterations=n_iterations,
        )

    fitted = again(None, first, 8 if first is None else 3)
    for n_iterations in (3, 2):
        means, _ = fitted.predict(columns, exposed)
        dispersion = np.minimum(fitted.dispersion, _LOOSE * _common_dispersion(own, means))
        fitted = again(_trust(own, means, dispersion), fitted.coefficients, n_iterations)
    return fitted


def _common_dispersion(values: Floats, means: Floats) -> Floats:
    """Return variance over mean as most periods have it: by the median of the squared residuals, 1 or more."""
    residuals = (values - means) ** 2 / np.maximum(means, 1e-9)
    return np.maximum(np.nanmedian(residuals, axis=1) / _MEDIAN_SQUARE, 1.0)


def _trust(values: Floats, means: Floats, dispersion: Floats) -> Floats:
    """Weigh each period by how far the most unusual window around it is from what was fitted: 1 where it is not.

    In a window of several periods none counts for more than is unusual by itself: one spike is no issue of weeks.
    """
    there = np.isfinite(values)
    counts, means = np.where(there, values, 0.0), np.where(there, means, 0.0)
    ninth = _ninth(np.maximum(means, 1e-3), dispersion)
    top = _standing(counts, means, dispersion, 1) - 0.5
    counts = np.minimum(counts, np.maximum(means, 1e-3) * (1 - ninth + _CUT * np.sqrt(ninth)) ** 3)
    for length in _OUTBREAKS:
        if length <= values.shape[1]:
            z = _standing(counts, means, dispersion, length)
            around = np.pad(z, ((0, 0), (0, length - 1)), constant_values=-9.0)
            top = np.maximum(top, sliding_window_view(around, length, axis=1).max(axis=-1))
    beyond = _CUT / np.maximum(top, _CUT)
    return np.where(beyond < 0.5, 4 * beyond**4, beyond**2)


def _standing(counts: Floats, means: Floats, dispersion: Floats, length: int) -> Floats:
    """Return standard deviations of the windows that end at each period, by Wilson and Hilferty's cube root."""
    observed, mean = rolling_sum(counts, length), np.maximum(rolling_sum(means, length), 1e-3)
    ninth = _ninth(mean, dispersion)
    z: Floats = (np.cbrt(np.maximum(observed, 0.0) / mean) - 1 + ninth) / np.sqrt(ninth)
    z[:, : length - 1] = -9.0
    return z


def _ninth(mean: Floats, dispersion: Floats) -> Floats:
    """Return the relative variance of the counts, over nine."""
    found: Floats = (dispersion[:, None] / mean + WOBBLE**2) / 9
    return found


def rolling_sum(values: Floats, length: int) -> Floats:
    """Sum the `length` last columns up to each one; fewer at the start."""
    total = np.cumsum(values, axis=1)
    total[:, length:] = total[:, length:] - total[:, :-length]
    return total
