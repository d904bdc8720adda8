"""A pool of Ray actors, each with a model: a Ray dataset of rows comes in, one of scores goes out."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa

from vocmine.corpus import arrow_frame
from vocmine.corpus.cells import cells, labels
from vocmine.scale.batches import BatchScorer

if TYPE_CHECKING:
    import ray.data

# A batch whose actor dies is scored by another; one that kills each of them ends the run, which else would not end.
_RETRIES: Final = 3
_MOST_PARTITIONS: Final = 1000
_BUCKET: Final = "vocmine_bucket"


@dataclass(frozen=True)
class Actors:
    """How many actors score, and what each of them takes.

    Attributes
    ----------
    scorer : BatchScorer
        What each of them makes its own copy of.
    size : int
        Number of actors.
    num_cpus : int
        Cores of each.
    num_gpus : float
        GPUs of each.
    """

    scorer: BatchScorer
    size: int
    num_cpus: int
    num_gpus: float

    def score(self, rows: ray.data.Dataset, batch_rows: int) -> ray.data.Dataset:
        """Score rows in batches, as they come."""
        batches = rows.repartition(target_num_rows_per_block=batch_rows)
        with _retries_given():
            return batches.map_batches(BatchScorer, batch_size=batch_rows, **self._options())

    def score_gathered(self, rows: ray.data.Dataset, n_batches: int) -> ray.data.Dataset:
        """Score rows in batches that hold all the rows of their contacts."""
        by = {"contact_id": self.scorer.columns["contact_id"], "n_buckets": n_batches}
        bucketed = rows.map_batches(_with_bucket, batch_format="pyarrow", fn_kwargs=by)
        groups = bucketed.groupby(_BUCKET, num_partitions=min(n_batches, _MOST_PARTITIONS))
        with _retries_given():
            return groups.map_groups(BatchScorer, **self._options())

    def _options(self) -> dict[str, object]:
        from ray.data import ActorPoolStrategy

        return {
            "fn_constructor_kwargs": self.scorer.columns,
            "fn_constructor_args": (self.scorer.miner, self.scorer.table),
            "batch_format": "pyarrow",
            "compute": ActorPoolStrategy(size=self.size),
            # Not both, which Ray calls unstable: actors with a GPU each are few enough.
            **({"num_gpus": self.num_gpus} if self.num_gpus else {"num_cpus": self.num_cpus}),
            "max_restarts": -1,
            "max_task_retries": _RETRIES,
        }


def _with_bucket(batch: pa.Table, *, contact_id: str, n_buckets: int) -> pa.Table:
    """Add the number of the batch that the contact of each row goes to."""
    ids = labels(cells(arrow_frame(batch.select([contact_id]))[contact_id]))
    return batch.append_column(_BUCKET, pa.array(pd.util.hash_array(ids) % n_buckets))


@contextmanager
def _retries_given() -> Iterator[None]:
    """Let retries be bounded: the parameters are announced to go, but nothing stands for them as yet."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`ray_remote_args` is deprecated")
        yield
