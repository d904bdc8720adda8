"""`ScaleRun`: what a distributed run gave, counted in the files that it wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vocmine.scale.batches import TableName

KEYS: Final[dict[TableName, list[str]]] = {"contacts": ["contact_id"], "turns": ["contact_id", "turn"]}


@dataclass(frozen=True)
class ScaleRun:
    """A distributed run that is over.

    Attributes
    ----------
    out : str
        Folder of the scores: ``pd.read_parquet(run.out)``.
    table : {"contacts", "turns"}
        What a row of the scores is, rejected rows excepted.
    rows_in : int
        Rows given: turns of the contacts, and rejected rows.
    kept, scored, rejected : int
        Contacts or turns, those of them that have a sentiment, and rejected rows.
    repeated : int
        Contacts or turns whose key another one bears already: batches are scored apart, and unless the rows of each
        contact are gathered first, an id that occurs in two of them makes two contacts.
    reasons : mapping of str to int
        How often each reason occurs, among rejected rows and whatever has no score or an unsure one.
    seconds : float
        Wall time of the run, s; where it started a cluster, that is included.
    """

    out: str
    table: TableName
    rows_in: int
    kept: int
    scored: int
    rejected: int
    repeated: int
    reasons: Mapping[str, int]
    seconds: float


class Count:
    """Count scores batch after batch, keeping 8 bytes a contact or turn.

    Parameters
    ----------
    batches : iterable of pyarrow.RecordBatch
        Scores, with the columns of `columns` at least.
    table : {"contacts", "turns"}

    Attributes
    ----------
    rows, kept, scored, rejected, repeated : int
    reasons : dict of str to int
        As in `ScaleRun`; `rows` is the rows of the input that the scores stand for.
    """

    def __init__(self, batches: Iterable[pa.RecordBatch], table: TableName) -> None:
        self.table: TableName = table
        self.rows = self.kept = self.scored = self.rejected = 0
        reasons: Counter[str] = Counter()
        keys: list[NDArray[np.integer]] = [np.empty(0, dtype=np.uint64)]
        for batch in batches:
            kept = batch.filter(pc.invert(batch["rejected"]))
            self.rows += pc.sum(batch["rows"]).as_py() or 0
            self.kept += kept.num_rows
            self.scored += kept.num_rows - kept["sentiment"].null_count
            self.rejected += batch.num_rows - kept.num_rows
            reasons.update(batch["reason"].drop_null().to_pylist())
            keys.append(pd.util.hash_pandas_object(kept.select(KEYS[table]).to_pandas(), index=False).to_numpy())
        self.repeated = self.kept - len(np.unique(np.concatenate(keys)))
        self.reasons = dict(sorted(reasons.items()))

    def run(self, out: str, seconds: float) -> ScaleRun:
        """Return the run that wrote these scores."""
        return ScaleRun(
            out=out,
            table=self.table,
            rows_in=self.rows,
            kept=self.kept,
            scored=self.scored,
            rejected=self.rejected,
            repeated=self.repeated,
            reasons=self.reasons,
            seconds=seconds,
        )

    @staticmethod
    def columns(table: TableName) -> list[str]:
        """Return the columns that are counted."""
        return [*KEYS[table], "sentiment", "reason", "rejected", "rows"]
