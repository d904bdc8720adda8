"""What is measured on topics: agreement with reasons, coherence, shares, and paired differences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from vocmine.topics.coherence import diversity, known_share, largest_share, npmi, outlier_share
from vocmine.topics.terms import TermVectorizer

DRAWS = 300


def against_reasons(labels: NDArray[np.integer], reasons: NDArray[np.str_]) -> dict[str, float]:
    """Return ARI and NMI over all documents, -1 being a cluster, and over those that have a topic."""
    inside = labels >= 0
    return {
        "ari": float(adjusted_rand_score(reasons, labels)),
        "nmi": float(normalized_mutual_info_score(reasons, labels)),
        "ari_assigned": float(adjusted_rand_score(reasons[inside], labels[inside])),
        "nmi_assigned": float(normalized_mutual_info_score(reasons[inside], labels[inside])),
    }


def shape(labels: NDArray[np.integer]) -> dict[str, float]:
    """Return how many topics there are, the share of outliers and that of the largest topic."""
    return {
        "n_topics": len(set(labels.tolist()) - {-1}),
        "outliers": float(outlier_share(labels)),
        "largest": float(largest_share(labels)),
    }


def coherence(terms: Sequence[Sequence[str]], texts: Sequence[str]) -> dict[str, float]:
    """Return the NPMI and the diversity of the first ten terms.

    A term is in a text or not: windows are whole texts, cut by one vectorizer for all methods. ``npmi_words`` takes the
    single words of the terms instead, so that phrases that overlap, as pairs of words do, gain nothing by it; of terms
    that the vectorizer does not know, it tells the share.
    """
    vectorizer = TermVectorizer(min_count=1).fit(texts)
    names = vectorizer.get_feature_names_out()
    held = [[str(names[column]) for column in row.indices] for row in vectorizer.transform(texts)]
    known = set(names)
    lists = [[term for term in row if term in known] for row in terms]
    words = [list(dict.fromkeys(word for term in row for word in term.split() if word in known)) for row in terms]
    return {
        "npmi": float(np.nanmean(npmi(lists, held, window=100_000))),
        "npmi_words": float(np.nanmean(npmi(words, held, window=100_000))),
        "known": float(np.mean(known_share([list(row) for row in terms], held))),
        "diversity": float(diversity([list(row) for row in terms], 10)),
    }


def paired(
    ours: NDArray[np.integer], theirs: NDArray[np.integer], reasons: NDArray[np.str_], seed: int = 0
) -> dict[str, NDArray[np.float64]]:
    """Return bootstrap draws, over documents, of what ours has more of than theirs, in ARI and NMI."""
    rng = np.random.default_rng(seed)
    draws = [rng.integers(0, len(reasons), len(reasons)) for _ in range(DRAWS)]
    scores = {"ari": adjusted_rand_score, "nmi": normalized_mutual_info_score}
    return {
        name: np.array([score(reasons[rows], ours[rows]) - score(reasons[rows], theirs[rows]) for rows in draws])
        for name, score in scores.items()
    }
