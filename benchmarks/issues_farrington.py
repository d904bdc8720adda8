"""Weekly series: how many outbreaks our detector finds at equal false alarms beside R's `farringtonFlexible`, how fast.

    python benchmarks/issues_farrington.py CACHE [--seeds N] [--each N]

Two families: weekly sums of `issues_simulator` (104 weeks of history, so that `farringtonFlexible` looks two years
back), and the scenarios of `issues_noufaily` (five years back, as published). Its other settings are those of Noufaily
et al.: half-windows of 3 weeks, 10 periods of the year, the last 26 weeks left out, a trend always, weights above 2.58
Anscombe residuals, quantiles of the negative binomial at .995. Series that begin late, which it cannot read, are left
out.

The last 49 weeks are watched. Thresholds are swept on the exceedance score, on its p-value, on our rarity and on two
peers' scores, and set at 1 and at .25 false episodes a series-year on series without outbreaks of seeds from 1,000;
figures are of seeds from 2,000. An episode merges alarms within two weeks. Differences are paired, intervals 95 %
bootstraps over series. CPU time is that of the process while it computes, without its start, in three interleaved
rounds on the same series, median [range]. What R says is kept in CACHE, from which a run resumes. Needs Rscript and
the package surveillance (Debian: r-cran-surveillance). Writes `benchmarks/results/issues_weekly.json`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

import issues_noufaily
import numpy as np
import pandas as pd
from issues_peers import cusum, z_score
from issues_scoring import FIRST_DAY, interval
from issues_simulator import EVALUATED, HISTORY, Floats, Outbreak, simulate
from numpy.typing import NDArray

from vocmine.issues.calendar import design
from vocmine.issues.calibration import rarity
from vocmine.issues.expected import Expected, expect, rolling_sum
from vocmine.issues.grain import WEEK, Grain
from vocmine.issues.weighing import weigh

RESULTS = Path(__file__).parent / "results" / "issues_weekly.json"
WATCHED = 49
RATES = (1.0, 0.25)
ROUNDS = 3
TIMED = 40
"""Series whose scoring is timed."""
CANDIDATES = 1_500
USUAL = 28
"""Periods whose expected counts say how large a series is, as in the detector."""
FARRINGTON = """
suppressMessages(library(surveillance))
arguments <- commandArgs(trailingOnly = TRUE)
counts <- as.matrix(read.csv(arguments[1], header = FALSE))
weeks <- seq(nrow(counts) - as.integer(arguments[4]) + 1, nrow(counts))
control <- list(
  range = weeks, b = as.integer(arguments[3]), w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, trend = TRUE,
  pThresholdTrend = 1, reweight = TRUE, weightsThreshold = 2.58, limit54 = c(5, 4), alpha = 0.005,
  thresholdMethod = "nbPlugin", glmWarnings = FALSE)
begun <- proc.time()
found <- lapply(seq_len(ncol(counts)), function(series) {
  result <- suppressWarnings(farringtonFlexible(sts(counts[, series], start = c(2001, 1), frequency = 52), control))
  c(result@control$score, result@control$pvalue)
})
seconds <- sum((proc.time() - begun)[c("user.self", "sys.self")])
write.table(do.call(rbind, found), arguments[2], sep = ",", row.names = FALSE, col.names = FALSE, na = "nan")
cat(seconds, as.character(packageVersion("surveillance")), R.version.string, sep = "|")
"""
"""Reads a column of counts a series, writes a row a series: scores, then p-values."""


class Family(NamedTuple):
    """Weekly series, the outbreaks in their watched weeks, how many years back to look, and which weeks have holidays.

    Attributes
    ----------
    counts : float array of shape (n_series, n_weeks)
    outbreaks : tuple of Outbreak
        In weeks.
    back : int
    closed : list of datetime.date
    """

    counts: Floats
    outbreaks: tuple[Outbreak, ...]
    back: int
    closed: list[date]


def simulated(seed: int, *, outbreaks: bool) -> Family:
    """Return the weekly sums of one draw of `issues_simulator`, without the series that begin late."""
    drawn = simulate(seed, outbreaks=outbreaks)
    weeks = (HISTORY + EVALUATED) // 7
    days = drawn.counts[:, : 7 * weeks].reshape(len(drawn.counts), weeks, 7)
    there = np.isfinite(days).sum(axis=2)
    sums = np.where(there > 3, np.round(np.nansum(days, axis=2) * 7 / np.maximum(there, 1)), np.nan)
    kept = np.flatnonzero(np.isfinite(sums[:, 0]))
    place = {int(series): row for row, series in enumerate(kept)}
    planted = [
        Outbreak(place[one.series], one.onset // 7, (one.end - 1) // 7 + 1, one.size, one.shape)
        for one in drawn.outbreaks
        if one.series in place and weeks - WATCHED <= one.onset // 7 < weeks
    ]
    calendar = pd.date_range(FIRST_DAY, periods=drawn.counts.shape[1])
    return Family(sums[kept], tuple(planted), 2, list(calendar.date[drawn.holidays]))


def noufaily(seed: int, *, outbreaks: bool, n_each: int) -> Family:
    """Return one draw of the 42 scenarios of Noufaily et al., `n_each` series of each."""
    drawn = issues_noufaily.simulate(seed, n_each, outbreaks=outbreaks)
    return Family(drawn.counts, drawn.outbreaks, 5, [])


def rarities(
    counts: Floats,
    periods: pd.DatetimeIndex,
    grain: Grain,
    closed: Sequence[date] = (),
    known: Expected | None = None,
) -> Floats:
    """Return the detector's rarity of every period, each from those before it: float array of the shape of `counts`.

    With what was expected of the first periods, kept from before, only the others are expected anew.
    """
    expected = expect(counts, design(periods, grain, (), closed), grain, known=known)
    evidence = weigh(counts, expected, grain)
    usual = rolling_sum(np.nan_to_num(expected.means), USUAL)
    n_periods = rolling_sum(np.isfinite(expected.means).astype(np.float64), USUAL)
    return rarity(evidence.score, usual / np.maximum(n_periods, 1), grain)


def ours(family: Family, known: Expected | None = None) -> Floats:
    """Return the detector's rarity of the watched weeks."""
    weeks = pd.date_range(FIRST_DAY, periods=family.counts.shape[1], freq="7D")
    return rarities(family.counts, weeks, WEEK, family.closed, known)[:, -WATCHED:]


