"""JSON: an array, an object that holds one, or one object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from vocmine.corpus import RawRows, record_rows
from vocmine.errors import ReadError
from vocmine.ingest.sniff import decode

_BROKEN: Final = (ValueError, RecursionError)


def read_json(data: bytes, source: str, *, encoding: str | None = None, lines: bool = False) -> RawRows:
    """Read records, or mere texts. In a file of one object a line, a line that is not JSON is malformed.

    With `lines`, an object alone is one record, whatever it holds; else it may be the wrapping of the records.

    Raises
    ------
    ReadError
        If no line is JSON.
    """
    text, encoding = decode(data, encoding)
    notes = [f"encodage {encoding}"]
    try:
        content: object = json.loads(text)
    except _BROKEN:
        return _read_lines(text, source, tuple(notes))
    if isinstance(content, Mapping):
        key = None if lines else _only_list(content)
        if key is not None:
            notes.append(f"enregistrements lus sous la clé « {key} »")
        content = [content] if key is None else content[key]
    if not isinstance(content, list):
        raise ReadError(f"{source}: got a JSON {type(content).__name__}, expected an array of objects or of texts")
    return record_rows(content, source, notes=tuple(notes))


def _only_list(content: Mapping[str, object]) -> str | None:
    """Return the key of the only array of objects, if there is one."""
    keys = [
        key
        for key, value in content.items()
        if isinstance(value, list) and value and all(isinstance(record, Mapping) for record in value)
    ]
    return keys[0] if len(keys) == 1 else None


def _read_lines(text: str, source: str, notes: tuple[str, ...]) -> RawRows:
    # Only line feeds end a line: JSON strings may hold the other characters that str.splitlines cuts at.
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    records: list[object] = []
    malformed: dict[int, str] = {}
    for position, (number, line) in enumerate(lines):
        try:
            records.append(json.loads(line))
        except _BROKEN:
            records.append(None)
            malformed[position] = f"line {number}: got something else than JSON, expected one object"
    if len(malformed) == len(lines):
        raise ReadError(f"{source}: got no line that is JSON, expected an array, or one object a line")
    return record_rows(records, source, malformed=malformed, notes=notes)
