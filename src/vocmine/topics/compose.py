"""BERTopic, composed by its plug points: our components where the user gives none."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sklearn.base import clone

from vocmine.topics.consensus import ConsensusClustering
from vocmine.topics.neighbours import Floats
from vocmine.topics.terms import TermVectorizer

if TYPE_CHECKING:
    from bertopic import BERTopic

PLUGS = ("umap_model", "hdbscan_model", "vectorizer_model", "ctfidf_model", "representation_model")
"""Components that a user may give, under the names of BERTopic's own parameters."""


def compose(
    clustering: ConsensusClustering, languages: Sequence[str], stop_words: Sequence[str], given: dict[str, object]
) -> BERTopic:
    """Make a BERTopic of our components and those given.

    Parameters
    ----------
    clustering : ConsensusClustering
        Clusters the vectors, unless ``hdbscan_model`` is given.
    languages : sequence of str
        ISO 639-1 codes, the main one first.
    stop_words : sequence of str
    given : dict of str to object
        The user's components, among `PLUGS`; None for ours.
    """
    with _quiet():
        from bertopic import BERTopic
        from bertopic.dimensionality import BaseDimensionalityReduction

        ours = {
            # Our vectors are reduced already, by a linear map (`Features`); the clustering takes them as they are.
            "umap_model": BaseDimensionalityReduction(),
            "hdbscan_model": clustering,
            "vectorizer_model": TermVectorizer(tuple(languages), min_count=2, stop_words=tuple(stop_words)),
        }
        parts = ours | {name: _copy(part) for name, part in given.items() if part is not None}
        return BERTopic(language="multilingual", verbose=False, **parts)


def fitted(bertopic: BERTopic, texts: Sequence[str], vectors: Floats) -> list[int]:
    """Fit it, and return the topic of each text."""
    with _quiet():
        # BERTopic joins the texts of a topic; with a full stop, no phrase goes from one text to the next.
        topics, _ = bertopic.fit_transform([f"{text} ." for text in texts], vectors)
    return [int(topic) for topic in topics]


def _copy(part: object) -> object:
    return clone(part) if hasattr(part, "get_params") and not isinstance(part, type) else part


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what BERTopic and its own imports say of themselves off the user's screen; errors still come through."""
    logger = logging.getLogger("BERTopic")
    level = logger.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            logger.setLevel(level)
