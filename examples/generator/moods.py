"""The sentiment and the tone that each contact aims at."""

from __future__ import annotations

from random import Random

from .model import Contact

# Shares of negative, neutral, positive, mixed by kind of reason.
_SENTIMENTS = ("negative", "neutral", "positive", "mixed")
TROUBLE = (0.67, 0.215, 0.02, 0.095)
# A trouble ends well in a conversation, where the agent can help at once.
TALKED_OVER = (0.60, 0.175, 0.115, 0.11)
SOFT = (0.17, 0.60, 0.18, 0.05)
PRAISE = (0.0, 0.02, 0.95, 0.03)
REPEAT = (0.80, 0.11, 0.02, 0.07)
SOFT_REPEAT = (0.45, 0.48, 0.03, 0.04)
QUESTION = (0.0, 1.0, 0.0, 0.0)
_SOFT_REASONS = {"telecom.esim", "energy.moving", "bank.document", "bank.loan_request", "parcel.address_change"}

_TONES = {"calm": 0.20, "annoyed": 0.38, "angry": 0.22, "furious": 0.08, "ironic": 0.07, "distressed": 0.05}


def draw_sentiment(contact: Contact, rng: Random) -> str:
    """Draw the sentiment that the contact aims at."""
    reason = contact.matter.reason
    weights = TALKED_OVER if contact.channel in ("phone", "chat") else TROUBLE
    if contact.question is not None:
        weights = QUESTION
    elif contact.incident and contact.wording is not None:
        weights = (0.9, 0.0, 0.0, 0.1) if contact.wording.polarity == "-" else (0.3, 0.7, 0.0, 0.0)
    elif reason.cause == "praise":
        weights = PRAISE
    elif reason.cause == "information" or reason.key in _SOFT_REASONS:
        weights = SOFT if contact.previous is None else SOFT_REPEAT
    elif contact.previous is not None:
        weights = REPEAT
    return rng.choices(_SENTIMENTS, weights)[0]


def draw_tone(contact: Contact, sentiment: str, rng: Random) -> str:
    """Draw the customer's tone, of those that suit the sentiment."""
    if sentiment == "neutral":
        return "calm"
    if sentiment == "positive":
        return "happy"
    if sentiment == "mixed":
        return "recovering"
    tone = rng.choices(list(_TONES), list(_TONES.values()))[0]
    return "annoyed" if tone == "distressed" and contact.matter.customer.segment == "B2B" else tone
