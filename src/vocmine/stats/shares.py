"""Shares of classes that an imperfect classifier gave, corrected by a sample that was read by hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from vocmine.errors import InputError
from vocmine.stats.counts import Floats
from vocmine.stats.intervals import Interval

_BORROWED = 2.0
"""A stratum's own labels are joined with those of its class as if so many more had been read."""

Codes = NDArray[np.int64]


def corrected_shares(
    predicted: Codes, labelled: Codes, *, n_classes: int, strata: Codes | None = None, level: float = 0.95
) -> list[Interval]:
    """Return the share of each class with its interval, from a stratified sample of labels.

    The shares are those of the labels, each stratum weighing by its size: unbiased whatever the classifier's errors,
    and the surer the better it is (post-stratification, that is prediction-powered inference with the class predicted
    as the prediction). The variance of a stratum in which few labels were read, and perhaps no error seen, borrows from
    the strata of the same class. The interval is Wilson's at the number of labels that a simple random sample would
    need for the same variance, so that it holds for rare classes too.

    Parameters
    ----------
    predicted : int array of shape (n,)
        Class that the classifier gave each contact, 0 to ``n_classes - 1``.
    labelled : int array of shape (n,)
        True class of those that were read, drawn at random within each stratum; -1 for the others.
    n_classes : int
    strata : int array of shape (n,), optional
        By default the classes predicted.
    level : float, default 0.95

    Raises
    ------
    InputError
        If shapes differ or nothing was labelled.

    References
    ----------
    A. Angelopoulos et al., Prediction-powered inference, Science 382, 2023; E. Korn, B. Graubard, Confidence intervals
    for proportions with small expected number of positive counts estimated from survey data, Survey Methodology 24,
    1998.

    Examples
    --------
    >>> predicted = np.repeat([0, 1], 500)
    >>> labelled = np.full(1000, -1)
    >>> labelled[:20], labelled[500:520] = 0, np.repeat([1, 0], 10)
    >>> print(corrected_shares(predicted, labelled, n_classes=2)[0])
    0.750 [0.627, 0.843]
    """
    strata = predicted if strata is None else strata
    if not len(predicted) == len(labelled) == len(strata):
        raise InputError(f"got {len(predicted)} predictions, {len(labelled)} labels and {len(strata)} strata")
    if not (labelled >= 0).any():
        raise InputError("got no label, expected some; read the sample and fill in its column label")
    place = _labelled_strata(predicted, strata, labelled >= 0)
    read = labelled >= 0
    n_strata = int(place.max()) + 1
    weight = np.bincount(place, minlength=n_strata) / len(place)
    counts = np.zeros((n_strata, n_classes))
    np.add.at(counts, (place[read], labelled[read]), 1)
    size = counts.sum(axis=1)
    shares = weight @ (counts / size[:, None])
    owner = np.zeros(n_strata, dtype=np.int64)
    owner[place] = predicted
    spread = weight**2 / size @ _variances(counts, owner, shares)
    return [
        _interval(float(share), float(variance), int(read.sum()), level)
        for share, variance in zip(shares, spread, strict=True)
    ]


def _labelled_strata(predicted: Codes, strata: Codes, read: NDArray[np.bool_]) -> Codes:
    """Return each contact's stratum; those of which nothing was read join others of their class, or else any."""
    place = np.unique(strata, return_inverse=True)[1].astype(np.int64)
    labels = np.bincount(place[read], minlength=place.max() + 1)
    without = labels[place] == 0
    for own in np.unique(predicted[without]):
        rows = without & (predicted == own)
        mates = place[~without & (predicted == own)]
        every = mates if len(mates) else place[~without]
        # To the largest: what was read there stands for them too.
        place[rows] = np.bincount(every).argmax()
    return np.unique(place, return_inverse=True)[1].astype(np.int64)


def _variances(counts: Floats, owner: Codes, shares: Floats) -> Floats:
    """Return p (1 - p) of each stratum and class, p borrowing from the strata of the same class, these from all."""
    pooled = np.zeros((int(owner.max()) + 1, counts.shape[1]))
    np.add.at(pooled, owner, counts)
    believed = shares + 0.5 / counts.sum()  # what was never read may be there all the same
    pooled = (pooled + _BORROWED * believed) / (pooled.sum(axis=1, keepdims=True) + _BORROWED * believed.sum())
    own = (counts + _BORROWED * pooled[owner]) / (counts.sum(axis=1, keepdims=True) + _BORROWED)
    return np.asarray(own * (1 - own), dtype=np.float64)


def _interval(share: float, variance: float, n: int, level: float) -> Interval:
    """Return Wilson's interval at the number of labels drawn at random that would have this variance."""
    z = float(ndtri((1 + level) / 2))
    # Of a class that was never read, or of the only one, the number of labels is all that is known.
    size = share * (1 - share) / variance if 0 < share < 1 else float(n)
    centre = (share + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z / (1 + z**2 / size) * float(np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2)))
    return Interval(share, max(min(share, centre - half), 0.0), min(max(share, centre + half), 1.0))
