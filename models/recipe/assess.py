"""Held-out probabilities: each comes from weights, a temperature and a threshold that never saw the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import second
from crossfit import TUNED
from numpy.typing import NDArray
from scipy.special import softmax
from units import ASPECTS, EITHER, FOLDS, HEADS, UNKNOWN, Units, training_units, validation_units

from vocmine.evaluation import temperature
from vocmine.evaluation.noise import NOISE
from vocmine.inference import Model

Floats = NDArray[np.floating]
_THRESHOLDS = np.linspace(0.2, 0.8, 25)


@dataclass
class Fold:
    """What one fold model says of texts that it did not see: logits by head."""

    number: int
    rows: NDArray[np.intp]
    logits: dict[str, dict[str, Floats]] = field(repr=False)

    @classmethod
    def read(cls, number: int) -> Fold:
        """Read what `crossfit.train` left."""
        with np.load(TUNED / f"fold{number}.npz") as kept:
            logits: dict[str, dict[str, Floats]] = {}
            for name in kept.files:
                if "/" in name:
                    part, head = name.split("/")
                    logits.setdefault(part, {})[head] = kept[name].astype(np.float64)
            return cls(number, kept["rows"], logits)


@dataclass
class HeldOut:
    """All folds, with the units that they speak of."""

    units: Units
    tweets: Units
    folds: list[Fold]

    @classmethod
    def read(cls, model: Model, numbers: Sequence[int] = range(FOLDS)) -> HeldOut:
        """Read the folds, each joined by a second reading that saw nothing of it either."""
        found = cls(training_units(), validation_units(), [Fold.read(number) for number in numbers])
        vectors = second.vectors_of(model, found.units)
        for fold in found.folds:
            readings = second.fit(found.units, vectors, np.flatnonzero(found.units.fold != fold.number))
            for part, logits in fold.logits.items():
                units, rows = found._spoken_of(fold, part)
                spoilt = NOISE.get(part.partition("_")[2])
                of_part = second.vectors_of(model, units.only(rows), spoilt) if spoilt else None
                if of_part is None:
                    of_part = vectors[rows] if units is found.units else second.vectors_of(model, units)
                fold.logits[part] = {head: readings[head].join(logits[head], of_part) for head in HEADS}
        return found

    def temperature(self, head: str, without: int | None = None) -> float:
        """Return the temperature of a head, fitted on the held-out logits of all folds but one; sources weigh alike."""
        logits, labels, weights = [], [], []
        for fold, rows, known in self._known(head, without):
            source = pd.Series(np.array(self.units.source)[rows[known]]).str.replace(r"^umsab_.*", "umsab", regex=True)
            logits.append(fold.logits["held_out"][head][known])
            labels.append(self.units.labels[rows[known], list(HEADS).index(head)])
            weights.append(source.map(1 / source.value_counts()).to_numpy())
        return temperature(np.concatenate(logits), np.concatenate(labels), np.concatenate(weights))

    def threshold(self, head: str, without: int | None = None) -> float:
        """Return the probability from which an aspect is best said to be spoken of (macro-F1 on the other folds)."""
        spoken, truth = [], []
        cooler = self.temperature(head, without)
        for fold in self.folds:
            if fold.number == without:
                continue
            rows = fold.rows
            accounts = np.isin(rows, self.units.of("services_publics_plus"))
            spoken.append(1 - softmax(fold.logits["held_out"][head][accounts] / cooler, axis=1)[:, 0])
            truth.append(self.units.labels[rows[accounts], list(HEADS).index(head)] > 0)
        said, true = np.concatenate(spoken), np.concatenate(truth)
        return float(_THRESHOLDS[int(np.argmax([_balanced(true, said >= edge) for edge in _THRESHOLDS]))])

    def table(self, part: str = "held_out") -> pd.DataFrame:
        """Return one row a text, head and fold: set, id, head, fold, label, temperature-scaled probabilities."""
        frames = []
        for fold in self.folds:
            units, rows = self._spoken_of(fold, part)
            for place, (head, names) in enumerate(HEADS.items()):
                probabilities = softmax(fold.logits[part][head] / self.temperature(head, fold.number), axis=1)
                known = units.labels[rows, place] != UNKNOWN
                codes = units.labels[rows[known], place]
                frame = pd.DataFrame(
                    {
                        "set": np.array(units.source)[rows[known]],
                        "id": np.array(units.ids)[rows[known]],
                        "head": head,
                        "fold": fold.number,
                        "label": ["either" if code == EITHER else names[code] for code in codes],
                    }
                )
                for column, name in enumerate(names):
                    frame[f"p_{name}"] = probabilities[known, column].round(5)
                frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def _spoken_of(self, fold: Fold, part: str) -> tuple[Units, NDArray[np.intp]]:
        """Return the units that a part of a fold's logits speaks of, and their rows."""
        if part == "validation":
            return self.tweets, np.arange(len(self.tweets))
        if part.startswith("validation_"):
            return self.tweets, self.tweets.of("umsab_fr_val")
        if part.startswith("accounts_"):
            return self.units, np.intersect1d(fold.rows, self.units.of("services_publics_plus"))
        return self.units, fold.rows

    def _known(self, head: str, without: int | None) -> Iterator[tuple[Fold, NDArray[np.intp], NDArray[np.bool_]]]:
        for fold in self.folds:
            if fold.number != without:
                labels = self.units.labels[fold.rows, list(HEADS).index(head)]
                yield fold, fold.rows, (labels != UNKNOWN) & (labels != EITHER)


def fitted(held_out: HeldOut) -> dict[str, dict[str, Any]]:
    """Return the temperature of every head and the threshold of every aspect, for the model that ships."""
    return {
        "temperature": {head: held_out.temperature(head) for head in HEADS},
        "threshold": {aspect: held_out.threshold(aspect) for aspect in ASPECTS},
    }


def _balanced(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    """Return the mean of the F1 of both answers."""
    return float(
        np.mean(
            [
                2 * (truth & said).sum() / (truth.sum() + said.sum()),
                2 * (~truth & ~said).sum() / ((~truth).sum() + (~said).sum()),
            ]
        )
    )
