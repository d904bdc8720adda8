"""Which column is what, decided once on the head of the source, so that every chunk is read the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from vocmine.corpus import ColumnFound, ColumnOptions, Corpus, RawRows
from vocmine.corpus.cells import Cells, as_cells, cells, labels
from vocmine.corpus.columns import find_columns, unique_names
from vocmine.corpus.dates import read_dates
from vocmine.corpus.own import own_names, to_arrow
from vocmine.corpus.zones import DEFAULT_ZONE
from vocmine.errors import InputError


@dataclass(frozen=True)
class Columns:
    """The columns of a source and the use made of each.

    Attributes
    ----------
    names : tuple of str
        All the columns, in the order of the first rows.
    found : tuple of ColumnFound
        Those that the library uses.
    options : ColumnOptions
        What makes `Corpus.from_rows` use these and guess nothing: every column, and whether the day comes first.
    own : mapping of str to pyarrow.DataType
        Type of each other column.
    varying : frozenset of str
        Those of the other columns that take two values or more within a contact: they go with the turns.
    dayfirst_from : str
        ``given``, ``values`` or ``default``.
    """

    names: tuple[str, ...]
    found: tuple[ColumnFound, ...]
    options: ColumnOptions
    own: Mapping[str, pa.DataType]
    varying: frozenset[str] = frozenset()
    dayfirst_from: str = "given"

    @classmethod
    def of(
        cls,
        head: pd.DataFrame,
        options: ColumnOptions,
        types: Mapping[str, pa.DataType] | None = None,
        *,
        guessing: bool = True,
    ) -> Self:
        """Decide on the first rows of a source.

        Parameters
        ----------
        head : DataFrame of object
            The first rows.
        options : ColumnOptions
            What the caller says of the columns.
        types : mapping of str to pyarrow.DataType, optional
            Types that the source itself gives to its columns. Those of numbers and times are kept, as later rows may
            need all their width; of the others, the values of the head tell more.
        guessing : bool, default True
            Guess the use of columns that the caller does not name.

        Raises
        ------
        ColumnError
            If a column named is not there, or no column is clearly the text.
        """
        head = named(head)
        found = find_columns(head, options, guessing=guessing)
        types = types or {}
        explicit = {each.role: each.column for each in found if each.role in ColumnOptions.__annotations__}
        told = {name: options[name] for name in ("timezone", "source") if options.get(name) is not None}
        dayfirst, how = _dayfirst(head, {each.role: each.column for each in found}, options.get("dayfirst"))
        used = {each.column for each in found}
        own = {name: _type(head[name], types.get(name)) for name in head.columns if name not in used}
        whole = cast("ColumnOptions", {**told, **explicit, "dayfirst": dayfirst})
        columns = cls(tuple(head.columns), tuple(found), whole, own, dayfirst_from=how)
        return replace(columns, varying=frozenset(columns._varying(head)))

    @property
    def in_turns(self) -> bool:
        """Whether the rows are turns of conversations, so that a contact may take several."""
        return bool({"speaker", "turn"} & {each.role for each in self.found})

    @property
    def key(self) -> str | None:
        """The column that names the contact of a row, if there is one: turns may go by their conversation."""
        column_of = {each.role: each.column for each in self.found}
        return column_of.get("contact_id") or (column_of.get("conversation_id") if self.in_turns else None)

    @cached_property
    def kept_as(self) -> dict[str, str]:
        """The name under which each of the other columns is written."""
        return own_names(self.own)

    def fitted(self, raw: RawRows) -> RawRows:
        """Return rows under the columns of the first ones, once they are known to have them.

        Raises
        ------
        InputError
            If a column is missing or new.
        """
        frame = named(raw.frame)
        if other := set(self.names).symmetric_difference(frame.columns):
            raise InputError(
                f"{raw.source}: got {len(frame.columns)} columns in some rows, expected the {len(self.names)} of the "
                f"first ones; {len(other)} are missing or new: give all rows the same columns"
            )
        return RawRows(frame[list(self.names)], raw.source, raw.rows, raw.malformed, raw.text, raw.notes)

    def contact_ids(self, frame: pd.DataFrame) -> Cells:
        """Return the id of each row's contact, None where a row has none."""
        return as_cells([None] * len(frame)) if self.key is None else labels(cells(frame[self.key]))

    def corpus(self, raw: RawRows) -> Corpus:
        """Read rows as contacts and turns; the other columns stay aside, see `own_columns`."""
        frame = raw.frame[list(dict.fromkeys(each.column for each in self.found))]
        return Corpus.from_rows(RawRows(frame, raw.source, raw.rows, raw.malformed), self.options)

    def own_columns(self, raw: RawRows, turns: pa.Table) -> tuple[dict[str, pa.Array], dict[str, pa.Array]]:
        """Return the other columns, at the rows of the turns, by the name under which they are written.

        Those that go with the contacts come first, those that go with the turns second.

        Raises
        ------
        InputError
            If one holds values of another type than in the first rows.
        """
        places = pa.array(np.searchsorted(raw.rows, turns["row"].to_numpy()))
        arrays = {name: _as_type(raw, name, kind).take(places) for name, kind in self.own.items()}
        return (
            {self.kept_as[name]: array for name, array in arrays.items() if name not in self.varying},
            {self.kept_as[name]: array for name, array in arrays.items() if name in self.varying},
        )

    def describe(self) -> dict[str, object]:
        """Return what a run that goes on with another must share; it can be written as JSON."""
        return {
            "roles": {each.role: each.column for each in self.found},
            "dayfirst": self.options["dayfirst"],
            "timezone": self.options.get("timezone"),
            "own": {name: str(kind) for name, kind in self.own.items()},
            "varying": sorted(self.varying),
        }

    def _varying(self, head: pd.DataFrame) -> Iterator[str]:
        """Find the other columns of which some contact has two values, in a table of turns."""
        if not self.in_turns:
            return
        contact = pd.factorize(self.contact_ids(head))[0]
        named_rows = contact >= 0
        for name in self.own:
            values = pd.Series(as_cells(map(_comparable, cells(head[name]))))
            if values[named_rows].groupby(contact[named_rows]).nunique().gt(1).any():
                yield name


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose column labels are distinct strings."""
    return frame.set_axis(unique_names(frame.columns), axis="columns")


def _comparable(value: object) -> object:
    return value if value is None or isinstance(value, str) else repr(value)


def _dayfirst(head: pd.DataFrame, column_of: Mapping[str, str], given: bool | None) -> tuple[bool, str]:
    """Tell whether the day comes first, as the first column of dates that leaves no doubt says; by default it does."""
    if given is not None:
        return given, "given"
    zones = as_cells([DEFAULT_ZONE] * len(head))
    dates = [read_dates(cells(head[column_of[role]]), zones=zones) for role in ("at", "ended_at") if role in column_of]
    return next(((read.dayfirst, "values") for read in dates if read.dayfirst_from == "values"), (True, "default"))


def _type(column: pd.Series, told: pa.DataType | None) -> pa.DataType:
    if told is not None and _is_plain(told):
        return told
    array, _ = to_arrow(column)
    return pa.string() if pa.types.is_null(array.type) else array.type


def _is_plain(kind: pa.DataType) -> bool:
    return bool(pa.types.is_primitive(kind) or pa.types.is_decimal(kind))


def _as_type(raw: RawRows, name: str, kind: pa.DataType) -> pa.Array:
    array, _ = to_arrow(raw.frame[name])
    try:
        return array.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        position = list(raw.frame.columns).index(name) + 1
        raise InputError(
            f"{raw.source}: got {array.type} in column {position} after row {raw.rows[0]}, expected {kind} as in the "
            "first rows; give it one type, such as text, in all rows"
        ) from None  # the errors of Arrow quote values
