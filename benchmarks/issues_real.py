"""Real counts whose outbreaks someone labelled, and real counts with outbreaks added: what is found, how soon.

    python benchmarks/issues_real.py [--onsets N]

`surveillance`: 15 weekly series of infections, each with the one outbreak that was labelled; those that begin before
the series are watched are left out. `tweets`: the tweets an hour about ten companies, with the windows of the Numenta
Anomaly Benchmark. These last 55 days, and the detector asks for 60 before it watches hours: here, and only here, it is
made to watch from the fifteenth on. An alarm outside the labels is called false, though labels are not complete.
`injected`: outbreaks of two, three and five standard deviations a week, four weeks long, added one at a time to the
infections' series, at onsets drawn in weeks without labels; the deviation is that of the year before.

Methods are compared at equal numbers of false episodes on these same series, 1 and .25 a series-year (of tweets, a
series-month): there is too little for thresholds of their own. `as calibrated` is the detector's own threshold, whose
false episodes should be one a series-year. An episode merges alarms within two weeks (48 hours), and is false if it
touches no label. `raised within` leaves out the outbreaks before which an alarm stood already. Intervals and paired
differences of `injected` are 95 % bootstraps over series.

Needs the development data (VOCMINE_DATA). Writes `benchmarks/results/issues_real.json`.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from issues_farrington import rarities, threshold
from issues_peers import Booleans, Floats, cusum, ears_c3, z_score
from numpy.typing import NDArray

from vocmine.issues.grain import HOUR, WEEK, Grain

RESULTS = Path(__file__).parent / "results" / "issues_real.json"
RATES = (1.0, 0.25)
SIZES = (2.0, 3.0, 5.0)
LENGTH = 4
"""Weeks of an outbreak that is added."""
LEAST_DEVIATION = 0.5
YEAR = 52
EARLIEST = 14 * 24
"""Hours of tweets before the first that is watched."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """Series with labelled periods.

    Attributes
    ----------
    counts : float array of shape (n_series, n_periods)
        NaN after the end of the shorter ones.
    labels : bool array of shape (n_series, n_periods)
    periods : DatetimeIndex of n_periods
    grain : Grain
    first : int
        First period that is watched.
    unit : float
        Periods in the unit of time of the rates: a year of weeks, a month of hours.
    """

    counts: Floats
    labels: Booleans
    periods: pd.DatetimeIndex
    grain: Grain
    first: int
    unit: float

    @property
    def n_units(self) -> float:
        """Series times units that are watched."""
        return float(np.isfinite(self.counts[:, self.first :]).sum() / self.unit)


Method = Callable[[Labelled], Floats]
Line = tuple[str, str, float, float]
"""Method, what is counted, size of the outbreaks, false episodes a series-year."""


def surveillance(folder: Path) -> Labelled:
    """Read the weekly counts of infections."""
    tables = [pd.read_csv(path) for path in sorted((folder / "surveillance_counts").glob("*.csv"))]
    n_weeks = max(len(table) for table in tables)
    counts, labels = np.full((len(tables), n_weeks), np.nan), np.zeros((len(tables), n_weeks), dtype=bool)
    for row, table in enumerate(tables):
        counts[row, : len(table)] = table["observed"]
        labels[row, : len(table)] = table["state"] == 1
    periods = pd.date_range("2001-01-01", periods=n_weeks, freq="7D")
    return Labelled(counts, labels, periods, WEEK, WEEK.history + WEEK.refit, WEEK.year)


def tweets(folder: Path) -> Labelled:
    """Read the tweets an hour, whole hours only."""
    paths = sorted((folder / "nab_tweets").glob("*.csv"))
    windows = json.loads((folder / "nab_tweets" / "combined_windows.json").read_text(encoding="utf-8"))
    hourly = {}
    for path in paths:
        table = pd.read_csv(path, parse_dates=["timestamp"]).set_index("timestamp")["value"]
        sums = table.resample("h").agg(["sum", "count"])
        hourly[path.name] = (sums["sum"] * 12 / sums["count"].clip(lower=1)).where(sums["count"] >= 6)
    joined = pd.DataFrame(hourly).iloc[1:-1]
    periods = pd.DatetimeIndex(joined.index)
    labels = np.zeros((len(paths), len(periods)), dtype=bool)
    for row, path in enumerate(paths):
        for begin, end in windows[f"realTweets/{path.name}"]:
            labels[row] |= (periods >= pd.Timestamp(begin).floor("h")) & (periods <= pd.Timestamp(end))
    grain = HOUR._replace(history=EARLIEST - HOUR.refit)
    return Labelled(np.round(joined.to_numpy().T), labels, periods, grain, EARLIEST, HOUR.year / 12)


def ours(data: Labelled) -> Floats:
    """Return the detector's rarity."""
    return rarities(data.counts, data.periods, data.grain)


