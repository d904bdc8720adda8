"""What customers said: an analysis comes in, their segments go out, each with the place of its contact."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.analysis import Analysis
from vocmine.corpus.customers import customer_turns


class Said(NamedTuple):
    """Customers' segments.

    Attributes
    ----------
    rows : int array of shape (n_said,)
        Row of each in the table of segments.
    contacts : int array of shape (n_said,)
        Place of its contact in ``analysis.contacts``.
    """

    rows: NDArray[np.int64]
    contacts: NDArray[np.int64]


def said(analysis: Analysis) -> Said:
    """Return the segments of customers' turns that were scored, in order."""
    turns = analysis.corpus.turns.select(["contact_id", "turn"]).to_pandas()
    turns = turns[customer_turns(analysis.corpus) >= 0]
    counting = pd.MultiIndex.from_frame(turns)
    segments = analysis.tables["segments"].select(["contact_id", "turn"]).to_pandas()
    counts = pd.MultiIndex.from_frame(segments).isin(counting) & np.isfinite(analysis.embeddings).all(axis=1)
    rows = np.flatnonzero(counts)
    places = pd.Index(analysis.contacts["contact_id"]).get_indexer(segments["contact_id"].iloc[rows])
    return Said(rows, places.astype(np.int64))


def centred(analysis: Analysis, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the embeddings of segments less the mean of their language, of length 1.

    Embeddings of one model share a common part that says nothing; so do those of one language.
    """
    contacts = analysis.corpus.contacts.select(["contact_id", "language"]).to_pandas().set_index("contact_id")
    ids = analysis.tables["segments"]["contact_id"].to_pandas().iloc[rows]
    languages = contacts["language"].reindex(ids).fillna("").to_numpy()
    vectors = analysis.embeddings[rows].astype(np.float32)
    for language in np.unique(languages):
        own = languages == language
        vectors[own] -= vectors[own].mean(axis=0) if own.sum() >= 20 else vectors.mean(axis=0)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)
