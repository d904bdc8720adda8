"""The Parquet files of a chunk: written beside their places, moved there together, checked when a run goes on."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from vocmine.errors import OutputError

_BLOCK: Final = 2**20


@dataclass(frozen=True)
class Part:
    """One file of a table: its rows, its size in bytes and the CRC-32 of its content."""

    rows: int
    bytes: int
    crc32: int

    def to_dict(self) -> dict[str, int]:
        """Return what can be written as JSON."""
        return asdict(self)


def part_path(folder: Path, table: str, number: int) -> Path:
    """Return the place of a chunk's part of a table."""
    return folder / table / f"part-{number:06d}.parquet"


def write_parts(folder: Path, number: int, tables: Mapping[str, pa.Table], *, run: str) -> dict[str, Part]:
    """Write the parts of a chunk beside their places, under names that readers of Parquet folders leave aside.

    The names hold that of the run: a process that outlives its own run spoils nothing of the next one.

    Raises
    ------
    OutputError
        If the disk is full or the folder cannot be written.
    """
    return {name: _write_part(part_path(folder, name, number), table, run) for name, table in tables.items()}


def publish(folder: Path, number: int, names: Iterable[str], *, run: str) -> None:
    """Move the parts of a chunk to their places.

    Names that the system loses, if the power fails before it keeps them, are missed when a run goes on.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    for name in names:
        path = part_path(folder, name, number)
        with writing(path):
            _beside(path, run).replace(path)


def is_intact(folder: Path, number: int, parts: Mapping[str, Part]) -> bool:
    """Tell whether every part of a chunk is there, byte for byte."""
    return all(_is_intact(part_path(folder, name, number), part) for name, part in parts.items())


def sweep(folder: Path, names: Iterable[str], committed: Collection[int]) -> None:
    """Remove what a run that was cut off left: files half written, parts of chunks that were not committed.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    for name in names:
        kept = {part_path(folder, name, number) for number in committed}
        for path in (folder / name).glob("*part-*.parquet*"):
            if path not in kept:
                with writing(path):
                    path.unlink()


def write_file(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, then move it there: whatever happens, it is whole or as it was before.

    Raises
    ------
    OutputError
        If the disk is full or the folder cannot be written.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = _beside(path)
        write(beside)
        _sync(beside)
        beside.replace(path)
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Have the system keep the names of a folder's files, where it can."""
    if os.name == "nt":  # Windows opens no folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tell an error of the system as one of ours.

    Raises
    ------
    OutputError
        With the system's own reason.
    """
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise OutputError(f"cannot write {path} ({why}); make room, or give the right to write there") from error


def _write_part(path: Path, table: pa.Table, run: str) -> Part:
    beside = _beside(path, run)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, beside, compression="zstd")
        _sync(beside)
        return Part(table.num_rows, beside.stat().st_size, _crc32(beside))


def _sync(path: Path) -> None:
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def _beside(path: Path, run: str = "") -> Path:
    return path.with_name(f".{path.name}{run}.partial")


def _is_intact(path: Path, part: Part) -> bool:
    try:
        return path.stat().st_size == part.bytes and _crc32(path) == part.crc32
    except OSError:
        return False


def _crc32(path: Path) -> int:
    value = 0
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            value = zlib.crc32(block, value)
    return value
