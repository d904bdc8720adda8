"""From the analysis of a chunk to the tables that are written, of the same schema in every chunk."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.analysis import Analysis, side_by_side
from vocmine.corpus import Corpus, RawRows
from vocmine.corpus.cells import as_cells, present
from vocmine.ingest.columns import Columns
from vocmine.schema import REPAIRS

TABLES: Final = ("contacts", "turns", "segments", "spans", "rejected", "repairs", "removed", "run")
"""The tables of a stream; ``embeddings`` comes with them where it is asked for."""


def tables_of(analysis: Analysis, raw: RawRows, columns: Columns, *, embeddings: bool) -> dict[str, pa.Table]:
    """Return the tables of a chunk, each with its scores, and the source's other columns beside contacts or turns."""
    corpus, scores = analysis.corpus, analysis.tables
    of_contacts, of_turns = columns.own_columns(raw, corpus.turns)
    contacts, turns, repairs = corpus.contacts, corpus.turns, corpus.repairs
    for name, values in of_turns.items():
        turns = turns.append_column(name, values)
    for name, values in of_contacts.items():
        first, conflicting = _agreed(corpus, values)
        contacts = contacts.append_column(name, values.take(first))
        repairs = pa.concat_tables([repairs, _conflicts(corpus, name, conflicting)])
    tables = {
        "contacts": side_by_side(contacts, scores["contact_scores"], keys=["contact_id"]),
        "turns": side_by_side(turns, scores["turn_scores"], keys=["contact_id", "turn"]),
        "segments": side_by_side(scores["segments"], scores["segment_scores"], keys=["contact_id", "turn", "segment"]),
        "spans": scores["spans"],
        "rejected": corpus.rejected,
        "repairs": repairs.sort_by("row"),
        "removed": corpus.removed,
        "run": scores["run"],
    }
    if embeddings:
        values = pa.array(analysis.embeddings.reshape(-1), pa.float32())
        vectors = pa.FixedSizeListArray.from_arrays(values, analysis.embeddings.shape[1])
        keys = tables["segments"].select(["contact_id", "turn", "segment"])
        tables["embeddings"] = keys.append_column("embedding", vectors)
    return {name: table.combine_chunks() for name, table in tables.items()}


def _agreed(corpus: Corpus, values: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
    """Return where the first value of each contact stands among the turns, null if it has none, and who disagrees."""
    ids = corpus.turns["contact_id"].to_numpy()
    contact = pd.factorize(ids)[0]  # turns stand contact after contact, in the order of the contacts
    said = as_cells(values.to_pylist())
    there = np.flatnonzero(present(said))[::-1]
    first = np.full(corpus.contacts.num_rows, -1, dtype=np.int64)
    first[contact[there]] = there  # the last assignment to a contact, that of its first value, stays
    conflicting = present(said) & np.array(
        [mine != said[place] for mine, place in zip(said, first[contact], strict=True)], dtype=bool
    )
    return pa.array(first, mask=first < 0), conflicting


def _conflicts(corpus: Corpus, column: str, conflicting: NDArray[np.bool_]) -> pa.Table:
    turns = corpus.turns.select(["row", "contact_id"]).filter(pa.array(conflicting)).to_pylist()
    source = corpus.contacts["source"][0].as_py() if turns else ""
    entries = [{"source": source, **turn, "column": column, "kind": "conflicting_value", "count": 1} for turn in turns]
    return pa.Table.from_pylist(entries, schema=REPAIRS)
