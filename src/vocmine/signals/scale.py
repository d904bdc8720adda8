"""From need to request, to problem, to complaint: what a contact has become, and what it could have stayed.

Decided in this order, the first that holds: complaint (a reproach), praise, problem (something went wrong, not merely
asked about), request (an ordinary act asked for), need (a wish to know), none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Final

from vocmine.signals.cues import cues_of
from vocmine.signals.rules import Rules

_REPROACHES: Final = frozenset(
    {"anger", "distrust", "agent_hostility", "legal_threat", "public_threat", "churn_intent", "irony"}
    | {"escalation_request"}
)
_BURDENS: Final = frozenset({"waiting", "harm", "effort", "repeat_contact", "compensation_request"})
"""Reproaches where the contact is negative as a whole: each can be told of with good humour too."""

_TROUBLES: Final = frozenset({"unresolved", "waiting", "effort", "repeat_contact", "harm", "resolved"})
_UNHAPPY: Final = frozenset({"negative", "mixed"})
_STEPS: Final = ("problem", "request", "need")


def cues_of_scale(turns: Sequence[str]) -> list[frozenset[str]]:
    """Say of each turn which of problem, request and need its words show."""
    return [
        frozenset(hit.signal.removesuffix("_cues") for hit in hits if hit.affirmed)
        for hits in _rules().find(list(turns))
    ]


def scale(signals: Collection[str], frustration: int, sentiment: str | None, cues: Collection[str]) -> str:
    """Say what a contact is, one of `vocmine.schema.SCALE`.

    Parameters
    ----------
    signals : collection of str
        Those that it carries.
    frustration : int
        0 to 3.
    sentiment : str or None
        negative, neutral, positive or mixed.
    cues : collection of str
        What the words show, among problem, request and need; see `cues_of_scale`.

    Examples
    --------
    >>> scale(["unresolved", "anger"], 2, "negative", []), scale([], 0, "neutral", ["need"])
    ('complaint', 'need')
    """
    present, shown = set(signals), set(cues)
    if _reproaches(present, frustration, sentiment, shown):
        return "complaint"
    if sentiment == "positive" and not present & _TROUBLES and shown <= {"problem"}:
        return "praise"
    if present & _TROUBLES or ("problem" in shown and "need" not in shown):
        return "problem"
    if "compensation_request" in present or "request" in shown:
        return "request"
    if "need" in shown:
        return "need"
    return "none"


def _reproaches(present: set[str], frustration: int, sentiment: str | None, shown: set[str]) -> bool:
    """Say whether the organisation is reproached: by a signal, by the tone, or by burdens told with displeasure."""
    if present & _REPROACHES or frustration > 1:
        return True
    if sentiment not in _UNHAPPY:
        return False
    return bool(present & _BURDENS) or (frustration == 1 and not present and "problem" not in shown)


@cache
def _rules() -> Rules:
    return Rules({step: cues_of(f"{step}_cues") for step in _STEPS})
