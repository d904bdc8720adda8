"""Episodes come in; the tables that tell them go out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.special import ndtr
from scipy.stats import nbinom

from vocmine.analysis import Analysis
from vocmine.issues.alerts import Alerts
from vocmine.issues.counts import Slice
from vocmine.issues.episodes import Episode, Watch
from vocmine.issues.evidence import differences, label, quotes, severity
from vocmine.issues.expected import WOBBLE
from vocmine.issues.forecast import foretell
from vocmine.issues.grain import Grain
from vocmine.issues.state import State
from vocmine.schema import ALERT_DAYS, ALERTS, FORECAST
from vocmine.stats.counts import Floats

_BEFORE: Final = 28
"""Days shown before an alert's onset."""
_ENOUGH: Final = 50
"""Contacts of a slice from which on they say what is usual in it."""
_NEW: Final = 2
_LATELY: Final = 3
_WIDE: Final = 1.96


def told(analysis: Analysis, state: State, watch: Watch, ahead: Floats, budget: float, grain: Grain) -> Alerts:
    """Return the alerts of a watch: what is unusual, since when, in whose words, and what comes next.

    Parameters
    ----------
    analysis : Analysis
        Contacts whose words are at hand.
    state : State
    watch : Watch
    ahead : float array of shape (n_slices, n_days)
        What is expected of the days to come.
    budget : float
        False alerts a week that were allowed.
    grain : Grain
    """
    place_of = {own: place for place, own in enumerate(watch.counts.slices)}
    ranked = sorted(state.episodes, key=lambda episode: -episode.rarity)
    rows, days = [], []
    for episode in ranked:
        place = place_of[episode.slice]
        row, course = _row(analysis, state, watch, episode, place, budget, grain)
        rows.append(row)
        days += course
    open_slices = dict.fromkeys(
        [(), *(episode.slice for episode, row in zip(ranked, rows, strict=True) if row["status"] != "closed")]
    )
    outlook = [line for own in open_slices for line in _outlook(watch, ahead, own, place_of[own])]
    watched = int(np.isfinite(watch.rarity[:, -1]).sum()) if watch.rarity.size else 0
    return Alerts(
        pa.Table.from_pylist(rows, schema=ALERTS),
        pa.Table.from_pylist(days, schema=ALERT_DAYS),
        pa.Table.from_pylist(outlook, schema=FORECAST),
        n_slices=watched,
        n_short=len(watch.counts) + watch.counts.few - watched,
        budget=budget,
    )


def _row(
    analysis: Analysis, state: State, watch: Watch, episode: Episode, place: int, budget: float, grain: Grain
) -> tuple[dict[str, object], list[dict[str, object]]]:
    counts, means = watch.series(place)
    excess = np.nan_to_num(counts - means)
    last = episode.onset + _end(excess[episode.onset : episode.last + 1])
    statuses = [_status(excess, episode, last, period, grain) for period in range(episode.raised, len(counts))]
    observed = float(np.nansum(counts[episode.onset : last + 1]))
    expected = float(np.nansum(means[episode.onset : last + 1]))
    ratio, low, high = _ratio(observed, expected, float(watch.expected.dispersion[place, episode.raised]))
    ids = watch.counts.members.ids(place, episode.onset, last)
    when = watch.counts.periods
    first = episode.slice if episode.first is None else episode.first
    key = f"{when[episode.raised]:%Y%m%d}-{'+'.join(f'{name}={value}' for name, value in first) or 'all'}"
    found = differences(analysis, ids, _usual(watch, episode, place), but=[name for name, _ in episode.slice])
    row: dict[str, object] = {
        "alert_id": key,
        "kind": "volume",
        "label": label(episode.slice, state.topics),
        "slice": [{"dimension": name, "value": value} for name, value in episode.slice],
        "status": statuses[-1],
        "raised": when[episode.raised].date(),
        "onset": when[episode.onset].date(),
        "last": when[last].date(),
        "window": episode.window,
        "observed": int(observed),
        "expected": expected,
        "ratio": ratio,
        "ratio_low": low,
        "ratio_high": high,
        "p_value": float(ndtr(-episode.z)),
        "score": episode.rarity,
        "severity": severity(analysis, ids, observed - expected, ratio),
        "excess": observed - expected,
        "customers": _customers(state, ids),
        "contact_ids": ids,
        "quotes": quotes(analysis, ids, found),
        "differences": found,
        "topic_id": next((int(value) for name, value in episode.slice if name == "topic"), None),
        "budget": budget,
    }
    return row, _course(watch, episode, place, key, statuses)


