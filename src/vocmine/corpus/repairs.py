"""The log of what was repaired, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.corpus.cells import Cells
from vocmine.schema import REPAIRS


@dataclass
class RepairLog:
    """Repairs of the rows of one frame, gathered while it is read."""

    _entries: list[tuple[int, str, str, int]] = field(default_factory=list)

    def add(self, column: str, kind: str, rows: NDArray[np.bool_] | Sequence[bool]) -> None:
        """Note one repair on each of the rows that a mask tells."""
        self._entries.extend((int(row), column, kind, 1) for row in np.flatnonzero(rows))

    def add_kinds(self, column: str, kinds: Cells) -> None:
        """Note the repair of each row, None standing for none."""
        self._entries.extend((row, column, kind, 1) for row, kind in enumerate(kinds) if kind is not None)

    def add_counts(self, column: str, counts: Sequence[Mapping[str, int]]) -> None:
        """Note for each row how many characters were repaired, by kind."""
        self._entries.extend(
            (row, column, kind, count) for row, found in enumerate(counts) for kind, count in found.items()
        )

    def table(self, source: str, positions: NDArray[np.int64], contact_ids: Cells, kept: NDArray[np.bool_]) -> pa.Table:
        """Return the repairs of the rows kept, in the order of the input."""
        entries = sorted((entry for entry in self._entries if kept[entry[0]]), key=lambda entry: entry[0])
        rows = np.array([entry[0] for entry in entries], dtype=np.int64)
        columns = {
            "source": [source] * len(rows),
            "row": positions[rows],
            "contact_id": contact_ids[rows].tolist(),
            "column": [entry[1] for entry in entries],
            "kind": [entry[2] for entry in entries],
            "count": [entry[3] for entry in entries],
        }
        return pa.Table.from_pydict(columns, schema=REPAIRS)
