"""JSON documents and what their fields hold, whatever it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from math import isfinite

from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File
from vocmine.ingest.sniff import decode
from vocmine.ingest.transcripts.text_lines import encoding_of


def read_document(file: File, choices: Choices) -> object:
    """Return what a JSON file holds; it is read whole, as a document has no end before its last bracket.

    Raises
    ------
    ReadError
        If it is no JSON, or cannot be read.
    """
    text = decode(file.data(), choices.encoding)[0].removeprefix("\ufeff")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReadError(
            f"{file.source}: got no JSON document, or one cut off ({type(error).__name__}); export it again"
        ) from None


def json_notes(file: File, choices: Choices) -> tuple[str, ...]:
    """Return how a document was read, for the quality report."""
    return (f"encodage {encoding_of(file, choices)}",)


def text_of(record: Mapping[str, object], *names: str) -> str | None:
    """Return the first of these fields that holds words, without white space around them."""
    values = (record.get(name) for name in names)
    return next((value.strip() for value in values if isinstance(value, str) and value.strip()), None)


def number_of(record: Mapping[str, object], *names: str) -> float | None:
    """Return the first of these fields that holds a finite number."""
    for name in names:
        value = record.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and _is_finite(value):
            return float(value)
    return None


def _is_finite(value: float) -> bool:
    try:
        return isfinite(float(value))
    except OverflowError:  # an integer of some hundreds of digits
        return False


def span_trouble(start_s: float | None, end_s: float | None) -> str | None:
    """Say what is wrong with the start and the end of something said, or None.

    Examples
    --------
    >>> span_trouble(1.0, 2.5), span_trouble(2.5, 1.0)
    (None, 'ends before it starts')
    """
    if start_s is None or end_s is None:
        return "got no start or no end, expected two numbers"
    if start_s < 0:
        return "got a time below zero"
    return "ends before it starts" if end_s < start_s else None


def moment_of(record: Mapping[str, object], name: str) -> datetime | None:
    """Return a field as a date, None where it is none."""
    try:
        return datetime.fromisoformat(text_of(record, name) or "")
    except ValueError:
        return None
