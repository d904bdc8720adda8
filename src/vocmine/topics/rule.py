"""How a vector gets its topic: by the nearest of the topics' centres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.topics.features import Features
from vocmine.topics.neighbours import Floats
from vocmine.topics.units import Units

_SHARPNESS: Final = 20.0
"""Cosines that differ by 0.05 differ in probability by a factor of e."""
_BLOCK: Final = 8_192


@dataclass(frozen=True, eq=False)
class Placed:
    """Where vectors were placed.

    Attributes
    ----------
    topics : int array of shape (n,)
        -1 for none.
    probabilities : float32 array of shape (n,)
        Share of the evidence for the topic that is nearest, 0 to 1; for -1, of the topic nearest all the same.
    closeness : float32 array of shape (n,)
        Cosine with the centre nearest.
    """

    topics: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    closeness: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Rule:
    """Centres of topics, and how far from all of them a vector has none.

    Attributes
    ----------
    features : Features
        How texts become vectors.
    centres : float32 array of shape (n_centres, n_features)
        Of length 1. A topic has one or several.
    owners : int array of shape (n_centres,)
        Topic of each.
    threshold : float
        A vector whose standing is lower has no topic. Its standing is its cosine with the nearest centre less half of
        that with the nearest of the other founders: far from all, or torn between two.
    founders : int
        Topics of lower ids were there from the start. One born later takes the vectors nearest to it, and changes
        nothing for the others.
    """

    features: Features
    centres: Floats
    owners: NDArray[np.int64]
    threshold: float
    founders: int

    @property
    def topics(self) -> NDArray[np.int64]:
        """Ids of the topics, sorted."""
        return np.unique(self.owners)

    def vectors(self, units: Units) -> Floats:
        """Return the vectors of units; float32 array of shape (n_units, n_features)."""
        return self.features.transform(units.embeddings, units.texts, units.languages)

    def cosines(self, vectors: Floats) -> Floats:
        """Return the cosine of each vector with each topic's nearest centre; shape (n, n_topics)."""
        order = np.argsort(self.owners, kind="stable")
        starts = np.searchsorted(self.owners[order], self.topics)
        return np.asarray(np.maximum.reduceat(vectors @ self.centres[order].T, starts, axis=1), dtype=np.float32)

    def place(self, vectors: Floats) -> Placed:
        """Give each vector its topic."""
        parts = [self._placed(vectors[start : start + _BLOCK]) for start in range(0, len(vectors), _BLOCK)]
        if not parts:
            return Placed(np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.float32))
        topics, probabilities, closeness = (np.concatenate(part) for part in zip(*parts, strict=True))
        return Placed(topics, probabilities, closeness)

    def _placed(self, vectors: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
        cosines = self.cosines(vectors)
        nearest = cosines.argmax(axis=1)
        best = cosines.max(axis=1)
        topics = np.where(self.standing(cosines) < self.threshold, -1, self.topics[nearest])
        return topics, shares(cosines).max(axis=1), best

    def standing(self, cosines: Floats) -> Floats:
        """Say how clearly each vector belongs to a topic, from its cosines."""
        others = cosines.copy()
        others[np.arange(len(cosines)), cosines.argmax(axis=1)] = -np.inf
        others[:, self.topics >= self.founders] = -np.inf
        second = others.max(axis=1, initial=-np.inf)
        best = cosines.max(axis=1)
        return np.asarray(np.where(np.isfinite(second), best - second / 2, best), dtype=np.float32)


def shares(cosines: Floats) -> Floats:
    """Turn cosines into shares that sum to 1 over topics."""
    raised = np.exp(_SHARPNESS * (cosines - cosines.max(axis=1, keepdims=True)))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)
