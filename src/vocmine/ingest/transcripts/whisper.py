"""Whisper and its kin: segments of recognised speech in JSON.

Written by Whisper and the transcription API (`text`, `segments`, `language`), whisperX (a `speaker` for each segment,
once voices are told apart) and faster-whisper (its segments as a list, or under `segments` beside `info`). A segment
without words of its own takes those of `words`, and so for its times and its speaker.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from vocmine.corpus import RawRows
from vocmine.errors import ReadError
from vocmine.ingest.files import HEAD_BYTES, Choices, File, Format
from vocmine.ingest.transcripts.json_documents import json_notes, number_of, read_document, span_trouble, text_of
from vocmine.ingest.transcripts.text_lines import name_of
from vocmine.ingest.transcripts.turns import Malformed, Row, Turn, join_cues, raw_rows

_SEGMENTS: Final = re.compile(r'"segments"\s{0,20}:\s{0,20}\[')
_LONG_TEXT: Final = re.compile(r'\{\s{0,20}"text"\s{0,20}:\s{0,20}"(?:[^"\\]|\\.)*\\?\Z', re.DOTALL)
"""A document that opens with the words of the whole call, so many that the head holds nothing else."""
_TIMED: Final = ('"start"', '"end"')


def _fits(file: File) -> bool:
    head = file.head_text.lstrip("\ufeff \t\r\n")
    timed = all(name in head for name in _TIMED) and ('"text"' in head or '"words"' in head)
    if head.startswith("{"):
        long_text = len(file.head) == HEAD_BYTES and _LONG_TEXT.match(head) is not None
        return long_text or (_SEGMENTS.search(head) is not None and (timed or '"segments": []' in head))
    return (
        head.startswith("[") and timed and ('"no_speech_prob"' in head or '"avg_logprob"' in head or '"words"' in head)
    )


def _rows(file: File, choices: Choices) -> Iterator[RawRows]:
    document = read_document(file, choices)
    segments = document.get("segments") if isinstance(document, Mapping) else document
    if not isinstance(segments, list):
        raise ReadError(f"{file.source}: got a transcription without its segments, expected a list; export it again")
    language = _language(document) if isinstance(document, Mapping) else None
    contact = name_of(file)
    turns = (_turn(segment, place, contact, language) for place, segment in enumerate(segments))
    return raw_rows(join_cues(turns), file.source, channel="phone", notes=json_notes(file, choices))


def _language(document: Mapping[str, object]) -> str | None:
    info = document.get("info")
    return text_of(document, "language") or (text_of(info, "language") if isinstance(info, Mapping) else None)


def _turn(segment: object, place: int, contact: str, language: str | None) -> Row:
    if not isinstance(segment, Mapping):
        return Malformed(f"segment {place}: got a {type(segment).__name__}, expected an object")
    listed = segment.get("words")
    words = [word for word in listed if isinstance(word, Mapping)] if isinstance(listed, list) else []
    text = text_of(segment, "text") or _joined(words)
    if not text:
        return Malformed(f"segment {place}: got a segment without words")
    start, end = number_of(segment, "start"), number_of(segment, "end")
    start = _first(words, "start") if start is None else start
    end = _first(reversed(words), "end") if end is None else end
    if trouble := span_trouble(start, end):
        return Malformed(f"segment {place}: {trouble}")
    return Turn(contact, text, text_of(segment, "speaker") or _speaker(words), start, end, language=language)


def _joined(words: Sequence[Mapping[str, object]]) -> str:
    """Join words: Whisper's begin with their space, those of whisperX have none."""
    said = [word for each in words if isinstance(word := each.get("word"), str)]
    between = "" if any(word.startswith(" ") for word in said) else " "
    return between.join(said).strip()


def _first(words: Iterator[Mapping[str, object]] | Sequence[Mapping[str, object]], name: str) -> float | None:
    times = (number_of(word, name) for word in words)
    return next((time for time in times if time is not None), None)


def _speaker(words: Sequence[Mapping[str, object]]) -> str | None:
    speakers = Counter(speaker for word in words if (speaker := text_of(word, "speaker")))
    return speakers.most_common(1)[0][0] if speakers else None


WHISPER: Final = Format("whisper", (".json",), _fits, _rows)
