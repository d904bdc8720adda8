"""Channel × product × region cells of one topic, contacts and all: one alert an outbreak, and of the right slice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from issues_scoring import FIRST_DAY, interval
from issues_simulator import EVALUATED, HISTORY, Floats, cells
from numpy.typing import NDArray

from vocmine.issues.counts import Slice, count
from vocmine.issues.episodes import follow
from vocmine.issues.grain import DAY
from vocmine.issues.watching import watched

SEEDS = range(2200, 2212)
SHAPE = (4, 5, 4)
DIMENSIONS = ("channel", "product", "region")
BUDGET = 0.25


def run(cache: Path) -> dict[str, Any]:
    """Watch what is not watched yet, and return the figures."""
    rows, false, years = [], 0, 0.0
    for seed in SEEDS:
        kept = cache / "cells" / f"{seed}.json"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(_watched(seed)))
        one = json.loads(kept.read_text())
        rows += one["outbreaks"]
        false += one["false"]
        years += EVALUATED / 365.25
    large = [row for row in rows if row["size"] >= 3]
    found = [row for row in rows if row["alerts"]]
    return {
        "n_outbreaks": len(rows),
        "stated": BUDGET,
        "false alerts a week": round(false / (years * 365.25 / 7), 3),
        "found": interval(np.array([row["alerts"] > 0 for row in rows], dtype=float)),
        "found, three deviations or more": interval(np.array([row["alerts"] > 0 for row in large], dtype=float)),
        "alerts of one found": interval(np.array([row["alerts"] for row in found], dtype=float)),
        "of the very slice": interval(np.array([row["same"] for row in found], dtype=float)),
        "of it or of a part or whole": interval(np.array([row["akin"] for row in found], dtype=float)),
    }


def _watched(seed: int) -> dict[str, Any]:
    drawn, affected = cells(seed, SHAPE)
    counts = count(_contacts(drawn.counts), [*DIMENSIONS, ("channel", "product"), ("product", "region"), DIMENSIONS])
    days = pd.date_range(FIRST_DAY, periods=HISTORY + EVALUATED)
    watch, _ = watched(counts, BUDGET, countries=(), closed=list(days.date[drawn.holidays]))
    told = follow(watch, DAY, first=HISTORY)
    rows, explained = [], set()
    for outbreak, hit in zip(drawn.outbreaks, affected, strict=True):
        truth = _slice_of(hit)
        own = [place for place, one in enumerate(told) if outbreak.onset <= one.raised < outbreak.end]
        related = [place for place in own if _akin(told[place].slice, truth)]
        explained |= set(related)
        first = min(related, key=lambda place: told[place].raised, default=None)
        same = first is not None and told[first].slice == truth
        rows.append({"size": outbreak.size, "alerts": len(related), "same": same, "akin": first is not None})
    return {"outbreaks": rows, "false": len(told) - len(explained)}


def _contacts(values: Floats) -> pd.DataFrame:
    """Return one row a contact of each cell and day."""
    filled = np.nan_to_num(values).astype(int)
    cell, day = (np.repeat(places.ravel(), filled.ravel()) for places in np.indices(filled.shape))
    at = pd.DatetimeIndex(np.datetime64(FIRST_DAY) + day.astype("timedelta64[D]") + np.timedelta64(12, "h"))
    values_of = np.unravel_index(cell, SHAPE)
    columns = {name: [str(value) for value in own] for name, own in zip(DIMENSIONS, values_of, strict=True)}
    ids = [str(number) for number in range(len(cell))]
    return pd.DataFrame({"contact_id": ids, "started_at": at.tz_localize("UTC"), "timezone": "UTC", **columns})


def _slice_of(hit: NDArray[np.bool_]) -> Slice:
    """Name the smallest slice that holds the cells that were hit."""
    places = np.stack(np.unravel_index(np.flatnonzero(hit), SHAPE))
    return tuple((name, str(own[0])) for name, own in zip(DIMENSIONS, places, strict=True) if len(np.unique(own)) == 1)


def _akin(one: Slice, other: Slice) -> bool:
    return set(one) <= set(other) or set(other) <= set(one)
