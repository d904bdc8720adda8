"""Whether time grows in proportion: the line through times, and how far off it each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Line:
    """Seconds by contacts: a fixed part, and a part a contact.

    Attributes
    ----------
    fixed : float
        Seconds.
    each : float
        Seconds a contact.
    """

    fixed: float
    each: float

    @classmethod
    def through(cls, contacts: Sequence[int], seconds: Sequence[float]) -> Line:
        """Fit by least squares on relative deviations, so that small sizes count as much as large ones.

        Examples
        --------
        >>> line = Line.through([1_000, 2_000, 4_000], [3.0, 5.0, 9.0])
        >>> round(line.fixed, 6), round(line.each, 6)
        (1.0, 0.002)
        """
        weights = 1 / np.asarray(seconds, dtype=np.float64)
        columns = np.stack([weights, weights * np.asarray(contacts, dtype=np.float64)], axis=1)
        fixed, each = np.linalg.lstsq(columns, np.ones(len(weights)), rcond=None)[0]
        return cls(float(fixed), float(each))

    def deviation(self, contacts: int, seconds: float) -> float:
        """Return how far a time is off the line, as a share of what the line says.

        Examples
        --------
        >>> round(Line(fixed=1.0, each=0.002).deviation(2_000, 5.5), 3)
        0.1
        """
        return seconds / (self.fixed + self.each * contacts) - 1
