"""What can be streamed: a file of any format, a folder of Parquet files, frames; each some thousand rows at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import pandas as pd
import pyarrow as pa

from vocmine.corpus import ColumnOptions, RawRows
from vocmine.errors import InputError, ReadError
from vocmine.ingest.exports import ExportSource
from vocmine.ingest.files import File
from vocmine.ingest.formats import SUFFIXES, format_of
from vocmine.ingest.frames import Frame, FrameSource
from vocmine.ingest.lines import DelimitedSource
from vocmine.ingest.row_groups import ParquetSource

Source: TypeAlias = str | os.PathLike[str] | Frame | Iterable[Frame]

_EXPECTED: Final = (
    f"expected a file ({', '.join(SUFFIXES)}, gzipped or not), a folder of Parquet files, or an iterable of pandas or "
    "Arrow tables; vm.read reads other folders"
)


class RowSource(Protocol):
    """Rows read in order, from any row on, without holding them all."""

    @property
    def name(self) -> str:
        """Name under which rejected rows and repairs are reported."""

    @property
    def total(self) -> int | None:
        """Rows in all, where this is known before they are read."""

    @property
    def types(self) -> Mapping[str, pa.DataType]:
        """Types that the source itself gives to columns."""

    @property
    def known(self) -> ColumnOptions:
        """The use of every column that has one, where the format tells; else nothing."""

    def describe(self) -> dict[str, object]:
        """Return what tells this source from another, or from itself once changed; it can be written as JSON."""

    def head(self) -> pd.DataFrame:
        """Return the first rows, some thousands at most if they are many."""

    def batches(self, start: int) -> Iterator[RawRows]:
        """Read the rows from one on, cells as Python objects; a source without rows gives one empty batch."""


def open_source(source: Source, name: str | None = None) -> RowSource:
    """Return the reader of a source.

    Parameters
    ----------
    source : path, DataFrame, pyarrow.Table or RecordBatch, or iterable of these
        A file is read as `vocmine.read` reads it, save that its turns are not cleaned; the encoding and separator of a
        table of text are told from the first million bytes. An iterable has its rows numbered on from table to table;
        it is read once.
    name : str, optional
        Name of the source. By default that of the file or folder, else ``stream``.

    Raises
    ------
    InputError
        If it is something else.
    ReadError
        If there is nothing at this path, or a Parquet file is damaged, or a text file has no header.
    """
    if isinstance(source, str | os.PathLike):
        return _open_path(Path(source), name)
    if isinstance(source, Frame):
        return FrameSource([source], name, total=len(source))
    if isinstance(source, Iterable) and not isinstance(source, bytes | Mapping):
        return FrameSource(source, name)
    raise InputError(f"got a {type(source).__name__}, {_EXPECTED}")


def _open_path(path: Path, name: str | None) -> RowSource:
    if not path.exists():
        raise ReadError(f"got {str(path)!r}, where there is nothing, expected a file or a folder; check the path")
    if path.is_dir():
        return ParquetSource(path, name)
    file = File(path, name or path.name)
    kind = format_of(file)
    if kind is None:
        raise InputError(f"{path.name}: got {file.suffix or 'no extension'}, {_EXPECTED}")
    if kind.name == "parquet" and path.suffix.lower() != ".gz":
        return ParquetSource(path, name)
    return DelimitedSource(path, name) if kind.name == "delimited" else ExportSource(file, kind)
