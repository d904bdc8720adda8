"""How often a measure is said to work that did nothing, and how often one that works is found.

Series come from `issues_simulator`, ten at a time as the topics of one analysis; each has its measure on a day drawn
at random (`placebo`), just after the highest fortnight of its last months (`spike`), just after an outbreak
(`outbreak`), or at random with every contact after it kept with a probability of .8 or .65 (`effect`). Days before:
365, 548 or 730 in turn; 60 days after. Seeds below 1,000 are for tuning, those from 2,000 for the figures. Ours and
every peer see the same series.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from effect_peers import PEERS
from issues_simulator import Simulated, simulate

from vocmine.issues.calendar import design
from vocmine.issues.expected import Design
from vocmine.issues.grain import DAY
from vocmine.outcomes.blocks import LEAD, profiles
from vocmine.outcomes.effect import effect_of
from vocmine.outcomes.placebo import placebos
from vocmine.outcomes.series import Daily
from vocmine.outcomes.slices import Slice
from vocmine.stats import wilson

SEED: Final = 2000
AFTER: Final = 60
HISTORIES: Final = (365, 548, 730)
KEPT: Final = {"effect -20 %": 0.8, "effect -35 %": 0.65}
KINDS: Final = ("placebo", "spike", "outbreak", *KEPT)
GROUP: Final = 10
_DAYS: Final = 1095
_BEGIN: Final = pd.Timestamp("2024-01-01")


def calendar(simulated: Simulated, days: slice) -> Design:
    """Return the design of the simulator's days, with its own holidays."""
    every = design(pd.date_range(_BEGIN, periods=_DAYS), DAY, ())
    after = np.roll(simulated.holidays, 1) & ~simulated.holidays
    columns = np.column_stack([every.columns[:, :-2], simulated.holidays, after]).astype(np.float64)
    return Design(columns[days], every.prior_mean, every.prior_precision, every.pooled)


def first_day(kind: str, simulated: Simulated, series: int, rng: np.random.Generator) -> int | None:
    """Choose the day of the measure; None where no outbreak leaves 60 days."""
    if kind == "outbreak":
        own = [one for one in simulated.outbreaks if one.series == series and one.end + AFTER <= _DAYS]
        return own[0].end if own else None
    if kind == "spike":
        counts = pd.Series(simulated.counts[series])
        height = counts.rolling(14, min_periods=10).mean() / counts.rolling(180, min_periods=90).mean()
        recent = height[731 : _DAYS - AFTER]
        day = int(rng.integers(120, len(recent)))
        window = recent.iloc[day - 120 : day]
        return None if window.isna().all() else int(np.nanargmax(window)) + day - 120 + 732
    return int(rng.integers(731, _DAYS - AFTER))


def observe(kind: str, seed: int, *, low: float, with_peers: bool) -> list[dict[str, Any]]:
    """Measure one group of series."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    history = HISTORIES[seed % len(HISTORIES)]
    simulated = simulate(seed, GROUP, outbreaks=kind == "outbreak", days=_DAYS, low=low)
    rows = []
    for series in range(GROUP):
        since = first_day(kind, simulated, series, rng)
        if since is None:
            continue
        days = slice(since - history, since + AFTER)
        counts = simulated.counts[:, days].copy()
        if np.isnan(counts[series, :30]).all():
            continue  # the series had not begun a year before: it is not asked about
        kept = KEPT.get(kind, 1.0)
        seen = np.isfinite(counts[series, history:])
        counts[series, history:][seen] = rng.binomial(counts[series, history:][seen].astype(int), kept)
        order = np.r_[series, np.delete(np.arange(GROUP), series)]
        rows.append(
            {"kind": kind, "seed": seed, "series": series, "history": history}
            | {"mean": float(simulated.means[series, since - 365 : since].mean()), "truth": kept}
            | measured(counts[order], simulated, days, history, with_peers=with_peers)
        )
    return rows


def measured(
    counts: np.ndarray[Any, Any], simulated: Simulated, days: slice, history: int, *, with_peers: bool
) -> dict[str, Any]:
    """Return every method's estimate of the effect on the first series."""
    periods = pd.date_range(_BEGIN, periods=_DAYS)[days]
    courses = profiles(counts, calendar(simulated, days), history - LEAD)
    slices = [Slice(str(place), np.zeros(0, dtype=bool)) for place in range(len(counts))]
    found = Daily(slices, counts, courses, periods, history, 0, [])
    started = time.process_time()
    effect = effect_of(found, quiet=placebos(counts, courses, periods, history, AFTER))
    row: dict[str, Any] = {"verdict": effect.verdict, "effect": effect.change.value, "low": effect.change.low}
    row |= {"high": effect.change.high, "detectable": effect.detectable, "factor": effect.factor}
    row |= {"seconds": time.process_time() - started}
    if with_peers:
        filled = pd.DataFrame(counts.T).interpolate(limit_direction="both").fillna(0.0).to_numpy().T.round()
        for name, peer in PEERS.items():
            its = peer(filled[0], periods, history, filled[1:4])
            row |= {f"{name} effect": its.effect, f"{name} low": its.low, f"{name} high": its.high}
            row |= {f"{name} found": its.significant}
    return row


