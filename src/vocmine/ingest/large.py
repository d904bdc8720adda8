"""A file larger than memory: rows come in some thousands at a time, a corpus whose tables lie on the disk goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from typing import Final

import pandas as pd
import pyarrow.compute as pc

from vocmine.corpus import ColumnOptions, Corpus, DatesRead, RawRows, Source
from vocmine.corpus.cells import present
from vocmine.corpus.provenance import Provenance
from vocmine.corpus.tables import SCHEMAS, Tables
from vocmine.ingest.chunks import Chunk, cut, together
from vocmine.ingest.closed import ClosedContacts, hashed, without
from vocmine.ingest.columns import Columns, named
from vocmine.ingest.frames import HEAD_ROWS
from vocmine.ingest.spill import Place, Spill, unified
from vocmine.schema import TURNS

CHUNK_ROWS: Final = 20_000
"""Rows that are made a corpus at a time at most, and beyond these the rest of the contact that they end in."""

CHUNK_BYTES: Final = 2**25
"""Bytes that these rows may take, by the size of the first ones."""

_FEWEST: Final = 200  # rows of a chunk, however long: a contact may have fifty times as many

_COUNTS: Final = ("read", "missing", "unparsable", "out_of_range", "ambiguous", "naive")


def head_of(batches: Iterator[RawRows], memory: int | None) -> tuple[list[RawRows], bool]:
    """Take batches until there are no more, or they need more bytes than allowed; tell whether they are all.

    One batch is already held, and is taken whatever it needs.
    """
    held, size = [], 0
    for batch in batches:
        held.append(batch)
        if len(held) > 1 and memory is not None:
            size += _bytes(batch) if size else sum(map(_bytes, held))
            if size > memory:
                return held, False
    return held, True


def _bytes(batch: RawRows) -> int:
    return int(batch.frame.memory_usage(index=False, deep=True).sum())


def read_large(
    held: list[RawRows], rest: Iterator[RawRows], options: ColumnOptions, spill: Spill, *, clean: bool
) -> Corpus:
    """Read a source chunk by chunk, each chunk being written to the disk before the next is read.

    The use of columns, and the order of days and months, are told from the first ten thousand rows. Rows of one
    contact stand side by side: a contact that comes back after its chunk has its rows rejected, as ``duplicate_id``.

    Parameters
    ----------
    held : list of RawRows
        The first batches; it is emptied as they are read.
    rest : iterator of RawRows
        The others.
    options : ColumnOptions
        What the caller says of the columns.
    spill : Spill
        Where tables are written.
    clean : bool
        Clean each chunk, see `Corpus.clean`.
    """
    columns, chunk_rows = _columns(held, options), _chunk_rows(held)
    chunks = _Chunks(columns, spill, clean=clean)
    contact_ids = columns.contact_ids if columns.in_turns else None
    batches = (_fitted(batch, columns) for batch in chain(_given_up(held), rest))
    for chunk in cut(batches, contact_ids, chunk_rows=chunk_rows):
        chunks.add(chunk)
    return chunks.corpus()


def _columns(held: Sequence[RawRows], options: ColumnOptions) -> Columns:
    rows = accumulate(batch.n_rows for batch in held)
    first = [batch for batch, end in zip(held, rows, strict=True) if end - batch.n_rows < HEAD_ROWS]
    head = with_columns(together(first))
    return Columns.of(named(head.frame).head(HEAD_ROWS), head.options(options), guessing=not head.known)


def _chunk_rows(held: Sequence[RawRows]) -> int:
    size, rows = sum(map(_bytes, held)), sum(len(batch.frame) for batch in held)
    return min(CHUNK_ROWS, max(_FEWEST, CHUNK_BYTES * rows // max(size, 1)))


def _given_up(held: list[RawRows]) -> Iterator[RawRows]:
    """Give batches and hold them no longer."""
    while held:
        yield held.pop(0)


def with_columns(raw: RawRows) -> RawRows:
    """Return rows with an empty column for each that their format uses and they lack."""
    used = {name for role, name in raw.known.items() if role not in {"timezone", "dayfirst", "source"}}
    missing = sorted(str(name) for name in used.difference(raw.frame.columns))
    return replace(raw, frame=raw.frame.assign(**dict.fromkeys(missing))) if missing else raw


def _fitted(raw: RawRows, columns: Columns) -> RawRows:
    """Return rows under distinct names, with all the columns in use, and nothing to guess."""
    frame = named(raw.frame)
    missing = [each.column for each in columns.found if each.column not in frame.columns]
    return replace(raw, frame=frame.assign(**dict.fromkeys(missing)), known=columns.options)


@dataclass
class _Chunks:
    """The chunks of one source that are on the disk."""

    columns: Columns
    spill: Spill
    clean: bool

    def __post_init__(self) -> None:
        self.closed = ClosedContacts()
        self.places: list[dict[str, Place]] = []
        self.sources: list[Source] = []

    def add(self, chunk: Chunk) -> None:
        """Read a chunk and write its tables."""
        corpus = without(Corpus.from_rows(chunk.rows), self._closed_in(chunk))
        corpus = corpus.clean() if self.clean else corpus
        if self.columns.key:
            self.closed.add(hashed(corpus.contacts["contact_id"].to_pylist()))
        self.places.append(self.spill.put_all(corpus.tables()))
        self.sources += Provenance.from_dict(corpus.provenance).sources

    def _closed_in(self, chunk: Chunk) -> frozenset[str]:
        ids = self.columns.contact_ids(chunk.rows.frame)
        distinct = list(dict.fromkeys(ids[present(ids)]))
        known = self.closed.holds(hashed(distinct))
        return frozenset(each for each, is_known in zip(distinct, known, strict=True) if is_known)

    def corpus(self) -> Corpus:
        """Return the whole of them."""
        source = whole_source(self.sources, self.columns)
        places = self._on_one_side()
        tables = {name: unified(self.spill.table(each[name]) for each in places) for name in SCHEMAS}
        provenance = Provenance((source,)).to_dict()
        return Corpus.from_tables(tables, index=pd.RangeIndex(source.rows), provenance=provenance)

    def _on_one_side(self) -> list[dict[str, Place]]:
        """Return the places, once the columns that go with the turns in some chunk do so in all."""
        own = [set(self.spill.table(each["turns"]).column_names) - set(TURNS.names) for each in self.places]
        of_turns = set[str]().union(*own)
        return [each | self.spill.put_all(self._moved(each, of_turns)) for each in self.places]

    def _moved(self, places: Mapping[str, Place], columns: set[str]) -> Tables:
        """Return the tables of a chunk in which these columns have to go from the contacts to the turns."""
        contacts, turns = (self.spill.table(places[name]) for name in ("contacts", "turns"))
        moved = sorted(columns.intersection(contacts.column_names))
        if not moved:
            return {}
        of_turn = pc.index_in(turns["contact_id"], contacts["contact_id"].combine_chunks())
        for name in moved:
            turns = turns.append_column(name, contacts[name].take(of_turn))
        return {"contacts": contacts.drop_columns(moved), "turns": turns}


def whole_source(chunks: Sequence[Source], columns: Columns) -> Source:
    """Return the provenance of a source of which each chunk has its own."""
    reads = [read for chunk in chunks for read in chunk.dates]
    by_role = {read.role: [each for each in reads if each.role == read.role] for read in reads}
    return Source(
        name=chunks[0].name,
        rows=sum(chunk.rows for chunk in chunks),
        columns=columns.found,
        dates=tuple(_dates(each, columns.dayfirst_from) for each in by_role.values()),
        notes=tuple(dict.fromkeys(note for chunk in chunks for note in chunk.notes)),
    )


def _dates(reads: Sequence[DatesRead], dayfirst_from: str) -> DatesRead:
    """Return how the dates of a column were read, chunk after chunk."""
    counts = {name: sum(getattr(read, name) for read in reads) for name in _COUNTS}
    told = [read for read in reads if read.dayfirst is not None]
    zones = {zone for read in reads for zone in read.timezone.split(", ")}
    return replace(
        reads[0],
        forms=tuple(dict.fromkeys(form for read in reads for form in read.forms)),
        dayfirst=told[0].dayfirst if told else None,
        dayfirst_from=dayfirst_from if told else None,
        timezone=", ".join(sorted(zones)),
        **counts,
    )
