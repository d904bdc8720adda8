"""`Stream`: what was written, chunk after chunk, read back a table at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from vocmine.errors import InputError, SavedAnalysisError
from vocmine.streaming.log import Log
from vocmine.streaming.parts import part_path


class Stream:
    """The tables of a stream, in a folder of Parquet files for each.

    ``pandas.read_parquet(stream.folder / "contacts")`` reads one too. So do Spark, DuckDB and Polars.

    Attributes
    ----------
    folder : path
        Where they are.
    """

    def __init__(self, log: Log) -> None:
        self.folder = log.folder
        self._log = log

    @classmethod
    def read(cls, folder: str | os.PathLike[str]) -> Self:
        """Read what was committed so far; nothing is changed.

        Raises
        ------
        SavedAnalysisError
            If the folder holds no stream.
        """
        return cls(Log.read(Path(folder)))

    @property
    def chunks(self) -> int:
        """Chunks committed."""
        return len(self._log.entries)

    @property
    def rows_in(self) -> int:
        """Rows of the source that were read: ``len(turns) + rejected_rows``."""
        return self._log.end_row

    @property
    def n_contacts(self) -> int:
        """Contacts kept."""
        return sum(entry.contacts for entry in self._log.entries.values())

    @property
    def n_scored(self) -> int:
        """Contacts with a sentiment."""
        return sum(entry.scored for entry in self._log.entries.values())

    @property
    def n_rejected(self) -> int:
        """Rows that were rejected."""
        return sum(entry.rejected for entry in self._log.entries.values())

    @property
    def reasons(self) -> dict[str, int]:
        """Rows and segments without a score, by reason."""
        return dict(sorted(self._log.reasons.items()))

    @property
    def contacts(self) -> pd.DataFrame:
        """One row a contact, with its scores; read whole when asked for, as are the others."""
        return self._frame("contacts")

    @property
    def turns(self) -> pd.DataFrame:
        """One row a turn, with its scores."""
        return self._frame("turns")

    @property
    def segments(self) -> pd.DataFrame:
        """One row a segment, with its scores."""
        return self._frame("segments")

    @property
    def spans(self) -> pd.DataFrame:
        """One row a span of text that shows what is said of its contact."""
        return self._frame("spans")

    @property
    def rejected(self) -> pd.DataFrame:
        """One row for each row of the source that was rejected, with its reason."""
        return self._frame("rejected")

    @property
    def repairs(self) -> pd.DataFrame:
        """One row for each repair."""
        return self._frame("repairs")

    @property
    def run(self) -> pd.DataFrame:
        """One row a chunk: model, device, parameters, counts, timings."""
        return self._frame("run")

    def table(self, name: str) -> ds.Dataset:
        """Return a table that is not read yet, for what is larger than memory.

        Parameters
        ----------
        name : str
            ``contacts``, ``turns``, ``segments``, ``spans``, ``rejected``, ``repairs``, ``removed``, ``run``, or
            ``embeddings`` where they were asked for.

        Raises
        ------
        InputError
            If there is no such table.
        SavedAnalysisError
            If nothing is committed yet, or a part is gone or damaged.
        """
        if not self._log.entries:
            raise SavedAnalysisError(f"no chunk is committed in {self.folder}; run the stream again")
        numbers = sorted(self._log.entries)
        tables = self._log.entries[numbers[0]].parts
        if name not in tables:
            raise InputError(f"got the table {name!r}, expected one of {', '.join(tables)}")
        try:
            return ds.dataset([part_path(self.folder, name, number) for number in numbers], format="parquet")
        except (OSError, pa.ArrowException) as error:
            why = type(error).__name__
            raise SavedAnalysisError(f"{self.folder / name} cannot be read ({why}); run the stream again") from error

    def batches(self, name: str) -> Iterator[pd.DataFrame]:
        """Read a table a few thousand rows at a time; see `table`."""
        for batch in self.table(name).to_batches():
            if batch.num_rows:
                yield batch.to_pandas()

    def __repr__(self) -> str:
        counts = f"{self.rows_in} rows, {self.n_contacts} contacts, {self.n_scored} scored, {self.n_rejected} rejected"
        return f"Stream({counts}, {self.chunks} chunks in {str(self.folder)!r})"

    def _frame(self, name: str) -> pd.DataFrame:
        return pd.DataFrame(self.table(name).to_table().to_pandas())