def farrington(family: Family) -> tuple[Floats, Floats, float, str]:
    """Return the exceedance scores and the p-values of the watched weeks, the CPU seconds, and the versions."""
    with tempfile.TemporaryDirectory() as folder:
        script, counts, scores = (Path(folder) / name for name in ("farrington.R", "counts.csv", "scores.csv"))
        script.write_text(FARRINGTON)
        pd.DataFrame(family.counts.T).to_csv(counts, header=False, index=False, na_rep="NA")
        command = ["Rscript", str(script), str(counts), str(scores), str(family.back), str(WATCHED)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  our own script
        found = np.loadtxt(scores, delimiter=",", ndmin=2)
    seconds, surveillance, version = done.stdout.strip().split("|")
    return found[:, :WATCHED], found[:, WATCHED:], float(seconds), f"surveillance {surveillance}, {version}"


def scored(cache: Path, name: str, seed: int, family: Family) -> dict[str, Floats]:
    """Return every method's scores of the watched weeks; R's are kept in the cache."""
    kind = "hit" if family.outbreaks else "null"
    kept = cache / "farrington" / f"{name}-{len(family.counts)}-{seed}-{kind}.npy"
    if not kept.exists():
        score, p_value, _, _ = farrington(family)
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, np.stack([score, -p_value]))
    theirs = np.load(kept)
    closed = np.zeros(family.counts.shape[1], dtype=bool)
    return {
        "vocmine": ours(family),
        "farringtonFlexible": theirs[0],
        "farringtonFlexible, p-value": theirs[1],
        "EARS C2": z_score(family.counts, closed, lags=range(3, 10))[:, -WATCHED:],
        "CUSUM 26 weeks": cusum(family.counts, closed, length=26, step=1)[:, -WATCHED:],
    }


def begun(scores: Floats, least: float, quiet: int) -> int:
    """Count the episodes of all series at a threshold: alarms after `quiet` periods without one, or more."""
    above = np.nan_to_num(scores, nan=-np.inf) >= least
    recent = np.zeros_like(above)
    for lag in range(1, quiet + 1):
        recent[:, lag:] |= above[:, :-lag]
    return int((above & ~recent).sum())


def spread(n_values: int, n_places: int) -> NDArray[np.int64]:
    """Return `n_places` places of as many values or fewer: the first ones, then ever farther apart."""
    return np.unique(np.geomspace(1, n_values, n_places).astype(np.int64)) - 1


def threshold(scores: Floats, allowed: float, episodes: Callable[[float], int]) -> float:
    """Return the lowest threshold, from the highest score down, at which there are no more episodes than allowed."""
    values = np.unique(scores[np.isfinite(scores)])[::-1]
    least = float(values[0])
    for value in values[spread(len(values), CANDIDATES)].tolist():
        if episodes(value) > allowed:
            break
        least = value
    return least


def found(
    scores: Floats, outbreaks: Sequence[Outbreak], least: float, first: int, quiet: int
) -> dict[str, NDArray[np.bool_]]:
    """Say of each outbreak whether an alarm is in it, in its first two periods, or was raised within it.

    `first` is the period of the first score.
    """
    above = np.nan_to_num(scores, nan=-np.inf) >= least
    answers: dict[str, list[bool]] = {"ever": [], "soon": [], "fresh": []}
    for one in outbreaks:
        row, onset, end = above[one.series], one.onset - first, one.end - first
        answers["ever"].append(bool(row[onset:end].any()))
        answers["soon"].append(bool(row[onset : min(onset + 2, end)].any()))
        answers["fresh"].append(bool(row[onset:end].any()) and not bool(row[max(onset - quiet, 0) : onset].any()))
    return {name: np.array(values) for name, values in answers.items()}


