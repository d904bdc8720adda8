"""The Arrow schema of every table that the library reads or writes.

Each field carries its meaning, and its unit where it has one, in its metadata. `describe` prints them as a frame.
Offsets count Unicode code points of the stored text, `end` excluded; times are UTC unless the name says local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vocmine.schema.corpus import CONTACTS, FLAGS, PERSONAL, REJECTED, REMOVED, REPAIRS, SEGMENTS, TURNS
from vocmine.schema.issues import ALERT_DAYS, ALERT_KINDS, ALERT_STATUSES, ALERTS, DIFFERENCE_KINDS, FORECAST
from vocmine.schema.outcomes import CAUSES, CONTACT_VALUES
from vocmine.schema.scores import CONTACT_SCORES, RUN, SEGMENT_SCORES, SPANS, TURN_SCORES
from vocmine.schema.topics import ASSIGNMENTS, CONTACT_TOPICS, LINEAGE, TOPICS
from vocmine.schema.values import (
    ASPECTS,
    CHANNELS,
    CHURN_LEVELS,
    ESCALATION_LEVELS,
    ESCALATIONS,
    POLARITIES,
    SCALE,
    SENTIMENTS,
    SIGNALS,
    SPAN_KINDS,
    SPEAKERS,
    SPOKEN_OF,
    STYLES,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = [
    "ALERTS",
    "ALERT_DAYS",
    "ALERT_KINDS",
    "ALERT_STATUSES",
    "ASPECTS",
    "ASSIGNMENTS",
    "CAUSES",
    "CHANNELS",
    "CHURN_LEVELS",
    "CONTACTS",
    "CONTACT_SCORES",
    "CONTACT_TOPICS",
    "CONTACT_VALUES",
    "DIFFERENCE_KINDS",
    "ESCALATIONS",
    "ESCALATION_LEVELS",
    "FLAGS",
    "FORECAST",
    "LINEAGE",
    "PERSONAL",
    "POLARITIES",
    "REJECTED",
    "REMOVED",
    "REPAIRS",
    "RUN",
    "SCALE",
    "SEGMENTS",
    "SEGMENT_SCORES",
    "SENTIMENTS",
    "SIGNALS",
    "SPANS",
    "SPAN_KINDS",
    "SPEAKERS",
    "SPOKEN_OF",
    "STYLES",
    "TABLES",
    "TOPICS",
    "TURNS",
    "TURN_SCORES",
    "describe",
]

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
    "topics": TOPICS,
    "assignments": ASSIGNMENTS,
    "contact_topics": CONTACT_TOPICS,
    "lineage": LINEAGE,
    "alerts": ALERTS,
    "alert_days": ALERT_DAYS,
    "forecast": FORECAST,
    "causes": CAUSES,
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
