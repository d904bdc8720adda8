"""One file of any format, read in order, from any row on: what streams take beside tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from vocmine.corpus import ColumnOptions, RawRows
from vocmine.ingest.chunks import together
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.frames import HEAD_ROWS
from vocmine.ingest.large import with_columns


class ExportSource:
    """The rows of a transcript, of e-mails, of an export that a preset describes, of JSON or a workbook.

    Parameters
    ----------
    file : File
        The file, by the name under which its rows are reported.
    kind : Format
        What it is.
    """

    def __init__(self, file: File, kind: Format) -> None:
        self.name = file.source
        self.total = None
        self._file, self._kind = file, kind
        first: list[RawRows] = []
        for batch in self._rows():
            first.append(batch)
            if sum(each.n_rows for each in first) >= HEAD_ROWS:
                break
        self._first = with_columns(together(first))

    @property
    def known(self) -> ColumnOptions:
        """The use of the columns, where the format tells."""
        return self._first.known

    @property
    def types(self) -> Mapping[str, pa.DataType]:
        """None: the values of the first rows tell."""
        return {}

    def describe(self) -> dict[str, object]:
        """Return the file's format, name, size and time of change."""
        state = self._file.path.stat()
        about = {"kind": self._kind.name, "name": self.name}
        return {**about, "bytes": state.st_size, "modified_ns": state.st_mtime_ns}

    def head(self) -> pd.DataFrame:
        """Return the first rows."""
        return self._first.frame.head(HEAD_ROWS)

    def batches(self, start: int) -> Iterator[RawRows]:
        """Read the rows from one on; those before are read too, since only readers tell where rows begin.

        Raises
        ------
        ReadError
            If the file cannot be read to its end.
        """
        columns = list(self._first.frame.columns)
        for batch in self._rows():
            lacking = [name for name in columns if name not in batch.frame.columns]
            whole = replace(batch, frame=batch.frame.assign(**dict.fromkeys(lacking)).astype(object))
            yield _from(whole, start)

    def _rows(self) -> Iterator[RawRows]:
        return self._kind.rows(self._file, Choices())


def _from(batch: RawRows, start: int) -> RawRows:
    """Return the rows of a batch from one on."""
    place = int(np.searchsorted(batch.rows, start))
    malformed = {row: why for row, why in batch.malformed.items() if row >= start}
    return replace(batch, frame=batch.frame.iloc[place:], positions=batch.rows[place:], malformed=malformed)
