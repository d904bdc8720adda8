"""From the rows of one source to the tables of a corpus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.corpus.columns import ColumnOptions, find_columns, unique_names
from vocmine.corpus.contacts import contact_columns
from vocmine.corpus.dates import Dates
from vocmine.corpus.distinct import Distinct
from vocmine.corpus.layout import Layout, Positions, lay_out, repeated
from vocmine.corpus.own import own_columns
from vocmine.corpus.provenance import Source
from vocmine.corpus.repairs import RepairLog
from vocmine.corpus.rows import Rows
from vocmine.corpus.texts import Texts, read_texts
from vocmine.errors import InputError
from vocmine.schema import CONTACTS, REJECTED, TURNS

_NOT_COLUMNS: Final = ("timezone", "dayfirst", "source")
_ARROW: Final = (pa.Array, pa.ChunkedArray)


@dataclass(frozen=True)
class RawRows:
    """What a reader hands over: the rows of one source, those that could not be read included.

    Attributes
    ----------
    frame : DataFrame
        The rows that were read, columns as the source names them.
    source : str
        Name of the source, without its folder.
    positions : ndarray of int64, shape (n_rows,), optional
        Position of each of these rows among all rows of the source; by default they are the only ones.
    malformed : mapping of int to str
        For each other row, by its position, what is wrong with it, without a word of its content.
    text : str, optional
        Column of the text, where the reader knows no other.
    notes : tuple of str
        How the source was read, in French, for the quality report.
    known : ColumnOptions
        The use of every column that has one, where the format itself tells. None is then guessed, and what the caller
        says of columns is meant for other files: of it, only the time zone and the order of day and month count.
    """

    frame: pd.DataFrame
    source: str = "dataframe"
    positions: Positions | None = None
    malformed: Mapping[int, str] = field(default_factory=dict)
    text: str | None = None
    notes: tuple[str, ...] = ()
    known: ColumnOptions = field(default_factory=ColumnOptions)

    @property
    def n_rows(self) -> int:
        """Rows of the source, malformed ones included."""
        return len(self.frame) + len(self.malformed)

    @property
    def index(self) -> pd.Index:
        """The caller's index, or the positions where the caller has none."""
        return self.frame.index if self.positions is None else pd.RangeIndex(self.n_rows)

    def options(self, given: ColumnOptions) -> ColumnOptions:
        """Return what is known of the columns, once the caller has said what the reader could not know."""
        if not self.known:
            return {**given, "text": given.get("text") or self.text}
        told = {name: given[name] for name in _NOT_COLUMNS if given.get(name) is not None}
        return cast("ColumnOptions", {**self.known, **told})

    @property
    def rows(self) -> Positions:
        """Position of each row of the frame among all rows of the source."""
        return np.arange(len(self.frame)) if self.positions is None else self.positions


