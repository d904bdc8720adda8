"""From need to request, to problem, to complaint: what a contact has become, and what it could have stayed.

Decided in this order, the first that holds: complaint (a reproach), praise, problem (something went wrong), request (an
ordinary act asked for), need (a wish to know), none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from vocmine.signals.cues import cues_of
from vocmine.signals.rules import Rules

_REPROACHES: Final = frozenset(
    {"anger", "distrust", "agent_hostility", "legal_threat", "public_threat", "churn_intent", "irony"}
    | {"escalation_request"}
)
_TROUBLES: Final = frozenset({"unresolved", "waiting", "effort", "repeat_contact", "harm", "resolved"})
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
    present = set(signals)
    if present & _REPROACHES or frustration > 1:
        return "complaint"
    troubled = bool(present & _TROUBLES) or "problem" in cues
    if sentiment == "positive" and not present & _TROUBLES and not {"request", "need"} & set(cues):
        return "praise"
    if troubled:
        return "complaint" if len(present & _TROUBLES) > 1 and sentiment == "negative" else "problem"
    if "compensation_request" in present or "request" in cues:
        return "request"
    return "need" if "need" in cues else "none"


class _Made:
    """Rules made when first needed."""

    def __init__(self) -> None:
        self._rules: Rules | None = None

    def __call__(self) -> Rules:
        if self._rules is None:
            self._rules = Rules({step: cues_of(f"{step}_cues") for step in _STEPS})
        return self._rules


_rules: Final = _Made()
