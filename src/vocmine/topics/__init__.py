"""Contact reasons: an analysis comes in; topics that stay put, with labels that a manager reads, go out.

`TopicModel` composes BERTopic by its plug points. What changes a model (`merge`, `rename`) returns a new one; what is
asked of it (`hierarchy`, `over_time`, `explain`, `panel`) is a table. `fit_stream` and `assign_stream` take what is
larger than memory.
"""

from __future__ import annotations

from vocmine.topics.consensus import ConsensusClustering
from vocmine.topics.model import TopicModel
from vocmine.topics.panel import panel, perturbed
from vocmine.topics.streams import assign_stream, fit_stream
from vocmine.topics.terms import TermVectorizer
from vocmine.topics.views import explain, hierarchy, merge, over_time, rename

__all__ = [
    "ConsensusClustering",
    "TermVectorizer",
    "TopicModel",
    "assign_stream",
    "explain",
    "fit_stream",
    "hierarchy",
    "merge",
    "over_time",
    "panel",
    "perturbed",
    "rename",
]
