"""Contacts written already, remembered as eight bytes each; the rows of one that comes back are rejected."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vocmine.corpus import Corpus
from vocmine.corpus.select import keep_contacts
from vocmine.schema import REJECTED

Hashes = NDArray[np.uint64]

_AGAIN: Final = "got a contact id that earlier rows bear, expected the rows of a contact side by side; sort the input"


class ClosedContacts:
    """A growing set of ids, known by their 64-bit hashes.

    Ten million contacts take 80 MB. Two different ids have the same hash once in 370 000 runs of that size; the second
    contact would then be rejected as a duplicate, never lost in silence.

    Examples
    --------
    >>> closed = ClosedContacts()
    >>> closed.add(hashed(["c1", "c2"]))
    >>> closed.holds(hashed(["c2", "c3"])).tolist()
    [True, False]
    """

    def __init__(self) -> None:
        # Sorted blocks whose sizes at least double from the last to the first: few to search, cheap to add to.
        self._blocks: list[Hashes] = []

    def __len__(self) -> int:
        return sum(map(len, self._blocks))

    def add(self, hashes: Hashes) -> None:
        """Remember the ids of these hashes."""
        block = np.sort(hashes)
        while self._blocks and len(self._blocks[-1]) < 2 * len(block):
            block = np.sort(np.concatenate([self._blocks.pop(), block]))
        if len(block):
            self._blocks.append(block)

    def holds(self, hashes: Hashes) -> NDArray[np.bool_]:
        """Tell which of these hashes are known."""
        known = np.zeros(len(hashes), dtype=bool)
        for block in self._blocks:
            place = np.searchsorted(block, hashes).clip(max=len(block) - 1)
            known |= block[place] == hashes
        return known


def hashed(ids: Iterable[str]) -> Hashes:
    """Return the 64-bit hash of each id."""
    digests = b"".join(blake2b(each.encode(), digest_size=8).digest() for each in ids)
    return np.frombuffer(digests, dtype=np.uint64)


def without(corpus: Corpus, closed: frozenset[str]) -> Corpus:
    """Return a corpus without the contacts that are closed: their rows are rejected, as duplicates."""
    tables = corpus.as_read
    again = pc.is_in(tables["contacts"]["contact_id"], value_set=pa.array(sorted(closed), pa.string()))
    if not closed or not pc.any(again).as_py():
        return corpus
    turns = tables["turns"].filter(pc.is_in(tables["turns"]["contact_id"], value_set=pa.array(sorted(closed))))
    source = tables["contacts"]["source"][0].as_py()
    entries = [
        {"source": source, **turn, "reason": "duplicate_id", "detail": _AGAIN}
        for turn in turns.select(["row", "contact_id"]).to_pylist()
    ]
    rejected = pa.concat_tables([corpus.rejected, pa.Table.from_pylist(entries, schema=REJECTED)]).sort_by("row")
    kept = keep_contacts(tables, pc.invert(again).combine_chunks().to_numpy(zero_copy_only=False))
    return corpus.with_tables({**kept, "rejected": rejected})
