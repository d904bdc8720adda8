"""From an export and its mapping to the rows that a corpus is built from, some thousands at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, cast

import numpy as np
import pandas as pd

from vocmine.corpus import ColumnOptions, RawRows
from vocmine.ingest.files import Choices, File
from vocmine.ingest.mapping.documents import records
from vocmine.ingest.mapping.language import ROLES, ExportMapping
from vocmine.ingest.mapping.threads import Message, Threads
from vocmine.ingest.mapping.turns import Row, TurnReader

BATCH: Final = 4_000
"""Rows after which a batch ends, with the record that it is at."""

_ID: Final = re.compile(r"[\w.:-]{1,64}")


def read_mapped(file: File, choices: Choices, mapping: ExportMapping) -> Iterator[RawRows]:
    """Read an export.

    Messages that belong to threads are read twice: once to know which answers which, once for their rows. A repost is a
    malformed row that tells the message it repeats, and that message counts it in `reposts`: nobody is scored twice.

    Raises
    ------
    ReadError
        If the file cannot be read.
    """
    reader = TurnReader(mapping, _stem(file), choices.own_addresses)
    threads = Threads(_messages(file, choices, mapping)) if mapping.thread else None
    batch = _Batch(file, mapping, reader, _notes(mapping, choices))
    met: set[str] = set()
    for found in records(file, mapping, encoding=choices.encoding, separator=choices.separator):
        for read in reader.read(found):
            if isinstance(read, str):
                batch.reject(read)
                continue
            row, message = read
            if threads is not None and message is not None:
                trouble = _threaded(row, message, threads, met)
                if trouble is not None:
                    batch.reject(trouble)
                    continue
            batch.add(row)
        if len(batch) >= BATCH:
            yield batch.emptied()
    batch.note_what_was_left_aside()
    yield batch.emptied()


def _messages(file: File, choices: Choices, mapping: ExportMapping) -> Iterator[Message]:
    reader = TurnReader(mapping, _stem(file), choices.own_addresses)
    for found in records(file, mapping, encoding=choices.encoding, separator=choices.separator):
        yield from reader.messages(found)


def _stem(file: File) -> str:
    name = file.path.name
    return name[: name.lower().rfind(file.suffix)] if file.suffix else name


def _threaded(row: Row, message: Message, threads: Threads, met: set[str]) -> str | None:
    """Complete the row of a message with where it belongs, or say why it makes none."""
    if message.is_repost:
        told = f" of {message.repost_of}" if message.repost_of and _ID.fullmatch(message.repost_of) else ""
        return f"got a repost{told}, expected a message; it is counted with the message that it repeats"
    if message.id is not None and message.id in met:
        return "got a message whose id an earlier one bears, expected each message once"
    met.update([message.id] if message.id is not None else [])
    repeated = threads.reposts(message.id)
    told_by_platform = row.get("reposts")
    row |= {
        "contact_id": threads.contact(message),
        "conversation_id": threads.conversation(message),
        "customer_id": None if message.own else message.author,
        "agent_id": message.author if message.own else None,
        "message_id": message.id,
        "reply_to": message.reply_to,
        "reposts": max(repeated, told_by_platform) if isinstance(told_by_platform, int) else repeated,
    }
    return None


def _notes(mapping: ExportMapping, choices: Choices) -> tuple[str, ...]:
    notes = [f"lu selon « {mapping.name} »"]
    if mapping.own and not choices.own_addresses:
        notes.append("comptes de l’entreprise non donnés : chaque auteur compté comme client")
    return tuple(notes)


class _Batch:
    """Rows on their way."""

    def __init__(self, file: File, mapping: ExportMapping, reader: TurnReader, notes: tuple[str, ...]) -> None:
        self._source = file.source
        self._reader = reader
        self._columns = reader.columns
        self._notes = notes
        known = {name: name for name in self._columns if name in ROLES}
        self._known = cast("ColumnOptions", known | ({"timezone": mapping.timezone} if mapping.timezone else {}))
        self._next = 0
        self._rows: dict[int, Row] = {}
        self._malformed: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._rows) + len(self._malformed)

    def add(self, row: Row) -> None:
        """Add a row that was read."""
        self._rows[self._next] = row
        self._next += 1

    def reject(self, trouble: str) -> None:
        """Add a row that was not, and why."""
        self._malformed[self._next] = trouble
        self._next += 1

    def note_what_was_left_aside(self) -> None:
        """Say how many events were no messages, once all are read."""
        if self._reader.left_aside:
            self._notes += (f"{self._reader.left_aside} événements laissés de côté, qui ne sont pas des messages",)

    def emptied(self) -> RawRows:
        """Return the rows, and start anew with the position that follows."""
        columns = {name: [row.get(name) for row in self._rows.values()] for name in self._columns}
        frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
        positions = np.array(list(self._rows), dtype=np.int64)
        raw = RawRows(frame, self._source, positions, self._malformed, notes=self._notes, known=self._known)
        self._rows, self._malformed = {}, {}
        return raw
