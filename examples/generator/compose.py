"""Writing all the contacts of a plan, each redrawn while it looks too much like another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from .conversations import write_call, write_chat
from .draft import Draft
from .foreign import write_foreign
from .model import Composed, Contact
from .moods import draw_sentiment, draw_tone
from .near_copies import NearCopyIndex, distinct_words
from .noise import Typist
from .parts import Line, Parts
from .slots import CLOSE, OPEN
from .speech import transcribe
from .truth import sentiment_of
from .written import write_email, write_mention

MAX_OVERLAP = 0.75
MAX_TRIES = 14
PATIENCE = 5
_TRANSCRIBED = 0.34
# Where the parts of a reason hold nothing for the sentiment aimed at.
_SECOND_AIM = {"positive": "neutral", "mixed": "negative", "negative": "neutral", "neutral": "negative"}
_WRITERS = {"phone": write_call, "chat": write_chat, "email": write_email, "social": write_mention}


class _Try(NamedTuple):
    """One writing of a contact; the lowest rank is the best."""

    rank: tuple[bool, bool, bool, float]
    composed: Composed
    found: frozenset[str]
    problem: Line | None


def write_contacts(contacts: list[Contact], parts: Parts, seed: int) -> Iterator[Composed]:
    """Write the contacts in order; the same seed gives the same texts."""
    index = NearCopyIndex(len(contacts))
    uses: Counter[str] = Counter()
    for contact in contacts:
        rng = Random(f"text-{seed}-{contact.id}")
        composed, found = _write_one(contact, parts, index, uses, rng)
        index.add(found)
        uses.update(line.template for turn in composed.turns for line in turn.lines)
        yield composed


def _write_one(
    contact: Contact, parts: Parts, index: NearCopyIndex, uses: Counter[str], rng: Random
) -> tuple[Composed, frozenset[str]]:
    aim = draw_sentiment(contact, rng)
    tone = draw_tone(contact, aim, rng)
    told_before = contact.matter.problem
    tries: list[_Try] = []
    for attempt in range(MAX_TRIES):
        contact.matter.problem = told_before
        if attempt == PATIENCE and any(t.rank[0] or t.rank[2] for t in tries):
            aim = _SECOND_AIM[aim]
            tone = draw_tone(contact, aim, rng)
        draft = Draft(contact, parts, aim, tone, uses, rng)
        composed = write_foreign(draft) if draft.language != "fr" else _WRITERS[contact.channel](draft)
        _roughen(composed, contact, parts, rng)
        found = distinct_words(" ".join(turn.text for turn in composed.turns))
        overlap = index.overlap(found)
        broken = not composed.told or any(not turn.text for turn in composed.turns)
        missed = draft.language == "fr" and sentiment_of(composed) != aim
        rank = (broken, overlap > MAX_OVERLAP, missed, overlap)
        tries.append(_Try(rank, composed, found, contact.matter.problem))
        if not any(rank[:3]):
            break
    best = min(tries, key=lambda t: t.rank)
    contact.matter.problem = best.problem
    return best.composed, best.found


def _roughen(composed: Composed, contact: Contact, parts: Parts, rng: Random) -> None:
    """Speech or typing of this customer, then slot values without their marks."""
    french = contact.matter.customer.language == "fr"
    if contact.channel == "phone":
        if rng.random() < _TRANSCRIBED:
            _transcribe_all(composed, contact, parts, rng)
    elif french:
        _type_all(composed, contact, rng)
    for turn in composed.turns:
        turn.text = turn.text.replace(OPEN, "").replace(CLOSE, "").strip()


def _transcribe_all(composed: Composed, contact: Contact, parts: Parts, rng: Random) -> None:
    customer = contact.matter.customer
    pool = parts.shared_pool("ca" if customer.quebec else "fr", "filler") if customer.language == "fr" else []
    fillers = [line.template for line in pool]
    for turn in composed.turns:
        turn.text = transcribe(turn.text, rng, fillers if turn.speaker == "customer" else [])


def _type_all(composed: Composed, contact: Contact, rng: Random) -> None:
    typist = Typist(contact.channel, composed.tone, rng)
    mine = [turn for turn in composed.turns if turn.speaker == "customer"]
    for turn in mine:
        happy = any("+" in line.polarity for line in turn.lines)
        turn.text = typist.type(turn.text, turn is mine[0], happy)
