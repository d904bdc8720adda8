"""Rows of any kind come in (frames, records, Arrow tables, datasets); a `Corpus` of contacts and turns goes out.

`columns` tells which column is what, `rows` reads each of them, `layout` groups rows into contacts and turns, `build`
makes the tables. Every row of the input makes one turn or one rejected row, and whatever is repaired is logged.
"""

from vocmine.corpus.build import RawRows
from vocmine.corpus.columns import ColumnFound, ColumnOptions
from vocmine.corpus.combine import Clash
from vocmine.corpus.corpus import Corpus
from vocmine.corpus.dates import DatesRead
from vocmine.corpus.exchange import arrow_frame, record_rows
from vocmine.corpus.provenance import Source
from vocmine.corpus.quality import QualityReport

__all__ = [
    "Clash",
    "ColumnFound",
    "ColumnOptions",
    "Corpus",
    "DatesRead",
    "QualityReport",
    "RawRows",
    "Source",
    "arrow_frame",
    "record_rows",
]
