"""How conversations go: how customers feel at the start and at the end, and how many unhappy ones recover."""

from __future__ import annotations

from typing import TypedDict

import pandas as pd

from vocmine.report.shares import Share, share
from vocmine.report.view import View
from vocmine.sentiment import CLEARLY_NEGATIVE

CONTENT = 0.4
"""Valence at or above which a customer is clearly content."""


class Course(TypedDict):
    """Course of the conversations in which the customer speaks twice or more.

    `start` and `end` count them by the customer's mood at the first and last turn: unhappy, between, content.
    `recovered` is the share, among those with a clearly unhappy turn, that end at ease; `recovered_from_start` the same
    among those that start so.
    """

    conversations: int
    start: dict[str, int]
    end: dict[str, int]
    recovered: Share
    recovered_from_start: Share


def summarise_course(view: View) -> Course:
    """Count how conversations start and end."""
    contacts = view.contacts
    several = contacts[contacts["recovered"].notna()]
    recovered = several["recovered"].astype(bool)
    unhappy, from_start = (several[name] <= CLEARLY_NEGATIVE for name in ("sentiment_lowest", "sentiment_start"))
    return {
        "conversations": len(several),
        "start": _moods(several["sentiment_start"]),
        "end": _moods(several["sentiment_end"]),
        "recovered": share(int(recovered[unhappy].sum()), int(unhappy.sum())),
        "recovered_from_start": share(int(recovered[from_start].sum()), int(from_start.sum())),
    }


def _moods(valence: pd.Series) -> dict[str, int]:
    unhappy, content = int((valence <= CLEARLY_NEGATIVE).sum()), int((valence >= CONTENT).sum())
    return {"unhappy": unhappy, "between": len(valence) - unhappy - content, "content": content}
