"""What each contact says, in the form in which contacts are compared with one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from vocmine.text.resemblance import folded_words

_OF_CONTACT: Final = ("contact_id", "source", "row", "customer_id", "channel", "started_at", "timezone")
_OF_TURN: Final = ("text", "raw", "subject", "automatic")


@dataclass(frozen=True)
class Turn:
    """A turn of the customer: its words as stored and as received, and what its e-mail says of it."""

    text: str
    raw: str | None = None
    subject: str | None = None
    automatic: str | None = None


@dataclass(frozen=True)
class Said:
    """A contact and what its customer says in it; of a contact without a customer, what everybody says."""

    contact_id: str
    source: str
    row: int
    customer_id: str | None
    channel: str
    started_at: datetime | None
    timezone: str
    turns: Sequence[Turn]

    @property
    def words(self) -> list[str]:
        """Words and numbers, folded; not kept, since those of a large corpus would fill the memory."""
        return folded_words("\n".join(turn.text for turn in self.turns))

    @property
    def day(self) -> date | None:
        """The local day of the contact."""
        return self.started_at.astimezone(ZoneInfo(self.timezone)).date() if self.started_at else None

    def flag(self, flag: str, why: str, *, of: str | None = None, similarity: float | None = None) -> dict[str, object]:
        """Return a row of the table of flags for this contact."""
        place = {"source": self.source, "row": self.row, "contact_id": self.contact_id}
        return {**place, "flag": flag, "of": of, "similarity": similarity, "why": why}


def said(contacts: pa.Table, turns: pa.Table) -> list[Said]:
    """Return what each contact says, in the order of time, then of the input; contacts without a date come last.

    Turns that quote an earlier message are left out.
    """
    by_contact = _turns(contacts, turns)
    rows = contacts.select(list(_OF_CONTACT)).to_pylist()
    every = [Said(**row, turns=by_contact.get(row["contact_id"], ())) for row in rows]
    return sorted(every, key=lambda each: (each.started_at is None, each.started_at or datetime.min, each.row))


def _turns(contacts: pa.Table, turns: pa.Table) -> dict[str, list[Turn]]:
    own = turns.filter(pc.invert(turns["quoted"]))
    of_customers = own.filter(pc.equal(own["speaker"], "customer"))
    with_customer = of_customers["contact_id"].combine_chunks()
    others = own.filter(pc.invert(pc.is_in(own["contact_id"], value_set=with_customer)))
    by_contact: dict[str, list[Turn]] = {}
    for table in (of_customers, others):
        columns = [_column(name, table, contacts) for name in _OF_TURN]
        for contact_id, *values in zip(table["contact_id"].to_pylist(), *columns, strict=True):
            by_contact.setdefault(contact_id, []).append(Turn(*values))
    return by_contact


def _column(name: str, turns: pa.Table, contacts: pa.Table) -> list[str | None]:
    """Return a column of turns: their own, or that of their contacts; nulls where neither has text in it."""
    if name in turns.column_names and pa.types.is_string(turns[name].type):
        return cast("list[str | None]", turns[name].to_pylist())
    if name in contacts.column_names and pa.types.is_string(contacts[name].type):
        of = dict(zip(contacts["contact_id"].to_pylist(), contacts[name].to_pylist(), strict=True))
        return [of[contact_id] for contact_id in turns["contact_id"].to_pylist()]
    return [None] * turns.num_rows
