"""From the records of an export to its turns, each with the columns that the mapping gives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from vocmine.ingest.mapping.documents import Found
from vocmine.ingest.mapping.entities import entities
from vocmine.ingest.mapping.language import THREAD, ExportMapping, Turns
from vocmine.ingest.mapping.paths import Scope
from vocmine.ingest.mapping.rules import Lists, is_something
from vocmine.ingest.mapping.threads import Message, handle

ENTITIES: Final = ("mentions", "hashtags", "links", "emoji")

Row = dict[str, object]


class TurnReader:
    """Reads the turns of records.

    Parameters
    ----------
    mapping : ExportMapping
    file : str
        Name of the file without folder and extension.
    own_addresses : iterable of str
        Names of the company's accounts.

    Attributes
    ----------
    left_aside : int
        Events met so far that are no messages.
    """

    def __init__(self, mapping: ExportMapping, file: str, own_addresses: Iterable[str]) -> None:
        self.left_aside = 0
        self._mapping = mapping
        self._file = file
        self._own = {handle(name) for name in own_addresses}
        self._document: object = None
        self._shared: Lists = {}
        self._lists: Lists = {}

    @property
    def columns(self) -> list[str]:
        """Names of the columns of a row, the same for every row."""
        threaded = ("contact_id", "conversation_id", "customer_id", "agent_id", "message_id", "reply_to", "reposts")
        names = [*self._mapping.columns, "speaker", *(threaded if self._mapping.thread else ())]
        return list(dict.fromkeys([*names, *(ENTITIES if self._mapping.entities else ())]))

    def read(self, found: Found) -> Iterator[tuple[Row, Message | None] | str]:
        """Give the turns of a record with their threading, if any, or what is wrong where a turn should be.

        A contact without turns is one without a text: it is rejected by that reason, and not lost.
        """
        for each in self._scopes(found):
            if isinstance(each, str):
                yield each
                continue
            turns, scope = each
            row = {name: _cell(name, rule(scope, self._lists)) for name, rule in turns.columns.items()}
            message = self._message(turns, scope)
            if message.own or self._mapping.thread:
                row["speaker"] = "agent" if message.own else row.get("speaker") or "customer"
            if self._mapping.entities:
                told = entities(message.text)
                row |= {name: row.get(name) or told[name] or None for name in ENTITIES}
            yield row, message if self._mapping.thread else None

    def messages(self, found: Found) -> Iterator[Message]:
        """Give the same turns as far as threading needs them."""
        for each in self._scopes(found):
            if not isinstance(each, str):
                yield self._message(*each)

    def _scopes(self, found: Found) -> Iterator[tuple[Turns, Scope] | str]:
        if found.trouble is not None or not isinstance(found.record, dict):
            yield found.trouble or f"got a {type(found.record).__name__}, expected a mapping of names to values"
            return
        self._enter(found)
        contact = Scope(found.record, found.record, found.document, self._file)
        met = False
        for turns in self._mapping.turns:
            for turn in self._of_kind(turns, contact):
                met = True
                if not isinstance(turn, dict):
                    yield f"got a {type(turn).__name__}, expected a mapping of names to values"
                elif any(path.within(turn) and str(path.within(turn)[0]) in says for path, says in turns.leave_aside):
                    self.left_aside += 1
                else:
                    yield turns, Scope(turn, found.record, found.document, self._file)
        if not met:
            yield self._mapping.turns[0], Scope({}, found.record, found.document, self._file)

    def _enter(self, found: Found) -> None:
        lists = self._mapping.lists.items()
        if found.document is not self._document:
            self._document = found.document
            self._shared = {name: rule.members(found.document) for name, rule in lists if not rule.of_contact}
        own = {name: rule.members(found.record) for name, rule in lists if rule.of_contact}
        self._lists = {**self._shared, **own} if own else self._shared

    def _of_kind(self, turns: Turns, contact: Scope) -> list[object]:
        if turns.when is not None and not is_something(turns.when(contact, self._lists)):
            return []
        if turns.path is not None:
            return turns.path.values(contact)
        turn = None if turns.rule is None else turns.rule(contact, self._lists)
        return [] if turn is None else [turn]

    def _message(self, turns: Turns, scope: Scope) -> Message:
        told = {key: rule(scope, self._lists) for key, rule in self._mapping.thread.items()}
        ids = {key: str(value) for key, value in told.items() if isinstance(value, str | int) and is_something(value)}
        named = (rule(scope, self._lists) for rule in self._mapping.own)
        names = frozenset(handle(name) for name in named if isinstance(name, str | int))
        text = turns.columns["text"](scope, self._lists)
        return Message(
            **{key: ids.get(key) for key in THREAD},
            names=names,
            own=not names.isdisjoint(self._own),
            text=text if isinstance(text, str) else "",
        )


def _cell(name: str, value: object) -> object:
    """Return a value that a table can hold; what is no text where one is due is for the corpus to reject."""
    if name == "text" or not isinstance(value, list | dict):
        return value
    return [str(each) for each in value] if isinstance(value, list) else None
