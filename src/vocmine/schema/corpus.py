"""Tables of what was read: contacts, turns, segments, and what was rejected, repaired, removed, masked, flagged."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from vocmine.schema.fields import CONTACT_ID, TIME, TURN, field
from vocmine.schema.values import CHANNELS, SPEAKERS

CONTACTS: Final = pa.schema(
    [
        CONTACT_ID,
        field("conversation_id", pa.string(), "thread that the contact belongs to", null=True),
        field("customer_id", pa.string(), "who contacts, as the source names them", null=True),
        field("channel", pa.string(), f"one of {', '.join(CHANNELS)}"),
        field("started_at", TIME, "start of the contact, UTC", null=True),
        field("timezone", pa.string(), "IANA zone in which the contact's day is counted"),
        field("ended_at", TIME, "end of the contact, UTC", null=True),
        field("language", pa.string(), "ISO 639-1 code, or und where the text is too short or unclear"),
        field("variant", pa.string(), "regional variant such as fr-CA, told by the source or the text", null=True),
        field("agent_id", pa.string(), "who answered, as the source names them", null=True),
        field("team", pa.string(), "team of the agent", null=True),
        field("product", pa.string(), "product concerned, as the source says", null=True),
        field("outcome", pa.string(), "outcome recorded by the source", null=True),
        field("rating", pa.float64(), "rating given by the customer, on the source's scale", null=True),
        field("source", pa.string(), "file or frame that the contact comes from"),
        field("row", pa.int64(), "position, from 0, of the contact's first row in the input"),
    ]
)
"""One row a contact; the user's own columns follow these."""

TURNS: Final = pa.schema(
    [
        CONTACT_ID,
        TURN,
        field("speaker", pa.string(), f"one of {', '.join(SPEAKERS)}"),
        field("text", pa.string(), "repaired text, the one that offsets count in"),
        field("raw", pa.string(), "text as received, where repair changed it; null otherwise", null=True),
        field("at", TIME, "when the turn was said, UTC", null=True),
        field("quoted", pa.bool_(), "the turn quotes an earlier message"),
        field("redacted", pa.bool_(), "personal data were masked in the text"),
        field("row", pa.int64(), "position, from 0, of the turn's row in the input"),
    ]
)

REJECTED: Final = pa.schema(
    [
        field("source", pa.string(), "file or frame"),
        field("row", pa.int64(), "position of the row in the input, from 0"),
        field("contact_id", pa.string(), "key, where one could be read", null=True),
        field("reason", pa.string(), "short fixed code, such as empty_text or duplicate_id"),
        field("detail", pa.string(), "what was got and what was expected; never the text itself"),
    ]
)

REPAIRS: Final = pa.schema(
    [
        field("source", pa.string(), "file or frame"),
        field("row", pa.int64(), "position of the row in the input, from 0"),
        field("contact_id", pa.string(), "key of the contact"),
        field("column", pa.string(), "column repaired"),
        field("kind", pa.string(), "short fixed code, such as c1_controls or lone_surrogate"),
        field("count", pa.int32(), "characters or values concerned"),
    ]
)

REMOVED: Final = pa.schema(
    [
        field("source", pa.string(), "file or frame"),
        field("row", pa.int64(), "position of the turn's row in the input, from 0"),
        CONTACT_ID,
        TURN,
        field("start", pa.int32(), "first code point in the turn's raw text"),
        field("end", pa.int32(), "code point after the last"),
        field("kind", pa.string(), "what it is, such as quote, signature, greeting or hesitation"),
        field("why", pa.string(), "the rule that tells; never the text itself"),
        field("text", pa.string(), "the words removed; null once personal data are masked", null=True),
    ]
)
"""What cleaning took out of turns: earlier messages, signatures, hesitations."""

PERSONAL: Final = pa.schema(
    [
        field("source", pa.string(), "file or frame"),
        field("row", pa.int64(), "position of the turn's row in the input, from 0"),
        CONTACT_ID,
        TURN,
        field("start", pa.int32(), "first code point of the replacement in the turn's text"),
        field("end", pa.int32(), "code point after the last"),
        field("kind", pa.string(), "what was there, such as phone, email, iban or name"),
        field("replacement", pa.string(), "what stands there now"),
        field("why", pa.string(), "the rule that tells; never the text itself"),
    ]
)
"""Personal data that were masked, pseudonymised or dropped; what they were is nowhere."""

FLAGS: Final = pa.schema(
    [
        field("source", pa.string(), "file or frame"),
        field("row", pa.int64(), "position of the contact's first row in the input, from 0"),
        CONTACT_ID,
        field(
            "flag",
            pa.string(),
            "duplicate, near_duplicate, campaign, auto_reply, acknowledgement, delivery_failure, survey, newsletter, "
            "invitation or notification",
        ),
        field("of", pa.string(), "the contact that it repeats, or the first of its campaign; else null", null=True),
        field("similarity", pa.float64(), "share of the word sequences in common, 0 to 1", null=True),
        field("why", pa.string(), "the rule that tells; never the text itself"),
    ]
)
"""Contacts that repeat others or that nobody wrote."""

SEGMENTS: Final = pa.schema(
    [
        CONTACT_ID,
        TURN,
        field("segment", pa.int32(), "rank of the segment in its turn, from 0"),
        field("start", pa.int32(), "first code point in the turn's text"),
        field("end", pa.int32(), "code point after the last"),
        field("text", pa.string(), "the segment's text: the unit of encoding"),
    ]
)
