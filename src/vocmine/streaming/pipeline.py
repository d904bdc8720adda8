"""`stream`: a source of any size comes in, chunk after chunk is scored, written and committed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

import pyarrow.parquet as pq
from tqdm import tqdm

from vocmine._version import __version__
from vocmine.corpus import ColumnOptions, RawRows
from vocmine.corpus.cells import present
from vocmine.errors import InputError, OutputError, ReadError
from vocmine.ingest.chunks import Chunk, cut
from vocmine.ingest.closed import ClosedContacts, Hashes, hashed
from vocmine.ingest.columns import Columns
from vocmine.streaming.log import Log
from vocmine.streaming.parts import is_intact, part_path, publish
from vocmine.streaming.result import Stream
from vocmine.streaming.scoring import ChunkScorer, Score, Scored
from vocmine.streaming.sources import RowSource, Source, open_source
from vocmine.streaming.workers import Here, Runner, Workers

CHUNK_ROWS: Final = 2_000


def stream(
    source: Source,
    out: str | os.PathLike[str],
    *,
    score: Score,
    signature: Mapping[str, object],
    chunk_rows: int = CHUNK_ROWS,
    workers: int = 1,
    resume: bool = True,
    progress: bool = False,
    clean: bool | None = None,
    embeddings: bool = False,
    options: ColumnOptions | None = None,
) -> Stream:
    """Score a source that may be larger than memory, and go on where a run was cut off.

    Each chunk is scored alone and committed when all its files are on the disk. A run that is killed loses the chunks
    in hand, one a worker and one more; the next one removes what they left and goes on. The same source with the same
    `signature` and parameters gives the same tables, byte for byte, however often it is cut off, and whatever the
    number of workers; those of ``run``, which holds timings, excepted. This holds if `score` gives the same on the
    same rows, which a cache that several workers share, or that is filled to its bound meanwhile, may change in the
    last digits; and for dates that are not yet to come: they are emptied if they are more than a day ahead.

    Rows of one contact stand side by side. A contact that comes back after its chunk has its rows rejected, as
    ``duplicate_id``. The use of columns and the order of days and months are told from the first ten thousand rows;
    one order stands for all the columns of dates.

    Parameters
    ----------
    source : path, DataFrame, pyarrow.Table, or iterable of tables
        See `open_source`. A text file cut off inside a quoted field ends with a malformed row. Where a gzip is cut off
        the chunks before are committed, and the reading stops with an error; a Parquet file cut off is refused at once.
    out : path
        Folder of the tables, see `Stream`; new, empty, or that of the run to go on with. One run at a time.
    score : callable
        From a corpus to its analysis: `Miner.score`. With several workers it is sent to each of them, and should keep
        to its share of the cores.
    signature : mapping
        What the scores depend on: model, precision, parameters; it can be written as JSON.
    chunk_rows : int, default 2000
        Rows scored, held and committed together, and beyond these the rest of the contact that they end in.
    workers : int, default 1
        Processes. Memory is bounded by the chunks in hand: `workers` and one.
    resume : bool, default True
        Go on with what is in `out`. If False, a stream that is there is removed first.
    progress : bool, default False
        Show a progress bar on standard error.
    clean : bool, optional
        Clean the turns first, see `Corpus.clean`. By default files are cleaned, as by `vocmine.read`, and tables not.
    embeddings : bool, default False
        Write the embeddings of segments too, some 2 kB a segment.
    options : ColumnOptions, optional
        Columns and dates, as in `Corpus.from_pandas`.

    Returns
    -------
    Stream
        Counts, and the tables to read back.

    Raises
    ------
    InputError
        If the source is of no kind that is read, or `out` lies in it, or holds something else, or another source,
        signature or parameters; if a contact has more rows than fifty chunks.
    ColumnError
        If a column named is not there, or no column is clearly the text.
    ReadError
        If the source is damaged.
    OutputError
        If the disk is full or the folder read-only: what is committed stays, and the next run goes on.
    """
    for name, value in (("chunk_rows", chunk_rows), ("workers", workers)):
        if value < 1:
            raise InputError(f"got {name}={value}, expected 1 or more")
    _check_apart(source, Path(out))
    options = options or {}
    cleaned = isinstance(source, str | os.PathLike) if clean is None else clean
    reader = open_source(source, options.get("source"))
    head = RawRows(reader.head(), known=reader.known)
    columns = Columns.of(head.frame, head.options(options), reader.types, guessing=not head.known)
    header = {
        "vocmine": __version__,
        "signature": dict(signature),
        "source": reader.describe(),
        "columns": columns.describe(),
        "chunk_rows": chunk_rows,
        "clean": cleaned,
        "embeddings": embeddings,
    }
    log = Log.start(Path(out), header, resume=resume)
    run = _Run(reader, columns, log, chunk_rows)
    scorer = ChunkScorer(score, columns, log.folder, cleaned, embeddings, run.name)
    with Here(scorer) if workers == 1 else Workers(scorer, workers) as runner:
        try:
            run.finish(runner, progress=progress)
        except OutputError as error:
            raise OutputError(f"{error}; {log.end_row} rows are safe, and the next run goes on from there") from error
    return Stream(log)


def _check_apart(source: Source, out: Path) -> None:
    if not isinstance(source, str | os.PathLike) or not Path(source).is_dir():
        return
    if out.resolve().is_relative_to(Path(source).resolve()):
        raise InputError(
            f"{out} lies in the source: tables written there would be read as contacts; name another folder"
        )


@dataclass
class _Run:
    """One run: the chunks that are missing are scored and committed, in order."""

    reader: RowSource
    columns: Columns
    log: Log
    chunk_rows: int
    name: str = field(default_factory=lambda: uuid4().hex)
    closed: ClosedContacts = field(default_factory=ClosedContacts)
    intact: frozenset[int] = frozenset()

    def finish(self, runner: Runner, *, progress: bool) -> None:
        """Score and commit what is missing."""
        entries = self.log.entries
        self.intact = frozenset(n for n in entries if is_intact(self.log.folder, n, entries[n].parts))
        first = next(number for number in range(len(entries) + 1) if number not in self.intact)
        row = entries[first - 1].end_row if first else 0
        for number in range(first):
            self.closed.add(self._written(number))
        chunks = self._chunks(first, row)
        with tqdm(total=self.reader.total, initial=row, unit=" rows", disable=not progress) as bar:
            for chunk, scored in runner.results(chunks, self._closed_in):
                self._commit(chunk, scored, runner)
                bar.update(chunk.rows.n_rows)

    def _chunks(self, number: int, row: int) -> Iterator[Chunk]:
        batches = map(self.columns.fitted, self.reader.batches(row))
        contact_ids = self.columns.contact_ids if self.columns.in_turns else None
        yield from cut(batches, contact_ids, chunk_rows=self.chunk_rows, number=number, row=row)

    def _closed_in(self, chunk: Chunk) -> frozenset[str] | None:
        """Return the ids of a chunk that are closed, as far as is known; None if the chunk is committed already."""
        if chunk.number in self.intact:
            return None
        ids = self.columns.contact_ids(chunk.rows.frame)
        distinct = list(dict.fromkeys(ids[present(ids)]))
        known = self.closed.holds(hashed(distinct))
        return frozenset(each for each, is_known in zip(distinct, known, strict=True) if is_known)

    def _commit(self, chunk: Chunk, scored: Scored | None, runner: Runner) -> None:
        earlier = self.log.entries.get(chunk.number)
        if earlier and (earlier.first_row, earlier.end_row) != (chunk.first_row, chunk.end_row):
            raise ReadError(f"{self.reader.name}: got other rows than when it was first read; use resume=False")
        if scored is None:
            self.closed.add(self._written(chunk.number))
            return
        if self.closed.holds(scored.contacts).any():
            # A contact of this chunk was in one that was not yet committed when this one was handed out.
            scored = runner.run(chunk, self._closed_in(chunk) or frozenset())
        publish(self.log.folder, chunk.number, scored.entry.parts, run=self.name)
        self.log.commit(scored.entry)
        self.closed.add(scored.contacts)

    def _written(self, number: int) -> Hashes:
        """Return the hashes of the contacts of a chunk that is committed."""
        if self.columns.key is None:
            return hashed(())
        path = part_path(self.log.folder, "contacts", number)
        return hashed(pq.read_table(path, columns=["contact_id"])["contact_id"].to_pylist())
