"""160 topics and their sum, watched by the whole procedure: false alerts beside those stated, and one alert a week.

Two readings of « one alert a week »: the rarest alerts of the year, as many as there are weeks; and what
`max_alerts_per_week=1` tells, which decides on the day, four in any four weeks. Alerts of the sum are counted apart:
shocks that all series share are no outbreaks here, though they are real.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from issues_scoring import FIRST_DAY
from issues_simulator import EVALUATED, HISTORY, Simulated, simulate
from scipy import sparse
from scipy.stats import chi2

from vocmine.issues.calibration import needed
from vocmine.issues.counts import Counts, Members
from vocmine.issues.episodes import Watch, follow
from vocmine.issues.grain import DAY
from vocmine.issues.watching import watched

NULL = range(2100, 2110)
MIXED = range(2120, 2130)
SHARE = 0.5
STATED = (0.25, 0.5, 1.0)
SWEPT = (0.02, 0.05, 0.1, 0.15, 0.25, 0.35, 0.5, 0.7, 1.0, 1.5, 2.5, 4.0)
WEEKS = EVALUATED / 7


def run(cache: Path) -> dict[str, Any]:
    """Watch what is not watched yet, and return the figures."""
    null = [_kept(cache, "null", seed) for seed in NULL]
    mixed = [_kept(cache, "mixed", seed) for seed in MIXED]
    return {"budget": _budget(null), "curve": _curve(mixed, "told"), "curve capped": _curve(mixed, "capped")}


def _kept(cache: Path, kind: str, seed: int) -> dict[str, Any]:
    kept = cache / "budget" / f"{kind}-{seed}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(_null(seed) if kind == "null" else _mixed(seed)))
    found: dict[str, Any] = json.loads(kept.read_text())
    return found


def watch_of(simulated: Simulated) -> Watch:
    """Watch simulated series and their sum, without the contacts behind them."""
    there = np.isfinite(simulated.counts)
    total = np.where(there.any(axis=0), np.nansum(simulated.counts, axis=0), np.nan)
    values = np.vstack([total, simulated.counts])
    days = pd.date_range(FIRST_DAY, periods=values.shape[1])
    nothing = Members(np.empty(0, dtype=object), np.empty(0, dtype=np.int64), sparse.csr_array((len(values), 0)))
    slices = ((), *((("topic", str(place)),) for place in range(len(simulated.counts))))
    counts = Counts(slices, days, values, "day", nothing)
    return watched(counts, 1.0, countries=(), closed=list(days.date[simulated.holidays]))[0]


def _told(watch: Watch, budget: float, most: int | None) -> list[tuple[int, int]]:
    """Return series (-1: their sum) and day of each alert of the evaluated year."""
    n_watched = np.isfinite(watch.rarity).sum(axis=0)
    least = np.array([needed(budget, float(number)) for number in n_watched])
    found = follow(replace(watch, needed=least), DAY, first=HISTORY, most=most)
    return [(int(one.slice[0][1]) if one.slice else -1, one.raised) for one in found]


def _null(seed: int) -> dict[str, Any]:
    watch = watch_of(simulate(seed, outbreaks=False))
    return {str(budget): _told(watch, budget, None) for budget in STATED}


def _mixed(seed: int) -> dict[str, Any]:
    drawn = simulate(seed, share=SHARE)
    watch = watch_of(drawn)
    told = {str(budget): _told(watch, budget, None) for budget in SWEPT}
    capped = {str(budget): _told(watch, budget, 1) for budget in SWEPT}
    outbreaks = [[one.series, one.onset, one.end] for one in drawn.outbreaks]
    return {"outbreaks": outbreaks, "told": told, "capped": capped}


def _budget(kept: list[dict[str, Any]]) -> dict[str, Any]:
    weeks = WEEKS * len(kept)
    figures: dict[str, Any] = {"weeks": round(weeks)}
    for budget in STATED:
        told = [series for one in kept for series, _ in one[str(budget)]]
        topics = sum(series >= 0 for series in told)
        figures[f"stated {budget:g}"] = {
            "told a week": round(len(told) / weeks, 4),
            "of topics": round(topics / weeks, 4),
            "of the sum": round((len(told) - topics) / weeks, 4),
            "ratio": [round(value / (budget * weeks), 3) for value in (len(told), *_poisson(len(told)))],
        }
    return figures


def _poisson(n_seen: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a Poisson mean (Garwood 1936)."""
    return float(chi2.ppf(0.025, 2 * n_seen) / 2), float(chi2.ppf(0.975, 2 * n_seen + 2) / 2)


def _curve(kept: list[dict[str, Any]], how: str) -> dict[str, Any]:
    curve = {}
    for budget in SWEPT:
        right, told, hit, there, of_sum = zip(*(_judged(one, how, str(budget)) for one in kept), strict=True)
        curve[f"{budget:g}"] = {
            "alerts a week": round(sum(told) / (WEEKS * len(kept)), 3),
            "precision": _resampled(right, told),
            "recall": _resampled(hit, there),
            "alerts of the sum a week": round(sum(of_sum) / (WEEKS * len(kept)), 3),
        }
    points = sorted((row["recall"][0], row["precision"][0]) for row in curve.values())
    recalls, precisions = (np.array(values) for values in zip(*points, strict=True))
    area = float(np.trapezoid(np.r_[precisions[0], precisions], np.r_[0.0, recalls]))
    return {"weeks": round(WEEKS * len(kept)), "by stated budget": curve, "area": round(area, 4)}


def _judged(one: dict[str, Any], how: str, budget: str) -> tuple[int, int, int, int, int]:
    """Count alerts that are right, alerts of topics, outbreaks found, outbreaks, and alerts of the sum.

    An alert is right if it was raised within an outbreak of its topic.
    """
    outbreaks = one["outbreaks"]
    told = [(series, day) for series, day in one[how][budget] if series >= 0]
    right = [any(series == own and onset <= day < end for own, onset, end in outbreaks) for series, day in told]
    hit = [any(series == own and onset <= day < end for series, day in told) for own, onset, end in outbreaks]
    return sum(right), len(told), sum(hit), len(hit), len(one[how][budget]) - len(told)


def _resampled(parts: tuple[int, ...], wholes: tuple[int, ...]) -> list[float]:
    """Return a ratio of sums with its 95 % bootstrap interval over the simulated years."""
    rng = np.random.default_rng(0)
    above, below = np.array(parts), np.array(wholes)
    drawn = rng.integers(0, len(above), (2_000, len(above)))
    ratios = above[drawn].sum(axis=1) / np.maximum(below[drawn].sum(axis=1), 1)
    return [
        round(float(value), 4) for value in (above.sum() / max(below.sum(), 1), *np.quantile(ratios, [0.025, 0.975]))
    ]
