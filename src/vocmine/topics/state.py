"""What a fitted topic model holds: a value, made anew by whatever changes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.topics.novelty import Usage
from vocmine.topics.rule import Rule


@dataclass(frozen=True, eq=False)
class State:
    """A fitted topic model.

    Attributes
    ----------
    rule : Rule
        How texts get their topics.
    table : pyarrow.Table
        The topics, as `vocmine.schema.TOPICS` says.
    lineage : pyarrow.Table
        What became of them, as `vocmine.schema.LINEAGE` says.
    reference : float16 array of shape (n, n_features)
        Vectors of some of the texts seen so far, against which an update tells what is new.
    births : float32 array of shape (n_centres, n_features)
        The centres as they were when their topics were found.
    usage : Usage
        How many contacts said each word so far.
    embedder : str
        Model that made the embeddings; empty where the user gave them.
    choice : pandas.DataFrame or None
        Numbers of topics tried, where none was asked for.
    """

    rule: Rule
    table: pa.Table
    lineage: pa.Table
    reference: NDArray[np.float16]
    births: NDArray[np.float32]
    usage: Usage
    embedder: str
    choice: pd.DataFrame | None = None

    @property
    def labels(self) -> dict[int, str]:
        """Label of each topic, -1 included."""
        return dict(zip(self.table["topic_id"].to_pylist(), self.table["label"].to_pylist(), strict=True))
