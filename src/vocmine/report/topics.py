"""What customers contact about: the topics, their map, their course over the weeks, and their quotes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.report.shares import Share, share
from vocmine.report.view import View
from vocmine.text import mask

_FEWEST: Final = 10
"""Contacts under which a topic has no share of its own."""
_FEWEST_WEEKS: Final = 4
_FRUSTRATED: Final = 2
_TERMS: Final = 6
_HALF: Final = 0.5
_SIZE: Final = 100.0
"""Width and height of the map."""
_LARGEST: Final = 6.0
"""Radius of the largest disc on it."""


class TopicLine(TypedDict):
    """A topic: its share of all contacts, what is felt in them, its weeks, and words that show it.

    `share` counts the contacts whose main topic it is, `contacts` all that speak of it. `weeks` are counts a week. `x`,
    `y` and `r` place its disc on a map of 100 by 100; `tone` is the share of negative there, 0 to 1, None where few.
    """

    rank: int
    label: str
    terms: list[str]
    contacts: int
    share: Share
    negative: Share | None
    frustrated: Share | None
    channels: dict[str, int]
    weeks: list[int]
    quotes: list[str]
    status: str
    x: float
    y: float
    r: float
    tone: float | None


class Topics(TypedDict):
    """The topics, the largest first; `lines` is empty where none were assigned.

    `half` is how many of the largest are the main topics of half of the contacts.
    """

    lines: list[TopicLine]
    none: Share
    half: int
    starts: list[str]


def summarise_topics(view: View) -> Topics:
    """Count what customers contact about."""
    tables = view.analysis.tables
    if "contact_topics" not in tables:
        return {"lines": [], "none": share(0, 0), "half": 0, "starts": []}
    contacts = view.contacts
    main = contacts["topic_id"]
    spoken = contacts.explode("topics")
    topics = view.analysis.topics
    shown = topics[(topics["topic_id"] >= 0) & topics["merged_into"].isna()]
    sizes = main.value_counts()
    shown = shown.assign(main=shown["topic_id"].map(sizes).fillna(0).astype(int))
    shown = shown.sort_values(["main", "contacts", "topic_id"], ascending=[False, False, True])
    starts = _weeks(contacts)
    places = _map(view, shown["topic_id"].to_numpy())
    largest = max(shown["contacts"].max(), 1)
    lines = [
        _line(view, row, rank, spoken[spoken["topics"] == row["topic_id"]], starts, places[rank - 1], largest)
        for rank, row in enumerate(shown.to_dict("records"), start=1)
    ]
    shares = shown["main"].cumsum() / max(len(contacts), 1)
    none = share(int((main < 0).sum()), len(contacts))
    half = int((shares < _HALF).sum()) + 1 if len(shares) and shares.iloc[-1] >= _HALF else 0
    return {"lines": lines, "none": none, "half": half, "starts": [f"{start:%Y-%m-%d}" for start in starts]}


def _line(
    view: View,
    topic: Mapping[Hashable, object],
    rank: int,
    contacts: pd.DataFrame,
    starts: list[pd.Timestamp],
    place: tuple[float, float],
    largest: int,
) -> TopicLine:
    scored = contacts[contacts["sentiment"].notna()]
    heard = contacts[contacts["frustration"].notna()]
    enough = len(contacts) >= _FEWEST
    negative = share(int((scored["sentiment"] == "negative").sum()), len(scored)) if enough else None
    frustrated = share(int((heard["frustration"].astype(float) >= _FRUSTRATED).sum()), len(heard)) if enough else None
    by_week = contacts["week"].value_counts()
    quotes = [str(text) for text in topic["quotes"]]  # type: ignore[attr-defined]
    return {
        "rank": rank,
        "label": str(topic["label"]),
        "terms": list(topic["terms"])[:_TERMS],  # type: ignore[call-overload]
        "contacts": len(contacts),
        "share": share(int(str(topic["main"])), len(view.contacts)),
        "negative": negative,
        "frustrated": frustrated,
        "channels": {str(name): int(n) for name, n in contacts["channel"].value_counts().items()},
        "weeks": [int(by_week.get(start, 0)) for start in starts],
        "quotes": [mask(text) for text in quotes] if view.mask else quotes,
        "status": str(topic["status"]),
        "x": place[0],
        "y": place[1],
        "r": round(_LARGEST * float(np.sqrt(len(contacts) / largest)), 2),
        "tone": negative["value"] if negative else None,
    }


def _weeks(contacts: pd.DataFrame) -> list[pd.Timestamp]:
    """Return the Mondays of whole weeks, where there are enough for a line."""
    weeks = contacts["week"].dropna()
    if weeks.empty:
        return []
    every = list(pd.date_range(weeks.min(), weeks.max(), freq="7D"))
    return every if len(every) >= _FEWEST_WEEKS else []


def _map(view: View, topics: NDArray[np.int64]) -> list[tuple[float, float]]:
    """Place topics in two dimensions: the two in which their mean embeddings differ most."""
    assigned = view.analysis.tables["assignments"]["topic_id"].to_pandas().fillna(-1).to_numpy()
    vectors = view.analysis.embeddings
    known = np.isfinite(vectors).all(axis=1)
    means = []
    for topic in topics:
        own = (assigned == topic) & known
        means.append(vectors[own].mean(axis=0) if own.any() else np.zeros(vectors.shape[1]))
    centred = np.stack(means) - np.mean(means, axis=0) if means else np.zeros((0, 2))
    if len(centred) < 3:
        return [(_SIZE * (place + 1) / (len(centred) + 1), _SIZE / 2) for place in range(len(centred))]
    left, sizes, right = np.linalg.svd(centred, full_matrices=False)
    flip = np.sign(right[np.arange(2), np.abs(right[:2]).argmax(axis=1)])  # the same picture each time
    points = left[:, :2] * sizes[:2] * flip
    low, width = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-9)
    placed = _LARGEST + (_SIZE - 2 * _LARGEST) * (points - low) / width
    return [(round(float(x), 2), round(float(y), 2)) for x, y in placed]
