"""Arrow tables on the disk: put there one after the other, then read where they lie, by the system's own pages."""

from __future__ import annotations

import mmap
import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import pyarrow as pa

from vocmine.errors import OutputError

_ALIGNED: Final = 64  # bytes: what Arrow wants of the place of a buffer
_ROWS: Final = 2**14

Place = tuple[int, int]
"""Where a table lies in the file: first byte, and the one after the last."""


class Spill:
    """A file without a name in a temporary folder: it is gone with the last table that lies in it, whatever happens.

    Parameters
    ----------
    folder : path, optional
        Where the file is; by default in the system's temporary folder. What lies in memory there, as on a ``tmpfs``,
        is not spared.

    Raises
    ------
    OutputError
        If the disk is full, or the folder is none or read-only.

    Examples
    --------
    >>> spill = Spill()
    >>> place = spill.put(pa.table({"texte": ["Bonjour"]}))
    >>> spill.table(place)["texte"].to_pylist()
    ['Bonjour']
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        with _writing():
            self._file = tempfile.TemporaryFile(prefix="vocmine-", dir=folder)  # noqa: SIM115  # closed with self
        weakref.finalize(self, self._file.close)
        self._mapped: pa.Buffer | None = None

    def put(self, table: pa.Table) -> Place:
        """Write a table after the others, and tell its place."""
        with _writing():
            start = self._file.seek(0, os.SEEK_END)
            start += self._file.write(b"\0" * (-start % _ALIGNED))
            with pa.ipc.new_stream(self._file, table.schema) as stream:
                stream.write_table(table, max_chunksize=_ROWS)
            self._file.flush()
            return start, self._file.tell()

    def table(self, place: Place) -> pa.Table:
        """Return the table at a place, memory-mapped."""
        start, end = place
        if self._mapped is None or self._mapped.size < end:
            self._mapped = pa.py_buffer(mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ))
        return pa.ipc.open_stream(self._mapped.slice(start, end - start)).read_all()

    def put_all(self, tables: Mapping[str, pa.Table]) -> dict[str, Place]:
        """Write tables one after the other, and tell their places."""
        return {name: self.put(table) for name, table in tables.items()}


def unified(tables: Iterable[pa.Table]) -> pa.Table:
    """Return tables as one, where they lie; a column whose types have nothing in common is read as text.

    Examples
    --------
    >>> unified([pa.table({"note": [1]}), pa.table({"note": ["bien"]})])["note"].to_pylist()
    ['1', 'bien']
    """
    parts = list(tables)
    for column in dict.fromkeys(name for part in parts for name in part.column_names):
        kinds = {part.schema.field(column).type for part in parts if column in part.column_names}
        if len(kinds) > 1 and _joined([part.select([column]) for part in parts if column in part.column_names]) is None:
            parts = [_as_text(part, column) for part in parts]
    return pa.concat_tables(parts, promote_options="permissive")


def _joined(tables: list[pa.Table]) -> pa.Table | None:
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowException, TypeError, ValueError):
        return None


def _as_text(table: pa.Table, column: str) -> pa.Table:
    if column not in table.column_names:
        return table
    texts = [None if value is None else str(value) for value in table[column].to_pylist()]
    return table.set_column(table.schema.get_field_index(column), column, pa.array(texts, pa.string()))


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise OutputError(
            f"cannot write beside memory ({why}); make room, or name another folder: spill='…'"
        ) from error
