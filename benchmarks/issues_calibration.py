"""How often series without issues begin an alert, by score and by contacts a period: writes `calibration.json`.

    python benchmarks/issues_calibration.py CACHE [day] [week] [hour]

Series are drawn by `issues_simulator` with seeds 1,000 and up, with 0.02 to 200 contacts a day. Resumes from CACHE;
grains not asked for stay as they are.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from issues_simulator import EVALUATED, HISTORY, HOLIDAYS, Floats, simulate

import vocmine
from vocmine.issues.calendar import design
from vocmine.issues.expected import expect
from vocmine.issues.grain import DAY, HOUR, WEEK, Grain, grain_of
from vocmine.issues.weighing import weigh

DAILY = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 40.0, 150.0)
LEVELS: dict[str, tuple[float, ...]] = {
    "day": DAILY,
    "week": tuple(7 * level for level in DAILY),
    "hour": (0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
}
SCORES = np.arange(0.0, 12.01, 0.25)
DRAWS = {"day": 24, "week": 40, "hour": 6}
FIRST_DAY = "2022-01-03"
HOURS = np.array([1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 19, 18, 15, 15, 17, 17, 16, 14, 11, 9, 7, 5, 3, 2]) / 9.125
LEAST_EPISODES = 6
"""Where fewer were seen, the curve goes on as a straight line."""


def drawn(grain: Grain, seed: int) -> tuple[Floats, pd.DatetimeIndex, int]:
    """Return series without issues, their periods, and the first period that counts."""
    if grain == HOUR:
        days = simulate(seed, 40, outbreaks=False, days=150, low=0.5, high=200.0)
        rng = np.random.default_rng(seed)
        hours = np.repeat(days.means, 24, axis=1) * np.tile(HOURS, 150) / 24
        values = rng.negative_binomial(np.maximum(hours, 1e-9) / 0.5, 1 / 1.5).astype(np.float64)
        return values, pd.date_range(FIRST_DAY, periods=150 * 24, freq="h"), 90 * 24
    found = simulate(seed, outbreaks=False, low=0.02, high=200.0)
    periods = pd.date_range(FIRST_DAY, periods=HISTORY + EVALUATED)
    if grain == WEEK:
        weeks = (HISTORY + EVALUATED) // 7
        values = found.counts[:, : 7 * weeks].reshape(len(found.counts), weeks, 7)
        there = np.isfinite(values).sum(axis=2)
        weekly = np.nansum(values, axis=2) * 7 / np.maximum(there, 1)
        return np.where(there > 3, weekly, np.nan), periods[: 7 * weeks : 7], HISTORY // 7
    return found.counts, periods, HISTORY


def episodes(scores: Floats, least: float, quiet: int) -> int:
    """Count alerts at a threshold: what follows within `quiet` periods belongs to the same one."""
    n_found = 0
    for row in scores:
        above = np.flatnonzero(row >= least)
        n_found += int(len(above) > 0) + int((np.diff(above) > quiet).sum())
    return n_found


def measured(grain: Grain, seed: int) -> dict[str, list[list[float]]]:
    """Count the series-years and the alerts of one draw, by level and score."""
    values, periods, first = drawn(grain, seed)
    days = pd.date_range(FIRST_DAY, periods=HISTORY + EVALUATED)
    closed = [day for place, day in enumerate(days.date) if place % 365 in HOLIDAYS]
    found = weigh(values, expect(values, design(periods, grain, (), closed), grain), grain)
    scores = np.nan_to_num(found.score[:, first:], nan=-1.0)
    means = np.nanmean(found.means[:, first:], axis=1)
    edges = np.sqrt(np.array(LEVELS[grain.name][:-1]) * LEVELS[grain.name][1:])
    bins = np.searchsorted(edges, means)
    years = np.bincount(bins, minlength=len(edges) + 1) * scores.shape[1] / grain.year
    alerts = [
        [episodes(scores[bins == place], least, grain.quiet) for least in SCORES] for place in range(len(edges) + 1)
    ]
    return {"years": [years.tolist()], "alerts": alerts}


def curve(alerts: Floats, years: float) -> Floats:
    """Turn counts of alerts by score into the years between two, as a logarithm; on in a straight line past the few."""
    known = alerts >= LEAST_EPISODES
    # Low thresholds join alerts into one: the curve begins where alerts are most.
    top = int(np.argmax(alerts))
    use = known & (np.arange(len(alerts)) >= top)
    rarity = np.log10(years / np.maximum(alerts, 0.5))
    rarity[:top] = rarity[top] - (top - np.arange(top)) * 0.1
    last = np.flatnonzero(use)[-1]
    slope, level = np.polyfit(SCORES[max(last - 8, top) : last + 1], rarity[max(last - 8, top) : last + 1], 1)
    beyond = np.arange(len(alerts)) > last
    rarity[beyond] = level + slope * SCORES[beyond]
    return np.maximum.accumulate(rarity)


def main() -> None:
    """Draw what is not drawn yet, and write the table."""
    cache = Path(sys.argv[1])
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / "calibration.jsonl"
    rows = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    done = {(row["grain"], row["seed"]) for row in rows}
    for name in sys.argv[2:] or [DAY.name, WEEK.name, HOUR.name]:
        for seed in range(1000, 1000 + DRAWS[name]):
            if (name, seed) not in done:
                rows.append({"grain": name, "seed": seed, **measured(grain_of(name), seed)})
                with kept.open("a") as file:
                    file.write(json.dumps(rows[-1]) + "\n")
    there = Path(vocmine.__file__).parent / "issues" / "calibration.json"
    table = json.loads(there.read_text(encoding="utf-8")) if there.exists() else {}
    for name in DRAWS:
        own = [row for row in rows if row["grain"] == name]
        if own:
            years = np.sum([row["years"][0] for row in own], axis=0)
            alerts = np.sum([row["alerts"] for row in own], axis=0)
            curves = [curve(alerts[level], years[level]).round(4).tolist() for level in range(len(years))]
            table[name] = {"levels": LEVELS[name], "years": years.tolist(), "scores": SCORES.tolist(), "rarity": curves}
    there.write_text(json.dumps(table) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
