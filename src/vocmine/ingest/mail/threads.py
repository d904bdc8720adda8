"""Which conversation a message belongs to, told from the message alone."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Final

from vocmine.ingest.mail.headers import Headers, decode_base64

_ID: Final = re.compile(r"<([^<>\s]{1,500})>")
_BARE_ID: Final = re.compile(r"[^<>\s]{1,500}")
_MARK: Final = re.compile(
    r"\s{0,9}(?:re|ré|rép|tr|fw|fwd|rv|aw|wg|antw|sv|vs|res|enc|i)\s{0,3}(?:\[\d{1,3}\])?\s{0,3}[:：]\s{0,9}"
    r"|\s{0,9}\[(?:ext|externe|external)\]\s{0,9}",
    re.IGNORECASE,
)
_THREAD_HEAD: Final = 22
"""Bytes of a Thread-Index that the messages of a conversation share ([MS-OXOMSG] 2.2.1.3)."""


def message_id(headers: Headers) -> str | None:
    """Return the id of a message without its angle brackets, or None if it has none."""
    return next(iter(_ids(headers.first("message-id"))), None)


def conversation_id(headers: Headers, correspondents: Iterable[str]) -> str | None:
    """Return the id of the conversation that a message is part of.

    It is that of the first message: the root of References, else In-Reply-To, else, if it answers none, its own.
    Answers whose program tells neither are told by Outlook's Thread-Index, or by subject and correspondents.

    Parameters
    ----------
    headers : Headers
        Of the message.
    correspondents : iterable of str
        Addresses of sender and recipients.
    """
    for name in ("references", "in-reply-to"):
        if ids := _ids(headers.first(name)):
            return ids[0]
    subject = headers.text("subject")
    topic = bare_subject(subject)
    own = message_id(headers)
    if own is not None and topic == subject.strip().casefold():
        return own
    thread = decode_base64(headers.first("thread-index").encode())[:_THREAD_HEAD]
    if len(thread) == _THREAD_HEAD:
        return f"thread-index:{base64.b32encode(thread).decode().rstrip('=').lower()}"
    if topic:
        key = "\n".join([topic, *sorted(set(correspondents))])
        return f"subject:{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:16]}"
    return own


def bare_subject(subject: str) -> str:
    """Return a subject without the marks of answers and transfers, in lower case.

    Examples
    --------
    >>> bare_subject("RE: TR : Re[2]: Facture du 3 mai")
    'facture du 3 mai'
    """
    start = 0
    while mark := _MARK.match(subject, start):
        start = mark.end()
    return " ".join(subject[start:].split()).casefold()


def _ids(value: str) -> list[str]:
    """Return the ids of a field; some programs leave the angle brackets out."""
    return _ID.findall(value) or _BARE_ID.findall(value)[:1]
