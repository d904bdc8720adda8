"""The 14 days to come, foretold each week of the evaluated year: how many counts fall into the 90 % interval."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from issues_scoring import FIRST_DAY, interval
from issues_simulator import EVALUATED, HISTORY, Floats, Simulated, simulate

from vocmine.issues.calendar import design
from vocmine.issues.expected import WOBBLE, Expected, expect
from vocmine.issues.forecast import DAYS, foretell
from vocmine.issues.grain import DAY
from vocmine.issues.weighing import weigh

SEEDS = range(2300, 2302)
EVERY = 7


def run(cache: Path) -> dict[str, object]:
    """Foretell what is not foretold yet, and return the coverage in quiet times and in outbreaks."""
    inside: dict[str, list[float]] = {"quiet": [], "in an outbreak": []}
    error: dict[str, list[float]] = {"with the excess": [], "without it": []}
    for seed in SEEDS:
        kept = cache / "forecast" / f"{seed}.npz"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.savez(kept, allow_pickle=False, **_foretold(seed))
        read = np.load(kept)
        during = read["during"]
        inside["quiet"] += read["covered"][~during].tolist()
        inside["in an outbreak"] += read["covered"][during].tolist()
        error["with the excess"] += read["off"][during].tolist()
        error["without it"] += read["off_usual"][during].tolist()
    return {
        "nominal": 0.9,
        **{f"coverage, {name}": [*interval(np.array(values)), len(values)] for name, values in inside.items()},
        **{f"mean absolute error in an outbreak, {name}": interval(np.array(own)) for name, own in error.items()},
    }


def _foretold(seed: int) -> dict[str, Floats]:
    drawn = simulate(seed)
    days = pd.date_range(FIRST_DAY, periods=HISTORY + EVALUATED)
    columns = design(days, DAY, (), list(days.date[drawn.holidays]))
    rows: list[tuple[Expected, dict[str, Floats]]] = []
    for now in range(HISTORY + 14, HISTORY + EVALUATED - DAYS, EVERY):
        # What was expected up to now does not change with what came later: one fit serves for all.
        known = drawn.counts[:, :now]
        expected = expect(known, columns, DAY, known=rows[-1][0] if rows else None)
        ahead = expected.ahead(columns, DAY, now)[:, :DAYS]
        means = weigh(known, expected, DAY).means
        rows.append((expected, _judged(drawn, known, means, ahead, expected, now)))
    return {key: np.concatenate([row[1][key] for row in rows]) for key in rows[0][1]}


def _judged(
    drawn: Simulated, known: Floats, means: Floats, ahead: Floats, expected: Expected, now: int
) -> dict[str, Floats]:
    covered, off, off_usual, during = [], [], [], []
    for series in range(len(known)):
        truth = drawn.counts[series, now : now + DAYS]
        own = next(one for one in drawn.outbreaks if one.series == series)
        if not np.isfinite(means[series, -1]) or not np.isfinite(ahead[series]).all():
            continue
        found = foretell(
            known[series],
            means[series],
            ahead[series],
            float(expected.dispersion[series, -1]),
            float(expected.uncertainty[series, -1]) + WOBBLE**2,
        )
        there = np.isfinite(truth)
        covered.append(float(((truth >= found.low) & (truth <= found.high))[there].mean()))
        off.append(float(np.abs(truth - found.forecast)[there].mean()))
        off_usual.append(float(np.abs(truth - ahead[series])[there].mean()))
        during.append(own.onset + 2 <= now < own.end)
    return {
        "covered": np.array(covered),
        "off": np.array(off),
        "off_usual": np.array(off_usual),
        "during": np.array(during),
    }
