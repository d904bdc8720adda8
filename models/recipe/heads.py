"""Trains a linear head on frozen embeddings: logistic regression, weighted by source, its probabilities calibrated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

Floats = NDArray[np.floating]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Examples:
    """Embeddings with their labels and weights, from one or several sources.

    Attributes
    ----------
    source : str array of shape (n,)
    embeddings : float array of shape (n, hidden)
    labels : int array of shape (n,)
    weights : float array of shape (n,)
    """

    source: NDArray[np.str_]
    embeddings: Floats
    labels: Ints
    weights: Floats

    def __getitem__(self, rows: NDArray[np.generic]) -> Examples:
        return Examples(self.source[rows], self.embeddings[rows], self.labels[rows], self.weights[rows])

    @classmethod
    def of(cls, source: str, embeddings: Floats, labels: Ints, weight: float) -> Examples:
        """Weigh one source: classes alike, and `weight` an example on average. Rows without embedding are left out."""
        kept = np.isfinite(embeddings).all(axis=1)
        embeddings, labels = embeddings[kept], labels[kept]
        counts = np.bincount(labels)
        present = np.count_nonzero(counts)
        weights = weight * len(labels) / (present * counts[labels])
        return cls(np.full(len(labels), source), embeddings, labels, weights)

    @classmethod
    def join(cls, parts: Sequence[Examples]) -> Examples:
        """Put sources together."""
        return cls(
            np.concatenate([part.source for part in parts]),
            np.concatenate([part.embeddings for part in parts]),
            np.concatenate([part.labels for part in parts]),
            np.concatenate([part.weights for part in parts]),
        )


@dataclass(frozen=True)
class LinearHead:
    """Weight of shape (labels, hidden) and bias of shape (labels,), on the embedding as the encoder gives it."""

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]

    def logits(self, embeddings: Floats) -> Floats:
        """Return float array of shape (n, labels)."""
        return np.asarray(embeddings @ self.weight.T + self.bias)

    def cooled(self, temperature: float) -> LinearHead:
        """Divide the logits by a temperature."""
        return LinearHead(self.weight / np.float32(temperature), self.bias / np.float32(temperature))


def fit(examples: Examples, inverse_penalty: float) -> LinearHead:
    """Fit a multinomial logistic regression on standardised embeddings, folded back to the embeddings themselves.

    Parameters
    ----------
    examples : Examples
    inverse_penalty : float
        scikit-learn's C: the smaller, the smoother.
    """
    centre = np.average(examples.embeddings, axis=0, weights=examples.weights)
    spread = np.sqrt(np.average((examples.embeddings - centre) ** 2, axis=0, weights=examples.weights))
    regression = LogisticRegression(C=inverse_penalty, max_iter=500)
    regression.fit((examples.embeddings - centre) / spread, examples.labels, sample_weight=examples.weights)
    weight = regression.coef_ / spread
    bias = regression.intercept_ - weight @ centre
    return LinearHead(weight.astype(np.float32), bias.astype(np.float32))


def cross_fit(examples: Examples, inverse_penalty: float, folds: int = 5, seed: int = 0) -> Floats:
    """Give each example the logits of a head that did not see it; float array of shape (n, labels)."""
    logits = np.empty((len(examples.labels), int(examples.labels.max()) + 1))
    for train, test in _splits(examples, folds, seed):
        logits[test] = fit(examples[train], inverse_penalty).logits(examples[test].embeddings)
    return logits


def best_temperature(logits: Floats, examples: Examples) -> float:
    """Return the temperature at which the probabilities fit the labels best (weighted log-likelihood).

    References
    ----------
    Guo, Pleiss, Sun and Weinberger, On calibration of modern neural networks, ICML 2017.
    """
    rows = np.arange(len(logits))

    def loss(log_temperature: float) -> float:
        log_probabilities = log_softmax(logits / np.exp(log_temperature), axis=1)
        return -float(np.average(log_probabilities[rows, examples.labels], weights=examples.weights))

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def _splits(examples: Examples, folds: int, seed: int) -> Iterator[tuple[Ints, Ints]]:
    """Cut into folds that keep the shares of sources and labels."""
    strata = np.char.add(examples.source, examples.labels.astype(str))
    cut = StratifiedKFold(folds, shuffle=True, random_state=seed)
    yield from cut.split(np.zeros(len(strata)), strata)
