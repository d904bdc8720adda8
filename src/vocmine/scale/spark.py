"""The same scoring in Spark: what ``DataFrame.mapInPandas`` takes. PySpark itself is not needed here."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Iterator
from typing import Final, Unpack

import pandas as pd
import pyarrow as pa

from vocmine.corpus import ColumnOptions
from vocmine.miner import Miner
from vocmine.scale.batches import BatchScorer, TableName, output_schema
from vocmine.scale.frames import score_frames

_MINERS: Final[dict[str, Miner]] = {}
"""The miners of this process by what they were pickled as: each task brings a copy, and the first one has the model."""

_TYPES: Final = {
    pa.string(): "STRING",
    pa.float64(): "DOUBLE",
    pa.int8(): "TINYINT",
    pa.int32(): "INT",
    pa.bool_(): "BOOLEAN",
    pa.timestamp("us", tz="UTC"): "TIMESTAMP",
    pa.list_(pa.string()): "ARRAY<STRING>",
}


class SparkScorer:
    """Score the frames of a partition; made by `spark_scorer`."""

    def __init__(self, miner: Miner, table: TableName, columns: ColumnOptions) -> None:
        BatchScorer(miner, table, **columns)  # wrong columns are told here, not by a worker
        self._miner = miner
        self._table: TableName = table
        self._columns = columns
        self._key = hashlib.sha256(pickle.dumps(miner)).hexdigest()

    def __call__(self, frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """Score frames as `score_frames` does."""
        return score_frames(frames, self.miner, table=self._table, **self._columns)

    @property
    def miner(self) -> Miner:
        """The miner of this process, which keeps its model from task to task."""
        return _MINERS.setdefault(self._key, self._miner)


def spark_scorer(miner: Miner, *, table: TableName = "contacts", **columns: Unpack[ColumnOptions]) -> SparkScorer:
    """Return what ``mapInPandas`` takes to score a Spark table.

    It travels without the model, which each Python worker loads once: from the package, or from a folder that every
    machine sees. Spark starts a worker for each of its cores, so that ``Miner(threads=1)`` suits it.

    Parameters
    ----------
    miner : Miner
        What scores the rows.
    table : {"contacts", "turns"}, default "contacts"
        What a row of the result is; name the same to `spark_schema`.
    **columns
        Names of the columns, ``text`` and ``contact_id`` at least; see `BatchScorer`. Where a contact has several rows,
        bring them together first, as in the example below.

    Raises
    ------
    InputError
        If the text or the contact's id is not named, or there is no such table.

    Examples
    --------
    ::

        scorer = spark_scorer(Miner(threads=1), text="texte", contact_id="id", speaker="locuteur", turn="tour")
        together = df.repartition("id").sortWithinPartitions("id")
        together.mapInPandas(scorer, schema=spark_schema()).write.parquet("scored/")
    """
    return SparkScorer(miner, table, columns)


def spark_schema(table: TableName = "contacts") -> str:
    """Return the schema of the scores in Spark's own words.

    Parameters
    ----------
    table : {"contacts", "turns"}, default "contacts"

    Examples
    --------
    >>> spark_schema().split(", ")[:2]
    ['contact_id STRING', 'conversation_id STRING']
    """
    return ", ".join(f"{each.name} {_TYPES[each.type]}" for each in output_schema(table))
