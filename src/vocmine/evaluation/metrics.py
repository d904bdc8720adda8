"""Metrics with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import InputError
from vocmine.stats import Interval, bootstrap


def macro_f1(truth: Sequence[str], predicted: Sequence[str], *, draws: int = 1000, seed: int = 0) -> Interval:
    """Return the unweighted mean of the F1 of every class of the truth, with its interval over texts.

    Parameters
    ----------
    truth, predicted : sequence of str, shape (n_texts,)
        Labels. A predicted label that the truth never holds is an error like any other: it lowers recall.
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
    if len(truth) != len(predicted):
        raise InputError(f"got {len(truth)} labels and {len(predicted)} predictions, expected as many of each")
    if unlabelled := sum(not isinstance(label, str) for label in truth):
        raise InputError(f"got {unlabelled} texts without a true label, expected one for each; leave these texts out")
    labels = sorted(set(truth))
    codes = {label: code for code, label in enumerate(labels)}
    gold = np.array([codes[label] for label in truth], dtype=np.intp)
    guess = np.array([codes.get(label, len(labels)) for label in predicted], dtype=np.intp)
    return bootstrap(lambda rows: _macro_f1(gold[rows], guess[rows], len(labels)), len(gold), draws=draws, seed=seed)


def _macro_f1(gold: NDArray[np.intp], guess: NDArray[np.intp], n_labels: int) -> float:
    hits = np.bincount(gold[gold == guess], minlength=n_labels)[:n_labels]
    support = np.bincount(gold, minlength=n_labels)[:n_labels]
    claimed = np.bincount(guess, minlength=n_labels)[:n_labels]
    present = support > 0
    return float(np.mean(2 * hits[present] / (support[present] + claimed[present])))
