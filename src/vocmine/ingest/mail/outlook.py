"""Messages saved by Outlook (.msg): compound files, read through python-oxmsg."""

from __future__ import annotations

import io
import struct
from binascii import b2a_base64
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from vocmine.corpus import RawRows
from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.mail.body import Body, forwarded
from vocmine.ingest.mail.charsets import decode_text
from vocmine.ingest.mail.headers import Headers, parse_headers
from vocmine.ingest.mail.rows import Mail, Unread, batches
from vocmine.text.html import html_to_text

if TYPE_CHECKING:
    from oxmsg.properties import Properties
    from oxmsg.storage import Storage

_MAGIC: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_MARK: Final = "__properties_version1.0".encode("utf-16-le")
_DEEPEST: Final = 10
_OF_FILE: Final = 32
_OF_EMBEDDED: Final = 24
"""Bytes before the properties of a message, of a file or within another message ([MS-OXMSG] 2.4.1)."""
_OF_ATTACHMENT: Final = 8
_EMBEDDED: Final = "__substg1.0_3701000D"
# Property ids ([MS-OXPROPS]) of what the fields of a message say, where Outlook kept the fields apart.
_FIELDS: Final = {
    "subject": (0x0037,),
    "message-id": (0x1035,),
    "references": (0x1039,),
    "in-reply-to": (0x1042,),
}
_SENDER: Final = (0x5D01, 0x0C1F, 0x0065)
_SENDER_NAME: Final = (0x0C1A, 0x0042)
_RECIPIENT: Final = (0x39FE, 0x3003)
_TRANSPORT: Final = 0x007D
_BODY: Final = 0x1000
_HTML: Final = 0x1013
_SUBMITTED: Final = (0x0039, 0x0E06)
_THREAD_INDEX: Final = 0x0071
_CLASS: Final = 0x001A
_CODEPAGE: Final = 0x3FDE
_FILE_NAMES: Final = (0x3707, 0x3704, 0x3001)
_CODEPAGES: Final = {65001: "utf-8", 1200: "utf-16-le", 20127: "ascii", 28591: "iso-8859-1", 28605: "iso-8859-15"}
# What the libraries raise on damaged files; olefile's own errors are OSError.
_DAMAGED: Final = (OSError, LookupError, ValueError, TypeError, AttributeError, struct.error, RecursionError)
_DAMAGED_TOO: Final = (OverflowError, AssertionError, EOFError, MemoryError)


def read_msg(data: bytes, source: str) -> Mail | Unread:
    """Read a message saved by Outlook.

    Raises
    ------
    ReadError
        If it is no compound file of a message, or damaged.
    """
    from olefile import OleFileIO  # type: ignore[import-untyped]
    from oxmsg.storage import Storage

    try:
        with OleFileIO(io.BytesIO(data)) as compound:
            return _mail(Storage.from_ole(compound), _OF_FILE)
    except (*_DAMAGED, *_DAMAGED_TOO) as error:
        raise ReadError(
            f"{source}: got a compound file of {len(data)} bytes that is no message or is damaged "
            f"({type(error).__name__}), expected a message saved by Outlook; save it again"
        ) from None


def _mail(storage: Storage, offset: int, depth: int = 0) -> Mail | Unread:
    from oxmsg.properties import Properties

    properties = Properties(storage, properties_header_offset=offset)
    if "smime" in _string(properties, (_CLASS,)).lower() and "multipartsigned" not in _string(properties, (_CLASS,)):
        return Unread("message 1: got an encrypted or opaque message (S/MIME), expected one that can be read")
    headers = _headers(properties, storage)
    identity = b"\n".join(stream.bytes_ for stream in storage.streams if stream.name == "__properties_version1.0")
    text, source = _text(properties)
    names, transfers = [], []
    for attachment in storage.iter_attachment_storages():
        embedded = next((each for each in attachment.storages if each.name == _EMBEDDED), None)
        inner = _mail(embedded, _OF_EMBEDDED, depth + 1) if embedded is not None and depth < _DEEPEST else None
        if isinstance(inner, Mail):
            transfers.append(forwarded(inner.headers, inner.body.text))
        elif name := _string(Properties(attachment, properties_header_offset=_OF_ATTACHMENT), _FILE_NAMES):
            names.append(name)
    whole = "\n\n".join(part for part in [text, *transfers] if part.strip())
    return Mail(headers, Body(whole, source, tuple(names)), identity, _date(properties))


def _headers(properties: Properties, storage: Storage) -> Headers:
    """Return the fields that the message came with; those that are not there are made from its properties."""
    from oxmsg.properties import Properties

    transport = _string(properties, (_TRANSPORT,)).encode("utf-8", "replace")
    told, _ = parse_headers(transport.lstrip())
    recipients = [
        _string(Properties(each, properties_header_offset=_OF_ATTACHMENT), _RECIPIENT)
        for each in storage.iter_recipient_storages()
    ]
    made = {name: _string(properties, ids) for name, ids in _FIELDS.items()}
    sender = _string(properties, _SENDER)
    name = _string(properties, _SENDER_NAME).replace('"', "")
    made["from"] = f'"{name}" <{sender}>' if name and name != sender else sender
    made["to"] = ", ".join(f"<{address}>" for address in recipients if "@" in address)
    if (moment := _date(properties)) is not None:
        made["date"] = moment.strftime("%d/%m/%Y %H:%M UTC")
    if index := properties.binary_prop_value(_THREAD_INDEX):
        made["thread-index"] = b2a_base64(index, newline=False).decode("ascii")
    fields = [(name, value.encode("utf-8", "replace")) for name, value in made.items() if value and name not in told]
    return told.joined(Headers(fields))


def _text(properties: Properties) -> tuple[str, str]:
    """Return the text and where it is from; Outlook makes the plain one itself, from HTML, when it saves."""
    plain = _string(properties, (_BODY,)).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if plain.strip():
        return plain, "body"
    codepage = properties.int_prop_value(_CODEPAGE) or 0
    html = decode_text(properties.binary_prop_value(_HTML) or b"", _CODEPAGES.get(codepage, f"cp{codepage}"))
    return html_to_text(html or _string(properties, (_HTML,))), "html"


def _string(properties: Properties, ids: tuple[int, ...]) -> str:
    """Return the first of some properties that says something."""
    found = (properties.str_prop_value(each) for each in ids)
    return next((value.rstrip("\0") for value in found if value and value.strip("\0 ")), "")


def _date(properties: Properties) -> datetime | None:
    found = (properties.date_prop_value(each) for each in _SUBMITTED)
    return next((moment for moment in found if isinstance(moment, datetime)), None)


def _fits(file: File) -> bool:
    if not file.head.startswith(_MAGIC):
        return False
    return file.suffix == ".msg" or _MARK in file.head


def _rows(file: File, choices: Choices) -> Iterator[RawRows]:
    yield from batches([read_msg(file.data(), file.source)], file, choices)


MSG: Final = Format("msg", (".msg",), _fits, _rows)
"""One message saved by Outlook a file."""
