"""Parquet files on any file system: where they are, what there is to read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.dataset as pds
import pyarrow.parquet as pq

from vocmine.errors import ReadError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# Hidden files, and those that engines keep for themselves.
_ASIDE: Final = (".", "_")


def resolve(
    place: str | os.PathLike[str], filesystem: AbstractFileSystem | None = None
) -> tuple[AbstractFileSystem, str]:
    """Return a file system and the path that a place has there.

    Parameters
    ----------
    place : str or path
        A path; or, where no file system is given, a URL such as ``s3://bucket/contacts``.
    filesystem : AbstractFileSystem, optional
        By default the one that the URL names, or else that of this machine.
    """
    if filesystem is not None:
        return filesystem, os.fspath(place)
    import fsspec

    found: tuple[AbstractFileSystem, str] = fsspec.core.url_to_fs(os.fspath(place))
    return found


def open_parquet(filesystem: AbstractFileSystem, path: str) -> pds.Dataset:
    """Open a Parquet file, or those of a folder and its sub-folders.

    Raises
    ------
    ReadError
        If there is none, or what is there is something else.
    """
    names = {file: file.removeprefix(path).lstrip("/") for file in filesystem.find(path)}
    files = sorted(file for file, name in names.items() if file.endswith(".parquet") and not name.startswith(_ASIDE))
    if not files:
        raise ReadError(f"no Parquet file is in {path}, expected a file, or a folder of files, that end in .parquet")
    try:
        return pds.dataset(files, filesystem=filesystem, format="parquet")
    except (OSError, pa.ArrowException) as error:
        message = f"{path}: got something else than Parquet ({type(error).__name__}); check how it was exported"
        raise ReadError(message) from error


def write_empty(filesystem: AbstractFileSystem, folder: str, schema: pa.Schema) -> None:
    """Write a table without rows to a folder."""
    filesystem.makedirs(folder, exist_ok=True)
    with filesystem.open(f"{folder.rstrip('/')}/part-0.parquet", "wb") as file:
        pq.write_table(schema.empty_table(), file)
