"""Tables of decisions: why each contact came, whose matter it is, and what it was worth."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from vocmine.schema.fields import CONTACT_ID, field

CONTACT_VALUES: Final = ("valuable", "avoidable", "self_care")

CAUSES: Final = pa.schema(
    [
        CONTACT_ID,
        field("cause", pa.string(), "why the customer contacted, a key of the taxonomy; null where unsure", null=True),
        field("cause_family", pa.string(), "family of the cause", null=True),
        field("p_cause", pa.float64(), "probability of the most probable cause, given or not, 0 to 1", null=True),
        field("department", pa.string(), "department whose matter it is; « non attribué » where the cause is unsure"),
        field("stage", pa.string(), "stage of the process: order, delivery, billing, use, support, exit", null=True),
        field("value", pa.string(), f"one of {', '.join(CONTACT_VALUES)}; null where unsure", null=True),
        field("value_reason", pa.string(), "why, see vocmine.outcomes.value.REASONS"),
        field("cause_quote", pa.string(), "the customer's segment that tells most of the cause", null=True),
    ]
)
"""Aligned with the contacts."""