def compared(cache: Path, name: str, draws: dict[str, list[tuple[int, Family]]]) -> dict[str, object]:
    """Compare all methods on one family: thresholds from ``limits``, false alarms of ``null``, outbreaks of ``hit``."""
    scores = {kind: [scored(cache, name, seed, one) for seed, one in rows] for kind, rows in draws.items()}
    every = {
        kind: {method: np.concatenate([one[method] for one in rows]) for method in rows[0]}
        for kind, rows in scores.items()
    }
    years = {kind: len(every[kind]["vocmine"]) * WATCHED * 7 / 365.25 for kind in every}
    answers: dict[tuple[str, float], dict[str, NDArray[np.bool_]]] = {}
    figures: dict[str, object] = {f"{kind}_series_years": round(value, 1) for kind, value in years.items()}
    for method in every["limits"]:
        for rate in RATES:
            limits = every["limits"][method]
            least = threshold(limits, rate * years["limits"], partial(begun, limits, quiet=WEEK.quiet))
            parts = [
                found(one[method], family.outbreaks, least, family.counts.shape[1] - WATCHED, WEEK.quiet)
                for one, (_, family) in zip(scores["hit"], draws["hit"], strict=True)
            ]
            answers[method, rate] = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
            figures[f"{method} at {rate:g}"] = {
                **{key: interval(values.astype(float)) for key, values in answers[method, rate].items()},
                "false episodes a series-year": round(begun(every["null"][method], least, 2) / years["null"], 3),
            }
    figures["n_outbreaks"] = len(answers["vocmine", 1.0]["ever"])
    for method in every["limits"]:
        for rate in RATES if method != "vocmine" else ():
            figures[f"vocmine less {method} at {rate:g}"] = {
                key: interval(values.astype(float) - answers[method, rate][key])
                for key, values in answers["vocmine", rate].items()
            }
    return figures


def timed(family: Family) -> dict[str, object]:
    """Time the methods in turn, in CPU seconds a week that gets a score.

    Ours three times: all weeks of the history, of which each gets its score; the watched weeks from a state kept when
    they began, as the detector keeps it; and the watched weeks from nothing, all time counted as theirs.
    """
    part = family._replace(counts=family.counts[:: len(family.counts) // TIMED][:TIMED])
    n_weeks = part.counts.shape[1]
    calendar = design(pd.date_range(FIRST_DAY, periods=n_weeks, freq="7D"), WEEK, (), part.closed)
    known = expect(part.counts[:, :-WATCHED], calendar, WEEK)
    seconds: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        start = time.process_time()
        ours(part)
        middle = time.process_time()
        ours(part, known)
        end = time.process_time()
        _, _, theirs, versions = farrington(part)
        for name, spent, weeks in (
            ("vocmine, all weeks", middle - start, n_weeks - WEEK.history),
            ("vocmine, kept state", end - middle, WATCHED),
            ("vocmine, from nothing", middle - start, WATCHED),
            ("farringtonFlexible", theirs, WATCHED),
        ):
            seconds.setdefault(name, []).append(spent / (TIMED * weeks))
    theirs_again = np.array(seconds["farringtonFlexible"])
    return {
        "versions": versions,
        "n_series": TIMED,
        "n_weeks": n_weeks,
        **{f"{name}, ms a week": _median_range(np.array(values) * 1e3) for name, values in seconds.items()},
        **{
            f"farringtonFlexible over {name}": _median_range(theirs_again / np.array(values))
            for name, values in seconds.items()
            if name != "farringtonFlexible"
        },
    }


def _median_range(values: Floats) -> list[float]:
    return [float(f"{value:.4g}") for value in (np.median(values), values.min(), values.max())]


def main() -> None:
    """Score what is not scored yet, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--seeds", type=int, default=2, help="draws of 160 series of the simulator, of each kind")
    parser.add_argument("--each", type=int, default=8, help="series of each of the 42 scenarios, of each kind")
    given = parser.parse_args()
    kinds = {"limits": (1000, False), "null": (2000, False), "hit": (2000, True)}
    families: dict[str, Callable[..., Family]] = {
        "simulator": simulated,
        "noufaily": partial(noufaily, n_each=given.each),
    }
    figures: dict[str, object] = {}
    for name, drawn in families.items():
        seeds = given.seeds if name == "simulator" else 1
        draws = {
            kind: [(seed, drawn(seed, outbreaks=outbreaks)) for seed in range(first, first + seeds)]
            for kind, (first, outbreaks) in kinds.items()
        }
        figures[name] = compared(given.cache, name, draws) | {"cpu": timed(draws["hit"][0][1])}
        RESULTS.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(name, json.dumps(figures[name], indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
