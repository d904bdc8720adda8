"""Texts with their causes come in; a linear reader of meaning, words and spellings goes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from vocmine.text.folding import fold
from vocmine.text.words import words
from vocmine.topics.neighbours import unit_rows

Floats = NDArray[np.float32]

_WORDS: Final = 1.0
_SPELLINGS: Final = 0.7
"""Weights of words and of spellings beside that of meaning, whose vectors are of length 1."""
_SMOOTHNESS: Final = 10.0
_MOST_SPELLINGS: Final = 60_000


class Examples(NamedTuple):
    """Texts with their causes.

    Attributes
    ----------
    texts : list of str
    causes : list of str
    weights : list of float
        What each counts for.
    """

    texts: list[str]
    causes: list[str]
    weights: list[float]


@dataclass(frozen=True, eq=False)
class CauseReader:
    """Tells causes from texts.

    Attributes
    ----------
    centre : float32 array of shape (n_dimensions,)
        Mean embedding of the examples: embeddings of one model share a common part that says nothing.
    words, spellings : TfidfVectorizer
        Of lemmas, alone and in pairs; of three to five characters.
    classifier : LogisticRegression
    """

    centre: Floats
    words: TfidfVectorizer
    spellings: TfidfVectorizer
    classifier: LogisticRegression

    @property
    def causes(self) -> list[str]:
        """Causes, in the order of the probabilities."""
        return [str(cause) for cause in self.classifier.classes_]

    @classmethod
    def fit(cls, examples: Examples, embed: Callable[[Sequence[str]], Floats]) -> CauseReader:
        """Learn from examples; the same whatever their order.

        Parameters
        ----------
        examples : Examples
        embed : callable
            Embeds texts as those to be read are.
        """
        order = sorted(range(len(examples.texts)), key=lambda row: (examples.causes[row], examples.texts[row]))
        texts = [examples.texts[row] for row in order]
        embeddings = embed(texts)
        centre = unit_rows(embeddings).mean(axis=0)
        by_word = TfidfVectorizer(analyzer=_lemmas, min_df=2, sublinear_tf=True)
        by_spelling = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(3, 5),
            min_df=3,
            max_features=_MOST_SPELLINGS,
            sublinear_tf=True,
            preprocessor=fold,
        )
        by_word.fit(texts)
        by_spelling.fit(texts)
        classifier = LogisticRegression(C=_SMOOTHNESS, max_iter=300, tol=1e-3, class_weight="balanced")
        reader = cls(centre, by_word, by_spelling, classifier)
        with threadpool_limits(1):  # sums of several threads differ in their last bits
            classifier.fit(
                reader.features(texts, embeddings),
                [examples.causes[row] for row in order],
                sample_weight=[examples.weights[row] for row in order],
            )
        return reader

    def features(self, texts: Sequence[str], embeddings: Floats) -> sp.csr_matrix:
        """Return the features of texts; shape (n_texts, n_features)."""
        meaning = sp.csr_matrix(unit_rows(unit_rows(embeddings) - self.centre))
        parts = [meaning, _WORDS * self.words.transform(texts), _SPELLINGS * self.spellings.transform(texts)]
        return sp.csr_matrix(sp.hstack(parts))

    def probabilities(self, texts: Sequence[str], embeddings: Floats) -> NDArray[np.float64]:
        """Return each cause's probability; shape (n_texts, n_causes), rows sum to 1."""
        if not len(texts):
            return np.empty((0, len(self.causes)))
        found = self.classifier.predict_proba(self.features(texts, embeddings))
        return np.asarray(found, dtype=np.float64)


def _lemmas(text: str) -> list[str]:
    found = [word.lemma for word in words(text, "fr")]
    return found + [f"{left} {right}" for left, right in pairwise(found)]
