"""From the polarity of segments to that of the turn or contact that they make up.

A long account is mostly facts: the mean of its segments says « neutral » whatever its author feels. So each segment
weighs by its length and by how polar it is, and « mixed » is said where both polarities are carried by clear segments.
The constants were chosen on the 380 annotated accounts of the development data; `docs/decisions/0004-roll-up.md` has
the figures. All this is for models that read segments alone; one that has learnt to read whole turns and accounts, and
to say « mixed » itself, is gathered by `pool` as it was trained.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vocmine.schema import POLARITIES, SENTIMENTS

_CLEAR = 0.60
"""Probability from which a segment is clearly of one polarity."""
_NEUTRAL_WEIGHT = 0.15
"""Weight of a wholly neutral segment, beside 1 for a wholly polar one of the same length."""
_MIXED_SHARE = 0.25
"""Least share of the polar evidence that the weaker polarity needs for « mixed »."""


class RollUp(NamedTuple):
    """Polarity of groups of segments; row g is group g.

    Attributes
    ----------
    probabilities : ndarray of float64, shape (n_groups, 3)
        Negative, neutral, positive; a row sums to 1, or is NaN where the group has no scored segment.
    sentiment : list of (str or None), length n_groups
        ``negative``, ``neutral``, ``positive`` or ``mixed``; None where there is no score.
    n_segments : ndarray of int64, shape (n_groups,)
        Scored segments of each group.
    confidence : ndarray of float64, shape (n_groups,)
        The greatest probability of the group, « mixed » counting as one of its own where the model tells it; NaN where
        there is no score.
    """

    probabilities: NDArray[np.float64]
    sentiment: list[str | None]
    n_segments: NDArray[np.int64]
    confidence: NDArray[np.float64]


def pool(
    probabilities: NDArray[np.floating],
    tokens: NDArray[np.integer],
    groups: NDArray[np.int64],
    n_groups: int,
) -> NDArray[np.float64]:
    """Return what a linear head would say of whole groups of segments, from what it says of each.

    A head that reads the mean vector of all tokens of a group gives the mean of its segments' logits, weighted by their
    tokens. Logits and log-probabilities differ by a number of the segment, which softmax takes away again: so this is
    exact.

    Parameters
    ----------
    probabilities : ndarray, shape (n_segments, n_labels)
        They sum to 1 in each row; NaN where a segment was not scored.
    tokens : ndarray of int, shape (n_segments,)
        Tokens of each segment, as the encoder counts them.
    groups : ndarray, shape (n_segments,)
        Group of each segment, 0 to ``n_groups - 1``; a negative group leaves the segment out.
    n_groups : int
        Number of groups, those without segments included.

    Returns
    -------
    ndarray of float64, shape (n_groups, n_labels)
        They sum to 1 in each row; NaN where a group has no scored segment.

    Examples
    --------
    >>> pool(np.array([[0.9, 0.1], [0.5, 0.5]]), np.array([10, 10]), np.array([0, 0]), 1).round(2)
    array([[0.75, 0.25]])
    """
    used = (groups >= 0) & np.isfinite(probabilities).all(axis=1)
    weight, group = tokens[used].astype(np.float64), groups[used]
    logged = np.log(np.maximum(probabilities[used], np.finfo(np.float32).tiny, dtype=np.float64))
    gathered = np.stack([_sums(weight * column, group, n_groups) for column in logged.T], axis=1)
    with np.errstate(invalid="ignore"):
        mean = gathered / _sums(weight, group, n_groups)[:, None]
    powers = np.exp(mean - mean.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def roll_up_pooled(
    probabilities: NDArray[np.float64],
    tokens: NDArray[np.int64],
    groups: NDArray[np.int64],
    n_groups: int,
) -> RollUp:
    """Gather by group what a head says that tells « mixed » itself.

    Parameters
    ----------
    probabilities : ndarray, shape (n_segments, 4)
        Negative, neutral, positive, mixed for each segment; NaN where it was not scored.
    tokens, groups, n_groups
        As in `pool`.

    Examples
    --------
    >>> four = np.array([[0.30, 0.05, 0.25, 0.40]])
    >>> found = roll_up_pooled(four, np.array([12]), np.array([0]), 1)
    >>> found.sentiment, found.probabilities.round(2).tolist()
    (['mixed'], [[0.5, 0.05, 0.45]])
    """
    pooled = pool(probabilities, tokens, groups, n_groups)
    shared = share_mixed(pooled)
    count = np.bincount(groups[(groups >= 0) & np.isfinite(probabilities).all(axis=1)], minlength=n_groups)
    mixed = np.nan_to_num(pooled).argmax(axis=1) == SENTIMENTS.index("mixed")
    return RollUp(shared, _name(shared, mixed, count), count, pooled.max(axis=1))


def share_mixed(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share the probability of « mixed » out between negative and positive, half and half.

    Examples
    --------
    >>> share_mixed(np.array([[0.2, 0.1, 0.3, 0.4]])).round(2).tolist()
    [[0.4, 0.1, 0.5]]
    """
    return np.asarray(probabilities[:, :3] + np.outer(probabilities[:, 3], (0.5, 0, 0.5)))


