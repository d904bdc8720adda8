"""The kinds of files that are read, and which one a file is."""

from __future__ import annotations

from typing import Final

from vocmine.ingest import mail, mapping, transcripts
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.tables import TABLES

_PLAIN: Final = transcripts.FORMATS[-1]
_PLAIN_SUFFIXES: Final = (".txt", ".text", ".log")
"""Extensions of plain transcripts: lines such as « Client : … » are also found in notes, settings, tables, e-mails."""

_SPECIFIC: Final = (*transcripts.FORMATS[:-1], *mail.FORMATS, *mapping.FORMATS, _PLAIN)

FORMATS: Final = (*_SPECIFIC, *TABLES)
"""All of them, those that say the most of themselves first: a table may hold anything."""

SUFFIXES: Final = tuple(dict.fromkeys(suffix for kind in (*TABLES, *_SPECIFIC) for suffix in kind.suffixes))
"""The extensions that they usually have."""


def format_of(file: File, choices: Choices | None = None) -> Format | None:
    """Return the kind of a file, told by its content, else by its extension; None if it is of none.

    With a mapping chosen, the files that a mapping may describe are read by it.

    Raises
    ------
    ReadError
        If the file cannot be read.
    """
    if choices is not None and choices.mapping is not None:
        chosen = next((kind for kind in mapping.FORMATS if file.suffix in kind.suffixes), None)
        if chosen is not None:
            return chosen
    likely = [kind for kind in FORMATS if kind is not _PLAIN or file.suffix in _PLAIN_SUFFIXES]
    fitting = (kind for kind in likely if kind.fits(file))
    named = (kind for kind in (*TABLES, *_SPECIFIC) if kind in likely and file.suffix in kind.suffixes)
    return next(fitting, None) or next(named, None)
