"""The values that columns of fixed vocabulary take."""

from __future__ import annotations

from typing import Final

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
