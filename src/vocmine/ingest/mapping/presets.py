"""The mappings that come with the library and those of the user: by name, by file, or told from what a file holds."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from vocmine.errors import InputError, ReadError
from vocmine.ingest.files import File
from vocmine.ingest.mapping.documents import first_records, head_document, table_header
from vocmine.ingest.mapping.language import ExportMapping, parse_mapping

_YAML = (".yaml", ".yml")
_JSON = (".json", ".jsonl", ".ndjson")
_TABLES = (".csv", ".tsv", ".txt")


@cache
def presets() -> dict[str, ExportMapping]:
    """Return the mappings that come with the library, by name."""
    folder = files(__package__).joinpath("presets")
    named = {entry.name.removesuffix(".yaml"): entry for entry in folder.iterdir() if entry.name.endswith(".yaml")}
    return {name: _parsed(named[name].read_text(encoding="utf-8"), name) for name in sorted(named)}


def load_mapping(mapping: str | Path) -> ExportMapping:
    """Return a mapping by the name of a preset, or by the path of a YAML file.

    Raises
    ------
    InputError
        If there is none, or it is not written as one.

    Examples
    --------
    >>> load_mapping("trustpilot").files
    'json'
    """
    path = Path(mapping)
    if path.suffix.lower() not in _YAML:
        if str(mapping) not in presets():
            expected = f"{', '.join(presets())}, or the path of a YAML file"
            raise InputError(f"got mapping={str(mapping)!r}, expected one of {expected}")
        return presets()[str(mapping)]
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        got = type(error).__name__
        raise InputError(f"mapping {path.name}: cannot be read ({got}), expected a YAML file in UTF-8") from error
    return _parsed(text, path.stem)


def _parsed(text: str, name: str) -> ExportMapping:
    import yaml

    try:
        raw: object = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark is not None else ""
        raise InputError(f"mapping {name}: got something else than YAML{where}") from error
    return parse_mapping(raw, name)


def find_preset(file: File) -> ExportMapping | None:
    """Return the preset that a file fits, told from its head, or None.

    Raises
    ------
    ReadError
        If the file cannot be read.
    """
    if file.suffix in _TABLES:
        return _of_table(file)
    if file.suffix not in _JSON and not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return None
    document = head_document(file)
    if not isinstance(document, dict | list):
        return None
    for mapping in presets().values():
        if mapping.files == "json" and any(map(mapping.fits.record, first_records(mapping, document))):
            return mapping
    return None


def _of_table(file: File) -> ExportMapping | None:
    try:
        header = table_header(file.head_text)
    except ReadError:
        return None
    record = dict.fromkeys(header or (), "")
    tables = (mapping for mapping in presets().values() if mapping.files == "csv")
    return next((mapping for mapping in tables if header and mapping.fits.record(record)), None)
