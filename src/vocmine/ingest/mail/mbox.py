"""Mailboxes of many messages in one file (mbox, RFC 4155): read one message after the other, whatever their number."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from vocmine.corpus import RawRows
from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.mail.eml import LONGEST_MESSAGE, looks_like_message, read_message
from vocmine.ingest.mail.rows import Mail, Unread, batches

_SUFFIXES: Final = (".mbox", ".mbx")
_LONGEST_LINE: Final = 2**16
# A postmark ends in the hour and the year; some programs write nothing behind the address, or nothing at all.
_DATED: Final = re.compile(rb"From [^\n]{0,300}\b\d{1,2}:\d\d(?::\d\d)?\b[^\n]{0,40}\b(?:19|20)\d\d\b")
_BARE: Final = re.compile(rb"From ?\S{0,300}[ \t]*\r?\n")
_FIELD: Final = re.compile(rb">?From |[!-9;-~]{1,100}[ \t]*:")
_ESCAPED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)


class Piece(NamedTuple):
    """The bytes of one message and where it starts in the file; no bytes if it is too long to hold."""

    start: int
    data: bytes | None


def messages(opened: BinaryIO) -> Iterator[Piece]:
    """Cut a mailbox at its postmarks; at most one message is in memory.

    A postmark is a line « From … » with a date, or one after an empty line; a field follows it. Other lines that
    begin so are content that the program forgot to escape.
    """
    lines: list[bytes] = []
    start = position = size = 0
    before, postmark = b"\n", b""
    while line := opened.readline(_LONGEST_LINE):
        if postmark and _FIELD.match(line):
            if size > len(postmark):
                yield _piece(start, lines[:-1], size - len(postmark))
            lines, start, size = [], position, 0
        postmark = b""
        if before.endswith(b"\n") and line.startswith(b"From ") and _may_be_postmark(line, before):
            postmark = line
        size += len(line)
        if size <= LONGEST_MESSAGE:
            lines.append(line)
        position += len(line)
        before = line
    if size:
        yield _piece(start, lines, size)


def _may_be_postmark(line: bytes, before: bytes) -> bool:
    return _DATED.match(line) is not None or (not before.strip() and _BARE.fullmatch(line) is not None)


def _piece(start: int, lines: list[bytes], size: int) -> Piece:
    if size > LONGEST_MESSAGE:
        return Piece(start, None)
    data = b"".join(lines)
    return Piece(start, _ESCAPED.sub(rb"\1", data) if b">From " in data else data)


def _fits(file: File) -> bool:
    head = file.head.lstrip(b"\r\n")
    if not head.startswith(b"From "):
        return file.suffix in _SUFFIXES
    line, _, rest = head.partition(b"\n")
    return _may_be_postmark(line + b"\n", b"") and looks_like_message(rest)


def _mails(file: File) -> Iterator[Mail | Unread]:
    with file.open() as opened:
        pieces = messages(opened)
        number = 0
        while True:
            try:
                piece = next(pieces, None)
            except (OSError, EOFError, zlib.error) as error:
                raise ReadError(f"{file.source}: damaged after {number} messages ({type(error).__name__})") from None
            if piece is None:
                return
            if piece.data is not None and not piece.data.strip():
                continue
            number += 1
            where = f"message {number}, at byte {piece.start}"
            if piece.data is None:
                yield Unread(f"{where}: got more than {LONGEST_MESSAGE} bytes, expected a message of fewer")
            else:
                yield read_message(piece.data, where)


def _rows(file: File, choices: Choices) -> Iterator[RawRows]:
    yield from batches(_mails(file), file, choices)


MBOX: Final = Format("mbox", _SUFFIXES, _fits, _rows)
"""Many messages a file."""
