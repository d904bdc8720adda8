"""What customers contact about: the topics, their map, what is felt in them, their course and their quotes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final, Literal, TypedDict

import pandas as pd

from vocmine.report.sentiment import ENOUGH
from vocmine.report.shares import Difference, Share, difference, share
from vocmine.report.topic_map import NO_MAP, Map, map_topics
from vocmine.report.view import View
from vocmine.text import mask

_FEWEST: Final = 10
"""Contacts under which nothing has a share of its own."""
_FRUSTRATED: Final = 2
_TERMS: Final = 6
_QUOTES: Final = 3
_SPAN: Final = 28
"""Days compared with as many before: whole weeks, so that weekdays weigh the same on both sides."""
_FEWEST_WEEKS: Final = 4
_MOST_WEEKS: Final = 26
"""Weeks up to which a course is seen by week; beyond, by month."""


class Change(TypedDict):
    """Share of the contacts of the last 28 days, against the 28 days before.

    `difference` is None where chance alone could make it; its interval makes up for the number of topics compared.
    """

    recent: Share
    before: Share
    difference: Difference | None


class TopicLine(TypedDict):
    """A topic, and the contacts whose main topic it is.

    `share` is their share of all contacts, `spoken` how many more or less in passing speak of it, `course` their counts
    by period. Shares are None where they are of fewer than ten contacts, or where nothing was scored.
    """

    topic: int
    rank: int
    label: str
    terms: list[str]
    contacts: int
    spoken: int
    share: Share | None
    change: Change | None
    negative: Share | None
    frustrated: Share | None
    channels: dict[str, int]
    course: list[int]
    quotes: list[str]
    status: str


class Topics(TypedDict):
    """The topics, the largest first; `lines` is empty where none were assigned.

    `half` is how many of the largest make half of the contacts, 0 where all do not. `starts` are the first days of the
    periods of `course`, `whole` whether each lies within the days of the contacts.
    """

    lines: list[TopicLine]
    none: Share
    half: int
    map: Map
    unit: Literal["week", "month"]
    starts: list[str]
    whole: list[bool]


def summarise_topics(view: View) -> Topics:
    """Count what customers contact about."""
    if "contact_topics" not in view.analysis.tables:
        return {"lines": [], "none": share(0, 0), "half": 0, "map": NO_MAP, "unit": "week", "starts": [], "whole": []}
    contacts = view.contacts
    unit, periods = _periods(contacts)
    dates = contacts["day"].dropna()
    lines = _lines(view, periods)
    none = share(int((contacts["topic_id"] < 0).sum()), len(contacts))
    return {
        "lines": lines,
        "none": none,
        "half": _half([line["contacts"] for line in lines], len(contacts)),
        "map": map_topics(view, {line["topic"]: line["contacts"] for line in lines}),
        "unit": unit,
        "starts": [f"{period.start_time:%Y-%m-%d}" for period in periods],
        "whole": [bool(one.start_time >= dates.min() and one.end_time.normalize() <= dates.max()) for one in periods],
    }


def _lines(view: View, periods: pd.PeriodIndex) -> list[TopicLine]:
    contacts, topics = view.contacts, view.analysis.topics
    standing = topics[(topics["topic_id"] >= 0) & topics["merged_into"].isna()]
    sizes = standing["topic_id"].map(contacts["topic_id"].value_counts()).fillna(0)
    ordered = standing.assign(main=sizes).sort_values(["main", "topic_id"], ascending=[False, True])
    spoken = contacts["topics"].explode().value_counts()
    return [
        _line(view, row, rank, int(spoken.get(row["topic_id"], 0)), periods, n_topics=len(ordered))
        for rank, row in enumerate(ordered.to_dict("records"), start=1)
    ]


def _line(
    view: View, topic: Mapping[Hashable, Any], rank: int, spoken: int, periods: pd.PeriodIndex, *, n_topics: int
) -> TopicLine:
    everyone = view.contacts
    own = everyone["topic_id"] == topic["topic_id"]
    contacts = everyone[own]
    quotes = topic["quotes"][: min(_QUOTES, view.n_quotes)]
    return {
        "topic": int(topic["topic_id"]),
        "rank": rank,
        "label": str(topic["label"]),
        "terms": list(topic["terms"])[:_TERMS],
        "contacts": len(contacts),
        "spoken": spoken,
        "share": share(len(contacts), len(everyone)) if len(contacts) >= _FEWEST else None,
        "change": _change(own, everyone["day"], n_topics),
        "negative": _share(contacts["sentiment"].dropna() == "negative"),
        "frustrated": _share(contacts["frustration"].dropna().astype(float) >= _FRUSTRATED),
        "channels": {str(name): int(n) for name, n in contacts["channel"].value_counts().items()},
        "course": _course(contacts["day"], periods),
        "quotes": [mask(text) for text in quotes] if view.mask else list(quotes),
        "status": str(topic["status"]),
    }


def _share(carried: pd.Series) -> Share | None:
    return share(int(carried.sum()), len(carried)) if len(carried) >= _FEWEST else None


def _half(sizes: Sequence[int], n: int) -> int:
    """Return how many of the first sizes make half of n, 0 where all do not."""
    reached = (place for place, total in enumerate(accumulate(sizes), start=1) if 2 * total >= n)
    return next(reached, 0)


def _change(own: pd.Series, days: pd.Series, n_topics: int) -> Change | None:
    """Compare the topic's share of the last days with that of the days before.

    As many comparisons are made as there are topics: the level makes up for that (Bonferroni).
    """
    age = (days.max() - days).dt.days
    if not age.max() + 1 >= 2 * _SPAN:
        return None
    now, then = own[age < _SPAN], own[(age >= _SPAN) & (age < 2 * _SPAN)]
    if min(len(now), len(then)) < ENOUGH or now.sum() + then.sum() < _FEWEST:
        return None
    recent, before = share(int(now.sum()), len(now)), share(int(then.sum()), len(then))
    found = difference(recent, before, level=1 - 0.05 / n_topics)
    told = not found["low"] <= 0 <= found["high"]
    return {"recent": recent, "before": before, "difference": found if told else None}


def _periods(contacts: pd.DataFrame) -> tuple[Literal["week", "month"], pd.PeriodIndex]:
    """Return the weeks of the contacts, or the months of many; none where they are too few for a course."""
    days = contacts["day"].dropna()
    if days.empty:
        return "week", pd.PeriodIndex([], freq="W")
    weeks = pd.period_range(days.min(), days.max(), freq="W")
    if len(weeks) > _MOST_WEEKS:
        return "month", pd.period_range(days.min(), days.max(), freq="M")
    return "week", weeks if len(weeks) >= _FEWEST_WEEKS else weeks[:0]


def _course(days: pd.Series, periods: pd.PeriodIndex) -> list[int]:
    counts = days.dropna().dt.to_period(periods.freqstr).value_counts()
    return [int(n) for n in counts.reindex(periods, fill_value=0)]
