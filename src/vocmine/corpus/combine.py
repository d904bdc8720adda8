"""Several corpora made one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import accumulate
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vocmine.corpus.columns import free_name
from vocmine.corpus.provenance import Provenance
from vocmine.corpus.select import keep_contacts
from vocmine.corpus.tables import SCHEMAS, Tables
from vocmine.errors import InputError
from vocmine.schema import REJECTED, REPAIRS, TURNS

Clash: TypeAlias = Literal["prefix", "reject"]
Keep: TypeAlias = Callable[[pa.Table], pa.Table]


@dataclass(frozen=True)
class Part:
    """What a corpus is made of."""

    tables: Tables
    index: pd.Index
    provenance: Provenance


def combine(parts: Sequence[Part], clash: Clash, keep: Keep = pa.Table.combine_chunks) -> Part:
    """Put parts together; see `Corpus.concat`.

    Parameters
    ----------
    parts : sequence of Part
    clash : {"prefix", "reject"}
    keep : callable
        What becomes of each table once it is made of the parts' own memory: by default it is copied into one piece.
    """
    if clash not in {"prefix", "reject"}:
        raise InputError(f"got clash={clash!r}, expected 'prefix' or 'reject'")
    parts = _with_distinct_sources(parts)
    offsets = accumulate((len(part.index) for part in parts[:-1]), initial=0)
    tables = [_shift(part.tables, offset) for part, offset in zip(parts, offsets, strict=True)]
    tables = _prefix(tables, _sources_with_ids(parts)) if clash == "prefix" else _reject(tables)
    tables = _own_columns_on_one_side(tables)
    return Part(
        {name: keep(_stack([each[name] for each in tables], schema)) for name, schema in SCHEMAS.items()},
        reduce(lambda whole, part: whole.append(part.index), parts[1:], parts[0].index),
        Provenance(
            tuple(source for part in parts for source in part.provenance.sources),
            tuple(skipped for part in parts for skipped in part.provenance.skipped),
            sum(part.provenance.filtered_out for part in parts),
        ),
    )


def _with_distinct_sources(parts: Sequence[Part]) -> list[Part]:
    taken: set[str] = set()
    renamed = []
    for part in parts:
        names = {}
        for source in part.provenance.sources:
            names[source.name] = free_name(source.name, taken)
            taken.add(names[source.name])
        sources = tuple(
            replace(
                source,
                name=names[source.name],
                dates=tuple(replace(read, source=names[source.name]) for read in source.dates),
            )
            for source in part.provenance.sources
        )
        tables = {name: _renamed(table, "source", names) for name, table in part.tables.items()}
        renamed.append(Part(tables, part.index, replace(part.provenance, sources=sources)))
    return renamed


def _renamed(table: pa.Table, column: str, names: Mapping[str, str]) -> pa.Table:
    """Replace the values of a column of strings, those without a new name staying as they are."""
    if column not in table.column_names or not any(old != new for old, new in names.items()):
        return table
    values = [names.get(value, value) for value in table[column].to_pylist()]
    return _with_column(table, column, pa.array(values, pa.string()))


def _with_column(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    position = table.schema.get_field_index(column)
    return table.set_column(position, table.schema.field(position), values)


def _shift(tables: Tables, offset: int) -> Tables:
    return {name: _with_column(table, "row", pc.add(table["row"], offset)) for name, table in tables.items()}


def _sources_with_ids(parts: Sequence[Part]) -> set[str]:
    """Return the sources that name their contacts: where the library does, a new name is no repair."""
    sources = [source for part in parts for source in part.provenance.sources]
    return {source.name for source in sources if any(column.role == "contact_id" for column in source.columns)}


def _prefix(tables: Sequence[Tables], with_ids: set[str]) -> list[Tables]:
    held = pa.chunked_array([ids for part in tables for ids in part["contacts"]["contact_id"].chunks], pa.string())
    times = held.value_counts()
    clashing = times.field("values").filter(pc.greater(times.field("counts"), 1))
    if not len(clashing):
        return list(tables)
    taken = set(held.to_pylist())
    return [_prefix_part(part, clashing, taken, with_ids) for part in tables]


def _prefix_part(part: Tables, clashing: pa.Array, taken: set[str], with_ids: set[str]) -> Tables:
    contacts = part["contacts"].select(["source", "row", "contact_id"])
    names: dict[str, str] = {}
    repairs = []
    for contact in contacts.filter(pc.is_in(contacts["contact_id"], clashing)).to_pylist():
        name = free_name(f"{contact['source']}:{contact['contact_id']}", taken)
        taken.add(name)
        names[contact["contact_id"]] = name
        if contact["source"] in with_ids:
            repairs.append({**contact, "column": "contact_id", "kind": "clashing_id", "count": 1})
    part = {**part, "repairs": pa.concat_tables([part["repairs"], pa.Table.from_pylist(repairs, schema=REPAIRS)])}
    renamed = {name: _renamed(table, "contact_id", names) for name, table in part.items()}
    return {**renamed, "flags": _renamed(renamed["flags"], "of", names)}


def _reject(tables: Sequence[Tables]) -> list[Tables]:
    seen: set[str] = set()
    kept = []
    for part in tables:
        ids = part["contacts"]["contact_id"].to_pylist()
        kept.append(_reject_part(part, seen.intersection(ids)) if seen.intersection(ids) else part)
        seen.update(ids)
    return kept


def _reject_part(part: Tables, clashing: set[str]) -> Tables:
    new = np.array([each not in clashing for each in part["contacts"]["contact_id"].to_pylist()], dtype=bool)
    source_of = dict(zip(*(part["contacts"][name].to_pylist() for name in ("contact_id", "source")), strict=True))
    rejected = [
        {
            "source": source_of[turn["contact_id"]],
            **turn,
            "reason": "duplicate_id",
            "detail": "got a contact id that an earlier source bears, expected a new one",
        }
        for turn in part["turns"].select(["row", "contact_id"]).to_pylist()
        if turn["contact_id"] in clashing
    ]
    table = pa.concat_tables([part["rejected"], pa.Table.from_pylist(rejected, schema=REJECTED)]).sort_by("row")
    return {**keep_contacts(part, new), "rejected": table}


def _own_columns_on_one_side(tables: Sequence[Tables]) -> list[Tables]:
    """Move a column that goes with the turns in some part, and with the contacts in another, to the turns in all."""
    of_turns = {name for part in tables for name in part["turns"].column_names} - set(TURNS.names)
    return [reduce(_to_turns, sorted(of_turns.intersection(part["contacts"].column_names)), part) for part in tables]


def _to_turns(part: Tables, column: str) -> Tables:
    contacts, turns = part["contacts"], part["turns"]
    rank = {each: position for position, each in enumerate(contacts["contact_id"].to_pylist())}
    of_turn = contacts[column].take(pa.array([rank[each] for each in turns["contact_id"].to_pylist()], pa.int64()))
    return {**part, "contacts": contacts.drop_columns([column]), "turns": turns.append_column(column, of_turn)}


def _stack(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """Stack tables; an own column whose types have nothing in common is read as text."""
    own = list(dict.fromkeys(name for table in tables for name in table.column_names if name not in schema.names))
    for column in own:
        if not _stackable([table.select([column]) for table in tables if column in table.column_names]):
            tables = [_as_text(table, column) for table in tables]
    return pa.concat_tables(tables, promote_options="permissive").select([*schema.names, *own])


def _stackable(tables: Sequence[pa.Table]) -> bool:
    try:
        pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowException, TypeError, ValueError):
        return False
    return True


def _as_text(table: pa.Table, column: str) -> pa.Table:
    if column not in table.column_names:
        return table
    texts = pa.array([None if value is None else str(value) for value in table[column].to_pylist()], pa.string())
    return table.set_column(table.schema.get_field_index(column), column, texts)
