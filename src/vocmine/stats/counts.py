"""Counts that vary more than chance: regressions of many series at once, and how unusual a count is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtri

Floats = NDArray[np.float64]

_LEAST_MEAN = 1e-6
_MOST_LOG = 30.0
_MOST_Z = 37.0
"""Beyond it a probability is below what a float64 holds."""


@dataclass(frozen=True, eq=False)
class CountRegression:
    """Log-linear regressions of counts, one a series, all on one design.

    Attributes
    ----------
    coefficients : float array of shape (n_series, n_features)
    covariance : float array of shape (n_series, n_features, n_features)
        Of the coefficients.
    dispersion : float array of shape (n_series,)
        Variance over mean, 1 or more, but for what the wobble adds.
    """

    coefficients: Floats
    covariance: Floats
    dispersion: Floats

    def predict(self, design: Floats, exposure: Floats | float = 1.0) -> tuple[Floats, Floats]:
        """Return the means of periods, and the relative variance that comes from the coefficients' uncertainty.

        Parameters
        ----------
        design : float array of shape (n_periods, n_features)
        exposure : float array that broadcasts to (n_series, n_periods)

        Returns
        -------
        means, uncertainty : float arrays of shape (n_series, n_periods)
        """
        means = exposure * np.exp(np.minimum(self.coefficients @ design.T, _MOST_LOG))
        uncertainty = np.einsum("tp,spq,tq->st", design, self.covariance, design, optimize=True)
        return np.maximum(means, _LEAST_MEAN), uncertainty


def fit_counts(
    values: Floats,
    design: Floats,
    *,
    weights: Floats | None = None,
    exposure: Floats | float = 1.0,
    prior_mean: Floats | float = 0.0,
    prior_precision: Floats | float = 1e-6,
    wobble: float = 0.0,
    start: Floats | None = None,
    n_iterations: int = 8,
) -> CountRegression:
    """Fit a log-linear regression to each series by penalised, reweighted least squares.

    The variance of a count is ``dispersion * mean + (wobble * mean) ** 2``: quasi-Poisson, with a level that moves. The
    penalty is a normal prior of the coefficients, which keeps the fits of short and of sparse series sensible.

    Parameters
    ----------
    values : float array of shape (n_series, n_periods)
        Counts; NaN where missing.
    design : float array of shape (n_periods, n_features)
    weights : float array of shape (n_series, n_periods), optional
        What each period counts for, 0 to 1.
    exposure : float array that broadcasts to `values`
        Such as the orders of each period: means are proportional to it.
    prior_mean, prior_precision : float arrays of shape (n_features,)
    wobble : float
        Standard deviation of the level around its mean, relative to it.
    start : float array of shape (n_series, n_features), optional
        Coefficients to begin with.
    n_iterations : int

    References
    ----------
    P. McCullagh, J. Nelder, Generalized Linear Models, 1989, chapters 6 and 9.

    Examples
    --------
    >>> weekend = np.tile([0, 0, 0, 0, 0, 1, 1], 20)
    >>> design = np.column_stack([np.ones(140), weekend])
    >>> fitted = fit_counts(np.where(weekend, 2.0, 10.0)[None, :], design)
    >>> fitted.predict(design[4:6])[0].round(3).tolist()
    [[10.0, 2.0]]
    """
    n_series, n_features = len(values), design.shape[1]
    there = np.isfinite(values)
    counts = np.where(there, values, 0.0)
    weights = there.astype(np.float64) if weights is None else there * weights
    precision = np.broadcast_to(np.asarray(prior_precision, dtype=np.float64), (n_features,))
    mean = np.broadcast_to(np.asarray(prior_mean, dtype=np.float64), (n_series, n_features))
    coefficients: Floats = _start(counts, weights, exposure, mean) if start is None else start.copy()
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    for _ in range(n_iterations):
        fitted = np.maximum(exposure * np.exp(np.minimum(coefficients @ design.T, _MOST_LOG)), _LEAST_MEAN)
        dispersion: Floats = _pearson(counts, fitted, weights, n_features, wobble)
        each = weights / (dispersion[:, None] + wobble**2 * fitted)
        information = ((each * fitted) @ products).reshape(n_series, n_features, n_features) + np.diag(precision)
        score = (each * (counts - fitted)) @ design - precision * (coefficients - mean)
        step = np.linalg.solve(information, score[:, :, None])[:, :, 0]
        # A step of more than e twice over is cut: the first ones from a far start overshoot.
        largest = np.abs(step @ design.T).max(axis=1) if len(design) else np.zeros(n_series)
        coefficients += step * np.minimum(1.0, 2.0 / np.maximum(largest, 1e-9))[:, None]
        if np.abs(step).max(initial=0.0) < 1e-4:
            break
    return CountRegression(coefficients, np.asarray(np.linalg.inv(information), dtype=np.float64), dispersion)


def tail_z(observed: Floats, mean: Floats, variance: Floats) -> Floats:
    """Say how unusually high counts are, in standard deviations of a normal variable as improbable.

    The counts are negative binomial, or Poisson where the variance does not exceed the mean; half of the probability of
    the very count is left out (mid-p), so that sparse counts are as often above any bound as others.

    Parameters
    ----------
    observed, mean, variance : float arrays that broadcast
        NaN where `observed` is.

    Examples
    --------
    >>> tail_z(np.array([4.0, 10.0, 25.0]), np.array(10.0), np.array(15.0)).round(2).tolist()
    [-1.72, 0.08, 3.12]
    """
    observed, mean, variance = np.broadcast_arrays(observed, mean, variance)
    mean = np.maximum(mean, _LEAST_MEAN)
    variance = np.maximum(variance, mean * (1 + 1e-6))
    size, success = mean**2 / (variance - mean), mean / variance
    there = np.isfinite(observed)
    count = np.where(there, observed, 0.0)
    least = np.where(count > 0, betainc(np.maximum(count, 1e-9), size, 1 - success), 1.0)
    more = betainc(count + 1, size, 1 - success)
    low = 1 - np.minimum((least + more) / 2, 1)
    upper = np.clip((least + more) / 2, 1e-300, 1)
    z = np.where(upper < 0.5, -ndtri(upper), ndtri(np.clip(low, 1e-300, 1)))
    return np.where(there, np.clip(z, -_MOST_Z, _MOST_Z), np.nan)


def _start(counts: Floats, weights: Floats, exposure: Floats | float, mean: Floats) -> Floats:
    """Begin at the prior, its first coefficient (the level) at the logarithm of the mean."""
    exposed = (weights * np.broadcast_to(np.asarray(exposure), counts.shape)).sum(axis=1)
    level = ((weights * counts).sum(axis=1) + 0.5) / np.maximum(exposed, 1e-9)
    start = np.array(mean, dtype=np.float64)
    start[:, 0] = np.log(np.maximum(level, _LEAST_MEAN))
    return start


def _pearson(counts: Floats, fitted: Floats, weights: Floats, n_features: int, wobble: float) -> Floats:
    # Sparse series say little of their dispersion: as if 15 periods more had shown 1.7.
    seen = (weights * ((counts - fitted) ** 2 / fitted - wobble**2 * fitted)).sum(axis=1)
    degrees = np.maximum(weights.sum(axis=1) - n_features, 0.0)
    dispersion: Floats = np.maximum((seen + 15 * 1.7) / (degrees + 15), 1.05)
    return dispersion
