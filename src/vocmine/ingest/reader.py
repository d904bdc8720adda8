"""`read`: a file or a folder comes in, a `Corpus` goes out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack, cast

import pandas as pd

from vocmine.corpus import Clash, ColumnOptions, Corpus
from vocmine.corpus.columns import find_columns
from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File
from vocmine.ingest.gather import MEMORY
from vocmine.ingest.reading import Reading


def read(
    path: str | os.PathLike[str],
    *,
    sheet: str | int | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    mapping: str | os.PathLike[str] | None = None,
    own_addresses: Sequence[str] = (),
    clash: Clash = "prefix",
    clean: bool = True,
    memory: int | None = MEMORY,
    spill: str | os.PathLike[str] | None = None,
    **columns: Unpack[ColumnOptions],
) -> Corpus:
    r"""Read a file, or all the files of a folder and its sub-folders, in the order of their names.

    Transcripts, e-mails, exports that a mapping describes, and tables: CSV and its kin, JSON (an array, or one object
    a line), Parquet, Excel (.xlsx); each also gzipped. The content of a file tells what it is, then its extension.

    In a folder, hidden files and those of another kind are left aside, and `Corpus.quality` names them. One that is of
    a known kind and cannot be read is a rejected row, ``unreadable_file``, so that none is ever missing unnoticed.

    Parameters
    ----------
    path : str or path
        File or folder.
    sheet : str or int, optional
        Sheet of a workbook, by name or position. By default the first visible one that has rows.
    encoding, separator : str, optional
        Of text files. By default they are found from the content.
    mapping : str or path, optional
        Name of a preset, or a YAML file, for JSON and CSV exports. By default a preset that fits the content is taken.
    own_addresses : sequence of str
        Addresses, domains and handles of the company: who writes from them is an agent.
    clash : {"prefix", "reject"}, default "prefix"
        What becomes of a contact id found in several files of a folder, see `Corpus.concat`.
    clean : bool, default True
        Take earlier messages, signatures and greetings out of e-mails, hesitations out of speech: see `Corpus.clean`.
    memory : int or None, default 256 MiB
        Bytes of rows beyond which a file is read chunk by chunk, and bytes of tables beyond which they are written to
        the disk; the corpus is the same, and reads them from there. None keeps everything in memory.
    spill : str or path, optional
        Folder for what is written; by default that of the system's temporary files. Nothing stays there.
    **columns
        Columns and dates, as in `Corpus.from_pandas`.

    Returns
    -------
    Corpus
        Its sources are the names of the files, within the folder given.

    Raises
    ------
    ReadError
        If there is nothing at this path, or it is empty, or of a kind that is not read, or damaged; if of a folder no
        file can be read.
    ColumnError
        If a column named is not there, or no column is clearly the text.
    OutputError
        If what `memory` has no room for cannot be written.

    Notes
    -----
    In a file that is read chunk by chunk, the use of columns is told from the first ten thousand rows, and the rows of
    a contact stand side by side: those of one that comes back later are rejected, as ``duplicate_id``. Workbooks, and
    JSON documents that are no array, are held whole while they are read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "avis.csv")
    ...     _ = file.write_text("date;commentaire\n14/03/2025;Très bon accueil\n", encoding="cp1252")
    ...     read(file)
    Corpus(1 contact, 1 turn)
    """
    if not isinstance(path, str | os.PathLike):
        raise ReadError(f"got a {type(path).__name__}, expected the path of a file or folder; read several one by one")
    _check_options(columns)
    place = Path(path)
    choices = Choices(sheet, encoding, separator, _place_or_name(mapping), tuple(own_addresses))
    reading = Reading(choices, columns, memory, spill, clean=clean)
    if place.is_dir():
        return reading.folder(place, clash)
    if not place.exists():
        raise ReadError(f"got {str(path)!r}, where there is nothing, expected a file or a folder; check the path")
    return reading.file(File(place, columns.get("source", place.name)), clash)


def _place_or_name(mapping: str | os.PathLike[str] | None) -> str | Path | None:
    return mapping if mapping is None or isinstance(mapping, str) else Path(mapping)


def _check_options(columns: ColumnOptions) -> None:
    """Tell an option that does not exist before any file is opened, and not once for each."""
    named = cast("ColumnOptions", {**dict.fromkeys(columns), "text": "text"})
    find_columns(pd.DataFrame(columns=["text"]), named, guessing=False)
