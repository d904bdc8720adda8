"""The files of a folder: those that are read, those left aside, and what stands for one that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

import pandas as pd
import pyarrow as pa

from vocmine.corpus import Corpus, Source
from vocmine.corpus.provenance import Provenance
from vocmine.corpus.tables import READ
from vocmine.errors import ColumnError, InputError
from vocmine.ingest.files import File, suffix_of
from vocmine.schema import REJECTED

_ASIDE: Final = (".", "~$")
"""How the names of hidden files, and of the locks of open workbooks, begin."""
_COLUMNS: Final = (
    "got a table without a column that is clearly the text, or without one that is named; read it alone, or "
    "describe it with mapping="
)


def files_of(folder: Path, above: str = "") -> Iterator[File]:
    """Give the files of a folder and its sub-folders in the order of their names, each named from `above` on."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield File(path, (PurePath(above) / path.relative_to(folder)).as_posix())


def is_aside(file: File) -> bool:
    """Tell a hidden file or a lock, whose name says that it is no export."""
    return file.path.name.startswith(_ASIDE)


def why_skipped(file: File) -> str:
    """Return, in French, why a file is left aside."""
    return "fichier de travail" if is_aside(file) else f"extension {suffix_of(file.path) or 'absente'} non lue"


def quarantined(source: str, error: InputError) -> Corpus:
    """Return the one rejected row that stands for a file that cannot be read."""
    # What a column is called may be a sentence of the file, where it has no header: its error stays out of the tables.
    detail = _COLUMNS if isinstance(error, ColumnError) else str(error).removeprefix(f"{source}: ")
    entry = {"source": source, "row": 0, "contact_id": None, "reason": "unreadable_file", "detail": detail}
    tables = {name: schema.empty_table() for name, schema in READ.items()}
    tables["rejected"] = pa.Table.from_pylist([entry], schema=REJECTED)
    origin = Provenance((Source(source, 1, notes=("fichier illisible",)),))
    return Corpus.from_tables(tables, index=pd.RangeIndex(1), provenance=origin.to_dict())
