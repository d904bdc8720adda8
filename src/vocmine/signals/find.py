"""A corpus and its encoding come in; the columns and spans of everything that is found besides sentiment go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine import schema
from vocmine.corpus import Corpus
from vocmine.corpus.segments import Segments
from vocmine.inference import Encoding, RunnableModel
from vocmine.signals.heard import hear
from vocmine.signals.reckoned import reckoned
from vocmine.signals.shown import signal_spans
from vocmine.signals.tables import contact_columns, turn_columns
from vocmine.signals.weighed import weigh


@dataclass(frozen=True, eq=False)
class Signals:
    """What is found: columns of the tables of turns and contacts, and spans as in `vocmine.schema`."""

    turns: dict[str, pa.Array]
    contacts: dict[str, pa.Array]
    spans: pa.Table


def find_signals(
    corpus: Corpus,
    segments: Segments,
    encoding: Encoding,
    model: RunnableModel,
    *,
    turn_sentiment: NDArray[np.float64],
    contact_sentiment: NDArray[np.float64],
) -> Signals:
    """Find signals, frustration, styles and what stands on them.

    Parameters
    ----------
    corpus : Corpus
    segments : Segments
        Of the corpus.
    encoding : Encoding
        Of the segments that are scorable.
    model : RunnableModel
        What made the encoding.
    turn_sentiment, contact_sentiment : float arrays of shape (n, 4)
        Probabilities of negative, neutral, positive and mixed; NaN where not scored.
    """
    heard = hear(corpus, model, encoding, segments.turn, segments.scorable)
    found = weigh(corpus, heard, turn_sentiment, contact_sentiment, model.manifest.decisions)
    spans = signal_spans(corpus, segments.table, heard, found, model)
    columns, events = reckoned(corpus, heard, found, spans, contact_sentiment)
    return Signals(
        turn_columns(found, heard.agent),
        contact_columns(corpus, found, heard.contact) | columns,
        merged(corpus, [spans, events]),
    )


def no_signals(corpus: Corpus) -> Signals:
    """Return the same columns, null everywhere, and no span."""
    return Signals(
        _nulls(schema.TURN_SCORES, corpus.turns.num_rows),
        _nulls(schema.CONTACT_SCORES, corpus.contacts.num_rows),
        schema.SPANS.empty_table(),
    )


def merged(corpus: Corpus, tables: Sequence[pa.Table]) -> pa.Table:
    """Put tables of spans together, in the order of contacts, turns and text."""
    spans = pa.concat_tables(tables)
    place = {name: rank for rank, name in enumerate(corpus.contacts["contact_id"].to_pylist())}
    contact = np.array([place[name] for name in spans["contact_id"].to_pylist()], dtype=np.int64)
    turn, start = (spans[name].to_numpy() for name in ("turn", "start"))
    return spans.take(pa.array(np.lexsort((start, turn, contact)))).combine_chunks()


def _nulls(table: pa.Schema, n: int) -> dict[str, pa.Array]:
    first = table.get_field_index("frustration")
    last = table.get_field_index("model_id")
    return {field.name: pa.nulls(n, field.type) for field in list(table)[first:last]}
