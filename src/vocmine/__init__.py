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
    from vocmine.report import report
    from vocmine.sentiment import SentimentClassifier
    from vocmine.signals import LiveContact, SignalClassifier, SignalRules, escalation_queue, policies
    from vocmine.topics import TopicModel

_HOME = {
    "Alerts": "vocmine.issues",
    "Analysis": "vocmine.analysis",
    "Corpus": "vocmine.corpus",
    "Engine": "vocmine.inference",
    "IssueDetector": "vocmine.issues",
    "LiveContact": "vocmine.signals",
    "Miner": "vocmine.miner",
    "Model": "vocmine.inference",
    "SentimentClassifier": "vocmine.sentiment",
    "SignalClassifier": "vocmine.signals",
    "SignalRules": "vocmine.signals",
    "TopicModel": "vocmine.topics",
    "compare": "vocmine.comparison",
    "emerging_themes": "vocmine.issues",
    "escalation_queue": "vocmine.signals",
    "needs_reply": "vocmine.mentions",
    "policies": "vocmine.signals",
    "read": "vocmine.ingest",
    "report": "vocmine.report",
}

__all__ = [
    "Alerts",
    "Analysis",
    "Corpus",
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
    "compare",
    "emerging_themes",
    "escalation_queue",
    "needs_reply",
    "policies",
    "read",
    "report",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'vocmine' has no attribute {name!r}; it has {', '.join(sorted(_HOME))}")
    home = importlib.import_module(_HOME[name])
    # That import may have bound the name here: to the package `report`, which takes the call and is what stays.
    return globals().get(name, getattr(home, name))


def __dir__() -> list[str]:
    return __all__
