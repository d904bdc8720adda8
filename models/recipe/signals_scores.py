"""Figures of signals on held-out units."""

from __future__ import annotations

import numpy as np
from marked import LABELS
from signals_crossfit import HeldOut
from sklearn.metrics import average_precision_score, f1_score


def summary(held_out: HeldOut) -> str:
    """Say for each label its best F1 and average precision, on annotated accounts and on written texts."""
    lines = []
    sources = np.array([unit.source for unit in held_out.units])
    said = np.stack([unit.labels for unit in held_out.units])
    for place, label in enumerate(LABELS):
        parts = []
        for source in ("annotated", "read", "written"):
            rows = (sources == source) & np.isfinite(said[:, place])
            truth, score = said[rows, place], held_out.logits[rows, place]
            if not truth.sum():
                continue
            best = max(f1_score(truth, score > edge) for edge in np.quantile(score, np.linspace(0.02, 0.99, 60)))
            parts.append(f"{source} n={int(truth.sum())} F1*={best:.3f} AP={average_precision_score(truth, score):.3f}")
        lines.append(f"{label:22}" + "   ".join(parts))
    return "\n".join(lines)
