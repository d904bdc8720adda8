"""vocmine: the voice of the customer, in French first, offline.

Raw exports → `Corpus` → one encoding (`Miner`) → `Analysis` → decisions (`report`).
Names are loaded when first used, so that importing the package stays fast and does not import torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from vocmine._version import __version__

if TYPE_CHECKING:
    from vocmine.analysis import Analysis
    from vocmine.comparison import compare
    from vocmine.corpus import Corpus
    from vocmine.inference import Engine, Model
    from vocmine.ingest import read
    from vocmine.issues import Alerts, IssueDetector, emerging_themes
    from vocmine.mentions import needs_reply
    from vocmine.miner import Miner
    from vocmine.outcomes import (
        CauseModel,
        Costs,
        audit,
        audited_shares,
        contradictions,
        decisions,
        departments,
        faq,
        measure_effect,
        repeat_contacts,
        what_to_do,
    )
    from vocmine.report import report
    from vocmine.sentiment import SentimentClassifier
    from vocmine.signals import LiveContact, SignalClassifier, SignalRules, escalation_queue, policies
    from vocmine.topics import TopicModel

_HOME = {
    "Alerts": "vocmine.issues",
    "Analysis": "vocmine.analysis",
    "CauseModel": "vocmine.outcomes",
    "Corpus": "vocmine.corpus",
    "Costs": "vocmine.outcomes",
    "Engine": "vocmine.inference",
    "IssueDetector": "vocmine.issues",
    "LiveContact": "vocmine.signals",
    "Miner": "vocmine.miner",
    "Model": "vocmine.inference",
    "SentimentClassifier": "vocmine.sentiment",
    "SignalClassifier": "vocmine.signals",
    "SignalRules": "vocmine.signals",
    "TopicModel": "vocmine.topics",
    "audit": "vocmine.outcomes",
    "audited_shares": "vocmine.outcomes",
    "compare": "vocmine.comparison",
    "contradictions": "vocmine.outcomes",
    "decisions": "vocmine.outcomes",
    "departments": "vocmine.outcomes",
    "emerging_themes": "vocmine.issues",
    "escalation_queue": "vocmine.signals",
    "faq": "vocmine.outcomes",
    "measure_effect": "vocmine.outcomes",
    "needs_reply": "vocmine.mentions",
    "policies": "vocmine.signals",
    "read": "vocmine.ingest",
    "repeat_contacts": "vocmine.outcomes",
    "report": "vocmine.report",
    "what_to_do": "vocmine.outcomes",
}

__all__ = [
    "Alerts",
    "Analysis",
    "CauseModel",
    "Corpus",
    "Costs",
    "Engine",
    "IssueDetector",
    "LiveContact",
    "Miner",
    "Model",
    "SentimentClassifier",
    "SignalClassifier",
    "SignalRules",
    "TopicModel",
    "__version__",
    "audit",
    "audited_shares",
    "compare",
    "contradictions",
    "decisions",
    "departments",
    "emerging_themes",
    "escalation_queue",
    "faq",
    "measure_effect",
    "needs_reply",
    "policies",
    "read",
    "repeat_contacts",
    "report",
    "what_to_do",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'vocmine' has no attribute {name!r}; it has {', '.join(sorted(_HOME))}")
    home = importlib.import_module(_HOME[name])
    # That import may have bound the name here: to the package `report`, which takes the call and is what stays.
    return globals().get(name, getattr(home, name))


def __dir__() -> list[str]:
    return __all__
