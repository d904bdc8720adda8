"""`read`: a file or a folder comes in, a `Corpus` goes out."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final, Unpack

from vocmine.corpus import Clash, ColumnOptions, Corpus, RawRows
from vocmine.errors import ColumnError, ReadError
from vocmine.ingest.delimited import read_delimited
from vocmine.ingest.parquet import read_parquet
from vocmine.ingest.records import read_json
from vocmine.ingest.spreadsheet import read_spreadsheet


@dataclass(frozen=True)
class _Choices:
    """How the caller wants files to be read."""

    sheet: str | int | None
    encoding: str | None
    separator: str | None


_Reader = Callable[[bytes, str, _Choices], RawRows]


def _delimited(data: bytes, source: str, choices: _Choices) -> RawRows:
    return read_delimited(data, source, encoding=choices.encoding, separator=choices.separator)


def _json(data: bytes, source: str, choices: _Choices) -> RawRows:
    return read_json(data, source, encoding=choices.encoding)


def _json_lines(data: bytes, source: str, choices: _Choices) -> RawRows:
    return read_json(data, source, encoding=choices.encoding, lines=True)


def _spreadsheet(data: bytes, source: str, choices: _Choices) -> RawRows:
    return read_spreadsheet(data, source, sheet=choices.sheet)


def _parquet(data: bytes, source: str, _choices: _Choices) -> RawRows:
    return read_parquet(data, source)


_READERS: Final[dict[str, _Reader]] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), _delimited),
    ".json": _json,
    **dict.fromkeys((".jsonl", ".ndjson"), _json_lines),
    **dict.fromkeys((".xlsx", ".xlsm"), _spreadsheet),
    **dict.fromkeys((".parquet", ".pq"), _parquet),
}
_ASIDE: Final = (".", "~$")
"""How the names of hidden files, and of the locks of open workbooks, begin."""
_EXPECTED: Final = f"expected one of {', '.join(_READERS)}, gzipped or not; export the file as one of these"


def read(
    path: str | os.PathLike[str],
    *,
    sheet: str | int | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    clash: Clash = "prefix",
    **columns: Unpack[ColumnOptions],
) -> Corpus:
    r"""Read a file, or all the files of a folder and its sub-folders, in the order of their names.

    CSV, TSV and tables of text, JSON (an array, or one object a line), Parquet, Excel (.xlsx); each also gzipped.
    In a folder, hidden files and those of another kind are left aside, and `Corpus.quality` names them; a file of a
    known kind that cannot be read stops the reading, so that none is ever missing unnoticed.

    Parameters
    ----------
    path : str or path
        File or folder.
    sheet : str or int, optional
        Sheet of a workbook, by name or position. By default the first visible one that has rows.
    encoding, separator : str, optional
        Of text files. By default they are found from the content.
    clash : {"prefix", "reject"}, default "prefix"
        What becomes of a contact id found in several files of a folder, see `Corpus.concat`.
    **columns
        Columns and dates, as in `Corpus.from_pandas`.

    Returns
    -------
    Corpus
        Its sources are the names of the files, within the folder given.

    Raises
    ------
    ReadError
        If there is nothing at this path, or it is empty, or of a kind that is not read, or damaged.
    ColumnError
        If a column named is not there, or no column is clearly the text.

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
    place = Path(path)
    choices = _Choices(sheet, encoding, separator)
    if place.is_dir():
        return _read_folder(place, choices, clash, columns)
    if not place.exists():
        raise ReadError(f"got {str(path)!r}, where there is nothing, expected a file or a folder; check the path")
    if _kind(place) not in _READERS:
        raise ReadError(f"{place.name}: got {_kind(place) or 'no extension'}, {_EXPECTED}")
    return _read_file(place, columns.get("source", place.name), choices, columns)


def _read_folder(folder: Path, choices: _Choices, clash: Clash, columns: ColumnOptions) -> Corpus:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    known = [file for file in files if _kind(file) in _READERS and not file.name.startswith(_ASIDE)]
    if not known:
        raise ReadError(f"got a folder with {len(files)} files and none to read, {_EXPECTED}")
    above = PurePath(columns.get("source", ""))
    names = {file: (above / file.relative_to(folder)).as_posix() for file in files}
    corpora = [_read_file(file, names[file], choices, columns) for file in known]
    return Corpus.concat(corpora, clash=clash).with_skipped(
        {names[file]: _why_skipped(file) for file in files if file not in known}
    )


def _why_skipped(file: PurePath) -> str:
    return "fichier de travail" if file.name.startswith(_ASIDE) else f"extension {_kind(file) or 'absente'} non lue"


def _kind(file: PurePath) -> str:
    suffixes = [suffix.lower() for suffix in file.suffixes[-2:]]
    return suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) == 2 else "".join(suffixes[-1:])


def _read_file(file: Path, source: str, choices: _Choices, columns: ColumnOptions) -> Corpus:
    data = _content(file, source)
    raw = _READERS[_kind(file)](data, source, choices)
    try:
        return Corpus.from_rows(raw, columns)
    except ColumnError as error:
        raise ColumnError(f"{source}: {error}") from error


def _content(file: Path, source: str) -> bytes:
    try:
        data = file.read_bytes()
        data = gzip.decompress(data) if file.suffix.lower() == ".gz" else data
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(
            f"{source}: cannot be read ({type(error).__name__}); check its rights and that it is whole"
        ) from error
    if not data.strip():
        raise ReadError(f"{source}: got an empty file, expected a header and rows; export it again or take it away")
    return data
