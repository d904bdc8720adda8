"""One batch of whole contacts comes in; one table of a fixed schema goes out, rejected rows included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias, Unpack

import numpy as np
import pandas as pd
import pyarrow as pa

from vocmine import schema
from vocmine.analysis import Analysis
from vocmine.corpus import ColumnOptions, Corpus, arrow_frame
from vocmine.corpus.cells import Cells, cells, labels, present
from vocmine.corpus.columns import existing_column
from vocmine.errors import InputError
from vocmine.miner import Miner

TableName: TypeAlias = Literal["contacts", "turns"]

# Where a row stands in its batch, and the batch's name, mean nothing outside it.
_OF_THE_BATCH: Final = frozenset({"row", "source"})
_NEVER_NULL: Final = frozenset({"n_segments", "abstained"})
_REJECTED: Final = (
    pa.field("rejected", pa.bool_(), nullable=False, metadata={"about": "a row of the input that could not be read"}),
    pa.field("detail", pa.string(), metadata={"about": "of rejected rows: what was got and what was expected"}),
    pa.field("rows", pa.int32(), nullable=False, metadata={"about": "rows of the input that this row stands for"}),
)
_OF_REJECTED: Final[dict[str, object]] = {"n_segments": 0, "abstained": True, "rejected": True, "rows": 1}
_WITHOUT_ID: Final[dict[str, object]] = {
    "reason": "missing_contact_id",
    "detail": "got no contact id, expected one: an id made in one batch may be another's",
}
# Uses of columns that have no option: they are taken wherever a column bears their name, as in the whole library.
_FLAGS: Final = ("quoted", "redacted")


def output_schema(table: TableName = "contacts") -> pa.Schema:
    """Return the schema of the scores, which is the same for every batch.

    Parameters
    ----------
    table : {"contacts", "turns"}
        One row a contact, or one row a turn. In both, each rejected row has a row too, where ``rejected`` is true: the
        column ``rows`` sums to the rows given.

    Raises
    ------
    InputError
        If there is no such table.

    Examples
    --------
    >>> output_schema("turns").names[-4:]
    ['reason', 'rejected', 'detail', 'rows']
    """
    if table == "contacts":
        fields = [*schema.CONTACTS, *list(schema.CONTACT_SCORES)[1:]]
    elif table == "turns":
        fields = [*schema.TURNS, *list(schema.TURN_SCORES)[2:]]
    else:
        raise InputError(f"got table={table!r}, expected 'contacts' or 'turns'")
    kept = [each.with_nullable(each.name not in _NEVER_NULL) for each in fields if each.name not in _OF_THE_BATCH]
    return pa.schema([*kept, *_REJECTED])


class BatchScorer:
    """Score batches of rows, each by itself.

    Parameters
    ----------
    miner : Miner
        Its model is loaded at the first batch.
    table : {"contacts", "turns"}, default "contacts"
        What a row of the result is.
    **columns
        Columns of the rows and how they are read, as in `Corpus.from_pandas`. ``text`` and ``contact_id`` are needed; a
        use that is not named has no column, and columns without a use are left out: join them back by contact. Dates
        such as 03/04/2025 are read day first unless ``dayfirst=False``.

    Notes
    -----
    One thing still depends on the batch: where none of its contacts has turns of different dates, these are taken for
    the date of the contact, and ``at`` is null from its second turn on.

    Raises
    ------
    InputError
        If the text or the contact's id is not named, or there is no such table.

    Examples
    --------
    >>> scorer = BatchScorer(Miner(), text="message", contact_id="id")
    >>> scores = scorer.score(pd.DataFrame({"id": [1, 2], "message": ["Merci, tout est réglé !", None]}))
    >>> scores["sentiment"].to_pylist(), scores["reason"].to_pylist()
    (['positive', None], [None, 'missing_text'])
    """

    def __init__(self, miner: Miner, table: TableName = "contacts", **columns: Unpack[ColumnOptions]) -> None:
        for role in ("text", "contact_id"):
            if columns.get(role) is None:
                raise InputError(
                    f"got no {role}, expected the name of its column: {role}='…'; batches are read apart, so that "
                    "neither columns can be guessed nor ids be made that hold for all of them"
                )
        self.miner = miner
        self.table = table
        self.schema = output_schema(table)
        # Told once for all batches: left open, the dates of each would say what its days and months are.
        self.columns: ColumnOptions = {**columns, "dayfirst": columns.get("dayfirst") is not False}

    def __call__(self, batch: pa.Table) -> pa.Table:
        """Score an Arrow table; see `score`."""
        return self.score(arrow_frame(batch))

    def score(self, frame: pd.DataFrame) -> pa.Table:
        """Score a frame that holds all the rows of its contacts.

        Returns
        -------
        pyarrow.Table
            As `output_schema` says: the contacts or turns, then the rejected rows, those without a contact id last.

        Raises
        ------
        ColumnError
            If a column named is not there.
        """
        rows = frame[self.columns_of(frame.columns.tolist())]
        known = present(self.contact_ids(rows))
        analysis = self.miner.score(Corpus.from_pandas(rows[known], **self.columns))
        scored = _contacts(analysis) if self.table == "contacts" else _turns(analysis)
        rejected = analysis.corpus.rejected.select(["contact_id", "reason", "detail"]).to_pylist()
        rejected += [_WITHOUT_ID] * int(np.count_nonzero(~known))
        return pa.concat_tables(
            [
                pa.table({name: scored[name] for name in self.schema.names}, schema=self.schema),
                pa.Table.from_pylist([_OF_REJECTED | each for each in rejected], schema=self.schema),
            ]
        )

    def contact_ids(self, frame: pd.DataFrame) -> Cells:
        """Return the contact id of each row, None where there is none."""
        return labels(cells(frame[self.columns["contact_id"]]))

    def columns_of(self, names: Sequence[str]) -> list[str]:
        """Return the columns that are read, of those there are.

        Raises
        ------
        ColumnError
            If one that is named is not there.
        """
        given = {role: str(name) for role, name in self.columns.items() if role not in {"dayfirst", "source"} and name}
        if given.get("timezone") not in names:
            given.pop("timezone", None)  # the name of a zone, not of a column
        there = pd.DataFrame(columns=list(names))
        named = [existing_column(there, role, name) for role, name in given.items()]
        return list(dict.fromkeys([*named, *(flag for flag in _FLAGS if flag in names)]))


def _contacts(analysis: Analysis) -> dict[str, object]:
    corpus = analysis.corpus
    rows = Counter(corpus.turns["contact_id"].to_pylist())
    rows_of = [rows[contact_id] for contact_id in corpus.contacts["contact_id"].to_pylist()]
    return _scored(corpus.contacts, analysis.tables["contact_scores"], rows_of)


def _turns(analysis: Analysis) -> dict[str, object]:
    turns = analysis.corpus.turns
    return _scored(turns, analysis.tables["turn_scores"], [1] * turns.num_rows)


def _scored(of_corpus: pa.Table, scores: pa.Table, rows: list[int]) -> dict[str, object]:
    columns: dict[str, object] = {name: table[name] for table in (of_corpus, scores) for name in table.column_names}
    return columns | {"rejected": [False] * len(rows), "detail": [None] * len(rows), "rows": rows}
