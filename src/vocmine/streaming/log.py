"""The log of a stream: what it reads and with what, then one line for each chunk that is safely written."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from vocmine.errors import InputError, SavedAnalysisError
from vocmine.streaming.parts import Part, sweep, write_file, writing
from vocmine.streaming.tables import TABLES

MANIFEST: Final = "manifest.json"
CHUNKS: Final = "chunks.jsonl"

_FORMAT: Final = "vocmine-stream"
_VERSION: Final = 1
_FOLDERS: Final = (*TABLES, "embeddings")


@dataclass(frozen=True)
class Entry:
    """One chunk that is committed.

    Attributes
    ----------
    chunk, first_row, rows : int
        Number of the chunk, position of its first row in the source, and rows of the source that it took.
    contacts, scored, rejected : int
        Contacts kept, contacts with a sentiment, rows rejected when reading.
    reasons : mapping of str to int
        Rows and segments without a score, by reason.
    parts : mapping of str to Part
        The file of each table.
    """

    chunk: int
    first_row: int
    rows: int
    contacts: int
    scored: int
    rejected: int
    reasons: Mapping[str, int]
    parts: Mapping[str, Part]

    @property
    def end_row(self) -> int:
        """Position after its last row."""
        return self.first_row + self.rows

    def to_json(self) -> str:
        """Return one line."""
        plain = {**vars(self), "parts": {name: part.to_dict() for name, part in self.parts.items()}}
        return json.dumps(plain)

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Read one line."""
        plain: dict[str, Any] = json.loads(line)
        return cls(**{**plain, "parts": {name: Part(**part) for name, part in plain["parts"].items()}})


@dataclass
class Log:
    """The manifest and the committed chunks of an output folder.

    A line of ``chunks.jsonl`` commits its chunk; where a chunk has several, the last one stands. A last line cut off is
    no line. The chunks are numbered from 0 without a gap, and their rows follow one another.
    """

    folder: Path
    header: Mapping[str, object]
    entries: dict[int, Entry] = field(default_factory=dict)

    @classmethod
    def start(cls, folder: Path, header: Mapping[str, object], *, resume: bool) -> Self:
        """Go on with the log of a folder, or start one.

        Parameters
        ----------
        folder : path
            Where the stream is written.
        header : mapping
            What a run that goes on with another must share; it can be written as JSON.
        resume : bool
            Go on with what is there; if False, what is there is removed first.

        Raises
        ------
        InputError
            If the folder holds something else, or another stream.
        OutputError
            If it cannot be written.
        """
        found = [path for path in folder.iterdir() if not path.name.endswith(".partial")] if folder.is_dir() else []
        if folder.exists() and not folder.is_dir():
            raise InputError(f"got {str(folder)!r}, which is a file, expected a folder to write in")
        if found and not (folder / MANIFEST).exists():
            raise InputError(f"{folder} holds files that are not a stream's; give a new folder, or an empty one")
        whole = {"format": _FORMAT, "format_version": _VERSION, **header}
        if found and resume:
            log = cls.read(folder)
            _check_same(folder, log.header, json.loads(json.dumps(whole)))
            log.sweep()
            return log
        if found:
            _remove(folder, found)
        text = json.dumps(whole, indent=2, ensure_ascii=False)
        write_file(folder / MANIFEST, lambda path: path.write_text(text + "\n", encoding="utf-8"))
        return cls(folder, whole)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the log of a folder; nothing is changed.

        Raises
        ------
        SavedAnalysisError
            If it holds no stream, or one of another version.
        """
        header = _header(folder)
        if header.get("format_version") != _VERSION:
            got = header.get("format_version")
            raise SavedAnalysisError(f"got format version {got} in {folder}, expected {_VERSION}; use resume=False")
        log = cls(folder, header)
        log.entries = {entry.chunk: entry for entry in map(Entry.from_json, log._lines())}
        return log

    @property
    def end_row(self) -> int:
        """Position after the last row that is committed."""
        return self.entries[max(self.entries)].end_row if self.entries else 0

    @property
    def reasons(self) -> Counter[str]:
        """Rows and segments without a score, by reason."""
        return sum((Counter(entry.reasons) for entry in self.entries.values()), Counter())

    def commit(self, entry: Entry) -> None:
        """Append the line of a chunk whose parts are in place, and see that it is on the disk.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        path = self.folder / CHUNKS
        with writing(path), path.open("ab") as handle:
            handle.write(entry.to_json().encode() + b"\n")
            handle.flush()
            os.fsync(handle.fileno())
        self.entries[entry.chunk] = entry

    def sweep(self) -> None:
        """Remove what a run that was cut off left behind: a line cut off, and parts of chunks not committed."""
        path = self.folder / CHUNKS
        whole = "".join(line + "\n" for line in self._lines())
        if path.exists() and path.stat().st_size > len(whole.encode()):
            write_file(path, lambda beside: beside.write_text(whole, encoding="utf-8", newline=""))
        sweep(self.folder, _FOLDERS, self.entries)

    def _lines(self) -> list[str]:
        """Return the lines written whole, up to the first that is not."""
        path = self.folder / CHUNKS
        whole: list[str] = []
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1] if path.exists() else []:
            try:
                Entry.from_json(line)
            except (ValueError, TypeError, KeyError):
                break
            whole.append(line)
        return whole


def _header(folder: Path) -> dict[str, object]:
    path = folder / MANIFEST
    try:
        header = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SavedAnalysisError(f"no {MANIFEST} in {folder}; give the folder that a stream was written to") from None
    except ValueError:
        header = None
    if not isinstance(header, dict) or header.get("format") != _FORMAT:
        raise SavedAnalysisError(f"{path} is not that of a stream; give the folder that a stream was written to")
    return header


def _check_same(folder: Path, written: Mapping[str, object], wanted: Mapping[str, object]) -> None:
    before, now = _flat(written), _flat(wanted)
    if different := sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name)):
        raise InputError(
            f"{folder} was written with another {', '.join(different)}; go on with what it was written with, "
            "give another folder, or start anew with resume=False"
        )


def _flat(header: Mapping[str, object]) -> dict[str, object]:
    """Return a header with one level of its mappings spread out: ``source.bytes``."""
    flat: dict[str, object] = {}
    for name, value in header.items():
        flat |= {f"{name}.{key}": each for key, each in value.items()} if isinstance(value, Mapping) else {name: value}
    return flat


def _remove(folder: Path, found: list[Path]) -> None:
    """Remove a stream, and nothing else; its manifest stays until another takes its place, or nobody would know it."""
    _header(folder)
    if foreign := {path.name for path in found} - {MANIFEST, CHUNKS, *_FOLDERS}:
        raise InputError(
            f"{folder} holds {len(foreign)} files that are not a stream's; move them, or give a new folder"
        )
    with writing(folder):
        (folder / CHUNKS).unlink(missing_ok=True)
    sweep(folder, _FOLDERS, ())
