"""Scoring on Ray Data: Parquet in, Parquet out, on any file system, a model on each actor."""

from __future__ import annotations

import os
from copy import copy
from math import ceil
from time import perf_counter
from typing import TYPE_CHECKING, Unpack

from vocmine.corpus import ColumnOptions
from vocmine.errors import InputError, OutputError
from vocmine.miner import Miner
from vocmine.scale.actors import Actors
from vocmine.scale.batches import BatchScorer, TableName
from vocmine.scale.cluster import cluster
from vocmine.scale.parquet import open_parquet, resolve, write_empty
from vocmine.scale.scale_run import Count, ScaleRun

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem


def score_parquet(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    /,
    *,
    miner: Miner,
    table: TableName = "contacts",
    concurrency: int = 1,
    num_cpus: int = 1,
    num_gpus: float = 0,
    batch_rows: int = 2000,
    gather: bool = False,
    filesystem: AbstractFileSystem | None = None,
    **columns: Unpack[ColumnOptions],
) -> ScaleRun:
    """Score Parquet files on Ray.

    The cluster that ``ray.init`` joined is used, or else one on this machine that is shut down at the end.

    Parameters
    ----------
    source : str or path
        A Parquet file, or a folder of them; a path or a URL.
    out : str or path
        Folder to write to, where nothing is yet.
    miner : Miner
        What scores the rows. Each actor loads its model: from the package, or from a folder that all machines see.
    table : {"contacts", "turns"}, default "contacts"
        What a row of the result is.
    concurrency : int, default 1
        Actors.
    num_cpus : int, default 1
        Cores of an actor, and the threads of its model.
    num_gpus : float, default 0
        GPUs of an actor. It sees no others, and ``Miner(device="auto")`` takes the first.
    batch_rows : int, default 2000
        Rows of a batch; about that many where contacts are gathered.
    gather : bool, default False
        Bring the rows of each contact together first: all rows pass from worker to worker once. Where a speaker or a
        turn is named, this is always done. Where a row is a contact, it finds the ids that occur twice, even far apart;
        otherwise these make two contacts, and `ScaleRun.repeated` tells.
    filesystem : fsspec.AbstractFileSystem, optional
        Where `source` and `out` are paths; by default their URLs tell, or else it is that of this machine.
    **columns
        Names of the columns, ``text`` and ``contact_id`` at least; see `BatchScorer`. Rows are gathered in no order:
        where a speaker is named, so is the number of the turn or its date, ``turn`` or ``at``.

    Returns
    -------
    ScaleRun
        Counted in the files that were written.

    Raises
    ------
    InputError
        If Ray is not installed, or a parameter cannot be.
    ReadError
        If there is no Parquet to read.
    ColumnError
        If a column named is not there.
    DeviceError
        If this machine, having no cluster to join, has not the GPUs asked for.
    OutputError
        If the folder has files already, or those written do not hold all rows.
    ray.exceptions.RayError
        If a worker fails: it has no such model or device, or a batch kills each worker that tries it.

    Examples
    --------
    ::

        ray.init()
        score_parquet(
            "s3://exports/contacts/", "s3://exports/scored/",
            miner=Miner(), concurrency=8, num_gpus=1, text="message", contact_id="id", at="date",
        )
    """
    clock = perf_counter()
    _check(concurrency=concurrency, num_cpus=num_cpus, batch_rows=batch_rows)
    gather = gather or _in_turns(columns)
    scorer = BatchScorer(_for_actors(miner, num_cpus), table, **columns)
    files, path = resolve(source, filesystem)
    given = open_parquet(files, path)
    names, n_rows = scorer.columns_of(given.schema.names), given.count_rows()
    target, folder = resolve(out, filesystem)
    if target.exists(folder) and target.find(folder):
        raise OutputError(f"there are files in {out} already; empty the folder, or name another")

    if n_rows:
        n_batches = ceil(n_rows / batch_rows)
        actors = Actors(scorer, min(concurrency, n_batches), num_cpus, num_gpus)
        with cluster(num_cpus=actors.size * num_cpus + 1, num_gpus=actors.size * num_gpus):
            import ray.data

            # The folder, not its files: given several, Ray needs aiohttp to tell that none is on the web.
            rows = ray.data.read_parquet(path, filesystem=files, partitioning=None).select_columns(names)
            scores = actors.score_gathered(rows, n_batches) if gather else actors.score(rows, batch_rows)
            scores.write_parquet(folder, filesystem=target)
    else:
        write_empty(target, folder, scorer.schema)  # Ray writes nothing where there is nothing

    count = Count(open_parquet(target, folder).to_batches(columns=Count.columns(table)), table)
    if count.rows != n_rows:
        raise OutputError(f"got the scores of {count.rows} rows in {out}, expected those of {n_rows}; score them again")
    return count.run(os.fspath(out), perf_counter() - clock)


def _check(**counts: int) -> None:
    for name, count in counts.items():
        if count < 1:
            raise InputError(f"got {name}={count}, expected 1 or more")


def _in_turns(columns: ColumnOptions) -> bool:
    """Tell whether a contact may have several rows, which come together in no order of their own."""
    turn, at, speaker = (columns.get(role) for role in ("turn", "at", "speaker"))
    if speaker and not (turn or at):
        raise InputError("got a speaker, but neither turn nor at, expected one: rows are gathered in no order; name it")
    return bool(speaker or turn)


def _for_actors(miner: Miner, threads: int) -> Miner:
    copied = copy(miner)
    copied.threads, copied.progress = threads, False
    return copied
