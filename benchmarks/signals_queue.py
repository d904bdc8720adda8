"""How many of the contacts that the queue puts first somebody would want to see, day by day."""

from __future__ import annotations

import pandas as pd
from signals_figures import Measured

import vocmine as vm
from vocmine.signals.queue import queue_precision

A_DAY = (5, 10, 20)
_GRAVE = frozenset({"churn_intent", "legal_threat", "harm"})
_SEVERE = 3


def wanted_contacts(truth: pd.DataFrame) -> set[str]:
    """Return the contacts that say they leave, threaten recourse or bear harm, or that are furious.

    Parameters
    ----------
    truth : DataFrame
        `contact_id`, `signals` (separated by blanks), `frustration`.
    """
    grave = truth["signals"].fillna("").map(lambda told: bool(_GRAVE & set(told.split())))
    return set(truth.loc[grave | (truth["frustration"] == _SEVERE), "contact_id"])


def candidates(analysis: vm.Analysis) -> pd.DataFrame:
    """Return the contacts that can be in the queue, with their local day."""
    frame = analysis.contacts.reset_index(drop=True)
    flagged = set(analysis.corpus.flags["contact_id"].to_pylist())
    frame = frame[~frame["contact_id"].isin(flagged) & frame["frustration"].notna() & frame["started_at"].notna()]
    started = pd.to_datetime(frame["started_at"], utc=True)
    days = [moment.tz_convert(zone).date().isoformat() for moment, zone in zip(started, frame["timezone"], strict=True)]
    return frame[["contact_id", "p_negative"]].assign(day=days)


def queue_lines(queue: pd.DataFrame, others: pd.DataFrame, wanted: set[str]) -> list[Measured]:
    """Measure precision at some contacts a day, beside chance and beside the most negative contacts.

    Parameters
    ----------
    queue : DataFrame
        `contact_id`, `day`, `rank`, as from `vocmine.escalation_queue`.
    others : DataFrame
        `contact_id`, `day`, `p_negative` of all candidates.
    wanted : set of str
    """
    by_sentiment = others.sort_values(["day", "p_negative"], ascending=[True, False], kind="stable")
    by_sentiment = by_sentiment.assign(rank=by_sentiment.groupby("day").cumcount() + 1)
    lines = [_line("all candidates", "share wanted", others, wanted)]
    for n in A_DAY:
        for name, ranked in (("queue", queue), ("most negative first", by_sentiment)):
            lines.append(_line(name, f"precision at {n} a day", ranked[ranked["rank"] <= n], wanted))
    return lines


def _line(of: str, measure: str, frame: pd.DataFrame, wanted: set[str]) -> Measured:
    value, low, high = (round(each, 4) for each in queue_precision(frame, wanted))
    return Measured(of, measure, value, len(frame), low, high)
