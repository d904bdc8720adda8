"""Macro-F1 with its bootstrap draws: figures of the same set are drawn alike, so that their difference is paired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vocmine.evaluation.metrics import macro_f1_statistic
from vocmine.stats import resample

DRAWS = 1000

Doubles = NDArray[np.float64]
Integers = NDArray[np.intp]
Labels = Sequence[str | None]


@dataclass(frozen=True)
class Cell:
    """A macro-F1 within a set.

    Attributes
    ----------
    rows : int array
        The texts that count, by their place in the set.
    truth : sequence of str
        Of these texts.
    runs : sequence of labels
        Predictions for these texts, of one model or of several whose mean counts.
    """

    rows: Integers
    truth: Sequence[str]
    runs: Sequence[Labels]

    @classmethod
    def whole(cls, truth: Sequence[str], *runs: Labels) -> Cell:
        """Count all texts."""
        return cls(np.arange(len(truth)), truth, runs)

    def statistic(self, n: int) -> Callable[[Integers], float]:
        """Return the macro-F1 as a function of places in the set, of `n` texts."""
        place = np.full(n, -1, dtype=np.intp)
        place[self.rows] = np.arange(len(self.rows))
        scores = [macro_f1_statistic(self.truth, run) for run in self.runs]

        def mean(drawn: Integers) -> float:
            counted = place[drawn]
            counted = counted[counted >= 0]
            return float(np.mean([score(counted) for score in scores]))

        return mean


@dataclass(frozen=True)
class Figure:
    """A figure and its bootstrap draws."""

    value: float
    draws: Doubles = field(repr=False)

    @classmethod
    def of(cls, cells: Sequence[Cell], n: int, seed: int = 0) -> Figure:
        """Return the mean macro-F1 of the cells of one set of `n` texts, which are drawn together."""
        statistics = [cell.statistic(n) for cell in cells]

        def mean(drawn: Integers) -> float:
            return float(np.mean([statistic(drawn) for statistic in statistics]))

        return cls(mean(np.arange(n)), resample(mean, n, draws=DRAWS, seed=seed))

    @classmethod
    def mean(cls, figures: Sequence[Figure]) -> Figure:
        """Return the mean of figures on different sets, each of which was drawn by a seed of its own."""
        return cls(float(np.mean([each.value for each in figures])), np.mean([each.draws for each in figures], axis=0))

    def __sub__(self, other: Figure) -> Figure:
        return Figure(self.value - other.value, self.draws - other.draws)

    @property
    def p(self) -> float:
        """Two-sided p-value of being 0, as `vocmine.evaluation.paired_difference` has it."""
        beyond = min((self.draws <= 0).sum(), (self.draws >= 0).sum())
        return min(1.0, 2 * (float(beyond) + 1) / (len(self.draws) + 1))

    def to_json(self) -> dict[str, float]:
        """Return the value and its 95 % interval."""
        low, high = np.quantile(self.draws, [0.025, 0.975])
        return {"value": round(self.value, 4), "low": round(float(low), 4), "high": round(float(high), 4)}
