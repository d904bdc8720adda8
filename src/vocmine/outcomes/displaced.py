"""What a measure displaced: contacts that now come for the matters nearest to the one it was taken for."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.analysis import Analysis
from vocmine.outcomes.blocks import compare
from vocmine.outcomes.judged import relative
from vocmine.outcomes.said import centred, said
from vocmine.outcomes.series import Daily
from vocmine.outcomes.slices import Slice
from vocmine.stats.counts import Floats

_NEAREST: Final = 3
_LEAST_EXPECTED: Final = 5.0


def displaced(analysis: Analysis, found: Daily, factor: float) -> pd.DataFrame:
    """Compare the three nearest matters with what was to be expected of them.

    Parameters
    ----------
    analysis : Analysis
    found : Daily
        Its slices after the controls are the matters to choose from.
    factor : float
        See `vocmine.outcomes.placebo.calibrated`.

    Returns
    -------
    DataFrame
        ``name``, ``observed``, ``expected``, ``extra``, ``low``, ``high``, in contacts; the bounds are each at a level
        that allows for the three (Bonferroni).
    """
    quantile = 2.394  # of a normal variable, at 1 - .05 / 3
    rows = []
    for place in _nearest(analysis, found):
        own = compare(found.counts[place], found.courses[place], found.days, found.since, len(found.days))
        if own.expected < _LEAST_EXPECTED:
            continue
        change = relative(own, factor, quantile)
        bounds = [own.observed - own.observed / (1 + value) if value > -1 else np.nan for value in change[1:]]
        extra = own.observed - own.expected
        name = found.slices[place].name
        rows.append((name, round(own.observed), own.expected, extra, min(bounds), max(bounds)))
    return pd.DataFrame(rows, columns=["name", "observed", "expected", "extra", "low", "high"])


def _nearest(analysis: Analysis, found: Daily) -> list[int]:
    """Return the ranks of the slices whose customers' words are nearest in meaning to those of the first."""
    first = 1 + found.n_controls
    rows, owner = said(analysis)
    vectors = centred(analysis, rows)
    own = _centre(vectors, owner, found.slices[0])
    others = [_centre(vectors, owner, one) for one in found.slices[first:]]
    order = np.argsort([-float(own @ other) for other in others], kind="stable")[:_NEAREST]
    return [first + int(place) for place in order]


def _centre(vectors: NDArray[np.float32], owner: NDArray[np.int64], own: Slice) -> Floats:
    mean = vectors[own.rows[owner]].mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float64)
