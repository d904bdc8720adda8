"""The things that the plan is made of: customers, matters, contacts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from .parts import Line, Question, Reason


@dataclass(slots=True)
class Customer:
    """Who writes or calls."""

    id: str
    language: str
    variant: str
    woman: bool
    first: str
    last: str
    town: str
    region: str
    segment: str
    phone: str
    email: str
    street: str
    company: str
    anonymous: bool = False

    @property
    def quebec(self) -> bool:
        """Whether the customer lives in Quebec."""
        return self.variant == "fr-CA"


@dataclass(slots=True, eq=False)
class Matter:
    """One affair of one customer; all the contacts about it form a chain."""

    id: int
    reason: Reason
    customer: Customer
    onset: date
    product: str
    fixed: dict[str, str]
    contacts: list[Contact] = field(default_factory=list)
    # What the customer said first, said again with other words in a later contact.
    problem: Line | None = None


@dataclass(slots=True, eq=False)
class Contact:
    """One planned contact, before its text is written."""

    matter: Matter
    started_at: datetime
    channel: str
    incident: bool = False
    question: Question | None = None
    side: str = ""
    id: str = ""
    agent_id: str = ""
    team: str = ""
    wording: Line | None = None

    @property
    def position(self) -> int:
        """Rank of the contact in its chain, from 1."""
        return self.matter.contacts.index(self) + 1

    @property
    def is_last(self) -> bool:
        """Whether the customer never comes back on this matter."""
        return self.matter.contacts[-1] is self

    @property
    def previous(self) -> Contact | None:
        """The contact before this one in the chain."""
        rank = self.position
        return self.matter.contacts[rank - 2] if rank > 1 else None


@dataclass(slots=True)
class Turn:
    """One turn of a contact, with the lines that it was made from."""

    speaker: str
    text: str
    lines: list[Line]


@dataclass(slots=True)
class Composed:
    """The text of a contact."""

    turns: list[Turn]
    tone: str
    refers_back: bool = False
    # Whether the matter itself is said: a lone feeling is no contact.
    told: bool = True
