"""Single messages as servers pass them on: .eml, Apple's .emlx, files of a maildir."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.corpus import RawRows
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.mail.body import read_body
from vocmine.ingest.mail.headers import parse_headers
from vocmine.ingest.mail.parts import parse
from vocmine.ingest.mail.rows import Mail, Unread, batches

LONGEST_MESSAGE: Final = 2**28
"""Bytes of a message that is read: twice what servers let through, and what memory is bounded by."""

_SUFFIXES: Final = (".eml", ".emlx")
_COUNT: Final = re.compile(rb"\s{0,9}(\d{1,10})[ \t]*\r?\n")
_POSTMARK: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,9}(?:>?From [^\n]{0,500}\n)?")
_OF_MESSAGES: Final = (
    *("from", "to", "reply-to", "subject", "date", "message-id", "mime-version", "content-type", "x-mailer"),
    *("received", "return-path", "delivered-to"),
)


def read_message(data: bytes, where: str) -> Mail | Unread:
    """Read the bytes of one message.

    Parameters
    ----------
    data : bytes
        Fields, an empty line, content.
    where : str
        Its place, for the reason if it cannot be read.
    """
    data = data[_end_of(_POSTMARK, data) :]
    if len(data) > LONGEST_MESSAGE:
        return Unread(f"{where}: got more than {LONGEST_MESSAGE} bytes, expected a message of fewer; read it apart")
    message = parse(data)
    if not message.headers:
        return Unread(f"{where}: got {len(data)} bytes without a field such as From, expected a message")
    body = read_body(message)
    if body.sealed:
        return Unread(f"{where}: got {body.sealed}, expected one that can be read; decrypt it before exporting")
    return Mail(message.headers, body, data[: len(data) - len(message.content)])


def looks_like_message(head: bytes) -> bool:
    """Tell whether bytes begin with the fields of a message: two of its usual ones at least."""
    headers, _ = parse_headers(head[_end_of(_POSTMARK, head) :])
    return sum(name in headers for name in _OF_MESSAGES) >= 2


def _end_of(pattern: re.Pattern[bytes], data: bytes) -> int:
    found = pattern.match(data)
    return found.end() if found else 0


def _fits(file: File) -> bool:
    return file.suffix in _SUFFIXES or (not file.head.startswith(b"From ") and looks_like_message(file.head))


def _rows(file: File, choices: Choices) -> Iterator[RawRows]:
    data = file.first(LONGEST_MESSAGE + 1)
    if not data.strip():
        yield from batches([], file, choices)
        return
    if file.suffix == ".emlx" and (count := _COUNT.match(data)):
        data = data[count.end() : count.end() + int(count[1])]
    yield from batches([read_message(data, "message 1")], file, choices)


EML: Final = Format("eml", _SUFFIXES, _fits, _rows)
"""One message a file."""
