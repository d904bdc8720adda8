"""Turns without what does not belong to them: quotes and signatures of e-mails, hesitations of speech."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from vocmine.errors import InputError
from vocmine.schema import CHANNELS, REMOVED, TURNS
from vocmine.text import normalise
from vocmine.text.cleaning import Cleaned, Removed, remove
from vocmine.text.email import clean_email
from vocmine.text.speech import clean_speech

CLEANERS: Final[Mapping[str, Callable[[str], Cleaned]]] = {"email": clean_email, "phone": clean_speech}
"""What cleans the turns of each channel."""


def clean_turns(tables: Mapping[str, pa.Table], channels: Collection[str]) -> dict[str, pa.Table]:
    """Return the tables with the turns of some channels cleaned; see `Corpus.clean`."""
    unknown = set(channels) - set(CLEANERS)
    if unknown:
        known = " or ".join(map(repr, CLEANERS))
        got = ", ".join(repr(each) if each in CHANNELS else "another name" for each in sorted(unknown))
        raise InputError(f"got {got} among the channels to clean, expected {known}")
    turns = tables["turns"]
    texts, raws = turns["text"].to_pylist(), turns["raw"].to_pylist()
    cleaned = _cleaned(tables, texts, channels)
    removed = []
    keys = turns.select(["contact_id", "turn", "row"])
    for place, result in cleaned.items():
        received = raws[place] if raws[place] is not None else texts[place]
        keys_of_turn = {name: keys[name][place].as_py() for name in keys.column_names}
        removed += [{**keys_of_turn, **entry} for entry in _entries(received, result)]
        texts[place], raws[place] = result.text, received
    changed = _with_texts(turns, texts, raws)
    return {**tables, "turns": changed, "removed": _added(tables, removed)}


def _cleaned(tables: Mapping[str, pa.Table], texts: list[str], channels: Collection[str]) -> dict[int, Cleaned]:
    """Clean each distinct text of the channels once; return the turns that lose something."""
    turns, done = tables["turns"], set(zip(*(tables["removed"][name].to_pylist() for name in _KEYS), strict=True))
    channel_of = dict(zip(*(tables["contacts"][name].to_pylist() for name in ("contact_id", "channel")), strict=True))
    cleaners = {name: cache(CLEANERS[name]) for name in channels}
    found = {}
    for place, (contact, turn) in enumerate(zip(*(turns[name].to_pylist() for name in _KEYS), strict=True)):
        cleaner = cleaners.get(channel_of[contact])
        if cleaner is None or (contact, turn) in done or turns["redacted"][place].as_py():
            continue
        result = cleaner(texts[place])
        if result.removed:
            found[place] = result
    return found


_KEYS: Final = ("contact_id", "turn")


def _entries(received: str, result: Cleaned) -> list[dict[str, object]]:
    """Return what was removed, by its place in the text as received."""
    repaired = normalise(received)
    entries = []
    for span in result.removed:
        start, end = repaired.to_raw(span.start, span.end)
        words = result.raw[span.start : span.end]
        entries.append({"start": start, "end": end, "kind": span.kind, "why": span.why, "text": words})
    return entries


def _with_texts(turns: pa.Table, texts: list[str], raws: list[str | None]) -> pa.Table:
    for name, values in (("text", texts), ("raw", raws)):
        turns = turns.set_column(turns.schema.get_field_index(name), TURNS.field(name), pa.array(values, pa.string()))
    return turns


def _added(tables: Mapping[str, pa.Table], removed: list[dict[str, object]]) -> pa.Table:
    if not removed:
        return tables["removed"]
    contacts = tables["contacts"]
    source_of = dict(zip(*(contacts[name].to_pylist() for name in ("contact_id", "source")), strict=True))
    entries = [{**entry, "source": source_of[entry["contact_id"]]} for entry in removed]
    return pa.concat_tables([tables["removed"], pa.Table.from_pylist(entries, schema=REMOVED)]).sort_by("row")


def place_in_raw(tables: Mapping[str, pa.Table], contact_id: str, turn: int, span: tuple[int, int]) -> tuple[int, int]:
    """Return where a span of a turn's text stands in the text as received; see `Corpus.to_raw`."""
    found, removed = (_of_turn(tables[name], contact_id, turn) for name in ("turns", "removed"))
    if not found.num_rows:
        raise InputError(f"got turn {turn} of a contact that has none of that number, expected one of corpus.turns")
    if found["redacted"][0].as_py():
        raise InputError("got a turn whose personal data are masked, expected one as received: it is not kept")
    received = found["raw"][0].as_py()
    if received is None and removed.num_rows:
        raise InputError("got a turn of a protected corpus, expected one as received: its raw text is not kept")
    repaired = normalise(found["text"][0].as_py() if received is None else received)
    spans = [
        Removed(*repaired.from_raw(each["start"], each["end"]), each["kind"], each["why"])
        for each in removed.to_pylist()
    ]
    return repaired.to_raw(*remove(repaired.text, spans).to_raw(*span))


def _of_turn(table: pa.Table, contact_id: str, turn: int) -> pa.Table:
    return table.filter(pc.and_(pc.equal(table["contact_id"], contact_id), pc.equal(table["turn"], turn)))
