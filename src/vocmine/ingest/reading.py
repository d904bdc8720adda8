"""The files of an export, one after the other: each is read, left aside, or quarantined."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from vocmine.corpus import Clash, ColumnOptions, Corpus, RawRows
from vocmine.errors import ColumnError, InputError, ReadError
from vocmine.ingest.chunks import together
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.folder import files_of, is_aside, quarantined, why_skipped
from vocmine.ingest.formats import SUFFIXES, format_of
from vocmine.ingest.gather import Gathered
from vocmine.ingest.large import head_of, read_large, with_columns
from vocmine.ingest.small import SmallFiles, read_together
from vocmine.ingest.spill import Spill

_EXPECTED: Final = f"expected one of {', '.join(SUFFIXES)}, gzipped or not; export the file as one of these"


class Reading:
    """One call of `vocmine.read`: how the caller wants files to be read, and what was read so far.

    Parameters
    ----------
    choices : Choices
        What readers are told.
    columns : ColumnOptions
        What the caller says of the columns.
    memory : int or None
        Bytes of rows, or of tables, that are held in memory.
    spill : path or None
        Where the others are written.
    clean : bool
        Clean the turns, see `Corpus.clean`.
    """

    def __init__(
        self,
        choices: Choices,
        columns: ColumnOptions,
        memory: int | None,
        spill: str | os.PathLike[str] | None,
        *,
        clean: bool,
    ) -> None:
        self._choices, self._columns, self._memory, self._spill = choices, columns, memory, spill
        self._clean = clean
        self._gathered = Gathered(memory, spill)
        self._small = SmallFiles()
        self._troubles: list[InputError] = []

    def file(self, file: File, clash: Clash) -> Corpus:
        """Read one file.

        Raises
        ------
        ReadError
            If it is empty, of no kind that is read, or damaged.
        ColumnError
            If a column named is not there, or no column is clearly the text.
        """
        _check_not_empty(file)
        kind = format_of(file, self._choices)
        if kind is None:
            raise ReadError(f"{file.source}: got {file.suffix or 'no extension'}, {_EXPECTED}")
        held, rest = self._head(file, kind)
        self._add(held, rest)
        return self._gathered.corpus(clash)

    def folder(self, folder: Path, clash: Clash) -> Corpus:
        """Read the files of a folder; one that cannot be read makes one rejected row.

        Raises
        ------
        ReadError
            If none can be read.
        """
        skipped, files = {}, 0
        for file in files_of(folder, self._columns.get("source", "")):
            if is_aside(file) or not self._read_one(file):
                skipped[file.source] = why_skipped(file)
            else:
                files += 1
        self._leave()
        if not files:
            raise ReadError(f"got a folder with {len(skipped)} files and none to read, {_EXPECTED}")
        if len(self._troubles) == files:
            raise ReadError(f"got {files} files of which none can be read; the first: {self._troubles[0]}")
        return self._gathered.corpus(clash).with_skipped(skipped)

    def _read_one(self, file: File) -> bool:
        """Read one file of several; tell whether it is of a kind that is read."""
        try:
            kind = format_of(file, self._choices)
            if kind is None:
                return False
            _check_not_empty(file)
            held, rest = self._head(file, kind)
            if rest is None and self._small.take(held[0]):
                return True
            self._leave()
            if rest is not None or not self._small.take(held[0]):
                self._add(held, rest)
        except InputError as error:
            self._leave()
            self._quarantine(file.source, error)
        return True

    def _head(self, file: File, kind: Format) -> tuple[list[RawRows], Iterator[RawRows] | None]:
        """Read what memory has room for; the rest comes with it, or None if this is all, as one batch."""
        rows = kind.rows(file, self._choices)
        held, whole = head_of(rows, self._memory)
        return ([with_columns(together(held))], None) if whole else (held, rows)

    def _add(self, held: list[RawRows], rest: Iterator[RawRows] | None) -> None:
        """Read a file, or its first rows and the others, as a corpus."""
        with _file_named(held[0].source):
            if rest is None:
                self._keep(Corpus.from_rows(held[0], self._columns))
            else:
                corpus = read_large(held, rest, self._columns, Spill(self._spill), clean=self._clean)
                self._gathered.add(corpus, on_disk=True)

    def _keep(self, corpus: Corpus) -> None:
        self._gathered.add(corpus.clean() if self._clean else corpus)

    def _leave(self) -> None:
        """Read the small files that wait; if they cannot be read together, one by one."""
        files = self._small.leave()
        if not files:
            return
        try:
            corpora = read_together(files, self._columns)
        except InputError:
            for raw in files:
                try:
                    self._add([raw], None)
                except InputError as error:
                    self._quarantine(raw.source, error)
            return
        for corpus in corpora:
            self._keep(corpus)

    def _quarantine(self, source: str, error: InputError) -> None:
        self._troubles.append(error)
        self._gathered.add(quarantined(source, error))


def _check_not_empty(file: File) -> None:
    if not file.head.strip():
        raise ReadError(f"{file.source}: got an empty file, expected rows; export it again or take it away")


@contextmanager
def _file_named(source: str) -> Iterator[None]:
    """Say which file lacks a column."""
    try:
        yield
    except ColumnError as error:
        raise ColumnError(f"{source}: {error}") from error
