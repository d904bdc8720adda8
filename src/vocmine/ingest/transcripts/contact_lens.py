"""Amazon Contact Lens: the analysis of one call or one chat after it has ended, original or redacted.

A call's turns have offsets, a chat's messages have dates; who speaks is told by `ParticipantRole`, else by the list of
participants. Events of a chat (someone joins, someone types) are no turns, and the quality report counts them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

from vocmine.corpus import RawRows
from vocmine.corpus.vocabulary import read_speaker
from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.transcripts.json_documents import (
    json_notes,
    moment_of,
    number_of,
    read_document,
    span_trouble,
    text_of,
)
from vocmine.ingest.transcripts.text_lines import name_of
from vocmine.ingest.transcripts.turns import Malformed, Row, Turn, raw_rows

CHANNELS: Final = {"VOICE": "phone", "CHAT": "chat"}
"""The channels of Amazon Connect that have turns."""

_CHANNEL: Final = re.compile(r'"Channel"\s{0,20}:\s{0,20}"(?:VOICE|CHAT)"')
_FIELDS: Final = (
    "AccountId",
    "Categories",
    "ContentMetadata",
    "ConversationCharacteristics",
    "JobStatus",
    "Participants",
)
_ANALYSIS: Final = re.compile(r"(.{1,100}?)_analysis(?:_redacted)?_")
"""Names of the files that Contact Lens writes begin with the contact's id."""
_EVENT: Final = "application/vnd.amazonaws.connect.event."

Document = Mapping[str, object]


def _fits(file: File) -> bool:
    head = file.head_text
    if not head.lstrip("\ufeff \t\r\n").startswith("{") or '"Segments"' in head or "EventType" in head:
        return False
    return sum(f'"{name}"' in head for name in _FIELDS) >= (2 if _CHANNEL.search(head) else 4)


def _rows(file: File, choices: Choices) -> Iterator[RawRows]:
    document = read_document(file, choices)
    transcript = document.get("Transcript") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(transcript, list):
        raise ReadError(f"{file.source}: got an analysis of Contact Lens without its Transcript; export it again")
    channel = CHANNELS.get(text_of(document, "Channel") or "", "phone")
    said = [item for item in transcript if not _is_event(item)]
    notes = json_notes(file, choices)
    if events := len(transcript) - len(said):
        notes += (f"{events} événements qui ne sont pas des messages",)
    contact, language, roles = _contact_id(document, file), text_of(document, "LanguageCode"), roles_of(document)
    turns = (
        turn_of(item, f"item {place}", contact=contact, channel=channel, roles=roles, language=language)
        for place, item in enumerate(said)
    )
    return raw_rows(turns, file.source, channel=channel, notes=notes)


def _contact_id(document: Document, file: File) -> str:
    metadata = document.get("CustomerMetadata")
    told = text_of(metadata, "ContactId") if isinstance(metadata, Mapping) else None
    name = name_of(file)
    named = _ANALYSIS.match(name)
    return told or text_of(document, "ContactId") or (named[1] if named else name)


def roles_of(document: Document) -> dict[str, str]:
    """Return the role of each participant by their id."""
    participants = document.get("Participants")
    listed = participants if isinstance(participants, list) else []
    found = {
        text_of(each, "ParticipantId"): text_of(each, "ParticipantRole") for each in listed if isinstance(each, dict)
    }
    return {name: role for name, role in found.items() if name and role}


def turn_of(
    item: object, place: str, *, contact: str, channel: str, roles: Mapping[str, str], language: str | None
) -> Row:
    """Read one item of a transcript.

    Parameters
    ----------
    item : object
        An element of `Transcript`.
    place : str
        Where it is in the file, for what cannot be read.
    contact, channel, language : str
        Those of the document; `channel` is ``phone`` or ``chat``.
    roles : mapping of str to str
        Role of each participant, see `roles_of`.
    """
    if not isinstance(item, Mapping):
        return Malformed(f"{place}: got a {type(item).__name__}, expected an object")
    text = _words(text_of(item, "Content"))
    if text is None:
        what = "an attachment" if item.get("Type") == "ATTACHMENT" else "a turn"
        return Malformed(f"{place}: got {what} without words")
    participant = text_of(item, "ParticipantId")
    told = text_of(item, "ParticipantRole") or roles.get(participant or "") or participant
    turn = Turn(contact, text, told, role=role_of(told), language=language)
    if channel == "chat":
        return turn._replace(at=moment_of(item, "AbsoluteTime"))
    start, end = (number_of(item, name) for name in ("BeginOffsetMillis", "EndOffsetMillis"))
    if trouble := span_trouble(start, end):
        return Malformed(f"{place}: {trouble}")
    return turn._replace(start_s=cast("float", start) / 1000, end_s=cast("float", end) / 1000)


def role_of(name: str | None) -> str | None:
    """Return the speaker that a participant's role stands for, None where it tells nothing.

    Examples
    --------
    >>> role_of("CUSTOM_BOT"), role_of("SUPERVISOR"), role_of("e9b36a6d-12aa")
    ('bot', 'agent', None)
    """
    role, trouble = read_speaker("agent" if name == "SUPERVISOR" else name or "")
    return None if trouble or role == "unknown" else role


def _is_event(item: object) -> bool:
    if not isinstance(item, Mapping) or text_of(item, "Content") is not None:
        return False
    return item.get("Type") == "EVENT" or (text_of(item, "ContentType") or "").startswith(_EVENT)


def _words(content: str | None) -> str | None:
    """Return the words of a message; of an interactive one, its title and what it offers."""
    if content is None or not content.startswith("{") or '"templateType"' not in content:
        return content
    try:
        message = json.loads(content)
    except (ValueError, RecursionError):
        return content
    inside = message.get("data")
    shown = inside.get("content") if isinstance(inside, dict) else None
    if not isinstance(shown, dict):
        return content
    elements = shown.get("elements")
    offered = (
        [text_of(each, "title") for each in elements if isinstance(each, dict)] if isinstance(elements, list) else []
    )
    return "\n".join(filter(None, [text_of(shown, "title"), *offered])) or content


CONTACT_LENS: Final = Format("contact_lens", (".json",), _fits, _rows)
