"""What frustrates: frustration, signals, effort, how agents answer, and the contacts to look at first."""

from __future__ import annotations

from typing import TypedDict

import pandas as pd

from vocmine.report.shares import Share, share
from vocmine.report.view import View
from vocmine.schema import SCALE, SIGNALS, STYLES
from vocmine.signals import EVIDENCE, escalation_queue
from vocmine.text import mask

_FRUSTRATED = 2
_QUOTES = 2
_FIRST = 10
"""Contacts of the queue that the page shows."""
_AROUND = 60
"""Characters shown on either side of the words that tell."""
_PLACE = ("contact_id", "text", "start", "end")
_FEWEST = 10
"""Contacts under which a channel has no share of its own."""


class Shown(TypedDict):
    """Words that show a signal, between what stands around them."""

    contact_id: str
    before: str
    words: str
    after: str


class SignalLine(TypedDict):
    """A signal: the share of contacts that carry it, what its quality was measured on, and words that show it."""

    signal: str
    share: Share
    evidence: str
    quotes: list[Shown]


class Effort(TypedDict):
    """Work put on customers: mean score of 0 to 10, contacts with any, events by kind, and what could be avoided."""

    mean: float | None
    any: Share
    events: dict[str, int]
    avoidable: Share


class Urgent(TypedDict):
    """A contact of the queue."""

    contact_id: str
    channel: str
    risk: float
    reasons: list[str]
    route: str
    quote: str | None
    evidence: str


class Signals(TypedDict):
    """What customers signal; `scored` is 0 where the analysis has no signals.

    `styles` are shares of the contacts that an agent answered, `recovered` of the conversations in which the customer
    was frustrated. `queue` is that of `day`, the last one there is.
    """

    scored: int
    frustrated: Share
    by_channel: dict[str, Share]
    lines: list[SignalLine]
    effort: Effort
    scale: dict[str, int]
    styles: dict[str, Share]
    recovered: Share
    queue: list[Urgent]
    day: str | None


def summarise_signals(view: View) -> Signals:
    """Count what customers signal."""
    contacts = view.contacts
    scored = contacts[contacts["frustration"].notna()]
    frustrated = scored["frustration"].astype(float) >= _FRUSTRATED
    channels = {
        str(name): share(int(part.sum()), len(part))
        for name, part in frustrated.groupby(scored["channel"])
        if len(part) >= _FEWEST
    }
    recovered = scored.loc[scored["frustration_peak"].astype(float) >= _FRUSTRATED, "frustration_recovered"].dropna()
    queue, day = _queue(view, len(scored))
    return {
        "scored": len(scored),
        "frustrated": share(int(frustrated.sum()), len(scored)),
        "by_channel": dict(sorted(channels.items(), key=lambda one: -(one[1]["value"] or 0.0))),
        "lines": _lines(view, scored),
        "effort": _effort(view, scored),
        "scale": {name: int((scored["scale"] == name).sum()) for name in SCALE},
        "styles": _styles(view),
        "recovered": share(int(recovered.astype(bool).sum()), len(recovered)),
        "queue": queue,
        "day": day,
    }


def _lines(view: View, scored: pd.DataFrame) -> list[SignalLine]:
    counts = scored["signals"].explode().value_counts()
    lines: list[SignalLine] = [
        {
            "signal": name,
            "share": share(int(counts.get(name, 0)), len(scored)),
            "evidence": EVIDENCE[name],
            "quotes": _shown(view, name),
        }
        for name in SIGNALS
    ]
    return sorted(lines, key=lambda line: -line["share"]["count"])


def _shown(view: View, signal: str) -> list[Shown]:
    """Return the clearest words of a signal, of different contacts and wordings, with some of what is around them."""
    spans = view.analysis.spans
    found = spans[(spans["kind"] == "signal") & (spans["label"] == signal)]
    # Rounded, so that equals stay in the order of the contacts on any machine.
    best = found.assign(score=found["score"].round(3)).sort_values("score", ascending=False, kind="stable")
    best = best.drop_duplicates("contact_id").drop_duplicates("quote").head(_QUOTES if view.n_quotes else 0)
    texts = best.merge(view.analysis.turns[["contact_id", "turn", "text"]], on=["contact_id", "turn"])
    return [_in_its_place(view, *row) for row in zip(*(texts[name] for name in _PLACE), strict=True)]


def _in_its_place(view: View, contact_id: str, text: str, start: int, end: int) -> Shown:
    parts = (text[:start], text[start:end], text[end:])
    before, words, after = (mask(part) if view.mask else part for part in parts)
    if len(before) > _AROUND:
        before = "…" + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + "…"
    return {"contact_id": contact_id, "before": before, "words": words, "after": after}


def _effort(view: View, scored: pd.DataFrame) -> Effort:
    effort = scored["effort"].dropna().astype(float)
    spans = view.analysis.spans
    events = spans.loc[spans["kind"] == "effort", "label"].value_counts()
    avoidable = scored["effort_avoidable"].dropna().astype(bool)
    return {
        "mean": round(float(effort.mean()), 2) if len(effort) else None,
        "any": share(int((effort > 0).sum()), len(effort)),
        "events": {str(name): int(n) for name, n in events.items()},
        "avoidable": share(int(avoidable.sum()), len(avoidable)),
    }


def _styles(view: View) -> dict[str, Share]:
    turns = view.analysis.turns
    answered = turns[turns["styles"].notna()]
    n = answered["contact_id"].nunique()
    told = answered.explode("styles")
    return {name: share(int(told.loc[told["styles"] == name, "contact_id"].nunique()), n) for name in STYLES}


def _queue(view: View, scored: int) -> tuple[list[Urgent], str | None]:
    if not scored:
        return [], None
    queue = escalation_queue(view.analysis, n=_FIRST, mask=view.mask)
    rows: list[Urgent] = [
        {
            "contact_id": str(row["contact_id"]),
            "channel": str(row["channel"]),
            "risk": round(float(row["risk"]), 3),
            "reasons": list(row["reasons"]),
            "route": str(row["route"]),
            "quote": row["quote"],
            "evidence": str(row["evidence"]),
        }
        for row in queue.to_dict("records")
    ]
    days = queue["day"].dropna()
    return rows, str(days.iloc[0]) if len(days) else None
