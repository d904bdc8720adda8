"""Pairs of contacts of one person come in; how probably each pair is about one matter goes out.

Record linkage after Fellegi and Sunter: each trait that two contacts share speaks for one matter by how much more often
it is shared by contacts about one matter (learnt by expectation and maximisation) than by contacts of two persons
(counted on pairs drawn at random).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.analysis import Analysis
from vocmine.outcomes.said import centred, said
from vocmine.stats.counts import Floats

_QUANTILES: Final = (0.5, 0.75, 0.9, 0.97, 0.99)
_GAPS: Final = (1.0, 3.0, 7.0, 14.0, 30.0)
_DRAWN: Final = 20_000
_ROUNDS: Final = 60
_BELIEF: Final = 20.0
"""What is believed before seeing counts for as much as so many pairs."""
_SAME_MATTER: Final = 0.8
"""Two contacts of one customer within days are mostly about one matter."""


def probabilities(analysis: Analysis, pairs: pd.DataFrame, window: float, *, seed: int = 0) -> Floats:
    """Return the probability that each pair is about one matter.

    Parameters
    ----------
    analysis : Analysis
    pairs : DataFrame
        See `vocmine.outcomes.identity.candidates`.
    window : float
        Days between the two contacts of a pair at most.

    Returns
    -------
    float array of shape (n_pairs,)

    References
    ----------
    I. Fellegi, A. Sunter, A Theory for Record Linkage, JASA 64, 1969; W. Winkler, Using the EM algorithm for weight
    computation in the Fellegi-Sunter model of record linkage, 2000.
    """
    if not len(pairs):
        return np.empty(0)
    contacts = analysis.contacts.reset_index(drop=True)
    vectors = _vectors(analysis, len(contacts))
    random = np.random.default_rng(seed)
    drawn = random.integers(0, len(contacts), size=(_DRAWN, 2))
    drawn = drawn[drawn[:, 0] != drawn[:, 1]] if len(contacts) > 1 else drawn
    strangers = pd.DataFrame({"earlier": drawn[:, 0], "later": drawn[:, 1]})
    edges = np.quantile(_cosines(vectors, strangers), _QUANTILES)
    levels = _traits(contacts, vectors, pairs, edges)
    apart = _traits(contacts, vectors, strangers, edges)
    unrelated = [_shares(apart[name], size) for name, size in _SIZES.items()]
    # Contacts about two matters come at any time: each stretch of days is as probable as it is long.
    bounds = np.minimum([0.0, *_GAPS, np.inf], window)
    unrelated.append(np.maximum(np.diff(bounds) / window, 1e-6))
    levels["gap"] = np.searchsorted(_GAPS, pairs["gap"].to_numpy(), side="left")
    return _linked([levels[name] for name in (*_SIZES, "gap")], unrelated)


_SIZES: Final = {"meaning": len(_QUANTILES) + 1, "topic": 2, "product": 3, "stated": 2}


def _vectors(analysis: Analysis, n_contacts: int) -> NDArray[np.float32]:
    """Return one vector a contact: the mean of what its customer says, of length 1; 0 where that is nothing."""
    rows, owner = said(analysis)
    found = np.zeros((n_contacts, analysis.embeddings.shape[1]), dtype=np.float32)
    lengths = analysis.tables["segments"]["text"].to_pandas().iloc[rows].str.len().to_numpy()
    np.add.at(found, owner, centred(analysis, rows) * np.log1p(lengths)[:, None].astype(np.float32))
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _cosines(vectors: NDArray[np.float32], pairs: pd.DataFrame) -> Floats:
    found = np.einsum("ij,ij->i", vectors[pairs["earlier"]], vectors[pairs["later"]])
    return np.asarray(found, dtype=np.float64)


def _traits(
    contacts: pd.DataFrame, vectors: NDArray[np.float32], pairs: pd.DataFrame, edges: Floats
) -> dict[str, NDArray[np.int64]]:
    """Return the level of each trait of each pair."""
    earlier, later = pairs["earlier"].to_numpy(), pairs["later"].to_numpy()
    none = np.zeros(len(pairs), dtype=np.int64)
    found = {"meaning": np.searchsorted(edges, _cosines(vectors, pairs)), "topic": none, "product": none}
    if "topics" in contacts:
        own = contacts["topics"].to_numpy()
        shared = [not set(own[i]).isdisjoint(own[j]) for i, j in zip(earlier, later, strict=True)]
        found["topic"] = np.array(shared, dtype=np.int64)
    if "product" in contacts:
        product = contacts["product"].to_numpy(dtype=object)
        known = pd.notna(product[earlier]) & pd.notna(product[later])
        found["product"] = np.where(known, np.where(product[earlier] == product[later], 2, 1), 0)
    says = contacts["signals"].map(lambda keys: "repeat_contact" in (keys if keys is not None else ())).to_numpy()
    found["stated"] = says[later].astype(np.int64)
    return found


def _shares(levels: NDArray[np.int64], size: int) -> Floats:
    counted = np.bincount(levels, minlength=size) + 0.5
    return np.asarray(counted / counted.sum(), dtype=np.float64)


def _linked(levels: list[NDArray[np.int64]], unrelated: list[Floats]) -> Floats:
    """Learn by expectation and maximisation how often pairs about one matter have each level of each trait."""
    prior = [_believed(shares) for shares in unrelated]
    related = [shares.copy() for shares in prior]
    share = _SAME_MATTER
    probability = np.full(len(levels[0]), share)
    for _ in range(_ROUNDS):
        odds = np.log(share / (1 - share)) + sum(
            np.log(mine[level]) - np.log(theirs[level])
            for level, mine, theirs in zip(levels, related, unrelated, strict=True)
        )
        before, probability = probability, 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
        if np.abs(probability - before).max() < 1e-4:
            break
        share = (probability.sum() + _SAME_MATTER * _BELIEF) / (len(probability) + _BELIEF)
        related = [
            _normal(np.bincount(level, probability, len(belief)) + _BELIEF * belief)
            for level, belief in zip(levels, prior, strict=True)
        ]
    return np.asarray(probability, dtype=np.float64)


def _believed(unrelated: Floats) -> Floats:
    """Believe of one matter that higher levels are more frequent than among strangers."""
    return _normal(unrelated * 3.0 ** np.arange(len(unrelated))) if len(unrelated) <= 6 else unrelated


def _normal(shares: Floats) -> Floats:
    return np.asarray(shares / shares.sum(), dtype=np.float64)
