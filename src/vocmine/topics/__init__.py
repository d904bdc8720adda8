"""Contact reasons: an analysis comes in; topics that stay put, with labels that a manager reads, go out.

`TopicModel` composes BERTopic by its plug points. What changes a model (`merge`, `rename`) returns a new one; what is
asked of it (`hierarchy`, `over_time`, `explain`, `panel`) is a table.
"""

from __future__ import annotations

from vocmine.topics.consensus import ConsensusClustering
from vocmine.topics.model import TopicModel
from vocmine.topics.terms import TermVectorizer

__all__ = ["ConsensusClustering", "TermVectorizer", "TopicModel"]
