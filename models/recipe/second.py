"""A second reading: each head adds what a logistic regression on the embedder's vector says, at no further cost in use.

The embedder and the tuned encoder err on different texts. Both readings are linear in the mean over a unit's tokens, so
that their weighted sum is one linear head on both vectors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from embedder import centre
from numpy.typing import NDArray
from places import CACHE
from sklearn.linear_model import LogisticRegression
from units import EITHER, HEADS, UNKNOWN, Units

from vocmine.inference import Model
from vocmine.inference.embedder import UniversalSentenceEncoder
from vocmine.text import lower_capitals

# Chosen on the first two folds (docs/decisions/0010-trained-model.md).
_SHARES = {"sentiment": 0.3}
_SHARE = 0.4
_INVERSE_PENALTY = 5.0


@dataclass(frozen=True)
class Reading:
    """Weight (labels, size) and bias (labels,) on the embedder's vector, and the share of the logits that they get."""

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    share: float

    def join(self, logits: NDArray[np.floating], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the logits of both readings together."""
        added = vectors @ self.weight.T + self.bias
        return np.asarray((1 - self.share) * logits + self.share * added, dtype=np.float64)


def fit(units: Units, vectors: NDArray[np.float32], rows: NDArray[np.intp]) -> dict[str, Reading]:
    """Fit the reading of every head on the units of `rows`."""
    found = {}
    for place, head in enumerate(HEADS):
        labels = units.labels[rows, place]
        known = rows[(labels != UNKNOWN) & (labels != EITHER)]
        regression = LogisticRegression(C=_INVERSE_PENALTY, tol=1e-3, max_iter=300)
        regression.fit(vectors[known], units.labels[known, place], sample_weight=units.weights[known, place])
        weight, bias = regression.coef_.astype(np.float32), regression.intercept_.astype(np.float32)
        found[head] = Reading(weight, bias, _SHARES.get(head, _SHARE))
    return found


def vectors_of(model: Model, units: Units, change: Callable[[str], str] = str) -> NDArray[np.float32]:
    """Return the mean of each unit's segment vectors, weighted by the tokens of the encoder; float32 (units, size)."""
    texts = [change(text) for pieces in units.segments for text in pieces]
    key = hashlib.sha256("\0".join([UniversalSentenceEncoder.name, *texts]).encode()).hexdigest()[:24]
    kept = CACHE / "second" / f"{key}.npy"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, UniversalSentenceEncoder(centre()).embed(texts))
    vectors = np.load(kept)
    read = [model.manifest.prefix + lower_capitals(text) for text in texts]
    tokens = np.array([len(encoding.ids) for encoding in model.tokenizer.encode_batch_fast(read)], dtype=np.float32)
    starts = np.cumsum([0, *(len(pieces) for pieces in units.segments)])[:-1]
    summed = np.add.reduceat(vectors * tokens[:, None], starts, axis=0)
    return np.asarray(summed / np.add.reduceat(tokens, starts)[:, None], dtype=np.float32)
