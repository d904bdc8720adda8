"""Analyses made by hand: what is heard in each contact and turn is given, and so needs no model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

import vocmine as vm
from vocmine import schema
from vocmine.schema import SIGNALS

MODEL = "by-hand@1.0:0a1b2c3d"
Columns = dict[str, object]


def heard(*signals: str, p: float = 0.9, frustration: int = 0, **columns: object) -> Columns:
    """Return the scores of a text that carries signals, each with the same probability."""
    quiet = {f"p_{name}": 0.01 for name in SIGNALS}
    level = {"frustration": frustration, "p_frustrated": 0.9 if frustration > 1 else 0.05}
    return quiet | {f"p_{name}": p for name in signals} | level | {"signals": list(signals)} | columns


def unheard() -> Columns:
    """Return the scores of a text that was not scored."""
    return {"frustration": None, "signals": None}


def analysed(
    records: Sequence[Mapping[str, object]] | vm.Corpus,
    contacts: Mapping[str, Columns] | None = None,
    *,
    turns: Mapping[tuple[str, int], Columns] | None = None,
    spans: Iterable[tuple[str, int, str, str]] = (),
    embeddings: np.ndarray | None = None,
    embedder: str = MODEL,
) -> vm.Analysis:
    """Return an analysis in which nothing is heard but what is given.

    `spans` are contact, turn, ``label`` or ``kind:label``, and words; `embeddings` has a row a turn.
    """
    corpus = records if isinstance(records, vm.Corpus) else vm.Corpus.from_records(records)
    turn_keys = corpus.turns.select(["contact_id", "turn", "text"]).to_pylist()
    texts = {(row["contact_id"], row["turn"]): row["text"] for row in turn_keys}
    scored = [
        _score({"contact_id": name}, (contacts or {}).get(name, heard()))
        for name in corpus.contacts["contact_id"].to_pylist()
    ]
    of_turns = [_score({"contact_id": one, "turn": at}, (turns or {}).get((one, at), heard())) for one, at in texts]
    segments = [
        {"contact_id": one, "turn": at, "segment": 0, "start": 0, "end": len(text), "text": text}
        for (one, at), text in texts.items()
    ]
    tables = {
        "segments": pa.Table.from_pylist(segments, schema=schema.SEGMENTS),
        "segment_scores": pa.Table.from_pylist(segments, schema=schema.SEGMENT_SCORES),
        "turn_scores": pa.Table.from_pylist(of_turns, schema=schema.TURN_SCORES),
        "contact_scores": pa.Table.from_pylist(scored, schema=schema.CONTACT_SCORES),
        "spans": pa.Table.from_pylist([_span(texts, *span) for span in spans], schema=schema.SPANS),
        "run": pa.Table.from_pylist([_run()], schema=schema.RUN),
    }
    vectors = np.zeros((len(segments), 2)) if embeddings is None else embeddings
    return vm.Analysis(corpus, tables, vectors.astype(np.float32), embedder)


def _score(key: Columns, given: Columns) -> Columns:
    return key | {"n_segments": 1, "abstained": False} | given


def _span(texts: Mapping[tuple[str, int], str], contact_id: str, turn: int, label: str, quote: str) -> Columns:
    kind, _, name = label.rpartition(":")
    start = texts[contact_id, turn].index(quote)
    span = {"contact_id": contact_id, "turn": turn, "start": start, "end": start + len(quote)}
    return span | {"kind": kind or "signal", "label": name, "score": 0.9, "quote": quote, "why": "by hand"}


def _run() -> Columns:
    blank = {pa.string(): "", pa.timestamp("us", tz="UTC"): datetime(2026, 5, 4, 8, tzinfo=UTC)}
    return {field.name: blank.get(field.type, 0) for field in schema.RUN} | {"parameters": "{}", "reasons": "{}"}
