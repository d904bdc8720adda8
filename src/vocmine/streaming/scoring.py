"""One chunk: its rows come in, its parts are written, what is to be committed goes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from vocmine.analysis import Analysis
from vocmine.corpus import Corpus
from vocmine.ingest.chunks import Chunk
from vocmine.ingest.closed import Hashes, hashed, without
from vocmine.ingest.columns import Columns
from vocmine.streaming.log import Entry
from vocmine.streaming.parts import write_parts
from vocmine.streaming.tables import tables_of

Score: TypeAlias = Callable[[Corpus], Analysis]


@dataclass(frozen=True)
class Scored:
    """A chunk whose parts lie beside their places: the entry that commits it, and the hashes of its contacts' ids."""

    entry: Entry
    contacts: Hashes


@dataclass(frozen=True)
class ChunkScorer:
    """Score chunks and write their parts; it can be sent to another process if `score` can.

    Attributes
    ----------
    score : callable
        `Miner.score`, or what does the same.
    columns : Columns
        How rows are read.
    folder : path
        Where parts are written.
    clean : bool
        Clean the turns first, see `Corpus.clean`.
    embeddings : bool
        Write the embeddings of the segments too.
    run : str
        Name of this run, in the names of files that are not yet in their places.
    """

    score: Score
    columns: Columns
    folder: Path
    clean: bool
    embeddings: bool
    run: str

    def __call__(self, chunk: Chunk, closed: frozenset[str]) -> Scored:
        """Score a chunk, save the contacts that are closed: their rows are rejected."""
        corpus = without(self.columns.corpus(chunk.rows), closed)
        analysis = self.score(corpus.clean() if self.clean else corpus)
        tables = tables_of(analysis, chunk.rows, self.columns, embeddings=self.embeddings)
        entry = Entry(
            chunk=chunk.number,
            first_row=chunk.first_row,
            rows=chunk.rows.n_rows,
            contacts=corpus.contacts.num_rows,
            scored=int(analysis.run["contacts_scored"]),
            rejected=corpus.rejected.num_rows,
            reasons=json.loads(analysis.run["reasons"]),
            parts=write_parts(self.folder, chunk.number, tables, run=self.run),
        )
        return Scored(entry, hashed(corpus.contacts["contact_id"].to_pylist() if self.columns.key else ()))
