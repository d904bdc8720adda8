"""Amazon Contact Lens as calls and chats go on: the events of its stream, or the segments that its API lists.

One JSON object a line, as a stream is stored, or one document. Partial transcripts (`Utterance`) come again, whole, in
the `Transcript` that follows: they are left out, as are categories and summaries. A stream may deliver a segment twice:
the second time it is a malformed row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from vocmine.corpus import RawRows
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.transcripts.contact_lens import CHANNELS, roles_of, turn_of
from vocmine.ingest.transcripts.json_documents import json_notes, read_document, text_of
from vocmine.ingest.transcripts.text_lines import lines_of, name_of
from vocmine.ingest.transcripts.turns import Malformed, Row, raw_rows

_EVENT: Final = re.compile(r'"(?:Streaming)?EventType"\s{0,20}:\s{0,20}"(?:STARTED|SEGMENTS|COMPLETED|FAILED)"')
_MOST_IDS: Final = 100_000
_BROKEN: Final = (ValueError, RecursionError)


def _fits(file: File) -> bool:
    head = file.head_text.lstrip("\ufeff \t\r\n")
    listed = '"Segments"' in head and '"Transcript"' in head and '"ParticipantRole"' in head
    return head.startswith(("{", "[")) and (_EVENT.search(head) is not None or listed)


def _rows(file: File, choices: Choices) -> Iterator[RawRows]:
    numbered = _events(file, choices)
    first = next(numbered, ("", None))
    event = first[1]
    channel = CHANNELS.get(text_of(event, "Channel") or "", "phone") if isinstance(event, Mapping) else "phone"
    turns = _turns(chain([first], numbered), name_of(file), channel)
    return raw_rows(turns, file.source, channel=channel, notes=json_notes(file, choices))


def _events(file: File, choices: Choices) -> Iterator[tuple[str, object]]:
    """Read the events with their places: one a line where the first line is one, else those of the document."""
    lines = ((f"line {number}", line) for number, line in enumerate(lines_of(file, choices), start=1) if line.strip())
    first = next(lines, ("", ""))
    if isinstance(_loaded(first[1]), Mapping):
        for place, line in chain([first], lines):
            yield place, _loaded(line)
        return
    document = read_document(file, choices)
    for rank, event in enumerate(document if isinstance(document, list) else [document]):
        yield f"event {rank}", event


def _loaded(line: str) -> object:
    try:
        return json.loads(line.removeprefix("\ufeff"))
    except _BROKEN:
        return None


def _turns(events: Iterator[tuple[str, object]], name: str, channel: str) -> Iterator[Row]:
    seen: dict[str, None] = {}
    for place, event in events:
        if not isinstance(event, Mapping):
            yield Malformed(f"{place}: got no JSON object, expected an event")
            continue
        contact, language = text_of(event, "ContactId") or name, text_of(event, "LanguageCode")
        segments = event.get("Segments")
        for rank, segment in enumerate(segments if isinstance(segments, list) else []):
            if not isinstance(segment, Mapping) or "Transcript" not in segment:
                continue
            item = segment["Transcript"]
            told = text_of(item, "Id") if isinstance(item, Mapping) else None
            if told is not None and told in seen:
                yield Malformed(f"{place}, segment {rank}: got the id of an earlier segment")
                continue
            if told is not None and len(seen) < _MOST_IDS:
                seen[told] = None
            roles = roles_of(event)
            where = f"{place}, segment {rank}"
            yield turn_of(item, where, contact=contact, channel=channel, roles=roles, language=language)


SEGMENT_STREAM: Final = Format("contact_lens_stream", (".json", ".jsonl", ".ndjson"), _fits, _rows)
