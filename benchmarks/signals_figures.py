"""One line of the signals' benchmark: a figure with its interval, and the bar that it has to clear."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np
from figures import DRAWS, Figure
from numpy.typing import NDArray

from vocmine.stats import resample

Flags = NDArray[np.bool_]
Integers = NDArray[np.intp]
Score = Callable[[Flags, Flags], float]


@dataclass(frozen=True)
class Measured:
    """A figure.

    Attributes
    ----------
    of : str
        What is measured: a signal, a style, a set of texts.
    measure : str
    value : float
    n : int
        What it is counted on: the cases of a recall, the hits of a precision.
    low, high : float, optional
        95 % interval, or the range where the measure says so.
    at_least, at_most : float, optional
        The bar.
    """

    of: str
    measure: str
    value: float
    n: int
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @classmethod
    def by(
        cls,
        of: str,
        measure: str,
        drawn: Figure,
        n: int,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> Self:
        """Make a line of a figure that was drawn."""
        return cls(of, measure, **drawn.to_json(), n=n, at_least=at_least, at_most=at_most)

    @property
    def met(self) -> bool | None:
        """Whether the value clears its bar; None where there is none."""
        if self.at_least is None and self.at_most is None:
            return None
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)

    def to_json(self) -> dict[str, str | float | None]:
        """Return the line without what it does not have."""
        return {name: each for name, each in asdict(self).items() if each is not None}

    @classmethod
    def from_json(cls, kept: Mapping[str, str | float | None]) -> Self:
        """Read what `to_json` wrote."""
        return cls(**kept)  # type: ignore[arg-type]

    def cells(self) -> list[str]:
        """Return the line as it is printed."""
        between = "" if self.low is None or self.high is None else f"[{self.low:.3f}, {self.high:.3f}]"
        bar = "" if self.at_least is None else f"≥ {self.at_least}"
        bar = bar if self.at_most is None else f"≤ {self.at_most}"
        verdict = {None: "", True: "met", False: "MISSED"}[self.met]
        return [self.of, self.measure, f"{self.value:.3f}", between, str(self.n), bar, verdict]


def drawn(score: Score, truth: Flags, said: Flags, *, seed: int = 0) -> Figure:
    """Return a score of what is said against what is true, with its draws over rows."""
    return drawn_over(lambda rows: score(truth[rows], said[rows]), len(truth), seed=seed)


def drawn_over(statistic: Callable[[Integers], float], n: int, *, seed: int = 0) -> Figure:
    """Return a statistic of `n` rows with its draws; the same seed draws the same rows, so that figures pair."""
    return Figure(statistic(np.arange(n)), resample(statistic, n, draws=DRAWS, seed=seed))


def share(part: float, whole: float) -> float:
    """Return a share, 0 of nothing."""
    return float(part / whole) if whole else 0.0


def precision(truth: Flags, said: Flags) -> float:
    """Return the share of what is said that is true."""
    return share((truth & said).sum(), said.sum())


def recall(truth: Flags, said: Flags) -> float:
    """Return the share of what is true that is said."""
    return share((truth & said).sum(), truth.sum())


def f1(truth: Flags, said: Flags) -> float:
    """Return the harmonic mean of both."""
    return share(2 * (truth & said).sum(), truth.sum() + said.sum())