def figures(rows: pd.DataFrame) -> dict[str, Any]:
    """Return, by kind, how often each method tells a change, and how often its interval holds the truth."""
    told: dict[str, Any] = {}
    for kind, every in rows.groupby("kind", sort=False):
        measured = every[every["verdict"] != "refusé"]
        change = measured["truth"] - 1
        own: dict[str, Any] = {"n": len(every), "refused": _share(every["verdict"] == "refusé")}
        own["ours"] = {
            "down": _share(measured["verdict"] == "baisse"),
            "up": _share(measured["verdict"] == "hausse"),
            "told": _share(measured["verdict"].isin(["baisse", "hausse"])),
            "interval leaves out 0": _share((measured["low"] > 0) | (measured["high"] < 0)),
            "coverage": _share((measured["low"] <= change) & (change <= measured["high"])),
            "median width": float((measured["high"] - measured["low"]).median()),
            "by history": {
                str(history): _share(part["verdict"].isin(["baisse", "hausse"]))
                for history, part in measured.groupby("history")
            },
            "seconds": float(measured["seconds"].median()),
        }
        for name in PEERS:
            if f"{name} found" in every:
                seen = every[every[f"{name} effect"].notna() & every["mean"].notna()]
                truth = seen["truth"] - 1
                hit = seen[f"{name} found"].astype(bool)
                own[name] = {
                    "told": _share(hit),
                    "down": _share(hit & (seen[f"{name} effect"] < 0)),
                    "coverage": _share((seen[f"{name} low"] <= truth) & (truth <= seen[f"{name} high"])),
                    "none": len(every) - len(seen),
                }
        told[str(kind)] = own
    return told


def _share(hits: pd.Series) -> list[float]:
    return [round(value, 4) for value in wilson(int(hits.sum()), len(hits))] if len(hits) else []


def run(n_groups: int = 60, *, seed: int = SEED, with_peers: bool = True, folder: Path | None = None) -> dict[str, Any]:
    """Measure `n_groups` of ten series a kind; a folder keeps what is done, and goes on from there."""
    rows: list[dict[str, Any]] = []
    for kind in KINDS:
        for group in range(n_groups):
            path = folder / f"{kind.replace(' %', '')}-{seed + group}.json" if folder else None
            if path and path.exists():
                rows += json.loads(path.read_text())
                continue
            low = 20.0 if kind in KEPT else 0.5
            found = observe(kind, seed + group, low=low, with_peers=with_peers)
            rows += found
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(found, default=float))
    return figures(pd.DataFrame(rows))


def main() -> None:
    """Print the figures, or write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=60)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    found = run(options.groups, seed=options.seed, with_peers=not options.no_peers, folder=options.work)
    text = json.dumps(found, indent=1, ensure_ascii=False)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
