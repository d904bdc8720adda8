"""The tables that a corpus is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import pyarrow as pa

from vocmine.errors import InputError
from vocmine.schema import CONTACTS, FLAGS, PERSONAL, REJECTED, REMOVED, REPAIRS, TURNS

TableName: TypeAlias = Literal["contacts", "turns", "rejected", "repairs", "removed", "personal", "flags"]
Tables: TypeAlias = dict[str, pa.Table]

READ: Final = {"contacts": CONTACTS, "turns": TURNS, "rejected": REJECTED, "repairs": REPAIRS}
"""Tables that reading makes."""

ANNOTATIONS: Final = {"removed": REMOVED, "personal": PERSONAL, "flags": FLAGS}
"""Tables that cleaning, protecting and flagging fill."""

SCHEMAS: Final = {**READ, **ANNOTATIONS}


def complete(tables: Mapping[str, pa.Table]) -> Tables:
    """Return all the tables of a corpus, annotations that are missing being empty.

    Raises
    ------
    InputError
        If a table that reading makes is missing, or a table lacks a column of its schema.
    """
    whole = {**{name: schema.empty_table() for name, schema in ANNOTATIONS.items()}, **tables}
    for name, schema in SCHEMAS.items():
        missing = set(schema.names) - set(whole[name].column_names) if name in whole else {"(the table itself)"}
        if missing:
            raise InputError(
                f"table {name!r} lacks {', '.join(sorted(missing))}, expected the columns of vocmine.schema; "
                "give what Corpus.tables() returned"
            )
    return {name: whole[name] for name in SCHEMAS}
