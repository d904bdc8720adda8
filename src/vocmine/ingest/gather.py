"""Corpora of several sources come in, one goes out: in memory up to a bound, beyond it on the disk."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from vocmine.corpus import Clash, Corpus
from vocmine.corpus.combine import Part, combine
from vocmine.corpus.provenance import Provenance
from vocmine.ingest.spill import Spill

MEMORY: Final = 2**28
"""Bytes that rows may take in memory by default."""


class Gathered:
    """Sources that were read, in order.

    Parameters
    ----------
    memory : int or None
        Bytes that the tables may take in memory; None for no bound.
    folder : path, optional
        Where the others are written, see `Spill`.
    """

    def __init__(self, memory: int | None, folder: str | os.PathLike[str] | None = None) -> None:
        self._memory, self._folder = memory, folder
        self._on_disk: list[Corpus] = []
        self._held: list[Corpus] = []
        self._bytes = 0

    def add(self, corpus: Corpus, *, on_disk: bool = False) -> None:
        """Add a source, whose tables may lie on the disk already."""
        if on_disk:
            self._spill_held()
            self._on_disk.append(corpus)
            return
        self._held.append(corpus)
        self._bytes += corpus.nbytes
        if self._memory is not None and self._bytes > self._memory:
            self._spill_held()

    def corpus(self, clash: Clash) -> Corpus:
        """Return all of them as one, see `Corpus.concat`."""
        if self._on_disk:
            self._spill_held()
        corpora = [*self._on_disk, *self._held]
        if len(corpora) == 1:
            return corpora[0]
        if not self._on_disk:
            return Corpus.concat(corpora, clash=clash)
        parts = [Part(each.tables(), each.index, Provenance.from_dict(each.provenance)) for each in corpora]
        spill = Spill(self._folder)
        whole = combine(parts, clash, keep=lambda table: spill.table(spill.put(table)))
        return Corpus.from_tables(whole.tables, index=whole.index, provenance=whole.provenance.to_dict())

    def _spill_held(self) -> None:
        if self._held:
            self._on_disk += spilled(self._held, self._folder)
            self._held, self._bytes = [], 0


def spilled(corpora: Sequence[Corpus], folder: str | os.PathLike[str] | None = None) -> list[Corpus]:
    """Return corpora whose tables lie on the disk, in one file."""
    spill = Spill(folder)
    places = [spill.put_all(each.tables()) for each in corpora]
    return [
        Corpus.from_tables(
            {name: spill.table(place) for name, place in its_places.items()},
            index=corpus.index,
            provenance=corpus.provenance,
        )
        for corpus, its_places in zip(corpora, places, strict=True)
    ]
