"""Metrics of predicted labels, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import InputError
from vocmine.stats import Interval, bootstrap

Statistic: TypeAlias = Callable[[NDArray[np.intp]], float]
"""A metric of the texts at these positions: what the bootstrap resamples."""


def macro_f1(truth: Sequence[str], predicted: Sequence[str | None], *, draws: int = 1000, seed: int = 0) -> Interval:
    """Return the unweighted mean of the F1 of every class of the truth, with its interval over texts.

    Parameters
    ----------
    truth, predicted : sequence of str, shape (n_texts,)
        Labels. A predicted label that the truth never holds, or None, is an error like any other: it lowers recall.
    draws, seed : int
        As in `vocmine.stats.bootstrap`.

    Returns
    -------
    Interval
        0 to 1. A class absent from a resample is left out of that resample's mean.

    Raises
    ------
    InputError
        If the lengths differ, a text has no true label, or there is no text.

    Examples
    --------
    >>> print(macro_f1(["negative", "negative", "neutral"], ["negative", "neutral", "neutral"], draws=10).value)
    0.6666666666666666
    """
    return bootstrap(macro_f1_statistic(truth, predicted), len(truth), draws=draws, seed=seed)


def accuracy(truth: Sequence[str], predicted: Sequence[str | None], *, draws: int = 1000, seed: int = 0) -> Interval:
    """Return the share of texts whose label is right, with its interval over texts.

    Parameters
    ----------
    truth, predicted, draws, seed
        As in `macro_f1`.

    Returns
    -------
    Interval
        0 to 1.

    Raises
    ------
    InputError
        As in `macro_f1`.

    Examples
    --------
    >>> accuracy(["negative", "neutral"], ["negative", "mixed"], draws=10).value
    0.5
    """
    return bootstrap(accuracy_statistic(truth, predicted), len(truth), draws=draws, seed=seed)


def macro_f1_statistic(truth: Sequence[str], predicted: Sequence[str | None]) -> Statistic:
    """Return the macro-F1 as a function of row positions."""
    check_labels(truth, predicted)
    labels = sorted(set(truth))
    codes: dict[str | None, int] = {label: code for code, label in enumerate(labels)}
    gold = np.array([codes[label] for label in truth], dtype=np.intp)
    guess = np.array([codes.get(label, len(labels)) for label in predicted], dtype=np.intp)
    return lambda rows: _macro_f1(gold[rows], guess[rows], len(labels))


def accuracy_statistic(truth: Sequence[str], predicted: Sequence[str | None]) -> Statistic:
    """Return the accuracy as a function of row positions."""
    right = hits(truth, predicted)
    return lambda rows: float(right[rows].mean())


def hits(truth: Sequence[str], predicted: Sequence[str | None]) -> NDArray[np.bool_]:
    """Tell the texts whose label is right; bool array of shape (n_texts,)."""
    check_labels(truth, predicted)
    return np.array([true == guess for true, guess in zip(truth, predicted, strict=True)], dtype=np.bool_)


def check_labels(truth: Sequence[str], predicted: Sequence[object]) -> None:
    """Check that there are as many predictions as labels, and a true label for each text.

    Raises
    ------
    InputError
        If not.
    """
    if len(truth) != len(predicted):
        raise InputError(f"got {len(truth)} labels and {len(predicted)} predictions, expected as many of each")
    if unlabelled := sum(not isinstance(label, str) for label in truth):
        raise InputError(f"got {unlabelled} texts without a true label, expected one for each; leave these texts out")


def _macro_f1(gold: NDArray[np.intp], guess: NDArray[np.intp], n_labels: int) -> float:
    hit = np.bincount(gold[gold == guess], minlength=n_labels)[:n_labels]
    support = np.bincount(gold, minlength=n_labels)[:n_labels]
    claimed = np.bincount(guess, minlength=n_labels)[:n_labels]
    present = support > 0
    return float(np.mean(2 * hit[present] / (support[present] + claimed[present])))
