"""Tables of what a scoring run says of segments, turns and contacts."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from vocmine.schema.fields import CONTACT_ID, TIME, TURN, field
from vocmine.schema.values import (
    ASPECTS,
    CHURN_LEVELS,
    ESCALATION_LEVELS,
    ESCALATIONS,
    POLARITIES,
    SCALE,
    SENTIMENTS,
    SIGNALS,
    SPAN_KINDS,
    STYLES,
)

_POLARITY: Final = [
    field("sentiment", pa.string(), f"one of {', '.join(SENTIMENTS)}; null where not scored", null=True),
    *[
        field(f"p_{name}", pa.float64(), f"probability of {name}, 0 to 1; the three sum to 1", null=True)
        for name in POLARITIES
    ],
]
_PROVENANCE: Final = [
    field("model_id", pa.string(), "name, version and hash of the model", null=True),
    field("n_segments", pa.int32(), "segments that the score rests on"),
    field("abstained", pa.bool_(), "no answer is given, or it should not be relied on"),
    field("reason", pa.string(), "why it abstained; null otherwise", null=True),
]

SEGMENT_SCORES: Final = pa.schema(
    [
        CONTACT_ID,
        TURN,
        field("segment", pa.int32(), "rank of the segment in its turn, from 0"),
        *_POLARITY[1:],
        field("reason", pa.string(), "why the segment has no score; null otherwise", null=True),
    ]
)

_FRUSTRATION: Final = [
    field("frustration", pa.int8(), "0 none, 1 mild, 2 clear, 3 severe; null where not scored", null=True),
    field("p_frustrated", pa.float64(), "probability that it is 2 or more, 0 to 1", null=True),
    *[
        field(f"p_{name}", pa.float64(), f"probability that {name} is said, 0 to 1; null where not scored", null=True)
        for name in SIGNALS
    ],
    field("signals", pa.list_(pa.string()), "signals reported as present; null where not scored", null=True),
]

TURN_SCORES: Final = pa.schema(
    [
        CONTACT_ID,
        TURN,
        *_POLARITY,
        *_FRUSTRATION,
        field(
            "styles",
            pa.list_(pa.string()),
            f"of agents' turns: how they answer, among {', '.join(STYLES)}; null for other speakers",
            null=True,
        ),
        *_PROVENANCE,
    ]
)
"""Signals and frustration are those of turns that count for the customer; they are null for others."""

_SATISFACTION: Final = [
    field(
        "satisfaction",
        pa.string(),
        f"what the customer would declare, one of {', '.join(POLARITIES)}; null where the model does not say",
        null=True,
    ),
    *[
        field(f"p_satisfaction_{name}", pa.float64(), f"probability that they would declare {name}, 0 to 1", null=True)
        for name in POLARITIES
    ],
]
_ASPECTS: Final = [
    field(
        "aspects",
        pa.list_(pa.string()),
        f"those spoken of among {', '.join(ASPECTS)}; null where not asked for, or not scored",
        null=True,
    ),
    *[
        field(f"aspect_{name}", pa.string(), f"how {name} is spoken of, negative or positive; else null", null=True)
        for name in ASPECTS
    ],
]

CONTACT_SCORES: Final = pa.schema(
    [
        CONTACT_ID,
        *_POLARITY,
        *_SATISFACTION,
        *_ASPECTS,
        field(
            "sentiment_start",
            pa.float64(),
            "p_positive - p_negative, first scored customer turn, -1 to 1",
            null=True,
        ),
        field("sentiment_end", pa.float64(), "the same of the last customer turn scored", null=True),
        field("sentiment_lowest", pa.float64(), "the lowest of the customer's turns", null=True),
        field(
            "shift",
            pa.float64(),
            "sentiment_end - sentiment_start, -2 to 2; null under two scored turns",
            null=True,
        ),
        field(
            "recovered",
            pa.bool_(),
            "clearly unhappy at some turn (-0.4 or less), at ease at the last (-0.1 or more); null under two turns",
            null=True,
        ),
        *_FRUSTRATION,
        field("frustration_start", pa.int8(), "frustration of the first scored customer turn, 0 to 3", null=True),
        field("frustration_peak", pa.int8(), "the greatest of the customer's turns", null=True),
        field("frustration_end", pa.int8(), "that of the last scored customer turn", null=True),
        field("frustrated_at", pa.int32(), "first customer turn of frustration 2 or more; null if none", null=True),
        field(
            "frustrated_after", pa.int32(), "agent's turn said just before that one; null if none was said", null=True
        ),
        field(
            "frustration_recovered",
            pa.bool_(),
            "2 or more at some turn, 1 or less at the last; null under two customer turns",
            null=True,
        ),
        field("effort", pa.float64(), "work put on the customer, 0 to 10, from the events counted", null=True),
        field("effort_avoidable", pa.bool_(), "the agent had what the customer was sent to fetch", null=True),
        field("scale", pa.string(), f"what the contact is, one of {', '.join(SCALE)}", null=True),
        field("churn_level", pa.string(), f"of an intent to leave: {', '.join(CHURN_LEVELS)}; else null", null=True),
        field("competitor", pa.string(), "competitor named with it, as the customer writes it; else null", null=True),
        field(
            "escalation", pa.string(), f"what became of an escalation: {', '.join(ESCALATIONS)}; else null", null=True
        ),
        field(
            "escalation_level",
            pa.string(),
            f"whom it is to reach: {', '.join(ESCALATION_LEVELS)}; else null",
            null=True,
        ),
        *_PROVENANCE,
    ]
)

SPANS: Final = pa.schema(
    [
        CONTACT_ID,
        TURN,
        field("start", pa.int32(), "first code point in the turn's text"),
        field("end", pa.int32(), "code point after the last"),
        field("kind", pa.string(), f"what is found there: {', '.join(SPAN_KINDS)}"),
        field("label", pa.string(), "which one: the aspect, signal, kind of event, style, or can or cannot"),
        field("score", pa.float64(), "probability that it is there, 0 to 1; of events and phrases, 1"),
        field("quote", pa.string(), "the words themselves"),
        field("why", pa.string(), "of an aspect, negative or positive; else what shows it, in fixed words"),
    ]
)
"""The words that show what is said of a contact, in the order of contacts, turns and text."""

RUN: Final = pa.schema(
    [
        field("vocmine", pa.string(), "version of the library"),
        field("model_id", pa.string(), "name, version and hash of the model"),
        field("device", pa.string(), "where the model ran"),
        field("dtype", pa.string(), "precision of the forward pass"),
        field("parameters", pa.string(), "parameters of the run, JSON"),
        field("started_at", TIME, "start of the run, UTC"),
        field("seconds", pa.float64(), "wall time of the run, s"),
        field("encoding_seconds", pa.float64(), "wall time of the encoding alone, s"),
        field("embedder_seconds", pa.float64(), "of these, the time of the embedder, s"),
        field("rows_in", pa.int64(), "rows of the input"),
        field("contacts", pa.int64(), "contacts kept"),
        field("contacts_scored", pa.int64(), "contacts with a sentiment"),
        field("rows_rejected", pa.int64(), "rows rejected when reading"),
        field("segments", pa.int64(), "segments"),
        field("segments_distinct", pa.int64(), "distinct segments"),
        field("segments_cached", pa.int64(), "of these, segments whose scores were in the cache"),
        field("tokens", pa.int64(), "tokens encoded, padding excluded"),
        field("tokens_per_second", pa.float64(), "tokens encoded in a second of the encoding"),
        field("padding_share", pa.float64(), "share of the positions computed that were padding, 0 to 1"),
        field("segments_rejected", pa.int64(), "segments that could not be scored"),
        field("reasons", pa.string(), "count of each reason for a row or segment without score, JSON"),
    ]
)
"""One row a scoring run."""
