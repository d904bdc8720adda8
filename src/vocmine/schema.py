"""The Arrow schema of every table that the library reads or writes.

Each field carries its meaning, and its unit where it has one, in its metadata. `describe` prints them as a frame.
Offsets count Unicode code points of the stored text, `end` excluded; times are UTC unless the name says local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd

CHANNELS: Final = ("phone", "email", "chat", "social", "letter", "in_person", "web", "other")
SPEAKERS: Final = ("customer", "agent", "bot", "system", "unknown")
SENTIMENTS: Final = ("negative", "neutral", "positive", "mixed")
POLARITIES: Final = ("negative", "neutral", "positive")
ASPECTS: Final = ("accessibility", "information", "relationship", "responsiveness", "simplicity")
SPOKEN_OF: Final = ("absent", "negative", "positive")
"""How an aspect is spoken of."""

SIGNALS: Final = (
    *("repeat_contact", "unresolved", "effort", "waiting", "anger", "churn_intent", "escalation_request"),
    *("legal_threat", "public_threat", "harm", "distrust", "compensation_request", "agent_hostility", "irony"),
    "resolved",
)
"""What a customer may say of their dealings with the organisation; all but the last speak against it."""

SCALE: Final = ("need", "request", "problem", "complaint", "praise", "none")
"""What a contact is: a wish to know or to find, an ordinary act asked for, something that went wrong, a reproach."""

CHURN_LEVELS: Final = ("stated", "conditional", "weighing")
ESCALATIONS: Final = ("asked", "refused", "happened")
ESCALATION_LEVELS: Final = ("supervisor", "manager", "director", "complaints_unit", "mediator")
STYLES: Final = ("empathic", "defensive", "judging", "solution")
"""How an agent answers: acknowledges the trouble; denies, justifies or blames; weighs whether the complaint is
justified; says what will be done."""

SPAN_KINDS: Final = ("aspect", "signal", "effort", "style", "phrasing")
"""What spans of text show: an aspect, a signal, an event that cost effort, an agent's style, can or cannot do."""

_TIME: Final = pa.timestamp("us", tz="UTC")


def _field(name: str, kind: pa.DataType, about: str, *, null: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=null, metadata={"about": about})


_CONTACT_ID: Final = _field("contact_id", pa.string(), "key of the contact")
_TURN: Final = _field("turn", pa.int32(), "rank of the turn in its contact, from 0")

CONTACTS: Final = pa.schema(
    [
        _CONTACT_ID,
        _field("conversation_id", pa.string(), "thread that the contact belongs to", null=True),
        _field("customer_id", pa.string(), "who contacts, as the source names them", null=True),
        _field("channel", pa.string(), f"one of {', '.join(CHANNELS)}"),
        _field("started_at", _TIME, "start of the contact, UTC", null=True),
        _field("timezone", pa.string(), "IANA zone in which the contact's day is counted"),
        _field("ended_at", _TIME, "end of the contact, UTC", null=True),
        _field("language", pa.string(), "ISO 639-1 code, or und where the text is too short or unclear"),
        _field("variant", pa.string(), "regional variant such as fr-CA, told by the source or the text", null=True),
        _field("agent_id", pa.string(), "who answered, as the source names them", null=True),
        _field("team", pa.string(), "team of the agent", null=True),
        _field("product", pa.string(), "product concerned, as the source says", null=True),
        _field("outcome", pa.string(), "outcome recorded by the source", null=True),
        _field("rating", pa.float64(), "rating given by the customer, on the source's scale", null=True),
        _field("source", pa.string(), "file or frame that the contact comes from"),
        _field("row", pa.int64(), "position, from 0, of the contact's first row in the input"),
    ]
)
"""One row a contact; the user's own columns follow these."""

