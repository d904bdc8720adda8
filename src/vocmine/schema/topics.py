"""Tables of contact reasons: the topics, who speaks of each, and what became of them from update to update."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from vocmine.schema.fields import CONTACT_ID, TIME, TURN, field

TOPIC_STATUSES: Final = ("active", "new", "dead", "merged")
TOPIC_EVENTS: Final = ("born", "kept", "died", "revived", "merged", "renamed")

_TOPIC_ID: Final = field("topic_id", pa.int32(), "key of the topic, which it keeps from update to update; -1 for none")

TOPICS: Final = pa.schema(
    [
        _TOPIC_ID,
        field("label", pa.string(), "what it is about, in a few words; of -1, « divers »"),
        field("terms", pa.list_(pa.string()), "its ten most telling terms, the first first"),
        field("weights", pa.list_(pa.float64()), "weight of each term by c-TF-IDF, 0 or more"),
        field("language", pa.string(), "ISO 639-1 code of the label's language; null for -1", null=True),
        field("contacts", pa.int64(), "contacts that speak of it, duplicates included"),
        field("segments", pa.int64(), "segments about it, duplicates included"),
        field("share", pa.float64(), "share of the contacts whose main topic it is, 0 to 1"),
        field("quotes", pa.list_(pa.string()), "up to three segments, word for word, from its centre"),
        field("parent", pa.int32(), "topic that it is a part of, if the user said so", null=True),
        field("born", TIME, "start of the first update in which it was found, UTC; null from the start", null=True),
        field("status", pa.string(), f"one of {', '.join(TOPIC_STATUSES)}"),
        field("merged_into", pa.int32(), "topic that took it over; null while it stands by itself", null=True),
    ]
)
"""One row a topic, and one of id -1 for what belongs to none."""

ASSIGNMENTS: Final = pa.schema(
    [
        CONTACT_ID,
        TURN,
        field("segment", pa.int32(), "rank of the segment in its turn, from 0"),
        field("topic_id", pa.int32(), "its topic, -1 for none; null where it is not a unit of topics", null=True),
        field("probability", pa.float64(), "share of the evidence that is for this topic, 0 to 1", null=True),
        field("topic_reason", pa.string(), "why it is not a unit, such as agent or courtesy; else null", null=True),
    ]
)
"""Aligned with the segments."""

CONTACT_TOPICS: Final = pa.schema(
    [
        CONTACT_ID,
        field("topic_id", pa.int32(), "main topic: that of most of what the customer says; -1 for none"),
        field("topic", pa.string(), "its label"),
        field("topics", pa.list_(pa.int32()), "all its topics, the main one first; empty for none"),
    ]
)
"""Aligned with the contacts."""

LINEAGE: Final = pa.schema(
    [
        field("update", pa.int32(), "0 for the fit, then 1, 2..."),
        field("since", TIME, "start of the first contact of the update, UTC", null=True),
        field("until", TIME, "start of the last one", null=True),
        _TOPIC_ID,
        field("event", pa.string(), f"one of {', '.join(TOPIC_EVENTS)}"),
        field("label", pa.string(), "its label then"),
        field("segments", pa.int64(), "segments about it in the update"),
        field("share", pa.float64(), "share of the update's segments that are about it, 0 to 1"),
        field("drift", pa.float64(), "distance of its centre from where it was born, 0 to 2", null=True),
        field("into", pa.int32(), "of a merge, the topic that took it over; else null", null=True),
    ]
)
"""What became of each topic in each update, in their order."""