def peer(score: Callable[[Floats, Booleans], Floats], data: Labelled) -> Floats:
    """Return a peer's score."""
    return score(data.counts, np.zeros(data.counts.shape[1], dtype=bool))


WEEKLY: dict[str, Method] = {
    "vocmine": ours,
    "EARS C2": partial(peer, partial(z_score, lags=range(3, 10))),
    "EARS C3": partial(peer, ears_c3),
    "CUSUM 26 weeks": partial(peer, partial(cusum, length=26, step=1)),
}
HOURLY: dict[str, Method] = {
    "vocmine": ours,
    "z 72 hours": partial(peer, partial(z_score, lags=range(1, 73))),
    "z same hour, 7 days": partial(peer, partial(z_score, lags=range(24, 24 * 8, 24))),
    "CUSUM same hour, 14 days": partial(peer, partial(cusum, length=14, step=24)),
}


def runs(above: Booleans, quiet: int) -> list[tuple[int, int]]:
    """Return the first and the last period of each episode of one series."""
    places = np.flatnonzero(above)
    if not len(places):
        return []
    cuts = np.flatnonzero(np.diff(places) > quiet)
    starts, ends = np.concatenate([[0], cuts + 1]), np.concatenate([cuts, [len(places) - 1]])
    return [(int(places[start]), int(places[end])) for start, end in zip(starts, ends, strict=True)]


def false_episodes(scores: Floats, data: Labelled, least: float) -> int:
    """Count the episodes of the watched periods that touch no label."""
    above = np.nan_to_num(scores, nan=-np.inf) >= least
    above[:, : data.first] = False
    return sum(
        not labels[start : end + 1].any()
        for row, labels in zip(above, data.labels, strict=True)
        for start, end in runs(row, data.grain.quiet)
    )


def limit(scores: Floats, data: Labelled, allowed: float) -> float:
    """Return the lowest threshold at which there are no more false episodes than allowed."""
    return threshold(scores[:, data.first :], allowed, partial(false_episodes, scores, data))


def hits(scores: Floats, data: Labelled, least: float) -> list[tuple[int | None, bool]]:
    """Say of each labelled stretch that begins while watched in which period an alarm is, and if it was raised in it.

    Returns
    -------
    list of (int or None, bool)
        Periods from the stretch's start to the alarm, None where there is none; False where one stood before.
    """
    answers: list[tuple[int | None, bool]] = []
    for row, labels in zip(scores, data.labels, strict=True):
        above = np.nan_to_num(row, nan=-np.inf) >= least
        for start, end in runs(labels, 1):
            if start >= data.first:
                places = np.flatnonzero(above[start : end + 1])
                stood = bool(above[start - data.grain.quiet : start].any())
                answers.append((int(places[0]) if len(places) else None, len(places) > 0 and not stood))
    return answers


def labelled(data: Labelled, methods: dict[str, Method]) -> dict[str, object]:
    """Compare methods on labelled series."""
    figures: dict[str, object] = {"n_series": len(data.counts), "watched": round(data.n_units, 1)}
    for name, method in methods.items():
        scores = method(data)
        limits = {f"{name} at {rate:g}": limit(scores, data, rate * data.n_units) for rate in RATES}
        if name == "vocmine":
            limits["vocmine as calibrated"] = 0.0
        for line, least in limits.items():
            answers = hits(scores, data, least)
            delays = [delay for delay, _ in answers if delay is not None]
            n_false = false_episodes(scores, data, least)
            beside = np.where(data.labels, np.nan, scores)[:, data.first :]
            figures[line] = {
                "of": len(answers),
                "found": len(delays),
                "raised within": sum(raised for _, raised in answers),
                "median delay": float(np.median(delays)) if delays else None,
                "false episodes": n_false,
                "false episodes a series-year": round(n_false / data.n_units * data.grain.year / data.unit, 3),
                "share of other periods in alarm": round(float((beside >= least).sum() / np.isfinite(beside).sum()), 4),
            }
    return figures