TURNS: Final = pa.schema(
    [
        _CONTACT_ID,
        _TURN,
        _field("speaker", pa.string(), f"one of {', '.join(SPEAKERS)}"),
        _field("text", pa.string(), "repaired text, the one that offsets count in"),
        _field("raw", pa.string(), "text as received, where repair changed it; null otherwise", null=True),
        _field("at", _TIME, "when the turn was said, UTC", null=True),
        _field("quoted", pa.bool_(), "the turn quotes an earlier message"),
        _field("redacted", pa.bool_(), "personal data were masked in the text"),
        _field("row", pa.int64(), "position, from 0, of the turn's row in the input"),
    ]
)

REJECTED: Final = pa.schema(
    [
        _field("source", pa.string(), "file or frame"),
        _field("row", pa.int64(), "position of the row in the input, from 0"),
        _field("contact_id", pa.string(), "key, where one could be read", null=True),
        _field("reason", pa.string(), "short fixed code, such as empty_text or duplicate_id"),
        _field("detail", pa.string(), "what was got and what was expected; never the text itself"),
    ]
)

REPAIRS: Final = pa.schema(
    [
        _field("source", pa.string(), "file or frame"),
        _field("row", pa.int64(), "position of the row in the input, from 0"),
        _field("contact_id", pa.string(), "key of the contact"),
        _field("column", pa.string(), "column repaired"),
        _field("kind", pa.string(), "short fixed code, such as c1_controls or lone_surrogate"),
        _field("count", pa.int32(), "characters or values concerned"),
    ]
)

REMOVED: Final = pa.schema(
    [
        _field("source", pa.string(), "file or frame"),
        _field("row", pa.int64(), "position of the turn's row in the input, from 0"),
        _CONTACT_ID,
        _TURN,
        _field("start", pa.int32(), "first code point in the turn's raw text"),
        _field("end", pa.int32(), "code point after the last"),
        _field("kind", pa.string(), "what it is, such as quote, signature, greeting or hesitation"),
        _field("why", pa.string(), "the rule that tells; never the text itself"),
        _field("text", pa.string(), "the words removed; null once personal data are masked", null=True),
    ]
)
"""What cleaning took out of turns: earlier messages, signatures, hesitations."""

PERSONAL: Final = pa.schema(
    [
        _field("source", pa.string(), "file or frame"),
        _field("row", pa.int64(), "position of the turn's row in the input, from 0"),
        _CONTACT_ID,
        _TURN,
        _field("start", pa.int32(), "first code point of the replacement in the turn's text"),
        _field("end", pa.int32(), "code point after the last"),
        _field("kind", pa.string(), "what was there, such as phone, email, iban or name"),
        _field("replacement", pa.string(), "what stands there now"),
        _field("why", pa.string(), "the rule that tells; never the text itself"),
    ]
)
"""Personal data that were masked, pseudonymised or dropped; what they were is nowhere."""

FLAGS: Final = pa.schema(
    [
        _field("source", pa.string(), "file or frame"),
        _field("row", pa.int64(), "position of the contact's first row in the input, from 0"),
        _CONTACT_ID,
        _field(
            "flag",
            pa.string(),
            "duplicate, near_duplicate, campaign, auto_reply, acknowledgement, delivery_failure, survey, newsletter, "
            "invitation or notification",
        ),
        _field("of", pa.string(), "the contact that it repeats, or the first of its campaign; else null", null=True),
        _field("similarity", pa.float64(), "share of the word sequences in common, 0 to 1", null=True),
        _field("why", pa.string(), "the rule that tells; never the text itself"),
    ]
)
"""Contacts that repeat others or that nobody wrote."""

SEGMENTS: Final = pa.schema(
    [
        _CONTACT_ID,
        _TURN,
        _field("segment", pa.int32(), "rank of the segment in its turn, from 0"),
        _field("start", pa.int32(), "first code point in the turn's text"),
        _field("end", pa.int32(), "code point after the last"),
        _field("text", pa.string(), "the segment's text: the unit of encoding"),
    ]
)

