"""A corpus without personal data: turns, ids, columns of the user's own, and what cleaning removed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from vocmine.corpus.personal_cells import protected_column
from vocmine.corpus.personal_values import How, Protection
from vocmine.schema import CONTACTS, FLAGS, PERSONAL, REMOVED, TURNS
from vocmine.text.offsets import OffsetMap
from vocmine.text.personal import FindOptions, Names, Patterns, Replaced

SECONDS: Final = 5.0
"""Seconds that one text may take; it is withheld then."""

_FREE_TEXT: Final = ("variant", "team", "product", "outcome")
_OF_PERSONS: Final = ("conversation_id", "customer_id", "agent_id")
_IDS: Final = ("contact_id", *_OF_PERSONS)


def protect(
    tables: Mapping[str, pa.Table],
    *,
    how: How = "mask",
    key: str | bytes | None = None,
    kinds: Collection[str] | None = None,
    patterns: Patterns | None = None,
    names: Names | bool = True,
    deadline: float = SECONDS,
) -> dict[str, pa.Table]:
    """Return the tables of a corpus without personal data.

    The texts of turns, and columns of the user's own that are text, lose what is found in them; columns whose name
    announces personal data (« prénom », « e-mail », « date de naissance ») are replaced whole. What was received and
    what cleaning removed is no longer kept. Ids that hold personal data become pseudonyms, the same in all tables.
    A text that takes too long is withheld as a whole.

    Parameters
    ----------
    tables : mapping of str to Table
        What `Corpus.tables` returns.
    how : {"mask", "pseudonymise", "drop"}, default "mask"
        ``mask``: the kind stands there, « [téléphone] ». ``pseudonymise``: the kind and a pseudonym, the same for the
        same value of the same customer, « [téléphone·k3f9b2] »; ids of customers, agents and conversations become
        pseudonyms as well. ``drop``: nothing stands there.
    key : str or bytes, optional
        For ``pseudonymise``: a secret of 16 bytes or more.
    kinds, patterns, names
        Of `vocmine.text.personal.find_personal`.
    deadline : float, default 5.0
        Seconds that a text may take.

    Returns
    -------
    dict of str to Table
        The same tables; `personal` has one row for each place in the turns where personal data stood.

    Raises
    ------
    InputError
        If an option is not possible.
    """
    options: FindOptions = {"kinds": kinds, "patterns": patterns, "names": names}
    protection = Protection.of(how, key, options, deadline)
    scope_of = _scopes(tables["contacts"])
    turns, replaced = _turns(tables["turns"], scope_of, protection)
    changed = {
        "contacts": _columns(tables["contacts"], CONTACTS, scope_of, protection),
        "turns": _columns(turns, TURNS, scope_of, protection),
        "personal": _personal(tables, replaced),
        "removed": _nulled(tables["removed"], "text", REMOVED),
    }
    return {name: _ids(changed.get(name, table), protection) for name, table in tables.items()}


def _scopes(contacts: pa.Table) -> dict[str, str]:
    """Return within what the pseudonyms of each contact are the same: its customer, or itself where none is known."""
    ids = (contacts[name].to_pylist() for name in ("contact_id", "customer_id"))
    return {contact: customer or f"contact {contact}" for contact, customer in zip(*ids, strict=True)}


def _turns(
    turns: pa.Table, scope_of: Mapping[str, str], protection: Protection
) -> tuple[pa.Table, dict[int, Replaced]]:
    """Return the turns with their texts replaced, and what was replaced in those that changed, by their rank."""
    replaced: dict[int, Replaced] = {}
    texts, redacted = turns["text"].to_pylist(), turns["redacted"].to_pylist()
    for place, contact in enumerate(turns["contact_id"].to_pylist()):
        result = protection.text(texts[place], scope_of[contact])
        if result.found:
            replaced[place] = result
            texts[place], redacted[place] = result.text, True
    for name, values in (("text", texts), ("redacted", redacted)):
        turns = turns.set_column(
            turns.schema.get_field_index(name), TURNS.field(name), pa.array(values, TURNS.field(name).type)
        )
    return _nulled(turns, "raw", TURNS), replaced


def _nulled(table: pa.Table, column: str, schema: pa.Schema) -> pa.Table:
    entry = schema.field(column)
    return table.set_column(table.schema.get_field_index(column), entry, pa.nulls(table.num_rows, entry.type))


def _columns(table: pa.Table, schema: pa.Schema, scope_of: Mapping[str, str], protection: Protection) -> pa.Table:
    """Return a table whose free text and whose columns of the user's own hold no personal data."""
    scopes = [scope_of[contact] for contact in table["contact_id"].to_pylist()]
    for place, name in enumerate(table.column_names):
        if name in schema.names and name not in _FREE_TEXT:
            continue
        table = table.set_column(place, name, protected_column(table[name], name, scopes, protection))
    return table


def _personal(tables: Mapping[str, pa.Table], replaced: Mapping[int, Replaced]) -> pa.Table:
    """Return where personal data stand replaced: those of an earlier call, moved, then those of this one."""
    turns = tables["turns"]
    keys = [turns[name].to_pylist() for name in ("contact_id", "turn", "row")]
    sources = (tables["contacts"][name].to_pylist() for name in ("contact_id", "source"))
    source_of = dict(zip(*sources, strict=True))
    entries = list(
        _moved(tables["personal"], {(keys[0][place], keys[1][place]): each for place, each in replaced.items()})
    )
    for place, result in replaced.items():
        contact, turn, row = (values[place] for values in keys)
        of_turn = {"source": source_of[contact], "row": row, "contact_id": contact, "turn": turn}
        for found, edit in zip(result.found, result.edits, strict=True):
            where = {"start": found.start, "end": found.end, "kind": found.kind}
            entries.append({**of_turn, **where, "replacement": edit.new, "why": found.why})
    ranks = {key: rank for rank, key in enumerate(zip(keys[0], keys[1], strict=True))}
    entries.sort(key=lambda entry: (ranks[entry["contact_id"], entry["turn"]], entry["start"]))
    return pa.Table.from_pylist(entries, schema=PERSONAL)


def _moved(personal: pa.Table, replaced: Mapping[tuple[str, int], Replaced]) -> Iterator[dict[str, Any]]:
    """Return what an earlier call replaced, by its place in the texts of this one."""
    for entry in personal.to_pylist():
        result = replaced.get((entry["contact_id"], entry["turn"]))
        if result is not None:
            entry["start"], entry["end"] = OffsetMap(result.edits).forward(entry["start"], entry["end"])
        yield entry


def _ids(table: pa.Table, protection: Protection) -> pa.Table:
    """Return a table whose ids hold no personal data."""
    for place, name in enumerate(table.column_names):
        if name not in _IDS and not (name == "of" and table.column_names == FLAGS.names):
            continue
        ids = pc.dictionary_encode(table[name].combine_chunks())
        new = [protection.id(value, of_person=name in _OF_PERSONS) for value in ids.dictionary.to_pylist()]
        column = pa.DictionaryArray.from_arrays(ids.indices, pa.array(new, pa.string())).dictionary_decode()
        table = table.set_column(place, table.schema.field(name), column)
    return table
