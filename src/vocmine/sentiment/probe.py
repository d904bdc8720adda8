"""A linear head on features: logistic regression, as smooth as cross-validation says, and calibrated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from vocmine.evaluation import temperature

GRID: Final = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Inverse penalties tried, on standardised features: from very smooth to nearly free."""
_UNTRIED: Final = 0.01
"""Inverse penalty where a class has too few texts for cross-validation."""
_FOLDS: Final = 5
_ITERATIONS: Final = 2_000

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class Examples(NamedTuple):
    """Texts by their features, with labels and weights.

    Attributes
    ----------
    features : float array of shape (n, width)
    labels : int array of shape (n,)
    weights : float array of shape (n,)
    texts : int array of shape (n,)
        Number of each row's text: equal texts have equal numbers, and stay on one side of a split.
    """

    features: Floats
    labels: Ints
    weights: Floats
    texts: Ints

    def at(self, rows: NDArray[np.generic]) -> Examples:
        """Select rows."""
        return Examples(*(column[rows] for column in self))


class Probe(NamedTuple):
    """A fitted linear head.

    Attributes
    ----------
    weight : float32 array of shape (labels, width)
        For features as the encoder gives them, probabilities being the softmax of the logits.
    bias : float32 array of shape (labels,)
    C : float
        Inverse penalty.
    temperature : float
        What the logits were divided by; it is in the weight and the bias already.
    n_iter : int
        Iterations of the last fit.
    """

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    C: float
    temperature: float
    n_iter: int

    def logits(self, features: NDArray[np.floating]) -> Floats:
        """Return float array of shape (n, labels)."""
        return np.asarray(features @ self.weight.T.astype(np.float64) + self.bias)


def fit_probe(examples: Examples, n_labels: int, C: float | None, seed: int) -> Probe:  # noqa: N803 - scikit-learn's
    """Fit a head on all examples; what cross-validation decides comes from heads that did not see the text.

    Parameters
    ----------
    examples : Examples
        Every label occurs.
    n_labels : int
    C : float, optional
        Inverse penalty. By default the one of `GRID` whose held-out log-likelihood is best.
    seed : int
        For the folds.

    Notes
    -----
    Where a label has fewer than two different texts there is nothing to hold out: C is 0.01 unless given, and the
    probabilities are left as they are.

    References
    ----------
    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, On calibration of modern neural networks, ICML 2017.
    J. Platt, Probabilistic outputs for support vector machines, 1999: targets (n + 1) / (n + 2).
    """
    # One thread: on a busy machine, several wait for each other at each of many small products (40 s in place of 2).
    with threadpool_limits(1, user_api="blas"):
        return _fit_probe(examples, n_labels, GRID if C is None else (C,), seed)


def _fit_probe(examples: Examples, n_labels: int, grid: Sequence[float], seed: int) -> Probe:
    held_out = _cross_fit(examples, n_labels, grid, seed)
    if held_out is None:
        best, cooling = (_UNTRIED if len(grid) > 1 else grid[0]), 1.0
    else:
        losses = [_loss(logits, examples) for logits in held_out]
        best = grid[int(np.argmin(losses))]
        cooling = cautious_temperature(held_out[int(np.argmin(losses))], examples.labels, examples.weights)
    (fitted,) = _fit_path(examples, n_labels, (best,))
    weight, bias = fitted.weight / np.float32(cooling), fitted.bias / np.float32(cooling)
    return Probe(weight, bias, best, cooling, fitted.n_iter)


def cautious_temperature(logits: Floats, labels: Ints, weights: Floats) -> float:
    """Return the temperature for texts held out, as if one in n + 2 bore another label.

    A dozen texts that are all told apart would else call for probabilities of 1.

    Parameters
    ----------
    logits : float array of shape (n, labels)
    labels : int array of shape (n,)
    weights : float array of shape (n,)
    """
    n, n_labels = logits.shape
    doubt = 1 / (n + 2)
    targets = np.full((n, n_labels), doubt / (n_labels - 1))
    targets[np.arange(n), labels] = 1 - doubt
    every_label = np.tile(np.arange(n_labels), n)
    return temperature(np.repeat(logits, n_labels, axis=0), every_label, (targets * weights[:, None]).ravel())