_POLARITY: Final = [
    _field("sentiment", pa.string(), f"one of {', '.join(SENTIMENTS)}; null where not scored", null=True),
    *[
        _field(f"p_{name}", pa.float64(), f"probability of {name}, 0 to 1; the three sum to 1", null=True)
        for name in POLARITIES
    ],
]
_PROVENANCE: Final = [
    _field("model_id", pa.string(), "name, version and hash of the model", null=True),
    _field("n_segments", pa.int32(), "segments that the score rests on"),
    _field("abstained", pa.bool_(), "no answer is given, or it should not be relied on"),
    _field("reason", pa.string(), "why it abstained; null otherwise", null=True),
]

SEGMENT_SCORES: Final = pa.schema(
    [
        _CONTACT_ID,
        _TURN,
        _field("segment", pa.int32(), "rank of the segment in its turn, from 0"),
        *_POLARITY[1:],
        _field("reason", pa.string(), "why the segment has no score; null otherwise", null=True),
    ]
)

_FRUSTRATION: Final = [
    _field("frustration", pa.int8(), "0 none, 1 mild, 2 clear, 3 severe; null where not scored", null=True),
    _field("p_frustrated", pa.float64(), "probability that it is 2 or more, 0 to 1", null=True),
    *[
        _field(f"p_{name}", pa.float64(), f"probability that {name} is said, 0 to 1; null where not scored", null=True)
        for name in SIGNALS
    ],
    _field("signals", pa.list_(pa.string()), "signals reported as present; null where not scored", null=True),
]

