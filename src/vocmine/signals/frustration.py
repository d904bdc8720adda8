"""From signals and sentiment to frustration: 0 none, 1 mild, 2 clear, 3 severe.

A proportional-odds model: the levels share the weights of what speaks for frustration, and differ in how much of it
they take. It is fitted on annotated accounts and written texts, on probabilities that never saw them.

References
----------
P. McCullagh, Regression models for ordinal data, Journal of the Royal Statistical Society B 42, 1980.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.schema import POLARITIES, SIGNALS

LEVELS: Final = 3
NAME: Final = "frustration"
INTENSITY: Final = ("capitals", "exclamation")
FEATURES: Final = (*SIGNALS, *POLARITIES, "mixed", "against", *INTENSITY)
"""What frustration rests on: the probabilities of signals and sentiments, how many signals against the organisation are
expected, words in capitals, and exclamation marks; the last two only add to what the others show."""

_CAPITALS: Final = re.compile(r"\b[A-ZÀ-Ý]{4,}\b")
_EXCLAMATION: Final = re.compile(r"[!?]{2,}|!")
_MOST: Final = 3

Floats = NDArray[np.float64]


def intensity(texts: Sequence[str]) -> Floats:
    """Count words in capitals and exclamation marks, three at most of each; float array of shape (texts, 2).

    A text all in capitals shouts no louder than its author always does: it counts for none.
    """
    counts = np.zeros((len(texts), len(INTENSITY)))
    for row, text in enumerate(texts):
        capitals = 0 if text.isupper() else len(_CAPITALS.findall(text))
        counts[row] = min(capitals, _MOST), min(len(_EXCLAMATION.findall(text)), _MOST)
    return counts


def features(signals: Floats, sentiment: Floats, intense: Floats) -> Floats:
    """Put side by side what `FEATURES` names.

    Parameters
    ----------
    signals : float array of shape (texts, 15)
        Probabilities.
    sentiment : float array of shape (texts, 4)
        Probabilities of negative, neutral, positive and mixed; NaN counts as 0.
    intense : float array of shape (texts, 2)
        From `intensity`.
    """
    against = signals[:, [name != "resolved" for name in SIGNALS]].sum(axis=1, keepdims=True)
    return np.hstack([signals, np.nan_to_num(sentiment), against, intense * np.minimum(against, 1)])


def at_least(given: Floats, decision: Mapping[str, float]) -> Floats:
    """Return the probabilities of 1 or more, 2 or more, and 3; float array of shape (texts, 3)."""
    strength = given @ np.array([decision.get(name, 0.0) for name in FEATURES])
    cuts = np.array([decision[f"cut_{level}"] for level in range(1, LEVELS + 1)])
    return np.asarray(1 / (1 + np.exp(-(strength[:, None] - cuts))))


def level(reached: Floats, decision: Mapping[str, float]) -> NDArray[np.int8]:
    """Return the highest level whose probability reaches its threshold, 0 to 3.

    Examples
    --------
    >>> decision = {"threshold_1": 0.5, "threshold_2": 0.5, "threshold_3": 0.4}
    >>> level(np.array([[0.9, 0.7, 0.1], [0.2, 0.1, 0.0]]), decision).tolist()
    [2, 0]
    """
    edges = np.array([decision[f"threshold_{rank}"] for rank in range(1, LEVELS + 1)])
    # A level is reached only where those below it are.
    return np.asarray(np.logical_and.accumulate(reached >= edges, axis=1).sum(axis=1), dtype=np.int8)
