"""Tables of emerging issues: the alerts, their course day by day, and what is expected next."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from vocmine.schema.fields import field

ALERT_KINDS: Final = ("volume", "theme")
ALERT_STATUSES: Final = ("new", "growing", "fading", "closed")
DIFFERENCE_KINDS: Final = ("term", "signal", "channel", "product", "region", "language", "topic", "other")

_ALERT_ID: Final = field(
    "alert_id",
    pa.string(),
    "key of the alert: the day it was raised and the slice it was first told of; it never changes",
)
_SLICE: Final = field(
    "slice",
    pa.list_(pa.struct([field("dimension", pa.string(), "its name"), field("value", pa.string(), "its value")])),
    "which contacts were counted; empty for all",
)

ALERTS: Final = pa.schema(
    [
        _ALERT_ID,
        field("kind", pa.string(), f"one of {', '.join(ALERT_KINDS)}: more contacts, or a theme that is no topic yet"),
        field("label", pa.string(), "what is happening, in a line of French"),
        _SLICE,
        field("status", pa.string(), f"one of {', '.join(ALERT_STATUSES)}, on the last day seen"),
        field("raised", pa.date32(), "local day on which it was raised"),
        field("onset", pa.date32(), "local day on which it is estimated to have begun"),
        field("last", pa.date32(), "last local day on which more than expected came in"),
        field("window", pa.int32(), "days that the test which raised it looked at"),
        field("observed", pa.int64(), "contacts from onset to last"),
        field("expected", pa.float64(), "contacts expected then, had nothing happened"),
        field("ratio", pa.float64(), "observed over expected, half a contact added to each"),
        field("ratio_low", pa.float64(), "lower bound of its 95 % interval"),
        field("ratio_high", pa.float64(), "upper bound of its 95 % interval"),
        field("p_value", pa.float64(), "probability of a day as unusual in this slice, 0 to 1, by its strongest test"),
        field("score", pa.float64(), "rarity: log10 of the years between alerts as strong in a slice without issues"),
        field("severity", pa.int32(), "1 (slight) to 4 (critical)"),
        field("excess", pa.float64(), "observed less expected, contacts"),
        field("customers", pa.int64(), "distinct customers among the contacts", null=True),
        field("contact_ids", pa.list_(pa.string()), "contacts of the slice from onset to last"),
        field("quotes", pa.list_(pa.string()), "up to three segments, word for word, that show what is different"),
        field(
            "differences",
            pa.list_(
                pa.struct(
                    [
                        field("kind", pa.string(), f"one of {', '.join(DIFFERENCE_KINDS)}"),
                        field("value", pa.string(), "what is over-represented"),
                        field("share", pa.float64(), "share of the alert's contacts that have it, 0 to 1"),
                        field("usual", pa.float64(), "share of the reference's contacts that have it, 0 to 1"),
                        field("ratio", pa.float64(), "share over usual"),
                        field("low", pa.float64(), "lower bound of its interval"),
                        field("high", pa.float64(), "upper bound of its interval"),
                    ]
                )
            ),
            "what is over-represented among its contacts, the surest first",
        ),
        field("topic_id", pa.int32(), "its topic, where the slice has one", null=True),
        field("budget", pa.float64(), "false alerts a week that were allowed, over all slices"),
    ]
)
"""One row an alert, the most unusual first."""

ALERT_DAYS: Final = pa.schema(
    [
        _ALERT_ID,
        field("day", pa.date32(), "local day"),
        field("observed", pa.float64(), "contacts of the slice; null where the feed was missing", null=True),
        field("expected", pa.float64(), "contacts expected, had nothing happened"),
        field("high", pa.float64(), "what one day in forty exceeds without an issue, contacts"),
        field("score", pa.float64(), "rarity, see alerts", null=True),
        field("status", pa.string(), "status then; null before it was raised", null=True),
    ]
)
"""One row a day of an alert, and for 28 days before its onset."""

FORECAST: Final = pa.schema(
    [
        _SLICE,
        field("day", pa.date32(), "local day to come"),
        field("expected", pa.float64(), "contacts, had nothing happened"),
        field("forecast", pa.float64(), "contacts, with what is going on"),
        field("low", pa.float64(), "lower bound of the 90 % interval of the contacts"),
        field("high", pa.float64(), "upper bound"),
        field("extra", pa.float64(), "forecast less expected"),
        field("extra_low", pa.float64(), "lower bound of its 90 % interval"),
        field("extra_high", pa.float64(), "upper bound"),
    ]
)
"""One row a slice with an open alert and a day to come; the empty slice is every contact."""
