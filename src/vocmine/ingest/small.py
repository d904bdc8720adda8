"""Files of a few rows, such as one e-mail each: many are read as one, which costs far less than one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.corpus import ColumnOptions, Corpus, DatesRead, RawRows, Source
from vocmine.corpus.layout import Positions
from vocmine.corpus.provenance import Provenance
from vocmine.ingest.chunks import together

MOST_ROWS: Final = 2_000
"""Rows that are read as one."""


class SmallFiles:
    """Files that wait to be read as one: those whose format knows its columns, and whose contacts all have an id.

    No two of them have a contact in common: what becomes of it is for `Corpus.concat` to say.
    """

    def __init__(self) -> None:
        self._waiting: list[RawRows] = []
        self._ids: set[str] = set()
        self._rows = 0

    def take(self, raw: RawRows) -> bool:
        """Let a file wait with the others, if it can."""
        ids = _ids(raw)
        if ids is None or not self._ids.isdisjoint(ids) or self._rows + raw.n_rows > MOST_ROWS:
            return False
        if self._waiting and raw.known != self._waiting[0].known:
            return False
        self._waiting.append(raw)
        self._ids |= ids
        self._rows += raw.n_rows
        return True

    def leave(self) -> list[RawRows]:
        """Return the files that waited; there are none then."""
        files, self._waiting, self._ids, self._rows = self._waiting, [], set(), 0
        return files


def _ids(raw: RawRows) -> set[str] | None:
    column = raw.known.get("contact_id")
    if column is None or column not in raw.frame.columns:
        return None
    ids = raw.frame[column].tolist()
    return set(ids) if all(isinstance(each, str) and each.strip() for each in ids) else None


def read_together(files: Sequence[RawRows], options: ColumnOptions) -> list[Corpus]:
    """Build one corpus of several files, each a source of its own; a corpus each where their dates bear no zone.

    How such dates were read is for the report of each file to say.
    """
    starts = np.array([0, *accumulate(file.n_rows for file in files)])
    rows = together([_shifted(file, int(start)) for file, start in zip(files, starts, strict=False)])
    corpus = Corpus.from_rows(rows, options)
    if any(read.naive or read.ambiguous for read in corpus.dates):
        return [Corpus.from_rows(file, options) for file in files]
    names = np.array([file.source for file in files], dtype=object)
    tables = {name: _with_sources(table, names, starts) for name, table in corpus.as_read.items()}
    index = pd.Index(np.concatenate([np.arange(file.n_rows) for file in files]))
    provenance = Provenance(tuple(_each_source(corpus, files, starts)))
    return [Corpus(tables, index, provenance, pending=True)]


def _shifted(file: RawRows, start: int) -> RawRows:
    malformed = {start + row: why for row, why in file.malformed.items()}
    return replace(file, positions=file.rows + start, malformed=malformed)


def _with_sources(table: pa.Table, names: NDArray[np.object_], starts: Positions) -> pa.Table:
    place = table.schema.get_field_index("source")
    if place < 0:
        return table
    of_row = names[np.searchsorted(starts, table["row"].to_numpy(), side="right") - 1]
    return table.set_column(place, table.schema.field(place), pa.array(of_row, pa.string()))


def _each_source(corpus: Corpus, files: Sequence[RawRows], starts: Positions) -> Iterator[Source]:
    (whole,) = Provenance.from_dict(corpus.provenance).sources
    repairs = corpus.repairs.select(["row", "column", "kind"]).to_pandas()
    repairs["file"] = np.searchsorted(starts, repairs["row"], side="right") - 1
    counts = Counter(zip(*(repairs[name].tolist() for name in ("file", "column", "kind")), strict=True))
    for number, file in enumerate(files):
        dates = tuple(_dates(read, file, number, counts) for read in whole.dates)
        yield replace(whole, name=file.source, rows=file.n_rows, dates=dates, notes=file.notes)


def _dates(read: DatesRead, file: RawRows, number: int, counts: Counter[tuple[int, str, str]]) -> DatesRead:
    """Return how the dates of one of the files were read."""
    missing = int(file.frame[read.column].isna().sum())
    unparsable = counts[number, read.role, "unparsable_date"]
    out_of_range = counts[number, read.role, "date_before_1990"] + counts[number, read.role, "future_date"]
    understood = len(file.frame) - missing - unparsable
    return replace(
        read,
        source=file.source,
        forms=read.forms if understood else (),
        read=understood - out_of_range,
        missing=missing,
        unparsable=unparsable,
        out_of_range=out_of_range,
    )
