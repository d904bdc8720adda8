"""What customers feel: overall, by channel, by week, and how it moved lately."""

from __future__ import annotations

from typing import TypedDict

import pandas as pd

from vocmine.report.shares import Difference, Tally, difference, tally
from vocmine.report.view import View

ENOUGH = 30
"""Scored contacts from which a channel or a span of days is compared with others."""
_SPANS = (28, 7)
"""Days compared with as many before: whole weeks, so that weekdays weigh the same on both sides."""


class Tensest(TypedDict):
    """The channel whose negative share is the highest, and what it has above all other contacts together."""

    channel: str
    above_others: Difference


class Trend(TypedDict):
    """The last `days` days of the period, against as many before.

    `recent` and `before` count their contacts; `change` is the difference of the negative shares, None where either
    span has too few scored contacts to tell.
    """

    days: int
    recent: Tally
    before: Tally
    change: Difference | None


class Sentiment(TypedDict):
    """Sentiment of the contacts; weeks are keyed by their Monday, channels in order of their volume."""

    overall: Tally
    by_channel: dict[str, Tally]
    by_week: dict[str, Tally]
    tensest: Tensest | None
    trend: Trend | None


def summarise_sentiment(view: View) -> Sentiment:
    """Count the sentiment of the contacts."""
    contacts = view.contacts
    channels = {str(name): tally(group) for name, group in contacts.groupby("channel")["sentiment"]}
    weeks = contacts.groupby("week")["sentiment"]
    return {
        "overall": tally(contacts["sentiment"]),
        "by_channel": dict(sorted(channels.items(), key=lambda item: (-item[1]["contacts"], item[0]))),
        "by_week": {pd.Timestamp(str(week)).date().isoformat(): tally(group) for week, group in weeks},
        "tensest": _tensest(contacts, channels),
        "trend": _trend(contacts),
    }


def _tensest(contacts: pd.DataFrame, channels: dict[str, Tally]) -> Tensest | None:
    """Return the channel that stands out, if its excess over the others cannot be chance.

    It was picked as the highest of several: the level of its interval makes up for that (Bonferroni).
    """
    compared = {name: found for name, found in channels.items() if found["n"] >= ENOUGH}
    if len(compared) < 2:
        return None
    channel = max(compared, key=lambda name: compared[name]["shares"]["negative"]["value"] or 0.0)
    others = tally(contacts.loc[contacts["channel"] != channel, "sentiment"])
    shares = compared[channel]["shares"]["negative"], others["shares"]["negative"]
    excess = difference(*shares, level=1 - 0.05 / len(compared))
    return {"channel": channel, "above_others": excess} if excess["low"] > 0 else None


def _trend(contacts: pd.DataFrame) -> Trend | None:
    dated = contacts.dropna(subset=["day"])
    if dated.empty:
        return None
    last = dated["day"].max()
    age = (last - dated["day"]).dt.days
    span = next((days for days in _SPANS if age.max() + 1 >= 2 * days), None)
    if span is None:
        return None
    recent = tally(dated.loc[age < span, "sentiment"])
    before = tally(dated.loc[(age >= span) & (age < 2 * span), "sentiment"])
    told = min(recent["n"], before["n"]) >= ENOUGH
    change = difference(recent["shares"]["negative"], before["shares"]["negative"]) if told else None
    return {"days": span, "recent": recent, "before": before, "change": change}
