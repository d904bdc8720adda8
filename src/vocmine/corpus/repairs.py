"""The log of what was repaired, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.corpus.distinct import Codes, Distinct
from vocmine.schema import REPAIRS


@dataclass
class RepairLog:
    """Repairs of the rows of one frame, gathered while it is read.

    Each entry tells rows, the column and the kind that they share, and the number of characters or values concerned.
    """

    _entries: list[tuple[Codes, str, str, int]] = field(default_factory=list)

    def add(self, column: str, kind: str, rows: NDArray[np.bool_]) -> None:
        """Note one repair on each of the rows that a mask tells."""
        self._add(np.flatnonzero(rows), column, kind, 1)

    def add_kinds(self, column: str, kinds: Distinct) -> None:
        """Note the repair of each row that has one."""
        for code, kind in enumerate(kinds.objects()):
            self.add(column, kind, kinds.codes == code)

    def add_counts(self, column: str, row: int, counts: Mapping[str, int]) -> None:
        """Note how many characters of a row were repaired, by kind."""
        for kind, count in counts.items():
            self._add(np.array([row]), column, kind, count)

    def _add(self, rows: Codes, column: str, kind: str, count: int) -> None:
        if len(rows):
            self._entries.append((rows, column, kind, count))

    def table(self, source: str, positions: Codes, contact_ids: Distinct, kept: NDArray[np.bool_]) -> pa.Table:
        """Return the repairs of the rows kept, in the order of the input."""
        sizes = [len(rows) for rows, *_ in self._entries]
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *(rows for rows, *_ in self._entries)])
        entry = np.repeat(np.arange(len(sizes)), sizes)
        order = np.argsort(rows, kind="stable")
        order = order[kept[rows[order]]]
        rows, entry = rows[order], pa.array(entry[order])
        columns = {
            "source": pa.repeat(source, len(rows)),
            "row": positions[rows],
            "contact_id": contact_ids.take(rows, pa.string()),
            "column": pa.array([column for _, column, _, _ in self._entries], pa.string()).take(entry),
            "kind": pa.array([kind for _, _, kind, _ in self._entries], pa.string()).take(entry),
            "count": pa.array([count for *_, count in self._entries], pa.int32()).take(entry),
        }
        return pa.Table.from_pydict(columns, schema=REPAIRS)
