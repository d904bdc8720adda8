"""WebVTT and SRT: calls as meeting tools, speech recognition and players write them.

WebVTT is read after the W3C recommendation, SRT as it is found. The dialects of Teams (a voice span, or one JSON object
a cue), Zoom (« Prénom Nom: … ») and whisperX (« [SPEAKER_00]: … ») are told from the content. Times count from the
start of the recording; those of `X-TIMESTAMP-MAP`, which only tie it to a video stream, are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final, TypedDict

from vocmine.corpus import RawRows
from vocmine.corpus.cells import label
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.transcripts.cues import Cue, CueReader
from vocmine.ingest.transcripts.labels import use_names
from vocmine.ingest.transcripts.markup import voices
from vocmine.ingest.transcripts.text_lines import encoding_of, lines_of, name_of
from vocmine.ingest.transcripts.timing import read_timing
from vocmine.ingest.transcripts.turns import Malformed, Row, Turn, join_cues, raw_rows

_LANGUAGE: Final = re.compile(r"(?:NOTE )?language:\s{0,4}([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)", re.IGNORECASE)
_SAMPLE_CUES: Final = 200
_SAMPLE_LINES: Final = 2_000


class _Told(TypedDict):
    """What a cue of Teams tells."""

    text: str
    label: str | None
    at: datetime | None
    language: str | None


def _fits_webvtt(file: File) -> bool:
    return file.head_text.lstrip("\ufeff").startswith("WEBVTT")


def _fits_srt(file: File) -> bool:
    """Tell SRT by a timing, which stands on its first lines unless the extension already says what it is."""
    lines = [line for line in file.head_text.lstrip("\ufeff").splitlines()[:_SAMPLE_LINES] if line.strip()]
    first = lines if file.suffix in {".srt", ".vtt"} else lines[:3]
    return any("->" in line and isinstance(read_timing(line), tuple) for line in first)


def _rows(file: File, choices: Choices) -> Iterator[RawRows]:
    names = _names_are_labels(file, choices)
    notes = (f"encodage {encoding_of(file, choices)}",)
    return raw_rows(join_cues(_turns(file, choices, names=names)), file.source, channel="phone", notes=notes)


def _names_are_labels(file: File, choices: Choices) -> bool:
    """Tell Zoom's dialect from words before a colon, on the first cues."""
    cues = islice(CueReader().read(islice(lines_of(file, choices), _SAMPLE_LINES)), _SAMPLE_CUES)
    return use_names(cue.payload[0] for cue in cues if isinstance(cue, Cue))


def _turns(file: File, choices: Choices, *, names: bool) -> Iterator[Row]:
    contact, language = name_of(file), None
    reader = CueReader()
    for cue in reader.read(lines_of(file, choices)):
        if isinstance(cue, Malformed):
            yield cue
            continue
        language = language or next((found[1] for line in reader.aside if (found := _LANGUAGE.match(line))), None)
        turn = Turn(contact, "", None, cue.start_s, cue.end_s, language=language)
        said: list[Row] = list(_said(cue, turn, names=names))
        yield from said or [Malformed(f"line {cue.line}: got a cue without words")]


def _said(cue: Cue, turn: Turn, *, names: bool) -> Iterator[Turn]:
    if (told := _from_teams(cue)) is None:
        yield from (turn._replace(text=text, label=label) for label, text in voices(cue.payload, names=names))
    elif told["text"]:
        yield turn._replace(**told)


def _from_teams(cue: Cue) -> _Told | None:
    """Read a cue that is one JSON object: the `metadataContent` of a Teams transcript."""
    if not cue.payload[0].startswith("{") or "spokenText" not in "".join(cue.payload):
        return None
    try:
        content = json.loads("\n".join(cue.payload))
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    told = {key: label(content.get(key)) for key in ("spokenText", "speakerName", "startDateTime", "spokenLanguage")}
    return _Told(
        text=told["spokenText"] or "",
        label=told["speakerName"],
        at=_moment(told["startDateTime"]),
        language=told["spokenLanguage"],
    )


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text or "")
    except ValueError:
        return None


WEBVTT: Final = Format("webvtt", (".vtt",), _fits_webvtt, _rows)
SRT: Final = Format("srt", (".srt",), _fits_srt, _rows)
