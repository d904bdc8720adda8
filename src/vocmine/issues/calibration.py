"""Evidence comes in; how rarely a series without issues shows as much goes out."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.issues.grain import Grain
from vocmine.stats.counts import Floats

WEEKS_A_YEAR: Final = 365.25 / 7
_HIGHEST: Final = 300.0
"""Of a rarity: beyond it only the order matters."""


@cache
def _table(grain: str) -> tuple[Floats, Floats, Floats]:
    """Return the levels, the scores and, at (level, score), the rarity."""
    read = json.loads((files("vocmine.issues") / "calibration.json").read_text(encoding="utf-8"))[grain]
    return (np.array(read["levels"]), np.array(read["scores"]), np.array(read["rarity"]))


def rarity(scores: Floats, levels: Floats, grain: Grain) -> Floats:
    """Say how rarely a series without issues begins an alert with a score as high.

    Measured on simulated series (`benchmarks/issues_calibration.py`), by how many contacts they have in a period.

    Parameters
    ----------
    scores : float array of shape (n_series, n_periods)
    levels : float array of shape (n_series, n_periods)
        Usual contacts a period.
    grain : Grain

    Returns
    -------
    float array of shape (n_series, n_periods)
        Logarithm to base 10 of the years between two such alerts in one series: 2 is once in a hundred years. NaN where
        the score is.
    """
    known, grid, table = _table(grain.name)
    place = np.interp(np.log(np.maximum(levels, 1e-9)), np.log(known), np.arange(len(known), dtype=np.float64))
    low = np.floor(place).astype(np.int64)
    high, part = np.minimum(low + 1, len(known) - 1), place - low
    filled = np.where(np.isfinite(scores), scores, grid[0])
    found = (1 - part) * _read(filled, low, grid, table) + part * _read(filled, high, grid, table)
    return np.where(np.isfinite(scores), np.minimum(found, _HIGHEST), np.nan)


def _read(scores: Floats, rows: NDArray[np.int64], grid: Floats, table: Floats) -> Floats:
    """Read the table between its scores, and beyond the last along its last slope."""
    step = grid[1] - grid[0]
    place = np.clip((scores - grid[0]) / step, 0, None)
    low = np.minimum(place.astype(np.int64), len(grid) - 2)
    found: Floats = table[rows, low] + (place - low) * (table[rows, low + 1] - table[rows, low])
    return found


def needed(false_alerts_per_week: float, n_slices: float) -> float:
    """Return the rarity that alerts must have for so many false ones a week over all slices.

    It is never below 0: what each slice shows once a year, with nothing happening, is no alert, however few slices
    share the budget.

    Examples
    --------
    >>> round(needed(0.25, 160), 2)  # each slice may err once in about twelve years
    1.09
    """
    return float(max(np.log10(max(n_slices, 1.0) / (false_alerts_per_week * WEEKS_A_YEAR)), 0.0))
