"""Scores of simulated series come in; how many outbreaks are found at a number of false alerts goes out.

An episode merges alarms within 14 days, as in the study that the simulator comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from issues_simulator import EVALUATED, HISTORY, Floats, Outbreak
from numpy.typing import NDArray

from vocmine.issues.calendar import design
from vocmine.issues.calibration import rarity
from vocmine.issues.expected import expect, rolling_sum
from vocmine.issues.grain import DAY
from vocmine.issues.weighing import weigh

QUIET = 14
FIRST_DAY = "2022-01-03"
SOON = 7
Score = Callable[[Floats, NDArray[np.bool_]], Floats]


def episodes(scores: Floats, least: float) -> int:
    """Count the episodes of all series at a threshold."""
    n_found = 0
    for row in scores:
        above = np.flatnonzero(row >= least)
        n_found += int(len(above) > 0) + int((np.diff(above) > QUIET).sum())
    return n_found


def threshold(null: Sequence[Floats], rate: float) -> float:
    """Return the lowest threshold at which series without outbreaks have at most `rate` episodes a series-year."""
    every = np.concatenate([np.nan_to_num(scores, nan=-np.inf) for scores in null])
    allowed = rate * len(every) * EVALUATED / 365.25
    values = np.unique(every[np.isfinite(every)])
    low, high = 0, len(values) - 1
    # Episodes are fewest where thresholds are highest; low ones join episodes into one, so the search keeps above them.
    low = int(np.searchsorted(values, np.quantile(every[np.isfinite(every)], 0.9)))
    while low < high:
        middle = (low + high) // 2
        if episodes(every, float(values[middle])) <= allowed:
            high = middle
        else:
            low = middle + 1
    return float(values[low])


def found(scores: Floats, outbreaks: Sequence[Outbreak], least: float) -> dict[str, NDArray[np.bool_]]:
    """Say of each outbreak whether there is an alarm in it, within its first seven days, and one raised within it.

    An alarm that stands since before the outbreak counts in the first two, and not in the third: ``fresh``.
    """
    answers: dict[str, list[bool]] = {"ever": [], "soon": [], "fresh": []}
    for outbreak in outbreaks:
        row = np.nan_to_num(scores[outbreak.series], nan=-np.inf) >= least
        first, last = outbreak.onset - HISTORY, min(outbreak.end - HISTORY, row.shape[0])
        answers["ever"].append(bool(row[first:last].any()))
        answers["soon"].append(bool(row[first : min(first + SOON, last)].any()))
        before = bool(row[max(first - QUIET, 0) : first].any())
        answers["fresh"].append(bool(row[first:last].any()) and not before)
    return {name: np.array(values) for name, values in answers.items()}


def interval(values: Floats, seed: int = 0, draws: int = 2_000) -> list[float]:
    """Return the mean of one value an outbreak with its 95 % bootstrap interval."""
    rng = np.random.default_rng(seed)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(draws)]
    return [round(float(value), 4) for value in (values.mean(), *np.quantile(means, [0.025, 0.975]))]


def ours(counts: Floats, holidays: NDArray[np.bool_]) -> Floats:
    """Return the detector's rarity of each series and day of the evaluated year."""
    days = pd.date_range(FIRST_DAY, periods=counts.shape[1])
    columns = design(days, DAY, (), list(days.date[holidays]))
    expected = expect(counts, columns, DAY)
    evidence = weigh(counts, expected, DAY)
    usual = rolling_sum(np.nan_to_num(expected.means), 28)
    n_days = rolling_sum(np.isfinite(expected.means).astype(np.float64), 28)
    return rarity(evidence.score, usual / np.maximum(n_days, 1), DAY)[:, HISTORY:]
