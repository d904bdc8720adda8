"""What is going wrong now: the alerts, their course, their evidence, and what is to be expected next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

import pandas as pd

from vocmine.issues import Alerts
from vocmine.issues.evidence import Difference
from vocmine.report.view import View
from vocmine.report.words import Words
from vocmine.text import mask

_CARDS: Final = 8
"""Open alerts that have a card; the others stand in the table."""
_TIMELINE: Final = 182
"""Days that the timeline shows at most."""
_IDS: Final = 100
_DIFFERENCES: Final = 6
_CODED: Final = ("channel", "signal")
"""Dimensions whose values are codes, which have names."""


class Part(TypedDict):
    """What the contacts of an alert were chosen by, such as ``topic`` and its label."""

    dimension: str
    value: str


class Day(TypedDict):
    """Contacts of a day, None where the feed was missing, beside those expected and what one day in forty exceeds."""

    day: str
    observed: float | None
    expected: float
    high: float
    told: bool


class Outlook(TypedDict):
    """Contacts of the 14 days to come: usual ones, and more; the bounds are those of the days, added."""

    days: int
    expected: float
    extra: float
    low: float
    high: float


class Alert(TypedDict):
    """An alert; `left` and `width` are its place on the timeline, in per cent, `width` 0 where it ended before."""

    alert_id: str
    kind: str
    label: str
    parts: list[Part]
    status: str
    severity: int
    onset: str
    raised: str
    last: str
    observed: int
    expected: float
    ratio: float
    low: float
    high: float
    customers: int | None
    contacts: list[str]
    quotes: list[str]
    differences: list[Difference]
    days: list[Day]
    outlook: Outlook | None
    left: float
    told_at: float
    width: float


class Issues(TypedDict):
    """The alerts, the most unusual first: `cards` are open ones, `others` those without a card.

    `watched` says whether alerts were given at all; `slices` were watched for a budget of so many false alerts a week,
    `short` had too short a history. `first` and `last` are the days of the timeline.
    """

    watched: bool
    slices: int
    short: int
    budget: float
    cards: list[Alert]
    others: list[Alert]
    first: str
    last: str
    outlook: Outlook | None


NOTHING: Final[Issues] = {
    "watched": False,
    "slices": 0,
    "short": 0,
    "budget": 0.0,
    "cards": [],
    "others": [],
    "first": "",
    "last": "",
    "outlook": None,
}


def summarise_issues(view: View, alerts: Alerts | None) -> Issues:
    """Put alerts into figures that the page shows."""
    if alerts is None:
        return NOTHING
    first, last = _timeline(view, alerts)
    course: dict[str, list[Day]] = {}
    for row in alerts.days.to_pylist():
        course.setdefault(row["alert_id"], []).append(_day(row))
    outlooks = _outlooks(alerts)
    labels = _topic_labels(view)
    found = [_alert(view, row, course.get(str(row["alert_id"]), []), outlooks, labels, (first, last)) for row in alerts]
    cards = [one for one in found if one["status"] != "closed"][:_CARDS]
    shown = {one["alert_id"] for one in cards}
    return {
        "watched": True,
        "slices": alerts.n_slices,
        "short": alerts.n_short,
        "budget": alerts.budget,
        "cards": cards,
        "others": [one for one in found if one["alert_id"] not in shown],
        "first": f"{first:%Y-%m-%d}",
        "last": f"{last:%Y-%m-%d}",
        "outlook": outlooks.get(()),
    }


def issue_name(alert: Alert, words: Words) -> str:
    """Name what an alert is about: its slice, or its theme."""
    if alert["kind"] == "theme":
        return words("issues.theme", label=words("quote", text=alert["label"]))
    named = [
        words("issues.part", dimension=words.name("dimension", part["dimension"]), value=_value(part, words))
        for part in alert["parts"]
    ]
    return " · ".join(named) or words("issues.all")


def _value(part: Part, words: Words) -> str:
    if part["dimension"] == "topic":
        return words("quote", text=part["value"])
    return words.name(part["dimension"], part["value"]).lower() if part["dimension"] in _CODED else part["value"]


def _alert(
    view: View,
    row: Mapping[str, Any],
    course: list[Day],
    outlooks: Mapping[tuple[tuple[str, str], ...], Outlook],
    labels: Mapping[str, str],
    timeline: tuple[pd.Timestamp, pd.Timestamp],
) -> Alert:
    parts: list[Part] = [{"dimension": one["dimension"], "value": one["value"]} for one in row["slice"]]
    own = tuple((one["dimension"], one["value"]) for one in parts)
    for part in parts:
        if part["dimension"] == "topic":
            part["value"] = labels.get(part["value"], part["value"])
    quotes = row["quotes"][: view.n_quotes]
    left, told_at, right = (_placed(row[name], timeline) for name in ("onset", "raised", "last"))
    day = 100 / ((timeline[1] - timeline[0]).days + 1)
    ended = pd.Timestamp(row["last"]) < timeline[0]
    return {
        "alert_id": row["alert_id"],
        "kind": row["kind"],
        "label": row["label"],
        "parts": parts,
        "status": row["status"],
        "severity": row["severity"],
        **{name: row[name].isoformat() for name in ("onset", "raised", "last")},  # type: ignore[typeddict-item]
        "observed": row["observed"],
        "expected": row["expected"],
        "ratio": row["ratio"],
        "low": row["ratio_low"],
        "high": row["ratio_high"],
        "customers": row["customers"],
        "contacts": row["contact_ids"][:_IDS],
        "quotes": [mask(text) for text in quotes] if view.mask else list(quotes),
        "differences": row["differences"][:_DIFFERENCES],
        "days": course,
        "outlook": outlooks.get(own) if row["status"] != "closed" and row["kind"] == "volume" else None,
        "left": left,
        "told_at": told_at,
        "width": 0.0 if ended else round(right - left + day, 2),
    }


def _placed(day: object, timeline: tuple[pd.Timestamp, pd.Timestamp]) -> float:
    """Return where a day stands between two others, in per cent, its start."""
    first, last = timeline
    return round(100 * max((pd.Timestamp(str(day)) - first).days, 0) / ((last - first).days + 1), 2)


def _day(row: Mapping[str, Any]) -> Day:
    return {
        "day": row["day"].isoformat(),
        "observed": row["observed"],
        "expected": row["expected"],
        "high": row["high"],
        "told": row["status"] is not None,
    }


def _outlooks(alerts: Alerts) -> dict[tuple[tuple[str, str], ...], Outlook]:
    """Add up the days to come, by slice."""
    rows: dict[tuple[tuple[str, str], ...], list[dict[str, Any]]] = {}
    for row in alerts.forecast.to_pylist():
        rows.setdefault(tuple((one["dimension"], one["value"]) for one in row["slice"]), []).append(row)
    return {own: _sum(days) for own, days in rows.items()}


def _sum(days: Sequence[Mapping[str, Any]]) -> Outlook:
    expected, extra, low, high = (
        float(sum(day[name] for day in days)) for name in ("expected", "extra", "extra_low", "extra_high")
    )
    return {"days": len(days), "expected": expected, "extra": extra, "low": low, "high": high}


def _timeline(view: View, alerts: Alerts) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the days between which alerts are shown: also those of alerts, where contacts are those of one day."""
    days = pd.concat([view.contacts["day"].dropna(), pd.Series(pd.to_datetime(alerts.days["day"].to_pylist()))])
    last = days.max() if len(days) else pd.Timestamp(0)
    return max(days.min() if len(days) else last, last - pd.Timedelta(days=_TIMELINE - 1)), last


def _topic_labels(view: View) -> dict[str, str]:
    if "topics" not in view.analysis.tables:
        return {}
    rows = view.analysis.tables["topics"].select(["topic_id", "label"]).to_pylist()
    return {str(row["topic_id"]): row["label"] for row in rows}
