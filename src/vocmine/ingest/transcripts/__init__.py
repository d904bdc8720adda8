"""Transcripts of calls and chats come in; one row a turn goes out, with who spoke and when.

`cues` and `subtitles` read WebVTT and SRT, `contact_lens` and `segment_stream` what Amazon Contact Lens writes,
`whisper` what Whisper and its kin write, `plain` text where each turn bears its speaker. `labels` tells a speaker's
label from the words said, `turns` makes the rows: turns and malformed rows, every one of them counted.

One row is one turn. Contact Lens, chats and plain text have turns of their own. Subtitles and speech recognition cut
sentences into cues: those of one named speaker that follow each other within 1.5 s are joined, and the column `cues`
counts them, so that the cues of a file are the sum of `cues` over its turns and one for each malformed row. Cues whose
speaker nobody names stay apart, for two persons may speak in them.
"""

from __future__ import annotations

from typing import Final

from vocmine.ingest.files import Format
from vocmine.ingest.transcripts.contact_lens import CONTACT_LENS
from vocmine.ingest.transcripts.plain import PLAIN
from vocmine.ingest.transcripts.segment_stream import SEGMENT_STREAM
from vocmine.ingest.transcripts.subtitles import SRT, WEBVTT
from vocmine.ingest.transcripts.whisper import WHISPER

FORMATS: Final[tuple[Format, ...]] = (WEBVTT, SRT, CONTACT_LENS, SEGMENT_STREAM, WHISPER, PLAIN)
"""The formats of transcripts, the surest first; a file may fit the last though it is a table of text."""

__all__ = ["FORMATS"]
