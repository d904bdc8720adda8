"""Chunks hold whole contacts, every row once, and are cut at the same places however rows arrive."""

from itertools import pairwise

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from vocmine.corpus import RawRows
from vocmine.corpus.cells import as_cells
from vocmine.ingest.chunks import cut
from vocmine.ingest.closed import ClosedContacts, hashed

# The contact of each row: a letter, None where it has no id, "?" where it cannot be read.
contacts = st.lists(st.sampled_from(["a", "a", "a", "b", None, "?"]), max_size=60)


def batches(rows, sizes):
    first = 0
    for size in [*sizes, len(rows)]:
        places = [place for place in range(first, min(first + size, len(rows))) if rows[place] != "?"]
        broken = {place: "" for place in range(first, min(first + size, len(rows))) if rows[place] == "?"}
        frame = pd.DataFrame({"id": as_cells(rows[place] for place in places)}, dtype=object)
        yield RawRows(frame, "test", np.array(places, dtype=np.int64), broken)
        first += size


def ids(frame):
    return frame["id"].to_numpy()


@given(contacts, st.lists(st.integers(1, 20), max_size=5), st.integers(1, 10))
def test_every_row_is_in_one_chunk_and_no_contact_is_parted(rows, sizes, chunk_rows):
    chunks = list(cut(batches(rows, sizes), ids, chunk_rows=chunk_rows))
    assert [chunk.number for chunk in chunks] == list(range(len(chunks)))
    seen = [place for chunk in chunks for place in sorted([*chunk.rows.rows.tolist(), *chunk.rows.malformed])]
    assert seen == list(range(len(rows)))
    read = [chunk for chunk in chunks if len(chunk.rows.frame)]
    for before, after in pairwise(read):
        last, first = ids(before.rows.frame)[-1], ids(after.rows.frame)[0]
        assert first is None or last != first
    assert all(chunk.rows.n_rows >= chunk_rows for chunk in chunks[:-1])


@given(contacts, st.lists(st.integers(1, 20), max_size=5), st.integers(1, 10), st.booleans())
def test_chunks_do_not_depend_on_how_rows_arrive_nor_on_where_one_starts(rows, sizes, chunk_rows, named):
    key = ids if named else None
    whole = [(chunk.first_row, chunk.end_row) for chunk in cut(batches(rows, []), key, chunk_rows=chunk_rows)]
    parted = [(chunk.first_row, chunk.end_row) for chunk in cut(batches(rows, sizes), key, chunk_rows=chunk_rows)]
    assert whole == parted
    for number, (first, _) in enumerate(whole[1:], start=1):
        later = [
            RawRows(raw.frame, raw.source, raw.rows + first, {row + first: "" for row in raw.malformed})
            for raw in batches(rows[first:], sizes)
        ]
        again = cut(later, key, chunk_rows=chunk_rows, number=number, row=first)
        assert [(chunk.first_row, chunk.end_row) for chunk in again] == whole[number:]


@given(st.lists(st.lists(st.text(max_size=3), max_size=20), max_size=20), st.text(max_size=3))
def test_closed_contacts_are_remembered_and_no_others(added, asked):
    closed = ClosedContacts()
    for some in added:
        closed.add(hashed(some))
    assert closed.holds(hashed([asked])).tolist() == [any(asked in some for some in added)]