def _end(excess: Floats) -> int:
    """Return the period in which the excess ended: beyond it less than half of its mean came in."""
    total = np.cumsum(excess)
    top = int(np.argmax(total))
    return int(np.argmax(total - np.arange(len(total)) * total[top] / (top + 1) / 2))


def _status(excess: Floats, episode: Episode, last: int, period: int, grain: Grain) -> str:
    if period - max(last, episode.last) >= grain.quiet:
        return "closed"
    if period - episode.raised < _NEW:
        return "new"
    lately = max(period - _LATELY + 1, episode.onset + 1)
    return "growing" if excess[lately : period + 1].mean() >= excess[episode.onset : lately].mean() else "fading"


def _ratio(observed: float, expected: float, dispersion: float) -> tuple[float, float, float]:
    """Observed over expected with its 95 % interval, on the logarithm (half a contact is added to each)."""
    ratio = (observed + 0.5) / (expected + 0.5)
    spread = _WIDE * np.sqrt(max(dispersion, 1.0) / (observed + 0.5) + WOBBLE**2)
    return ratio, float(ratio * np.exp(-spread)), float(ratio * np.exp(spread))


def _usual(watch: Watch, episode: Episode, place: int) -> list[str]:
    """Return the contacts of the slice before the onset; of all slices, where it has few."""
    before = watch.counts.members.ids(place, 0, episode.onset - 1)
    return before if len(before) >= _ENOUGH else watch.counts.members.ids(0, 0, episode.onset - 1)


def _customers(state: State, ids: Sequence[str]) -> int | None:
    if "customer_id" not in state.contacts:
        return None
    named = state.contacts.loc[state.contacts["contact_id"].isin(ids), "customer_id"].dropna()
    return int(named.nunique()) or None


def _course(watch: Watch, episode: Episode, place: int, key: str, statuses: Sequence[str]) -> list[dict[str, object]]:
    rows = []
    counts, means = watch.series(place)
    for period in range(max(episode.onset - _BEFORE, 0), len(watch.counts.periods)):
        mean = means[period]
        if not np.isfinite(mean):
            continue
        value, rarity = counts[period], watch.rarity[place, period]
        variance = max(watch.expected.dispersion[place, period] * mean + (WOBBLE * mean) ** 2, mean * 1.001)
        rows.append(
            {
                "alert_id": key,
                "day": watch.counts.periods[period].date(),
                "observed": float(value) if np.isfinite(value) else None,
                "expected": float(mean),
                "high": float(nbinom.ppf(0.975, mean**2 / (variance - mean), mean / variance)),
                "score": float(rarity) if np.isfinite(rarity) else None,
                "status": statuses[period - episode.raised] if period >= episode.raised else None,
            }
        )
    return rows


def _outlook(watch: Watch, ahead: Floats, own: Slice, place: int) -> list[dict[str, object]]:
    if not np.isfinite(ahead[place]).all() or not np.isfinite(watch.evidence.means[place, -1]):
        return []
    found = foretell(
        *watch.series(place),
        ahead[place],
        float(watch.expected.dispersion[place, -1]),
        float(watch.expected.uncertainty[place, -1]) + WOBBLE**2,
    )
    first = watch.counts.periods[-1].normalize()
    return [
        {
            "slice": [{"dimension": name, "value": value} for name, value in own],
            "day": (first + pd.Timedelta(days=number + 1)).date(),
            **{name: float(values[number]) for name, values in found._asdict().items()},
        }
        for number in range(len(found.expected))
    ]
