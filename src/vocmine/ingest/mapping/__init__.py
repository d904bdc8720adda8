"""JSON and CSV exports of any layout come in, with a mapping that says where things are; rows of turns go out.

`language` is the mapping, in YAML (see ``docs/mapping.md``), made of `paths` and `rules`; `presets` are those that come
with the library; `documents` reads an export piece by piece; `turns` and `reading` make its rows; `threads` and
`entities` are for public messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vocmine.corpus import RawRows
from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.mapping.language import ExportMapping
from vocmine.ingest.mapping.presets import find_preset, load_mapping, presets
from vocmine.ingest.mapping.reading import read_mapped

__all__ = ["FORMATS", "ExportMapping", "find_preset", "load_mapping", "presets", "read_mapped"]


def _fits(file: File) -> bool:
    return find_preset(file) is not None


def _rows(file: File, choices: Choices) -> Iterator[RawRows]:
    mapping = find_preset(file) if choices.mapping is None else load_mapping(choices.mapping)
    if mapping is None:
        raise ReadError(f"{file.source}: got an export that no preset fits; say how it is laid out: mapping='….yaml'")
    yield from read_mapped(file, choices, mapping)


FORMATS: Final[tuple[Format, ...]] = (Format("mapping", (".json", ".jsonl", ".ndjson", ".csv", ".tsv"), _fits, _rows),)
"""One format for all presets. With `Choices.mapping` it reads any JSON or CSV file, whether a preset fits or not."""
