"""How many topics: each number is tried, and what it gives is reported."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from vocmine.topics.coherence import npmi
from vocmine.topics.consensus import ConsensusClustering
from vocmine.topics.neighbours import Floats
from vocmine.topics.stability import perturbations
from vocmine.topics.terms import TermVectorizer

CANDIDATES: Final = (8, 12, 16, 20, 25, 30, 40, 50, 65, 80)
_FEWEST_EACH: Final = 15
"""Distinct texts a topic, on average, that a number of topics calls for."""
_MOST_ROWS: Final = 2_500
_RUNS: Final = 12
_TERMS: Final = 8


def choose(
    vectors: Floats, texts: list[str], language: str, *, seed: int, candidates: tuple[int, ...] = CANDIDATES
) -> pd.DataFrame:
    """Try numbers of topics on a sample.

    Parameters
    ----------
    vectors : float32 array of shape (n, n_features)
    texts : list of str
    language : str
        Main language of the texts.
    seed : int
    candidates : tuple of int
        Those that leave fewer than 15 texts a topic are not tried.

    Returns
    -------
    pandas.DataFrame
        One row a number, by ``n_topics``: ``stability`` (adjusted Rand index of the topics of two parts of the
        sample on what both hold), ``coherence`` (mean NPMI of the topics' first terms), ``score`` (mean of the two,
        each brought to 0 to 1 over the numbers tried), and ``chosen``: the greatest score.
    """
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(vectors))[:_MOST_ROWS])
    points = vectors[rows]
    said = TermVectorizer(language, longest=2, min_count=3).fit_transform([texts[row] for row in rows])
    most = max(2, len(np.unique(points, axis=0)) // _FEWEST_EACH)
    tried = [number for number in candidates if number <= most] or [most]
    found = [_tried(points, said, number, seed) for number in tried]
    table = pd.DataFrame(found, index=pd.Index(tried, name="n_topics"))
    table["score"] = (_scaled(table["stability"]) + _scaled(table["coherence"])) / 2
    table["chosen"] = table.index == table["score"].idxmax()
    return table


def _scaled(column: pd.Series) -> pd.Series:
    width = column.max() - column.min()
    return (column - column.min()) / width if width > 0 else column * 0


def _tried(points: Floats, said: sp.csr_matrix, number: int, seed: int) -> dict[str, float]:
    labels = np.full((2, len(points)), -1, dtype=np.int64)
    for run, rows in zip(range(2), perturbations(len(points), share=0.9, seed=seed), strict=False):
        clustering = ConsensusClustering(number, n_runs=_RUNS, outlier_share=0, random_state=seed + run)
        labels[run, rows] = clustering.fit_predict(points[rows])
    both = (labels >= 0).all(axis=0)
    stability = adjusted_rand_score(labels[0, both], labels[1, both])
    return {"stability": float(stability), "coherence": _coherence(said, labels[0])}


def _coherence(said: sp.csr_matrix, labels: NDArray[np.int64]) -> float:
    member = sp.csr_array(labels[None, :] == np.arange(labels.max() + 1)[:, None], dtype=np.float64)
    counts = np.asarray((member @ sp.csr_array(said > 0)).todense())
    rarity = np.log1p(counts.sum(axis=1).mean() / np.maximum(counts.sum(axis=0), 1))
    top = np.argsort(-counts * rarity, axis=1, kind="stable")[:, :_TERMS]
    names = [str(term) for term in range(said.shape[1])]
    held = [[names[term] for term in row.indices] for row in sp.csr_array(said)]
    found = npmi([[names[term] for term in row] for row in top], held, window=1_000)
    return float(np.nanmean(found)) if np.isfinite(found).any() else 0.0  # too few texts share a word
