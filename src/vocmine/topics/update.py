"""New contacts come in; topics keep their ids, new ones are born, silent ones are marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.schema import LINEAGE, TOPICS
from vocmine.topics.fitting import canonical_order, named, reference, shaping_rows
from vocmine.topics.neighbours import Floats, unit_rows
from vocmine.topics.novelty import bursting, fewest_contacts, holders, new_groups, usage_of
from vocmine.topics.rule import Placed, Rule
from vocmine.topics.state import State
from vocmine.topics.tables import counted
from vocmine.topics.units import Units

if TYPE_CHECKING:
    from vocmine.topics.fitting import Settings

Span = tuple[pd.Timestamp | None, pd.Timestamp | None]

_SILENT: Final = 5.0
"""A topic dies when it is silent where five segments were to be expected: by chance, one time in 150."""


def updated(state: State, units: Units, settings: Settings, span: Span) -> State:
    """Return the state after new units.

    Parameters
    ----------
    state : State
    units : Units
        The new ones alone.
    settings : Settings
    span : pair of timestamps
        First and last of the new contacts.
    """
    part = units.take(shaping_rows(units, canonical_order(units), settings))
    held = holders(part, state.rule.features)
    usage = usage_of(part, held)
    words = bursting(usage, state.usage, fewest_contacts(part))
    burst = [root for root in words if root not in state.rule.features.own]
    state = _with_words(state, burst)
    vectors = state.rule.vectors(part)
    known = state.reference.astype(np.float32)
    centres = new_groups(part, vectors, state.rule, known, [held[root] for root in burst])
    born = _next_id(state) + np.arange(len(centres))
    rule = replace(
        state.rule,
        centres=np.concatenate([state.rule.centres, centres]),
        owners=np.concatenate([state.rule.owners, born]),
    )
    placed = rule.place(rule.vectors(units))
    at = rule.place(vectors)
    table = _table(state, rule, part, at, born, units, placed, settings, span)
    lineage = _lineage(state, table, rule, units, placed, born, span)
    table = _marked(table, lineage)
    return replace(
        state,
        rule=rule,
        table=table,
        lineage=pa.concat_tables([state.lineage, lineage]),
        reference=reference(np.concatenate([known, vectors]), settings.seed),
        usage=state.usage + usage,
        births=np.concatenate([state.births, centres]),
    )


def _next_id(state: State) -> int:
    return int(max(state.table["topic_id"].to_pylist())) + 1


def _with_words(state: State, words: Sequence[str]) -> State:
    """Give each word a dimension of its own, in which all that is known stands at 0."""
    if not words:
        return state

    def widened(values: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.pad(values, ((0, 0), (0, len(words))))

    rule = replace(
        state.rule, features=state.rule.features.extended(words), centres=widened(state.rule.centres).astype(np.float32)
    )
    return replace(
        state,
        rule=rule,
        reference=widened(state.reference).astype(np.float16),
        births=widened(state.births).astype(np.float32),
    )


def _table(
    state: State,
    rule: Rule,
    part: Units,
    at: Placed,
    born: NDArray[np.int64],
    units: Units,
    placed: Placed,
    settings: Settings,
    span: Span,
) -> pa.Table:
    """Count the topics in the update, and add those born."""
    rows = {row["topic_id"]: row for row in state.table.to_pylist()}
    if len(born):
        names = [rows[topic]["label"] if topic in rows else "" for topic in range(max(rows) + 1)]
        described, quoted = named(part, at, rule, names, settings)
        taken = set(names)
        for found in described:
            if found.topic in born:
                label = found.label if found.label not in taken else f"{found.label} ({found.topic})"
                rows[found.topic] = {
                    "topic_id": found.topic,
                    "label": label,
                    "terms": [name for name, _ in found.terms],
                    "weights": [weight for _, weight in found.terms],
                    "language": found.language,
                    "quotes": quoted.get(found.topic, []),
                    "born": span[0],
                    "status": "new",
                }
    counts = counted(units, placed.topics, int(units.contacts.max()) + 1 if len(units) else 0).to_dict("index")
    empty = {"contacts": 0, "segments": 0, "share": 0.0}
    ordered = [rows[topic] for topic in sorted(rows, key=lambda topic: (topic < 0, topic))]
    return pa.Table.from_pylist([row | counts.get(row["topic_id"], empty) for row in ordered], schema=TOPICS)


def _lineage(
    state: State, table: pa.Table, rule: Rule, units: Units, placed: Placed, born: NDArray[np.int64], span: Span
) -> pa.Table:
    """Tell what became of each topic in the update."""
    vectors: Floats = rule.vectors(units)
    past = state.lineage.to_pandas()
    update = int(past["update"].max()) + 1
    first = {int(topic): row for row, topic in reversed(list(enumerate(rule.owners)))}
    births = np.concatenate([state.births, rule.centres[len(state.births) :]])
    rows = []
    for row in table.to_pylist():
        topic = row["topic_id"]
        if topic not in first:
            continue
        own = placed.topics == topic
        mean = unit_rows(vectors[own].mean(axis=0, keepdims=True))[0] if own.any() else None
        rows.append(
            {
                "update": update,
                "since": span[0],
                "until": span[1],
                "topic_id": topic,
                "event": "born" if topic in born else _event(past[past["topic_id"] == topic], row, len(units)),
                "label": row["label"],
                "segments": int(own.sum()),
                "share": float(own.mean()) if len(own) else 0.0,
                "drift": None if mean is None else max(0.0, float(1 - mean @ births[first[topic]])),
            }
        )
    return pa.Table.from_pylist(rows, schema=LINEAGE)


def _event(past: pd.DataFrame, row: dict[str, object], n_units: int) -> str:
    died = bool((past["event"] == "died").any()) and past.loc[past["event"].isin(["died", "revived"]), "event"].iloc[-1]
    if row["segments"]:
        return "revived" if died == "died" else "kept"
    spoken = past[past["segments"] > 0]
    since = past[past["update"] > (spoken["update"].max() if len(spoken) else -1)]
    expected = float(spoken["share"].mean() if len(spoken) else 0) * n_units * (len(since) + 1)
    return "died" if expected >= _SILENT and died != "died" else "kept"


def _marked(table: pa.Table, lineage: pa.Table) -> pa.Table:
    """Set the status of each topic by what became of it."""
    events = dict(zip(lineage["topic_id"].to_pylist(), lineage["event"].to_pylist(), strict=True))
    status = {"born": "new", "died": "dead", "revived": "active"}
    rows = table.to_pylist()
    for row in rows:
        event = events.get(row["topic_id"])
        if event == "kept":
            row["status"] = "active" if row["segments"] else row["status"]
        elif event in status:
            row["status"] = status[event]
    return pa.Table.from_pylist(rows, schema=TOPICS)
