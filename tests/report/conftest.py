"""Analyses made by hand: the polarity of each segment is given, everything else is computed as `Miner` does."""

import json
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

import vocmine as vm
from vocmine import schema
from vocmine.sentiment import Reading
from vocmine.sentiment.tables import contact_scores, segment_scores, turn_scores
from vocmine.signals.find import no_signals
from vocmine.text import scorable, segment

MODEL = "by-hand@1.0:0a1b2c3d"
NEGATIVE, NEUTRAL, POSITIVE = (0.9, 0.08, 0.02), (0.05, 0.9, 0.05), (0.02, 0.08, 0.9)


def polarity(text):
    """Read the polarity from two words that the tests use on purpose."""
    if "inadmissible" in text.lower():
        return NEGATIVE
    return POSITIVE if "parfait" in text.lower() else NEUTRAL


@pytest.fixture(scope="session")
def analyse():
    """Score records, or a corpus: « inadmissible » is negative, « parfait » positive, all the rest neutral."""
    return _analyse


@pytest.fixture(scope="session")
def eight(analyse):
    """Eight contacts of three channels over three weeks of March 2026: four negative, two positive, one neutral, and
    one without a letter."""
    days = ("02 09:00", "03 10:00", "04 11:00", "10 09:00", "11 23:30", "12 10:00", "16 09:00", "18 09:00")
    channels = ("mail", "mail", "mail", "tel", "tel", "tel", "chat", "mail")
    texts = (
        "Toujours pas remboursé, c’est inadmissible.",
        "Troisième relance pour ma facture, inadmissible !",
        "Colis perdu et personne au bout du fil : inadmissible.",
        "Le technicien a tout réparé, c’est parfait.",
        "Conseillère aimable, échange parfait, merci à elle.",
        "Quel est le tarif de la fibre à Nantes ?",
        "Une heure d’attente, inadmissible pour un abonné.",
        "12 34 ??",
    )
    rows = zip(days, channels, texts, strict=True)
    return analyse(
        [
            {"id": f"C{k}", "client": f"P{k // 2}", "date": f"2026-03-{day}", "canal": channel, "message": text}
            for k, (day, channel, text) in enumerate(rows)
        ]
    )


def _analyse(records, **columns):
    corpus = records if isinstance(records, vm.Corpus) else vm.Corpus.from_records(records, **columns)
    texts = corpus.turns["text"].to_pylist()
    spans = [(row, rank, *span) for row, text in enumerate(texts) for rank, span in enumerate(segment(text))]
    turn = np.array([row for row, *_ in spans], dtype=np.int64)
    said = [texts[row][start:end] for row, _, start, end in spans]
    keys = corpus.turns.select(["contact_id", "turn"]).take(pa.array(turn)).columns
    ranks = [pa.array([span[k] for span in spans], pa.int32()) for k in (1, 2, 3)]
    segments = pa.Table.from_arrays([*keys, *ranks, pa.array(said, pa.string())], schema=schema.SEGMENTS)
    reasons = [scorable(text) for text in said]
    scores = [(np.nan,) * 3 if reason else polarity(text) for text, reason in zip(said, reasons, strict=True)]
    scores = np.array(scores, dtype=np.float64).reshape(-1, 3)
    lengths = np.array([len(text) for text in said], dtype=np.int64)
    reading = Reading(turn, lengths, lengths, reasons, {"sentiment": scores})
    turns = reading.roll_up(turn, corpus.turns.num_rows)
    none = no_signals(corpus)
    contacts = contact_scores(corpus, reading, turns, MODEL, beside=none.contacts)
    tables = {
        "segments": segments,
        "segment_scores": segment_scores(segments, reading),
        "turn_scores": turn_scores(corpus, reading, turns, MODEL, beside=none.turns),
        "contact_scores": contacts,
        "spans": schema.SPANS.empty_table(),
        "run": _run(corpus, contacts, said),
    }
    return vm.Analysis(corpus, tables, np.zeros((len(said), 2), dtype=np.float32), MODEL)


def _run(corpus, contacts, said):
    row = dict.fromkeys(schema.RUN.names, 0) | {
        "vocmine": "0.1",
        "model_id": MODEL,
        "device": "cpu",
        "dtype": "float32",
        "parameters": json.dumps({"device": "auto"}),
        "started_at": datetime(2026, 5, 4, 8, tzinfo=UTC),
        "seconds": 4.2,
        "rows_in": corpus.rows_in,
        "contacts": corpus.contacts.num_rows,
        "contacts_scored": corpus.contacts.num_rows - contacts["sentiment"].null_count,
        "segments": len(said),
        "segments_distinct": len(set(said)),
        "reasons": "{}",
    }
    return pa.Table.from_pylist([row], schema=schema.RUN)
