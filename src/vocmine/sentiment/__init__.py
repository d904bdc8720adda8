"""Sentiment: what the heads say of segments comes in; what turns and contacts say, and its course, go out.

`SentimentClassifier` trains a head, or an encoder, on labels of one's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vocmine.sentiment.aspects import aspect_columns, aspect_spans
from vocmine.sentiment.reading import Reading
from vocmine.sentiment.rollup import RollUp, pool, roll_up, roll_up_pooled
from vocmine.sentiment.trajectory import CLEARLY_NEGATIVE, Trajectory, trajectory

if TYPE_CHECKING:
    from vocmine.sentiment.classifier import SentimentClassifier

__all__ = [
    "CLEARLY_NEGATIVE",
    "Reading",
    "RollUp",
    "SentimentClassifier",
    "Trajectory",
    "aspect_columns",
    "aspect_spans",
    "pool",
    "roll_up",
    "roll_up_pooled",
    "trajectory",
]


def __getattr__(name: str) -> object:
    # Scoring needs no scikit-learn, which takes a second to import.
    if name == "SentimentClassifier":
        from vocmine.sentiment.classifier import SentimentClassifier

        return SentimentClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
