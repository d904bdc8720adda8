"""A file as readers see it, and what makes a reader: the seam between `read` and every format."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePath
from typing import BinaryIO, Final, cast

from vocmine.corpus import RawRows
from vocmine.errors import ReadError
from vocmine.ingest.sniff import decode

HEAD_BYTES: Final = 2**16
"""Bytes that a format is recognised by."""

WHOLE_BYTES: Final = 2**30
"""Bytes of a file that is held whole: more may be a small one that was gzipped to fill the memory."""

_PIECE: Final = 2**23  # bytes asked for at a time: Python makes room for all of them, there or not

_UNREADABLE: Final = (OSError, EOFError, zlib.error)


@dataclass(frozen=True)
class File:
    """One file of an export, gzipped or not.

    Attributes
    ----------
    path : Path
        Where it is.
    source : str
        Its name within the folder given: what rejected rows and repairs are reported under.
    """

    path: Path
    source: str

    @property
    def suffix(self) -> str:
        """Its extension in lower case, ``.gz`` left out."""
        return suffix_of(self.path)

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB of what it holds.

        Raises
        ------
        ReadError
            If it cannot be read.
        """
        return self.first(HEAD_BYTES)

    @cached_property
    def head_text(self) -> str:
        """The same, decoded, up to the end of its last line: a character cut in two would mislead on the encoding."""
        whole = len(self.head) < HEAD_BYTES
        return decode(self.head if whole else self.head[: self.head.rfind(b"\n") + 1] or self.head)[0]

    def open(self) -> BinaryIO:
        """Open what it holds, gunzipped, to be read from the start.

        Raises
        ------
        ReadError
            If it cannot be opened.
        """
        try:
            if self.path.suffix.lower() == ".gz":
                return cast("BinaryIO", gzip.open(self.path))
            return self.path.open("rb")
        except _UNREADABLE as error:
            raise self._unreadable(error) from error

    def data(self) -> bytes:
        """Return all it holds: for formats whose files are small, or can only be read whole.

        Raises
        ------
        ReadError
            If it cannot be read to its end, or holds more than 1 GiB.
        """
        data = self.first(WHOLE_BYTES + 1)
        if len(data) > WHOLE_BYTES:
            raise ReadError(
                f"{self.source}: got more than {WHOLE_BYTES >> 30} GiB in a file that is read whole; split it"
            )
        return data

    def first(self, count: int) -> bytes:
        """Return the first bytes of what it holds.

        Raises
        ------
        ReadError
            If it cannot be read as far as that.
        """
        try:
            with self.open() as opened:
                if self.path.suffix.lower() != ".gz":
                    return opened.read(min(count, self.path.stat().st_size + 1))
                pieces = iter(lambda: opened.read(min(count, _PIECE)), b"")
                taken = list(islice(pieces, -(-count // _PIECE)))
                return b"".join(taken)[:count]
        except _UNREADABLE as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: BaseException) -> ReadError:
        return ReadError(
            f"{self.source}: cannot be read ({type(error).__name__}); check its rights and that it is whole"
        )


def suffix_of(file: PurePath) -> str:
    """Return the extension of a file in lower case, ``.gz`` left out.

    Examples
    --------
    >>> suffix_of(Path("mai/Appels.CSV.gz"))
    '.csv'
    """
    suffixes = [suffix.lower() for suffix in file.suffixes[-2:]]
    return suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) == 2 else "".join(suffixes[-1:])


@dataclass(frozen=True)
class Choices:
    """How the caller wants files to be read; None where the content tells.

    Attributes
    ----------
    sheet : str or int, optional
        Sheet of a workbook.
    encoding, separator : str, optional
        Of text files.
    mapping : str or path, optional
        Name of a preset, or a YAML file, that says how a JSON or CSV export is laid out.
    own_addresses : tuple of str
        Addresses, domains and handles of the company: who writes from them is an agent.
    """

    sheet: str | int | None = None
    encoding: str | None = None
    separator: str | None = None
    mapping: str | Path | None = None
    own_addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Format:
    """A kind of file and how its rows are read.

    Attributes
    ----------
    name : str
        Short name for messages and the quality report, such as ``webvtt``.
    suffixes : tuple of str
        Extensions that files of this kind usually have.
    fits : callable
        Whether a file is of this kind, told from its head; it raises nothing but `ReadError`.
    rows : callable
        From a file to its rows, some thousands at a time, in order, rows numbered from 0 over the whole file. One
        row is one turn. A row that cannot be read is malformed (`RawRows.malformed`), a file that cannot raises
        `ReadError`; nothing else is raised, whatever the bytes. An empty file gives one batch without rows.
    """

    name: str
    suffixes: tuple[str, ...]
    fits: Callable[[File], bool]
    rows: Callable[[File, Choices], Iterator[RawRows]]
