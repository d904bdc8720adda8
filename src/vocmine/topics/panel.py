"""The quality of topics, measured: a table to set beside another model's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import clone

from vocmine.analysis import Analysis
from vocmine.topics.coherence import c_v, diversity, largest_share, npmi, outlier_share
from vocmine.topics.model import TopicModel
from vocmine.topics.stability import Stability, stability
from vocmine.topics.terms import TermVectorizer, terms_of
from vocmine.topics.units import Units


def panel(model: TopicModel, analysis: Analysis, *, n_terms: int = 10) -> pd.DataFrame:
    """Measure a topic model on an analysis.

    Parameters
    ----------
    model : TopicModel
        Fitted.
    analysis : Analysis
        Its units are the texts that coherence is measured on.
    n_terms : int
        First terms of each topic.

    Returns
    -------
    pandas.DataFrame
        By topic, and ``-1`` for the whole: ``topic``, ``npmi`` and ``c_v`` of its terms over windows of 10 and 110
        words, as gensim defines them, phrases being one word; of the whole, their means, and ``diversity``,
        ``outlier_share`` and ``largest_share``.
    """
    units = Units.of(analysis)
    labels = model.predict(analysis)
    topics = model.topics
    told = topics[(topics["topic_id"] >= 0) & (topics["status"] != "merged")].set_index("topic_id")
    terms = [list(row[:n_terms]) for row in told["terms"]]
    tokens = tokens_of(units, terms)
    frame = pd.DataFrame({"topic": told["label"], "npmi": npmi(terms, tokens), "c_v": c_v(terms, tokens)})
    whole = {
        "topic": "ensemble",
        "npmi": frame["npmi"].mean(),
        "c_v": frame["c_v"].mean(),
        "diversity": diversity(terms, n_terms),
        "outlier_share": outlier_share(labels),
        "largest_share": largest_share(labels),
    }
    return pd.concat([frame, pd.DataFrame([whole], index=pd.Index([-1], name="topic_id"))])


def tokens_of(units: Units, terms: Sequence[Sequence[str]]) -> list[list[str]]:
    """Cut units into words, in which the phrases among the terms are one word, where they stand."""
    wanted = {term for row in terms for term in row}
    cutter = TermVectorizer(min_count=1).fit(units.texts)
    written = _written(cutter)
    found = []
    for text in cutter.cut(units.texts):
        held = [written.get(term.key, term.surface) for term in terms_of(text, cutter.roots_)]
        found.append([name for name in held if " " not in name or name in wanted])
    return found


def _written(cutter: TermVectorizer) -> dict[str, str]:
    names = cutter.get_feature_names_out()
    return {key: str(names[column]) for key, column in cutter.columns_.items()}


def perturbed(
    model: TopicModel, analysis: Analysis, *, n_runs: int = 5, share: float = 0.9, seed: int = 0
) -> Stability:
    """Fit the model anew on parts of an analysis's units, shuffled and with other seeds, and see how well they agree.

    Returns
    -------
    Stability
        Adjusted Rand index between runs on the units that both have, with its interval; and each topic's own.
    """
    units = Units.of(analysis)

    def fit(rows: NDArray[np.int64], run_seed: int) -> NDArray[np.int64]:
        part = units.take(rows)
        again = clone(model).set_params(seed=run_seed)
        fitted = again.fit(part.texts, embeddings=part.embeddings, languages=part.languages)
        return np.asarray(fitted.labels_, dtype=np.int64)

    return stability(fit, len(units), share=share, n_runs=n_runs, seed=seed)
