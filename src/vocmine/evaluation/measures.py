"""Figures of a model on a data set: as a whole, by slice, and beside another model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.evaluation.labelled import Dataset
from vocmine.evaluation.metrics import accuracy, macro_f1
from vocmine.evaluation.paired import OF_LABELS, OF_PROBABILITIES, Difference, mcnemar, paired_difference
from vocmine.evaluation.probabilities import brier, calibration_error, negative_log_likelihood
from vocmine.stats import Interval

Rows: TypeAlias = NDArray[np.intp]
Record: TypeAlias = dict[str, object]

METRICS: Final = (*OF_LABELS, *OF_PROBABILITIES)
_OF_PROBABILITIES: Final = {
    "negative_log_likelihood": negative_log_likelihood,
    "brier": brier,
    "calibration_error": calibration_error,
}
_TERTILES: Final = ("short", "medium", "long")


@dataclass(frozen=True)
class Predictions:
    """What a model says of texts.

    Attributes
    ----------
    labels : tuple of (str or None), shape (n_texts,)
        None where the model abstains.
    known : tuple of str
        Labels that the model can give; empty where it does not tell.
    probabilities : ndarray of float64, shape (n_texts, n_classes), optional
        Where the model abstains, equal ones: it says nothing.
    classes : tuple of str, shape (n_classes,)
        Label of each column of the probabilities.
    """

    labels: tuple[str | None, ...]
    known: tuple[str, ...]
    probabilities: NDArray[np.float64] | None = None
    classes: tuple[str, ...] = ()

    @classmethod
    def join(cls, parts: Sequence[Predictions]) -> Predictions:
        """Put the predictions of successive texts together."""
        arrays = [part.probabilities for part in parts if part.probabilities is not None]
        return cls(
            tuple(label for part in parts for label in part.labels),
            parts[0].known,
            np.concatenate(arrays) if len(arrays) == len(parts) else None,
            parts[0].classes,
        )


@dataclass(frozen=True)
class Resampling:
    """How intervals are drawn: as in `vocmine.stats.bootstrap`."""

    draws: int
    seed: int


def figures(dataset: Dataset, predictions: Predictions, how: Resampling) -> Record:
    """Return the metrics of a model on a whole data set, each with its bounds.

    Labels and abstentions count on all texts. Probabilities count on the texts whose true label has one: how many these
    are is ``n_probabilities``, and ``unknown_labels`` names the labels that the model cannot give, with their texts.
    """
    truth = dataset.labels
    record: Record = {"n": len(truth)} | _of_labels(truth, predictions.labels, how)
    rows = _with_probability(truth, predictions)
    for name, metric in _OF_PROBABILITIES.items():
        found = Interval(np.nan, np.nan, np.nan)
        if predictions.probabilities is not None and len(rows):
            gold = [truth[row] for row in rows]
            found = metric(gold, predictions.probabilities[rows], predictions.classes, draws=how.draws, seed=how.seed)
        record |= _bounds(name, found)
    return record | {
        "n_probabilities": len(rows),
        "abstained": sum(label is None for label in predictions.labels) / len(truth),
        "unknown_labels": _unknown(truth, predictions.known),
    }


def slice_figures(dataset: Dataset, predictions: Predictions, how: Resampling) -> Iterator[Record]:
    """Yield macro-F1 and accuracy in each slice of a data set; a slice that all texts share is none."""
    for name, values in _slices(dataset).items():
        if values.nunique() < 2:
            continue
        for value, rows in sorted(values.groupby(values).groups.items()):
            yield _slice_record(name, str(value), dataset.labels, predictions.labels, np.asarray(rows), how)


def noise_figures(noise: str, dataset: Dataset, clean: Predictions, noisy: Predictions, how: Resampling) -> Record:
    """Return macro-F1 and accuracy on noisy texts, and how much macro-F1 they lose or gain against the clean ones."""
    everything = np.arange(len(dataset))
    record = _slice_record("noise", noise, dataset.labels, noisy.labels, everything, how)
    lost = paired_difference("macro_f1", dataset.labels, noisy.labels, clean.labels, draws=how.draws, seed=how.seed)
    return record | _differences(lost)


def pair_figures(dataset: Dataset, model: Predictions, first: Predictions, how: Resampling) -> Iterator[Record]:
    """Yield the difference of each metric between a model and the first one, on the texts that both can be held to."""
    truth = dataset.labels
    for metric in OF_LABELS:
        found = paired_difference(metric, truth, model.labels, first.labels, draws=how.draws, seed=how.seed)
        exact = mcnemar(truth, model.labels, first.labels).p if metric == "accuracy" else None
        yield {"metric": metric, "n": len(truth)} | _differences(found) | {"p": found.p, "p_mcnemar": exact}
    rows = np.intersect1d(_with_probability(truth, model), _with_probability(truth, first))
    if not len(rows):
        return
    gold, classes = [truth[row] for row in rows], tuple(dict.fromkeys((*model.classes, *first.classes)))
    sides = [_spread(side, classes)[rows] for side in (model, first)]
    for metric in OF_PROBABILITIES:
        found = paired_difference(metric, gold, *sides, labels=classes, draws=how.draws, seed=how.seed)
        yield {"metric": metric, "n": len(rows)} | _differences(found) | {"p": found.p, "p_mcnemar": None}


def _of_labels(truth: Sequence[str], predicted: Sequence[str | None], how: Resampling) -> Record:
    f1 = macro_f1(truth, predicted, draws=how.draws, seed=how.seed)
    return _bounds("macro_f1", f1) | _bounds("accuracy", accuracy(truth, predicted, draws=how.draws, seed=how.seed))


def _slice_record(
    name: str, value: str, truth: Sequence[str], predicted: Sequence[str | None], rows: Rows, how: Resampling
) -> Record:
    gold, guess = [truth[row] for row in rows], [predicted[row] for row in rows]
    return {"slice": name, "value": value, "n": len(rows)} | _of_labels(gold, guess, how)


def _bounds(name: str, found: Interval) -> Record:
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}


def _differences(found: Difference) -> Record:
    return {"difference": found.value, "difference_low": found.low, "difference_high": found.high}


def _slices(dataset: Dataset) -> Mapping[str, pd.Series]:
    slices = {str(name): dataset.slices[name].dropna().astype(str) for name in dataset.slices}
    return slices | {"length": _tertiles(dataset.texts)}


def _tertiles(texts: Sequence[str]) -> pd.Series:
    """Return for each text whether it is among the short, medium or long ones of its set, with the bounds."""
    lengths = np.array([len(text) for text in texts])
    low, high = (int(edge) for edge in np.quantile(lengths, [1 / 3, 2 / 3]))
    bounds = (f"up to {low}", f"{low + 1} to {high}", f"over {high}")
    names = [
        f"{k}. {name} ({bound} characters)" for k, (name, bound) in enumerate(zip(_TERTILES, bounds, strict=True), 1)
    ]
    return pd.Series(np.array(names, dtype=object)[(lengths > low).astype(int) + (lengths > high)])


def _with_probability(truth: Sequence[str], predictions: Predictions) -> Rows:
    if predictions.probabilities is None:
        return np.empty(0, dtype=np.intp)
    return np.flatnonzero([label in predictions.classes for label in truth])


def _spread(predictions: Predictions, classes: Sequence[str]) -> NDArray[np.float64]:
    """Return probabilities over more classes, 0 for those that the model does not know."""
    if predictions.probabilities is None:
        return np.empty((0, len(classes)))
    spread = np.zeros((len(predictions.labels), len(classes)))
    spread[:, [classes.index(label) for label in predictions.classes]] = predictions.probabilities
    return spread


def _unknown(truth: Sequence[str], known: Sequence[str]) -> str:
    if not known:
        return ""
    counts = Counter(label for label in truth if label not in known)
    return ", ".join(f"{label}: {count}" for label, count in sorted(counts.items()))