def build(raw: RawRows, options: ColumnOptions) -> tuple[dict[str, pa.Table], Source]:
    """Read the rows of a source: each makes one turn, or one rejected row.

    The language and the variant of the contacts are null where the source does not tell them: identifying them takes
    longer than all the rest, and is left to `languages.with_languages`.

    Raises
    ------
    ColumnError
        If a column named is not there, or no column is clearly the text.
    InputError
        If the time zone named does not exist, or the rows are no frame.
    """
    if not isinstance(raw.frame, pd.DataFrame):
        got = type(raw.frame).__name__
        raise InputError(f"got a {got}, expected a pandas.DataFrame; rows of another kind go to from_records")
    frame = raw.frame.set_axis(unique_names(raw.frame.columns), axis="columns")
    options = raw.options(options)
    found = find_columns(frame, options, guessing=not raw.known)
    repairs = RepairLog()
    rows = Rows(frame, found, repairs)
    texts = read_texts(frame[rows.column_of["text"]], repairs)
    ids = rows.contact_ids(raw.rows)
    kept = texts.kept
    again = np.zeros(len(rows), dtype=bool) if rows.in_turns else repeated(ids, kept)
    kept &= ~again

    zones, zone_from = rows.zones(options.get("timezone"))
    dates = {role: rows.dates(role, zones, options.get("dayfirst")) for role in ("at", "ended_at")}
    layout = lay_out(ids, kept, numbers=rows.turn_numbers(), moments=dates["at"].utc, repairs=repairs)
    of_contacts, of_turns, as_text = own_columns(rows.own, layout)
    speakers = rows.speakers()
    contacts = contact_columns(rows, layout, ids=ids, zones=zones, dates=dates)
    contacts |= {"source": pa.repeat(raw.source, layout.n_contacts), "row": raw.rows[layout.first]}
    tables = {
        "contacts": _table(contacts, CONTACTS, of_contacts),
        "turns": _table(_turn_columns(rows, layout, raw.rows, ids, speakers, texts, dates["at"]), TURNS, of_turns),
        "rejected": _rejected(raw, ids, texts, again),
        "repairs": repairs.table(raw.source, raw.rows, ids, kept),
    }
    read = [
        dates[role].summary(raw.source, role, rows.column_of[role], zones=zones, zone_from=zone_from)
        for role in dates
        if role in rows.column_of
    ]
    notes = [
        *raw.notes,
        *(f"colonne « {column} » : lue comme du texte, faute d’un type" for column in as_text),
    ]
    return tables, Source(raw.source, raw.n_rows, tuple(found), tuple(read), tuple(notes))


def _turn_columns(
    rows: Rows, layout: Layout, positions: Positions, ids: Distinct, speakers: Distinct, texts: Texts, at: Dates
) -> dict[str, object]:
    order = layout.order
    said_at = at.utc[order]
    if layout.one_value_each(said_at):
        # The date of the contact, repeated on its turns: it does not tell when the later ones were said.
        said_at[layout.turn > 0] = np.datetime64("NaT")
    return {
        "contact_id": ids.take(order, pa.string()),
        "turn": layout.turn,
        "speaker": speakers.take(order, pa.string()),
        "text": _in_order(texts.text, order),
        "raw": _in_order(texts.raw, order),
        "at": said_at,
        "quoted": rows.flags("quoted")[order],
        "redacted": rows.flags("redacted")[order],
        "row": positions[order],
    }


def _in_order(strings: pa.ChunkedArray, order: Positions) -> pa.ChunkedArray:
    return strings if np.array_equal(order, np.arange(len(strings))) else strings.take(pa.array(order))


def _table(columns: Mapping[str, object], schema: pa.Schema, own: Mapping[str, pa.Array]) -> pa.Table:
    arrays = [
        column.cast(each.type) if isinstance(column := columns[each.name], _ARROW) else pa.array(column, each.type)
        for each in schema
    ]
    table = pa.Table.from_arrays(arrays, schema=schema)
    for name, array in own.items():
        table = table.append_column(name, array)
    return table


def _rejected(raw: RawRows, ids: Distinct, texts: Texts, again: NDArray[np.bool_]) -> pa.Table:
    detail = "got an id that an earlier row bears, expected one row a contact; name the speaker or turn column if any"
    reasons = {**texts.rejected, **dict.fromkeys(np.flatnonzero(again).tolist(), ("duplicate_id", detail))}
    rows = np.fromiter(reasons, dtype=np.int64)
    entries = [
        {"row": row, "contact_id": contact_id, "reason": reason, "detail": detail}
        for row, contact_id, (reason, detail) in zip(
            raw.rows[rows].tolist(), ids.take(rows, pa.string()).to_pylist(), reasons.values(), strict=True
        )
    ]
    entries += [
        {"row": row, "contact_id": None, "reason": "malformed_row", "detail": detail}
        for row, detail in raw.malformed.items()
    ]
    entries.sort(key=lambda entry: entry["row"])
    return pa.Table.from_pylist([{"source": raw.source, **entry} for entry in entries], schema=REJECTED)
