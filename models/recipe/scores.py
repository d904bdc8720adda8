"""Figures about a head: macro-F1 with its bootstrap interval, accuracy, calibration error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.metrics import f1_score

Floats = NDArray[np.floating]
Ints = NDArray[np.intp]

_BINS = 10


def score(logits: Floats, labels: Ints, resamples: int = 1_000, seed: int = 0) -> dict[str, float | int | list[float]]:
    """Return n, macro_f1 and its 95 % percentile bootstrap interval, accuracy and expected calibration error.

    Parameters
    ----------
    logits : float array of shape (n, labels)
    labels : int array of shape (n,)
    resamples : int
        Of the bootstrap over texts.
    seed : int
    """
    predicted = logits.argmax(axis=1)
    random = np.random.default_rng(seed)
    draws = random.integers(len(labels), size=(resamples, len(labels)))
    resampled = [macro_f1(labels[rows], predicted[rows]) for rows in draws]
    return {
        "n": len(labels),
        "macro_f1": round(macro_f1(labels, predicted), 4),
        "interval_95": [round(float(edge), 4) for edge in np.percentile(resampled, [2.5, 97.5])],
        "accuracy": round(float((predicted == labels).mean()), 4),
        "ece": round(calibration_error(logits, labels), 4),
    }


def macro_f1(labels: Ints, predicted: Ints) -> float:
    """Return the mean of the F1 of each label present, 0 to 1."""
    return float(f1_score(labels, predicted, average="macro", zero_division=0.0))


def calibration_error(logits: Floats, labels: Ints) -> float:
    """Return the mean gap between confidence and accuracy over ten equal-width bins of confidence, 0 to 1."""
    probabilities = softmax(logits, axis=1)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(confidence[bins == index].mean() - right[bins == index].mean()) * (bins == index).mean()
        for index in np.unique(bins)
    ]
    return float(sum(gaps))
