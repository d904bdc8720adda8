"""How many contacts, from how many customers, through which channel and when."""

from __future__ import annotations

from typing import Literal, TypedDict

import pandas as pd

from vocmine.report.view import View

_FEW_DAYS = 35
"""Days up to which volumes are better seen by day than by week."""


class Timeline(TypedDict):
    """Contacts of successive days or weeks, without a hole between the first and the last.

    `starts` are ISO dates (Mondays for weeks); `days` says how many days of each lie within the period, so that an
    incomplete week is known; `contacts` and each of `channels` are counts, aligned with `starts`.
    """

    starts: list[str]
    days: list[int]
    contacts: list[int]
    channels: dict[str, list[int]]


class Volume(TypedDict):
    """Volumes. Days are local days of the contact's zone.

    `silent_days` counts the days of the period without a contact; `unit` is the one that suits its length.
    """

    contacts: int
    customers: int | None
    undated: int
    first_day: str | None
    last_day: str | None
    days: int
    silent_days: int
    unit: Literal["day", "week"]
    by_channel: dict[str, int]
    by_day: Timeline
    by_week: Timeline


def summarise_volume(view: View) -> Volume:
    """Count the contacts by channel, day and week."""
    contacts = view.contacts
    dated = contacts.dropna(subset=["day"])
    days = pd.date_range(dated["day"].min(), dated["day"].max(), freq="D") if len(dated) else pd.DatetimeIndex([])
    by_day = _timeline(dated, "day", days)
    customers = contacts["customer_id"].nunique()
    return {
        "contacts": len(contacts),
        "customers": int(customers) or None,
        "undated": len(contacts) - len(dated),
        "first_day": days[0].date().isoformat() if len(days) else None,
        "last_day": days[-1].date().isoformat() if len(days) else None,
        "days": len(days),
        "silent_days": by_day["contacts"].count(0),
        "unit": "week" if len(days) > _FEW_DAYS else "day",
        "by_channel": {str(name): int(count) for name, count in _counts(contacts["channel"]).items()},
        "by_day": by_day,
        "by_week": _timeline(dated, "week", days),
    }


def _timeline(dated: pd.DataFrame, unit: str, days: pd.DatetimeIndex) -> Timeline:
    starts_of_days = days if unit == "day" else days - pd.to_timedelta(days.day_of_week, unit="D")
    covered = starts_of_days.value_counts().sort_index()
    table = pd.crosstab(dated[unit], dated["channel"]).reindex(covered.index, fill_value=0)
    return {
        "starts": [day.date().isoformat() for day in covered.index],
        "days": [int(count) for count in covered],
        "contacts": [int(count) for count in table.sum(axis="columns")],
        "channels": {str(name): [int(n) for n in table[name]] for name in _counts(dated["channel"]).index},
    }


def _counts(channel: pd.Series) -> pd.Series:
    """Return the contacts of each channel, the busiest first; channels as busy as each other go by name."""
    return channel.value_counts().sort_index().sort_values(ascending=False, kind="stable")
