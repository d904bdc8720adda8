"""What can be streamed: a file, a folder of Parquet files, frames; each is read a few thousand rows at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import pandas as pd
import pyarrow as pa

from vocmine.corpus import RawRows
from vocmine.errors import InputError, ReadError
from vocmine.streaming.delimited import SUFFIXES as DELIMITED
from vocmine.streaming.delimited import DelimitedSource
from vocmine.streaming.frames import Frame, FrameSource
from vocmine.streaming.parquet import SUFFIXES as PARQUET
from vocmine.streaming.parquet import ParquetSource

Source: TypeAlias = str | os.PathLike[str] | Frame | Iterable[Frame]

_EXPECTED: Final = (
    f"expected a file ({', '.join((*PARQUET, *DELIMITED))}, the last four gzipped or not), a folder of Parquet files, "
    "or an iterable of pandas or Arrow tables; vm.read reads other files whole"
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
        Text files are read as `vocmine.read` reads them, their encoding and separator being told from the first
        million bytes. An iterable has its rows numbered on from table to table; it is read once.
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
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = "".join(suffixes[-2:-1] if suffixes[-1:] == [".gz"] else suffixes[-1:])
    if path.is_dir() or kind in PARQUET:
        return ParquetSource(path, name)
    if kind in DELIMITED:
        return DelimitedSource(path, name)
    raise InputError(f"{path.name}: got {kind or 'no extension'}, {_EXPECTED}")
