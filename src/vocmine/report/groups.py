"""Sentiment by team and by product, where the source names them. Single agents are never shown."""

from __future__ import annotations

from typing import TypedDict

import pandas as pd

from vocmine.report.shares import Tally, tally
from vocmine.report.view import View

FEWEST = 10
"""Scored contacts under which a group is not shown."""
_FEWEST_AGENTS = 3
"""Agents under which a team is not shown: the figures would be those of a person."""
_MOST = 15
"""Groups shown, the largest ones; a column with thousands of values would fill the page."""


class Groups(TypedDict):
    """Groups in order of their size; those that are too small or too many are only counted."""

    shown: dict[str, Tally]
    too_small: int
    beyond: int
    unnamed: int


def summarise_groups(view: View) -> dict[str, Groups]:
    """Count the sentiment by ``team`` and ``product``; a column that holds nothing is left out."""
    contacts = view.contacts
    return {name: _groups(contacts, name) for name in ("team", "product") if contacts[name].notna().any()}


def _groups(contacts: pd.DataFrame, column: str) -> Groups:
    found = contacts.groupby(column, sort=True)
    sizes = found.size().sort_values(ascending=False, kind="stable")
    large = found["sentiment"].count() >= FEWEST
    if column == "team" and contacts["agent_id"].notna().any():
        large &= found["agent_id"].nunique() >= _FEWEST_AGENTS
    kept = [name for name in sizes.index if large[name]]
    return {
        "shown": {str(name): tally(found.get_group(name)["sentiment"]) for name in kept[:_MOST]},
        "too_small": len(sizes) - len(kept),
        "beyond": max(0, len(kept) - _MOST),
        "unnamed": int(contacts[column].isna().sum()),
    }
