"""What is measured on topics: agreement with reasons, coherence, shares, and paired differences."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from vocmine.topics.coherence import diversity, largest_share, npmi, outlier_share

DRAWS = 300

Score = Callable[[NDArray[np.str_], NDArray[np.integer]], float]


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

    No method's own vocabulary is taken: a text is its words in small letters, and holds a term if it holds all its
    words, wherever they stand; windows are whole texts. ``npmi_words`` takes the single words of the terms, so that
    phrases that overlap, as pairs of words do, gain nothing by it.
    """
    held = [cut(text) for text in texts]
    told = [[cut(term) for term in row] for row in terms]
    lists = [[" ".join(sorted(words)) for words in row if words] for row in told]
    wanted = {name: frozenset(name.split()) for row in lists for name in row}
    by_word: dict[str, list[str]] = {}
    for name, words in wanted.items():
        by_word.setdefault(min(words), []).append(name)
    found = [[name for word in text for name in by_word.get(word, ()) if wanted[name] <= text] for text in held]
    single = [list(dict.fromkeys(word for words in row for word in sorted(words))) for row in told]
    return {
        "npmi": float(np.nanmean(npmi(lists, found, window=100_000))),
        "npmi_words": float(np.nanmean(npmi(single, [sorted(text) for text in held], window=100_000))),
        "diversity": float(diversity([list(row) for row in terms], 10)),
    }


def cut(text: str) -> frozenset[str]:
    """Cut a text into its distinct words, in small letters; what stands before an apostrophe is a word."""
    return frozenset(re.findall(r"[^\W_]+", text.lower()))


def paired(
    ours: Sequence[NDArray[np.integer]], theirs: Sequence[NDArray[np.integer]], reasons: NDArray[np.str_]
) -> dict[str, list[float]]:
    """Return what ours has more of than theirs, in ARI and NMI, with its 95 % interval over documents.

    The difference is the mean over seeds, of all documents. Its interval comes from samples of documents, the same for
    every seed and method; as rows drawn twice shift both scores, it is moved until the difference is in its middle.
    """
    scores = {"ari": adjusted_rand_score, "nmi": normalized_mutual_info_score}
    rng = np.random.default_rng(0)
    draws = [rng.integers(0, len(reasons), len(reasons)) for _ in range(DRAWS)]
    every = np.arange(len(reasons))
    found = {}
    for name, score in scores.items():

        def difference(rows: NDArray[np.int64], score: Score = score) -> float:
            more = [
                score(reasons[rows], mine[rows]) - score(reasons[rows], other[rows])
                for mine, other in zip(ours, theirs, strict=True)
            ]
            return float(np.mean(more))

        middle, drawn = difference(every), np.array([difference(rows) for rows in draws])
        low, high = np.quantile(drawn - drawn.mean(), (0.025, 0.975))
        found[name] = [round(value, 4) for value in (middle, middle + float(low), middle + float(high))]
    return found
