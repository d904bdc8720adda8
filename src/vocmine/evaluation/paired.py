"""Two models on the same texts: whether one is better, or it is chance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest

from vocmine.errors import InputError
from vocmine.evaluation.metrics import Statistic, accuracy_statistic, check_labels, hits, macro_f1_statistic
from vocmine.evaluation.probabilities import brier_statistic, calibration_statistic, nll_statistic
from vocmine.stats import resample

Metric: TypeAlias = str | Callable[[NDArray[np.object_], NDArray[np.object_]], float]

OF_LABELS: Final[Mapping[str, Callable[[Sequence[str], Sequence[str | None]], Statistic]]] = MappingProxyType(
    {"macro_f1": macro_f1_statistic, "accuracy": accuracy_statistic}
)
OF_PROBABILITIES: Final[Mapping[str, Callable[[Sequence[str], ArrayLike, Sequence[str]], Statistic]]] = (
    MappingProxyType(
        {
            "negative_log_likelihood": nll_statistic,
            "brier": brier_statistic,
            "calibration_error": calibration_statistic,
        }
    )
)


class Difference(NamedTuple):
    """The metric of the first model less that of the second, its 95 % interval, and a two-sided p-value."""

    value: float
    low: float
    high: float
    p: float

    def __str__(self) -> str:
        return f"{self.value:+.3f} [{self.low:+.3f}, {self.high:+.3f}], p = {self.p:.3f}"


class McNemar(NamedTuple):
    """Texts that only the first model has right, those that only the second has right, and a two-sided p-value."""

    only_a: int
    only_b: int
    p: float


def paired_difference(
    metric: Metric,
    truth: Sequence[str],
    predicted_a: Sequence[str | None] | ArrayLike,
    predicted_b: Sequence[str | None] | ArrayLike,
    *,
    labels: Sequence[str] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Difference:
    """Return how much a metric differs between two models, by the paired bootstrap.

    Both models are resampled on the same texts, so that what makes a text easy or hard for both cancels out. The
    p-value is the level at which the percentile interval would just touch 0: never below ``2 / (draws + 1)``.

    Parameters
    ----------
    metric : str or callable
        ``macro_f1``, ``accuracy``, ``negative_log_likelihood``, ``brier``, ``calibration_error``; or a function of
        arrays of labels (truth, predicted) that returns a number, such as those of scikit-learn.
    truth : sequence of str, shape (n_texts,)
    predicted_a, predicted_b : sequence of (str or None), or array of float of shape (n_texts, n_labels)
        Labels; for the last three metrics, probabilities.
    labels : sequence of str, optional
        Label of each column of the probabilities.
    draws, seed : int
        As in `vocmine.stats.bootstrap`.

    Raises
    ------
    InputError
        If there is no such metric, `labels` are missing, or truth and predictions do not go together.

    References
    ----------
    B. Efron and R. J. Tibshirani (1993), An introduction to the bootstrap, chapters 13 and 16.
    P. Koehn, Statistical significance tests for machine translation evaluation, EMNLP 2004.

    Examples
    --------
    >>> truth = ["negative", "neutral", "positive"] * 20
    >>> print(paired_difference("accuracy", truth, truth, ["negative"] * 60))
    +0.667 [+0.533, +0.783], p = 0.002
    """
    first, second = (_statistic(metric, truth, side, labels) for side in (predicted_a, predicted_b))
    values = resample(lambda rows: first(rows) - second(rows), len(truth), draws=draws, seed=seed)
    everything = np.arange(len(truth))
    low, high = np.quantile(values, [0.025, 0.975])
    beyond = min((values <= 0).sum(), (values >= 0).sum())
    p = min(1.0, 2 * (float(beyond) + 1) / (draws + 1))
    return Difference(first(everything) - second(everything), float(low), float(high), p)


def mcnemar(truth: Sequence[str], predicted_a: Sequence[str | None], predicted_b: Sequence[str | None]) -> McNemar:
    """Test whether two models have equal accuracy, exactly, from the texts that only one of them has right.

    Parameters
    ----------
    truth, predicted_a, predicted_b : sequence of str, shape (n_texts,)

    Raises
    ------
    InputError
        If the lengths differ or a text has no true label.

    References
    ----------
    Q. McNemar (1947), Note on the sampling error of the difference between correlated proportions or percentages,
    Psychometrika 12; the exact form is a binomial test.

    Examples
    --------
    >>> mcnemar(["oui"] * 6, ["oui"] * 6, ["non"] * 6)
    McNemar(only_a=6, only_b=0, p=0.03125)
    """
    a, b = hits(truth, predicted_a), hits(truth, predicted_b)
    only_a, only_b = int((a & ~b).sum()), int((b & ~a).sum())
    p = float(binomtest(only_a, only_a + only_b).pvalue) if only_a + only_b else 1.0
    return McNemar(only_a, only_b, p)


def _statistic(
    metric: Metric, truth: Sequence[str], predicted: Sequence[str | None] | ArrayLike, labels: Sequence[str] | None
) -> Statistic:
    if callable(metric):
        return _own_statistic(metric, truth, predicted)  # type: ignore[arg-type]  # labels, for such a metric
    if metric in OF_LABELS:
        return OF_LABELS[metric](truth, predicted)  # type: ignore[arg-type]  # labels, as the metric's name says
    if metric not in OF_PROBABILITIES:
        names = ", ".join((*OF_LABELS, *OF_PROBABILITIES))
        raise InputError(f"got metric={metric!r}, expected one of {names}, or a function of two arrays of labels")
    if labels is None:
        raise InputError(f"got no labels, expected the label of each column of the probabilities, for {metric}")
    return OF_PROBABILITIES[metric](truth, predicted, labels)  # type: ignore[arg-type]


def _own_statistic(
    metric: Callable[[NDArray[np.object_], NDArray[np.object_]], float],
    truth: Sequence[str],
    predicted: Iterable[str | None],
) -> Statistic:
    guesses = list(predicted)
    check_labels(truth, guesses)
    gold, guess = np.fromiter(truth, dtype=object), np.fromiter(guesses, dtype=object)
    return lambda rows: float(metric(gold[rows], guess[rows]))
