"""What rules and heads say of a text comes in; one probability a signal goes out.

A logistic regression a signal weighs them. Its coefficients are learnt on texts that the heads never saw, and come with
the model (`Manifest.decisions`); a model without heads for signals is read by rules alone, with coefficients of their
own (`rules_alone.json`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.signals.rules import Hit

LEARNED: Final = "learned"
BY_STRENGTH: Final = {3: "sure", 2: "likely", 1: "hint"}
FEATURES: Final = (LEARNED, *BY_STRENGTH.values(), "several", "cancelled", "negative", "length")
"""What a probability rests on: the heads' logit; whether there is an affirmed cue of each strength, no stronger one
being there; whether there are two or more; whether there are only cues that are not affirmed; the log-odds of a
negative sentiment; the log of the number of characters."""

_FURTHEST: Final = 12.0
"""Logits are cut there: beyond, float32 probabilities say nothing."""

Floats = NDArray[np.float64]
Decision = Mapping[str, float]


def log_odds(probabilities: NDArray[np.floating]) -> Floats:
    """Return the log-odds of probabilities, no further than 12 from 0; NaN stays."""
    p = np.clip(probabilities.astype(np.float64), np.finfo(np.float32).tiny, 1 - 1e-7)
    return np.asarray(np.clip(np.log(p) - np.log1p(-p), -_FURTHEST, _FURTHEST))


def gather(logits: Floats, group: NDArray[np.int64], n_groups: int) -> Floats:
    """Return the log of the sum of the exponentials of the logits of each group.

    Parameters
    ----------
    logits : float array of shape (n, labels)
        NaN where not scored.
    group : int array of shape (n,)
        -1 leaves a row out.
    n_groups : int

    Returns
    -------
    float array of shape (n_groups, labels)
        NaN for a group without scored rows.

    Examples
    --------
    >>> gather(np.array([[0.0], [0.0], [5.0]]), np.array([0, 0, -1]), 2).round(3).tolist()
    [[0.693], [nan]]
    """
    used = (group >= 0) & np.isfinite(logits).all(axis=1)
    sums = np.stack(
        [np.bincount(group[used], weights=np.exp(column), minlength=n_groups) for column in logits[used].T], axis=1
    )
    with np.errstate(divide="ignore"):
        found = np.log(sums)
    found[np.bincount(group[used], minlength=n_groups) == 0] = np.nan
    return np.asarray(np.minimum(found, _FURTHEST))


def cue_features(hits: Sequence[Sequence[Hit]], signals: Sequence[str]) -> Floats:
    """Say what cues there are.

    Parameters
    ----------
    hits : sequence of sequence of Hit
        By text.
    signals : sequence of str

    Returns
    -------
    float array of shape (texts, signals, 5)
        0 or 1: sure, likely, hint, several, cancelled, as in `FEATURES`.
    """
    found = np.zeros((len(hits), len(signals), len(BY_STRENGTH) + 2))
    place = {signal: rank for rank, signal in enumerate(signals)}
    for row, of_text in enumerate(hits):
        strongest: dict[int, int] = {}
        count: dict[int, int] = {}
        for hit in of_text:
            if (rank := place.get(hit.signal)) is None:
                continue
            strength = hit.strength if hit.affirmed else 0
            strongest[rank] = max(strongest.get(rank, 0), strength)
            count[rank] = count.get(rank, 0) + (strength > 1)
        for rank, strength in strongest.items():
            found[row, rank, list(BY_STRENGTH).index(strength) if strength else -1] = 1
            found[row, rank, -2] = count[rank] > 1
    return found


def features(learned: Floats, cues: Floats, negative: Floats, lengths: NDArray[np.integer]) -> Floats:
    """Put side by side what `FEATURES` names.

    Parameters
    ----------
    learned : float array of shape (texts, signals)
        Logits; NaN counts as nothing heard.
    cues : float array of shape (texts, signals, 5)
        From `cue_features`.
    negative : float array of shape (texts,)
        Probability of a negative sentiment; NaN counts as one half.
    lengths : int array of shape (texts,)
        Characters.

    Returns
    -------
    float array of shape (texts, signals, features)
    """
    heard = np.nan_to_num(learned, nan=-_FURTHEST)[:, :, None]
    mood = np.broadcast_to(np.nan_to_num(log_odds(negative))[:, None, None], heard.shape)
    size = np.broadcast_to(np.log1p(lengths)[:, None, None], heard.shape)
    return np.concatenate([heard, cues, mood, size], axis=2)


def probabilities(given: Floats, signals: Sequence[str], decisions: Mapping[str, Decision]) -> Floats:
    """Return the probability of each signal; float array of shape (texts, signals)."""
    found = np.empty(given.shape[:2])
    for rank, signal in enumerate(signals):
        decision = decisions[signal]
        weights = np.array([decision.get(name, 0.0) for name in FEATURES])
        found[:, rank] = 1 / (1 + np.exp(-(given[:, rank] @ weights + decision["bias"])))
    return found


def thresholds(signals: Sequence[str], decisions: Mapping[str, Decision]) -> Floats:
    """Return the probability from which each signal is reported."""
    return np.array([decisions[signal]["threshold"] for signal in signals])


@cache
def rules_alone() -> dict[str, dict[str, float]]:
    """Return the coefficients for a model that has no heads for signals."""
    return dict(json.loads(files(__package__).joinpath("rules_alone.json").read_text(encoding="utf-8")))