def injected(data: Labelled, n_onsets: int, seed: int = 2000) -> dict[str, object]:
    """Add outbreaks to series one at a time, and say how many each method finds at equal false episodes."""
    rng = np.random.default_rng(seed)
    base = replace(data, first=2 * YEAR)
    limits = {
        (name, rate): limit(method(base), base, rate * base.n_units)
        for name, method in WEEKLY.items()
        for rate in RATES
    }
    found: dict[Line, list[Floats]] = {}
    for _ in range(n_onsets):
        onsets = [_onset(rng, base, row) for row in range(len(data.counts))]
        for size, (name, method) in product(SIZES, WEEKLY.items()):
            scores = np.nan_to_num(method(_added(base, onsets, size)), nan=-np.inf)
            inside = np.array([scores[row, onset : onset + LENGTH].max() for row, onset in enumerate(onsets)])
            past = np.array([scores[row, onset - WEEK.quiet : onset].max() for row, onset in enumerate(onsets)])
            for rate in RATES:
                hit, stood = inside >= limits[name, rate], past >= limits[name, rate]
                found.setdefault((name, "found", size, rate), []).append(hit.astype(np.float64))
                found.setdefault((name, "raised within", size, rate), []).append((hit & ~stood).astype(np.float64))
    figures: dict[str, object] = {"n_outbreaks a size": n_onsets * len(data.counts), "n_series": len(data.counts)}
    for name, rate in product(WEEKLY, RATES):
        lines, ahead = {}, {}
        for key, size in product(("found", "raised within"), SIZES):
            mine, theirs = found["vocmine", key, size, rate], found[name, key, size, rate]
            lines[f"{key}, {size:g} sd"] = _over(theirs)
            ahead[f"{key}, {size:g} sd"] = _over([a - b for a, b in zip(mine, theirs, strict=True)])
        figures[f"{name} at {rate:g}"] = lines
        if name != "vocmine":
            figures[f"vocmine less {name} at {rate:g}"] = ahead
    return figures


def _added(data: Labelled, onsets: list[int], size: float) -> Labelled:
    """Return the series, each with an outbreak at its onset."""
    counts = data.counts.copy()
    for row, onset in enumerate(onsets):
        deviation = max(float(np.nanstd(data.counts[row, onset - YEAR : onset])), LEAST_DEVIATION)
        counts[row, onset : onset + LENGTH] += np.round(size * deviation)
    return replace(data, counts=counts)


def _onset(rng: np.random.Generator, data: Labelled, row: int) -> int:
    """Draw a week from which there are counts and no labels for as long as an outbreak lasts."""
    free = np.isfinite(data.counts[row]) & ~data.labels[row]
    whole = [week for week in range(data.first, len(free) - LENGTH) if free[week - 2 : week + LENGTH].all()]
    return int(rng.choice(whole))


def _over(draws: list[Floats], n_draws: int = 2_000) -> list[float]:
    """Return the mean of values of shape (n_onsets, n_series) and its 95 % interval, series drawn anew."""
    by_series: Floats = np.mean(draws, axis=0)
    rng = np.random.default_rng(0)
    means: NDArray[np.float64] = by_series[rng.integers(0, len(by_series), (n_draws, len(by_series)))].mean(axis=1)
    return [round(float(value), 4) for value in (by_series.mean(), *np.quantile(means, [0.025, 0.975]))]


def main() -> None:
    """Measure, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--onsets", type=int, default=20, help="outbreaks added to each series, of each size")
    given = parser.parse_args()
    folder = Path(os.environ["VOCMINE_DATA"])
    weekly = surveillance(folder)
    figures = {
        "surveillance": labelled(weekly, WEEKLY),
        "tweets": labelled(tweets(folder), HOURLY),
        "injected": injected(weekly, given.onsets),
    }
    RESULTS.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
