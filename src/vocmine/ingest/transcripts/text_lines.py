"""Lines of a text file, one at a time, whatever its size, its encoding and its line breaks."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Final

from vocmine.errors import ReadError
from vocmine.ingest.files import HEAD_BYTES, Choices, File
from vocmine.ingest.sniff import decode

_LONGEST_LINE: Final = 100_000
_STRAY: Final = re.compile("[\udc80-\udcff]")
_UNREADABLE: Final = (OSError, EOFError, zlib.error, UnicodeError)


def encoding_of(file: File, choices: Choices) -> str:
    """Return the name of a file's encoding, told from its head unless the caller chose one.

    Raises
    ------
    ReadError
        If the file cannot be read, or the encoding chosen does not exist.
    """
    head = file.head
    if len(head) == HEAD_BYTES:
        # A character cut in two would pass for one of another encoding.
        end = head.rfind(b"\n") + 1 or head.rfind(b" ") + 1
        head = head[: end + end % 2] if end else head
    if choices.encoding is not None:
        decode(b"", choices.encoding)
        return choices.encoding
    return decode(head)[1]


def lines_of(file: File, choices: Choices) -> Iterator[str]:
    """Read the lines of a text file without their ends; one of more than 100,000 characters comes in several.

    Raises
    ------
    ReadError
        If the file cannot be read to its end, or is not in the encoding chosen.
    """
    told = encoding_of(file, choices)
    encoding = "utf-8-sig" if told.startswith("utf-8") else told
    errors = "strict" if choices.encoding else "surrogateescape" if encoding == "utf-8-sig" else "replace"
    with file.open() as binary:
        try:
            text = io.TextIOWrapper(binary, encoding, errors)
            while line := text.readline(_LONGEST_LINE):
                yield _STRAY.sub(_as_windows, line).rstrip("\n")
        except _UNREADABLE as error:
            message = f"{file.source}: cannot be read to its end ({type(error).__name__}); check that it is whole"
            raise ReadError(message) from None if isinstance(error, UnicodeError) else error


def _as_windows(stray: re.Match[str]) -> str:
    """Read a byte that UTF-8 does not have as Windows-1252, or as the control character of its number."""
    byte = ord(stray[0]) - 0xDC00
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def name_of(file: File) -> str:
    """Return the name of a file without its extension and ``.gz``: the id of a contact that has no other.

    Examples
    --------
    >>> from pathlib import Path
    >>> name_of(File(Path("mai/appel-12.vtt.gz"), "appel-12.vtt.gz"))
    'appel-12'
    """
    name = file.path.name
    for suffix in (".gz", file.suffix):
        if suffix and name.lower().endswith(suffix) and len(name) > len(suffix):
            name = name[: -len(suffix)]
    return name
