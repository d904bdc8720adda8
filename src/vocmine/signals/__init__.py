"""What customers' turns say comes in; the signals they carry go out, each with its probability, its words and why.

`rules` finds cues of word lists and says how each is meant; heads of the model read the same segments; `combine` weighs
both. On top of them stand frustration, effort, agents' styles, levels, and the queue of contacts to look at first.
Signals of one's own come from a YAML file (`SignalRules`) or from fifty labelled contacts (`SignalClassifier`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vocmine.signals.evidence import EVIDENCE
from vocmine.signals.live import LiveContact, LiveState
from vocmine.signals.own_rules import OwnSignals, SignalRules
from vocmine.signals.policies import policies
from vocmine.signals.queue import escalation_queue, queue_precision

if TYPE_CHECKING:
    from vocmine.signals.own_labels import SignalClassifier

__all__ = [
    "EVIDENCE",
    "LiveContact",
    "LiveState",
    "OwnSignals",
    "SignalClassifier",
    "SignalRules",
    "escalation_queue",
    "policies",
    "queue_precision",
]


def __getattr__(name: str) -> object:
    # Scoring needs no scikit-learn, which takes a second to import.
    if name == "SignalClassifier":
        from vocmine.signals.own_labels import SignalClassifier

        return SignalClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
