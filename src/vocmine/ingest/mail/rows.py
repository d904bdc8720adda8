"""From messages to rows: one message, one turn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import numpy as np
import pandas as pd

from vocmine.corpus import ColumnOptions, RawRows
from vocmine.ingest.files import Choices, File
from vocmine.ingest.mail.body import Body
from vocmine.ingest.mail.headers import Headers
from vocmine.ingest.mail.people import automatic, people
from vocmine.ingest.mail.threads import conversation_id, message_id

BATCH: Final = 1_000
"""Messages handed over at a time."""

KNOWN: Final[ColumnOptions] = {
    "text": "text",
    "contact_id": "contact_id",
    "conversation_id": "conversation_id",
    "customer_id": "customer_id",
    "at": "at",
    "channel": "channel",
    "speaker": "speaker",
    "agent_id": "agent_id",
}
OWN: Final = ("subject", "to", "attachments", "automatic", "text_from")
"""Columns beside these: to and attachments are lists, automatic names the field that says so."""


@dataclass(frozen=True)
class Mail:
    """A message that was read, whatever its format."""

    headers: Headers
    body: Body
    identity: bytes
    """What an id is made from, where the message has none."""
    sent_at: datetime | None = None
    """When it was sent, where the format says it better than the fields do."""


@dataclass(frozen=True)
class Unread:
    """A message that could not be read, and why; none of its words."""

    reason: str


def batches(mails: Iterable[Mail | Unread], file: File, choices: Choices) -> Iterator[RawRows]:
    """Turn messages into rows, `BATCH` at a time; at least one batch, even without rows."""
    rows: list[dict[str, object]] = []
    positions: list[int] = []
    malformed: dict[int, str] = {}
    given = False
    for position, mail in enumerate(mails):
        if isinstance(mail, Unread):
            malformed[position] = mail.reason
        else:
            rows.append(_row(mail, file, choices))
            positions.append(position)
        if len(rows) + len(malformed) >= BATCH:
            yield _raw(rows, positions, malformed, file)
            rows, positions, malformed, given = [], [], {}, True
    if rows or malformed or not given:
        yield _raw(rows, positions, malformed, file)


def _raw(rows: list[dict[str, object]], positions: list[int], malformed: dict[int, str], file: File) -> RawRows:
    frame = pd.DataFrame(rows, columns=[*KNOWN, *OWN], dtype=object)
    return RawRows(frame, file.source, np.array(positions, dtype=np.int64), malformed, known=KNOWN)


def _row(mail: Mail, file: File, choices: Choices) -> dict[str, object]:
    headers = mail.headers
    who = people(headers, choices.own_addresses, file.source)
    subject = " ".join(headers.text("subject").split())
    empty = not mail.body.text.strip()
    return {
        "text": (subject or None) if empty else mail.body.text,
        "contact_id": message_id(headers) or hashlib.sha256(mail.identity).hexdigest()[:32],
        "conversation_id": conversation_id(headers, who.everyone),
        "customer_id": who.customer,
        "at": mail.sent_at or sent_at(headers),
        "channel": "email",
        "speaker": who.speaker,
        "agent_id": who.sender if who.speaker == "agent" else None,
        "subject": subject or None,
        "to": headers.addresses("to") or None,
        "attachments": list(mail.body.attachments) or None,
        "automatic": automatic(headers),
        "text_from": "subject" if empty else mail.body.source,
    }


def sent_at(headers: Headers) -> datetime | None:
    """Return when a message was sent, its zone kept: its date, else when the first server had it."""
    received = headers.all("received")
    for told in [headers.first("date"), received[-1].rpartition(";")[2] if received else ""]:
        if (moment := _moment(told)) is not None:
            return moment
    return None


def _moment(told: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(told[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # « -0000 »: UTC, from a place not told
