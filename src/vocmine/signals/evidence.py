"""What the figures of each signal rest on: real accounts, or texts written for this project alone."""

from __future__ import annotations

from typing import Final

from vocmine.schema import SIGNALS

_MEASURED: Final = frozenset({"repeat_contact", "unresolved", "effort", "waiting", "anger", "harm"})

EVIDENCE: Final = {signal: "real" if signal in _MEASURED else "written" for signal in SIGNALS}
"""``real`` where the development data hold thirty annotated accounts or more that carry the signal; ``written`` where
they do not, so that its quality is known on invented texts only."""


def weakest(signals: list[str]) -> str:
    """Return what a judgement on several signals rests on: ``written`` if any of them does.

    Examples
    --------
    >>> weakest(["anger", "churn_intent"])
    'written'
    """
    return "written" if any(EVIDENCE[signal] == "written" for signal in signals) else "real"
