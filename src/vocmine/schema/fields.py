"""What the schemas of all tables are made of."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

TIME: Final = pa.timestamp("us", tz="UTC")


def field(name: str, kind: pa.DataType, about: str, *, null: bool = False) -> pa.Field:
    """Return a field that carries its meaning; without null values unless `null`."""
    return pa.field(name, kind, nullable=null, metadata={"about": about})


CONTACT_ID: Final = field("contact_id", pa.string(), "key of the contact")
TURN: Final = field("turn", pa.int32(), "rank of the turn in its contact, from 0")