TURN_SCORES: Final = pa.schema(
    [
        _CONTACT_ID,
        _TURN,
        *_POLARITY,
        *_FRUSTRATION,
        _field(
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
    _field(
        "satisfaction",
        pa.string(),
        f"what the customer would declare, one of {', '.join(POLARITIES)}; null where the model does not say",
        null=True,
    ),
    *[
        _field(f"p_satisfaction_{name}", pa.float64(), f"probability that they would declare {name}, 0 to 1", null=True)
        for name in POLARITIES
    ],
]
_ASPECTS: Final = [
    _field(
        "aspects",
        pa.list_(pa.string()),
        f"those spoken of among {', '.join(ASPECTS)}; null where not asked for, or not scored",
        null=True,
    ),
    *[
        _field(f"aspect_{name}", pa.string(), f"how {name} is spoken of, negative or positive; else null", null=True)
        for name in ASPECTS
    ],
]

CONTACT_SCORES: Final = pa.schema(
    [
        _CONTACT_ID,
        *_POLARITY,
        *_SATISFACTION,
        *_ASPECTS,
        _field(
            "sentiment_start",
            pa.float64(),
            "p_positive - p_negative, first scored customer turn, -1 to 1",
            null=True,
        ),
        _field("sentiment_end", pa.float64(), "the same of the last customer turn scored", null=True),
        _field("sentiment_lowest", pa.float64(), "the lowest of the customer's turns", null=True),
        _field(
            "shift",
            pa.float64(),
            "sentiment_end - sentiment_start, -2 to 2; null under two scored turns",
            null=True,
        ),
        _field(
            "recovered",
            pa.bool_(),
            "clearly unhappy at some turn (-0.4 or less), at ease at the last (-0.1 or more); null under two turns",
            null=True,
        ),
        *_FRUSTRATION,
        _field("frustration_start", pa.int8(), "frustration of the first scored customer turn, 0 to 3", null=True),
        _field("frustration_peak", pa.int8(), "the greatest of the customer's turns", null=True),
        _field("frustration_end", pa.int8(), "that of the last scored customer turn", null=True),
        _field("frustrated_at", pa.int32(), "first customer turn of frustration 2 or more; null if none", null=True),
        _field(
            "frustrated_after", pa.int32(), "agent's turn said just before that one; null if none was said", null=True
        ),
        _field(
            "frustration_recovered",
            pa.bool_(),
            "2 or more at some turn, 1 or less at the last; null under two customer turns",
            null=True,
        ),
        _field("effort", pa.float64(), "work put on the customer, 0 to 10, from the events counted", null=True),
        _field("effort_avoidable", pa.bool_(), "the agent had what the customer was sent to fetch", null=True),
        _field("scale", pa.string(), f"what the contact is, one of {', '.join(SCALE)}", null=True),
        _field("churn_level", pa.string(), f"of an intent to leave: {', '.join(CHURN_LEVELS)}; else null", null=True),
        _field("competitor", pa.string(), "competitor named with it, as the customer writes it; else null", null=True),
        _field(
            "escalation", pa.string(), f"what became of an escalation: {', '.join(ESCALATIONS)}; else null", null=True
        ),
        _field(
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
        _CONTACT_ID,
        _TURN,
        _field("start", pa.int32(), "first code point in the turn's text"),
        _field("end", pa.int32(), "code point after the last"),
        _field("kind", pa.string(), f"what is found there: {', '.join(SPAN_KINDS)}"),
        _field("label", pa.string(), "which one: the aspect, signal, kind of event, style, or can or cannot"),
        _field("score", pa.float64(), "probability that it is there, 0 to 1; of events and phrases, 1"),
        _field("quote", pa.string(), "the words themselves"),
        _field("why", pa.string(), "of an aspect, negative or positive; else what shows it, in fixed words"),
    ]
)
"""The words that show what is said of a contact, in the order of contacts, turns and text."""

RUN: Final = pa.schema(
    [
        _field("vocmine", pa.string(), "version of the library"),
        _field("model_id", pa.string(), "name, version and hash of the model"),
        _field("device", pa.string(), "where the model ran"),
        _field("dtype", pa.string(), "precision of the forward pass"),
        _field("parameters", pa.string(), "parameters of the run, JSON"),
        _field("started_at", _TIME, "start of the run, UTC"),
        _field("seconds", pa.float64(), "wall time of the run, s"),
        _field("encoding_seconds", pa.float64(), "wall time of the encoding alone, s"),
        _field("embedder_seconds", pa.float64(), "of these, the time of the embedder, s"),
        _field("rows_in", pa.int64(), "rows of the input"),
        _field("contacts", pa.int64(), "contacts kept"),
        _field("contacts_scored", pa.int64(), "contacts with a sentiment"),
        _field("rows_rejected", pa.int64(), "rows rejected when reading"),
        _field("segments", pa.int64(), "segments"),
        _field("segments_distinct", pa.int64(), "distinct segments"),
        _field("segments_cached", pa.int64(), "of these, segments whose scores were in the cache"),
        _field("tokens", pa.int64(), "tokens encoded, padding excluded"),
        _field("tokens_per_second", pa.float64(), "tokens encoded in a second of the encoding"),
        _field("padding_share", pa.float64(), "share of the positions computed that were padding, 0 to 1"),
        _field("segments_rejected", pa.int64(), "segments that could not be scored"),
        _field("reasons", pa.string(), "count of each reason for a row or segment without score, JSON"),
    ]
)
"""One row a scoring run."""

TABLES: Final[dict[str, pa.Schema]] = {
    "contacts": CONTACTS,
    "turns": TURNS,
    "rejected": REJECTED,
    "repairs": REPAIRS,
    "removed": REMOVED,
    "personal": PERSONAL,
    "flags": FLAGS,
    "segments": SEGMENTS,
    "segment_scores": SEGMENT_SCORES,
    "turn_scores": TURN_SCORES,
    "contact_scores": CONTACT_SCORES,
    "spans": SPANS,
    "run": RUN,
}


def describe(table: str) -> pd.DataFrame:
    """Return the columns of a table with their type and meaning.

    Parameters
    ----------
    table : str
        A key of `TABLES`.

    Examples
    --------
    >>> describe("turns").loc["text", "type"]
    'string'
    """
    import pandas as pd

    rows = [(f.name, str(f.type), f.nullable, (f.metadata or {})[b"about"].decode()) for f in TABLES[table]]
    return pd.DataFrame(rows, columns=["column", "type", "nullable", "about"]).set_index("column")