def split(texts: Ints, labels: Ints, folds: int, seed: int) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Cut into folds that keep the shares of the labels, equal texts in one fold; none where a label is too rare.

    Yields
    ------
    train, test : bool arrays of shape (n,)
    """
    _, first, number = np.unique(texts, return_index=True, return_inverse=True)
    counts = np.bincount(labels[first], minlength=int(labels.max()) + 1)
    folds = min(folds, int(counts.min()))
    if folds >= 2:
        cut = StratifiedKFold(folds, shuffle=True, random_state=seed)
        for _, held_out in cut.split(first, labels[first]):
            test = np.isin(number, held_out)
            yield ~test, test


def hold_out(texts: Ints, labels: Ints, share: float, seed: int) -> NDArray[np.bool_]:
    """Choose a share of each label's texts, all rows of a text alike; one text of each label stays at least.

    Parameters
    ----------
    texts : int array of shape (n,)
        Number of each row's text.
    labels : int array of shape (n,)
    share : float
        Between 0 and 1.
    seed : int

    Returns
    -------
    bool array of shape (n,)

    Examples
    --------
    >>> hold_out(np.array([0, 1, 2, 0]), np.array([0, 0, 1, 0]), share=0.5, seed=1).tolist()
    [True, False, False, True]
    """
    distinct, first = np.unique(texts, return_index=True)
    order = np.random.default_rng(seed)
    chosen: list[int] = []
    for label in np.unique(labels):
        own = order.permutation(distinct[labels[first] == label])
        chosen += own[: max(0, min(round(share * len(own)), len(own) - 1))].tolist()
    return np.isin(texts, chosen)


def _cross_fit(examples: Examples, n_labels: int, grid: Sequence[float], seed: int) -> list[Floats] | None:
    """Give each example, for each penalty, the logits of a head that did not see it."""
    logits = [np.full((len(examples.labels), n_labels), np.nan) for _ in grid]
    for train, test in split(examples.texts, examples.labels, _FOLDS, seed):
        if not examples.weights[train].any():
            return None
        for held_out, head in zip(logits, _fit_path(examples.at(train), n_labels, grid), strict=True):
            held_out[test] = head.logits(examples.features[test])
    return None if np.isnan(logits[0]).any() else logits


def _fit_path(examples: Examples, n_labels: int, grid: Sequence[float]) -> list[Probe]:
    """Fit a head for each penalty, smoothest first, each from where the one before ended."""
    features, labels, weights, _ = examples
    centre = np.average(features, axis=0, weights=weights)
    spread = np.sqrt(np.average((features - centre) ** 2, axis=0, weights=weights))
    spread[spread == 0] = 1.0
    standardised = (features - centre) / spread
    regression = LogisticRegression(max_iter=_ITERATIONS, warm_start=True)
    heads = []
    for C in sorted(grid):  # noqa: N806
        regression.set_params(C=C).fit(standardised, labels, sample_weight=weights)
        coefficients, intercept = regression.coef_, regression.intercept_
        if n_labels == 2:  # one logit, shared out: the softmax of the two is its sigmoid
            coefficients = np.concatenate([-coefficients, coefficients]) / 2
            intercept = np.concatenate([-intercept, intercept]) / 2
        weight = coefficients / spread
        bias = intercept - weight @ centre
        heads.append(Probe(weight.astype(np.float32), bias.astype(np.float32), C, 1.0, int(np.max(regression.n_iter_))))
    return heads


def _loss(logits: Floats, examples: Examples) -> float:
    logged = log_softmax(logits, axis=1)[np.arange(len(logits)), examples.labels]
    return -float(np.average(logged, weights=examples.weights))
