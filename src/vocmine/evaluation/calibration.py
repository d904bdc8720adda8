"""Temperature scaling: one number that makes probabilities as sure as they ought to be."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from vocmine.errors import InputError

_RANGE: Final = (0.05, 20.0)
"""Temperatures tried: beyond, the labels are told apart without error, or not at all."""


def temperature(logits: ArrayLike, labels: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the temperature at which the probabilities fit the labels best.

    Parameters
    ----------
    logits : array of float, shape (n_texts, n_labels)
        Logits or log-probabilities, of texts that the model did not see.
    labels : array of int, shape (n_texts,)
        Column of each true label.
    weights : array of float, shape (n_texts,), optional
        Of the texts; equal by default.

    Returns
    -------
    float
        0.05 to 20; above 1 where the model is too sure, below 1 where it is not sure enough.

    Raises
    ------
    InputError
        If shapes do not go together, a label is no column, or the model gives a true label no chance at all.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, On calibration of modern neural networks, ICML 2017.

    Examples
    --------
    >>> too_sure = [[3.0, 0.0]] * 4  # says 95 %, and is right three times in four
    >>> round(temperature(too_sure, [0, 0, 0, 1]), 2)
    2.73
    """
    values, codes = np.asarray(logits, dtype=np.float64), np.asarray(labels)
    weight = np.ones(len(codes)) if weights is None else np.asarray(weights, dtype=np.float64)
    _check(values, codes, weight)
    rows = np.arange(len(codes))

    def loss(log_temperature: float) -> float:
        logged = log_softmax(values / np.exp(log_temperature), axis=1)
        return -float(np.average(logged[rows, codes], weights=weight))

    found = minimize_scalar(loss, bounds=np.log(_RANGE), method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))


def cooled(probabilities: ArrayLike, temperature: float) -> NDArray[np.float64]:
    """Return the probabilities that logits divided by a temperature would have given.

    Parameters
    ----------
    probabilities : array of float, shape (n_texts, n_labels)
        A row sums to 1; a row of NaN stays so.
    temperature : float
        Above 0.

    Raises
    ------
    InputError
        If the temperature is not above 0.

    Examples
    --------
    >>> cooled([[0.9, 0.1]], 2.0).round(2).tolist()
    [[0.75, 0.25]]
    """
    if not temperature > 0:
        raise InputError(
            f"got temperature={temperature}, expected a number above 0, such as what `temperature` returns"
        )
    with np.errstate(divide="ignore"):
        logs = np.log(np.asarray(probabilities, dtype=np.float64))
    return np.asarray(softmax(logs / temperature, axis=1))


def _check(logits: NDArray[np.float64], codes: NDArray[np.generic], weights: NDArray[np.float64]) -> None:
    if logits.ndim != 2 or codes.shape != logits.shape[:1] or weights.shape != codes.shape or not len(codes):
        raise InputError(
            f"got logits of shape {logits.shape}, {codes.shape} labels and {weights.shape} weights, "
            "expected (n, labels), (n,) and (n,), with n at least 1"
        )
    if not np.issubdtype(codes.dtype, np.integer) or codes.min() < 0 or codes.max() >= logits.shape[1]:
        raise InputError(f"got labels that are no columns, expected whole numbers from 0 to {logits.shape[1] - 1}")
    if np.isnan(logits).any() or not np.isfinite(logits[np.arange(len(codes)), codes]).all():
        raise InputError("got logits that are not finite at a true label; leave out the texts that have no score")