def roll_up(
    probabilities: NDArray[np.float64],
    lengths: NDArray[np.int64],
    groups: NDArray[np.int64],
    n_groups: int,
) -> RollUp:
    """Gather the polarity of segments by group.

    Parameters
    ----------
    probabilities : ndarray, shape (n_segments, 3)
        Negative, neutral, positive for each segment; NaN where it was not scored.
    lengths : ndarray, shape (n_segments,)
        Characters of each segment.
    groups : ndarray, shape (n_segments,)
        Group of each segment, 0 to ``n_groups - 1``; a negative group leaves the segment out.
    n_groups : int
        Number of groups, those without segments included.

    Examples
    --------
    >>> two_minds = np.array([[0.9, 0.05, 0.05], [0.05, 0.05, 0.9]])
    >>> roll_up(two_minds, np.array([40, 40]), np.array([0, 0]), 1).sentiment
    ['mixed']
    """
    used = (groups >= 0) & np.isfinite(probabilities).all(axis=1)
    probability, group = probabilities[used], groups[used]
    weight = np.sqrt(lengths[used]) * (_NEUTRAL_WEIGHT + (1 - _NEUTRAL_WEIGHT) * (1 - probability[:, 1]))
    gathered = np.stack([_sums(weight * probability[:, k], group, n_groups) for k in range(3)], axis=1)
    total = gathered.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        pooled = gathered / total
    count = np.bincount(group, minlength=n_groups)
    mixed = _is_mixed(probability, weight, group, n_groups)
    return RollUp(pooled, _name(pooled, mixed, count), count, pooled.max(axis=1))


def _sums(values: NDArray[np.float64], group: NDArray[np.int64], n_groups: int) -> NDArray[np.float64]:
    return np.bincount(group, weights=values, minlength=n_groups).astype(np.float64, copy=False)


def _is_mixed(
    probability: NDArray[np.float64], weight: NDArray[np.float64], group: NDArray[np.int64], n_groups: int
) -> NDArray[np.bool_]:
    clear = weight[:, None] * probability * (probability >= _CLEAR)
    negative, positive = (_sums(clear[:, k], group, n_groups) for k in (0, 2))
    return np.minimum(negative, positive) > _MIXED_SHARE * (negative + positive)


def _name(pooled: NDArray[np.float64], mixed: NDArray[np.bool_], count: NDArray[np.int64]) -> list[str | None]:
    best = np.argmax(np.nan_to_num(pooled), axis=1)
    return [
        None if n == 0 else "mixed" if both else POLARITIES[k] for n, both, k in zip(count, mixed, best, strict=True)
    ]
