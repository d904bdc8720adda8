"""Metrics of predicted probabilities, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vocmine.errors import InputError
from vocmine.evaluation.metrics import Statistic, check_labels
from vocmine.stats import Interval, bootstrap, resample

Floats: TypeAlias = NDArray[np.float64]

BINS: Final = 15
"""Bins of confidence of the calibration error."""
_LEAST: Final = 1e-15
"""Probability below which the log-likelihood counts no further: one certain error must not make it infinite."""
_ROUNDING: Final = 1e-3


def negative_log_likelihood(
    truth: Sequence[str], probabilities: ArrayLike, labels: Sequence[str], *, draws: int = 1000, seed: int = 0
) -> Interval:
    """Return the mean of -log p(true label), with its interval over texts.

    Parameters
    ----------
    truth : sequence of str, shape (n_texts,)
        True labels, each among `labels`.
    probabilities : array of float, shape (n_texts, n_labels)
        A row sums to 1. Below 1e-15 a probability counts as that.
    labels : sequence of str, shape (n_labels,)
        Label of each column.
    draws, seed : int
        As in `vocmine.stats.bootstrap`.

    Returns
    -------
    Interval
        In nats, from 0; the logarithm of the number of labels for who always says « I do not know ».

    Raises
    ------
    InputError
        If shapes do not go together, a row is no distribution, or a true label has no column.

    Examples
    --------
    >>> figure = negative_log_likelihood(["negative", "positive"], [[0.5, 0.5], [0.5, 0.5]], ["negative", "positive"])
    >>> round(figure.value, 3)
    0.693
    """
    return bootstrap(nll_statistic(truth, probabilities, labels), len(truth), draws=draws, seed=seed)


def brier(
    truth: Sequence[str], probabilities: ArrayLike, labels: Sequence[str], *, draws: int = 1000, seed: int = 0
) -> Interval:
    """Return the mean squared distance between probabilities and truth, summed over labels, with its interval.

    Parameters
    ----------
    truth, probabilities, labels, draws, seed
        As in `negative_log_likelihood`.

    Returns
    -------
    Interval
        0 (certain and right) to 2 (certain and wrong).

    Raises
    ------
    InputError
        As in `negative_log_likelihood`.

    References
    ----------
    G. W. Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review 78.

    Examples
    --------
    >>> brier(["negative", "positive"], [[1.0, 0.0], [0.5, 0.5]], ["negative", "positive"], draws=10).value
    0.25
    """
    return bootstrap(brier_statistic(truth, probabilities, labels), len(truth), draws=draws, seed=seed)


def calibration_error(
    truth: Sequence[str], probabilities: ArrayLike, labels: Sequence[str], *, draws: int = 1000, seed: int = 0
) -> Interval:
    """Return the expected calibration error over 15 bins of equal mass, with its interval over texts.

    Texts are ordered by confidence (the highest probability) and cut into bins of as many texts each, equal
    confidences staying together; the gap between mean confidence and accuracy is averaged over bins. On few texts
    the error of a perfectly calibrated model is not 0: chance alone opens gaps. A resample, which repeats texts, opens
    some more; this bias is taken off the interval, not off the value.

    Parameters
    ----------
    truth, probabilities, labels, draws, seed
        As in `negative_log_likelihood`.

    Returns
    -------
    Interval
        0 to 1.

    Raises
    ------
    InputError
        As in `negative_log_likelihood`.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, On calibration of modern neural networks, ICML 2017.
    K. Nguyen and B. O'Connor, Posterior calibration and exploratory analysis for NLP models, EMNLP 2015 (equal mass).

    Examples
    --------
    >>> calibration_error(["negative"] * 4, [[0.75, 0.25]] * 4, ["negative", "positive"], draws=10).value
    0.25
    """
    statistic = calibration_statistic(truth, probabilities, labels)
    value = statistic(np.arange(len(truth)))
    values = resample(statistic, len(truth), draws=draws, seed=seed)
    low, high = np.clip(np.quantile(values, [0.025, 0.975]) - (values.mean() - value), 0, 1)
    return Interval(value, min(float(low), value), max(float(high), value))


def nll_statistic(truth: Sequence[str], probabilities: ArrayLike, labels: Sequence[str]) -> Statistic:
    """Return the negative log-likelihood as a function of row positions."""
    values, codes = checked(truth, probabilities, labels)
    losses = -np.log(np.maximum(values[np.arange(len(codes)), codes], _LEAST))
    return lambda rows: float(losses[rows].mean())


def brier_statistic(truth: Sequence[str], probabilities: ArrayLike, labels: Sequence[str]) -> Statistic:
    """Return the Brier score as a function of row positions."""
    values, codes = checked(truth, probabilities, labels)
    losses = ((values - np.eye(len(labels))[codes]) ** 2).sum(axis=1)
    return lambda rows: float(losses[rows].mean())


def calibration_statistic(truth: Sequence[str], probabilities: ArrayLike, labels: Sequence[str]) -> Statistic:
    """Return the calibration error as a function of row positions."""
    values, codes = checked(truth, probabilities, labels)
    confidence, right = values.max(axis=1), values.argmax(axis=1) == codes
    gap = confidence - right
    rank = np.unique(confidence, return_inverse=True)[1]  # so that resamples are ordered without sorting floats

    def error(rows: NDArray[np.intp]) -> float:
        drawn = np.bincount(rank[rows], minlength=len(gap))
        first = np.cumsum(drawn) - drawn  # texts of lower confidence: those of equal confidence share one bin
        bins = first[rank[rows]] * BINS // len(rows)
        return float(np.abs(np.bincount(bins, weights=gap[rows])).sum() / len(rows))

    return error


def checked(truth: Sequence[str], probabilities: ArrayLike, labels: Sequence[str]) -> tuple[Floats, NDArray[np.intp]]:
    """Return probabilities as an array and the column of each true label, once they are known to go together.

    Raises
    ------
    InputError
        As in `negative_log_likelihood`.
    """
    values = np.asarray(probabilities, dtype=np.float64)
    if values.shape != (len(truth), len(labels)):
        raise InputError(
            f"got probabilities of shape {values.shape}, expected {(len(truth), len(labels))}: texts, labels"
        )
    check_labels(truth, truth)
    column = {label: code for code, label in enumerate(labels)}
    if unknown := sorted(set(truth) - column.keys()):
        raise InputError(
            f"got the true labels {', '.join(map(repr, unknown))}, which have no probability, expected only "
            f"{', '.join(map(repr, labels))}; leave these texts out and say so"
        )
    sums = values.sum(axis=1)
    if wrong := int((~((values >= 0).all(axis=1) & (np.abs(sums - 1) <= _ROUNDING))).sum()):
        raise InputError(
            f"got {wrong} rows that are no probabilities, expected values from 0 to 1 that sum to 1; "
            "give probabilities, not scores, and leave out texts without any"
        )
    return values, np.array([column[label] for label in truth], dtype=np.intp)
