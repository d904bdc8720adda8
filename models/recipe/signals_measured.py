"""Figures of signals on units that neither heads, weights nor thresholds saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from marked import LABELS
from numpy.typing import NDArray
from signals_fit import NAMES, Evidence, fit_frustration, weigh
from sklearn.metrics import average_precision_score, cohen_kappa_score, f1_score, precision_score, recall_score
from units import FOLDS

from vocmine.schema import SIGNALS
from vocmine.signals import combine, frustration
from vocmine.stats import bootstrap

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """Held-out answers.

    Attributes
    ----------
    p : float array of shape (units, labels)
    present : bool array of shape (units, labels)
    reached : float array of shape (units, 3)
    level : int array of shape (units,)
    """

    p: Floats
    present: NDArray[np.bool_]
    reached: Floats
    level: NDArray[np.intp]


def cross_fitted(evidence: Evidence, names: Sequence[str] = combine.FEATURES) -> Said:
    """Weigh each fold with what the others teach."""
    n = len(evidence.units)
    p, reached = np.full((n, len(LABELS)), np.nan), np.full((n, frustration.LEVELS), np.nan)
    present, level = np.zeros((n, len(LABELS)), dtype=np.bool_), np.full(n, -1)
    for fold in range(FOLDS):
        others, mine = np.flatnonzero(evidence.fold != fold), np.flatnonzero(evidence.fold == fold)
        decisions = weigh(evidence, others, names)
        inside = combine.probabilities(evidence.given, NAMES, decisions)
        p[mine] = inside[mine]
        present[mine] = inside[mine] >= combine.thresholds(NAMES, decisions)
        how = frustration_of(evidence, inside, others)
        given = frustration.features(inside[:, : len(SIGNALS)], evidence.sentiment, evidence.intense)
        reached[mine] = frustration.at_least(given[mine], how)
        level[mine] = frustration.level(reached[mine], how)
    return Said(p, present, reached, level)


def frustration_of(evidence: Evidence, p: Floats, rows: NDArray[np.intp]) -> dict[str, float]:
    """Fit frustration on some units, from the probabilities of their signals."""
    levels = np.array([unit.frustration for unit in evidence.units])
    rows = rows[levels[rows] >= 0]
    given = frustration.features(p[:, : len(SIGNALS)], evidence.sentiment, evidence.intense)
    weights = np.where(evidence.real, 2.0, 1.0)
    return fit_frustration(given[rows], levels[rows], weights[rows])


def table(evidence: Evidence, said: Said, *, draws: int = 1000) -> dict[str, dict[str, object]]:
    """Return the figures of each label by source, with 95 % intervals over units."""
    sources = np.array([unit.source for unit in evidence.units])
    found: dict[str, dict[str, object]] = {}
    for place, label in enumerate(LABELS):
        for source in ("annotated", "read", "written"):
            rows = np.flatnonzero((sources == source) & np.isfinite(evidence.labels[:, place]))
            truth, guess, p = evidence.labels[rows, place], said.present[rows, place], said.p[rows, place]
            if truth.sum() < 2:
                continue
            f1 = bootstrap(_f1_of(truth, guess), len(rows), draws=draws)
            always = f1_score(truth, np.ones(len(rows)))
            found.setdefault(label, {})[source] = {
                "cases": int(truth.sum()),
                "n": len(rows),
                "f1": [round(f1.value, 4), round(f1.low, 4), round(f1.high, 4)],
                "precision": round(precision_score(truth, guess, zero_division=0), 4),
                "recall": round(recall_score(truth, guess), 4),
                "average_precision": round(average_precision_score(truth, p), 4),
                "always_yes_f1": round(always, 4),
            }
    return found


def _f1_of(truth: Floats, guess: NDArray[np.bool_]) -> Callable[[NDArray[np.intp]], float]:
    def of(at: NDArray[np.intp]) -> float:
        hit = float((truth[at] * guess[at]).sum())
        return 2 * hit / max(1.0, float(truth[at].sum() + guess[at].sum()))

    return of


def frustration_figures(evidence: Evidence, said: Said, source: str = "annotated") -> dict[str, list[float]]:
    """Return quadratic kappa, and F1 of frustration 2 or more, with 95 % intervals."""
    rows = np.flatnonzero([unit.source == source and unit.frustration >= 0 for unit in evidence.units])
    truth, guess = np.array([evidence.units[row].frustration for row in rows]), said.level[rows]
    kappa = bootstrap(lambda at: float(cohen_kappa_score(truth[at], guess[at], weights="quadratic")), len(rows))
    f1 = bootstrap(lambda at: float(f1_score(truth[at] > 1, guess[at] > 1)), len(rows))
    return {
        "quadratic_kappa": [round(kappa.value, 4), round(kappa.low, 4), round(kappa.high, 4)],
        "f1_2_or_more": [round(f1.value, 4), round(f1.low, 4), round(f1.high, 4)],
    }
