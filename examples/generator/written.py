"""E-mails and social mentions."""

from __future__ import annotations

import re

from .body import Body, write_body
from .draft import Draft
from .model import Composed, Turn
from .parts import Line
from .slots import CLOSE, OPEN

ANSWERED_EMAILS, ANSWERED_MENTIONS = 0.06, 0.10
_EMAIL_WORDS = (24, 9)


def write_email(draft: Draft) -> Composed:
    """Write a letter: greeting, matter, request, closing, signature; some with their answer."""
    greeting = draft.shared_line("greeting", "email")
    budget = max(14, round(draft.rng.gauss(*_EMAIL_WORDS)))
    body = write_body(draft, budget, ends_well_later=False)
    closing = draft.shared_line("closing", "email")
    turn = _letter(draft, greeting, body, closing)
    turns = [turn]
    if draft.contact.question is not None or draft.rng.random() < ANSWERED_EMAILS:
        turns.append(_answer_letter(draft))
    return Composed(turns, draft.tone, body.refers_back, bool(body.early))


def _letter(draft: Draft, greeting: Line | None, body: Body, closing: Line | None) -> Turn:
    text = draft.turn("customer", body.lines)
    head = draft.turn("customer", [greeting])
    tail = draft.turn("customer", [closing, _signature(draft)], "\n")
    # Written by the device, hence never misspelt.
    tail.text = re.sub(r"Envoyé de.*", lambda m: f"{OPEN}{m[0]}{CLOSE}", tail.text)
    parts = [part.text for part in (head, text, tail) if part.text]
    return Turn("customer", "\n".join(parts), head.lines + text.lines + tail.lines)


def _signature(draft: Draft) -> Line | None:
    if draft.language != "fr":
        return draft.chooser.pick(draft.parts.shared_pool(draft.language, "signature"), free=True)
    name = "signature_b2b" if draft.contact.matter.customer.segment == "B2B" else "signature"
    return draft.chooser.pick(draft.parts.shared_pool("fr", name), free=True)


def _answer_letter(draft: Draft) -> Turn:
    opening = draft.shared_line("agent_email", free=True)
    answer = agent_answer(draft)
    signature = draft.shared_line("agent_signature", free=True)
    return draft.turn("agent", [opening, answer, signature], "\n")


def agent_answer(draft: Draft, ends_well: bool = False) -> Line | None:
    """Choose the agent's answer, which offers a solution to a customer who ends well."""
    question = draft.contact.question
    if question is not None:
        answers = question.answer_a if draft.contact.side == "A" else question.answer_b
        return draft.chooser.pick(draft.by_agent(answers) or answers, free=True)
    return draft.answer(solve=ends_well)


def write_mention(draft: Draft) -> Composed:
    """Write a public mention: a line of its own, or the matter in short with a tail."""
    body = Body()
    if draft.contact.wording is not None:
        body.early.append(draft.chooser.take(draft.contact.wording))
    elif draft.contact.previous is not None or draft.rng.random() < 0.22:
        body = write_body(draft, 12, ends_well_later=False)
    else:
        line = draft.reason_line("social")
        body = Body([line]) if line is not None else write_body(draft, 12, ends_well_later=False)
    if draft.rng.random() < 0.27:
        _add_tail(draft, body)
    if draft.sentiment == "mixed" and not draft.has("+"):
        concession = draft.shared_line("concession")
        body.late += [concession] if concession else []
    turns = [draft.turn("customer", body.lines)]
    if draft.rng.random() < ANSWERED_MENTIONS:
        turns.append(draft.turn("agent", [draft.shared_line("social_reply", _public_mood(draft), free=True)]))
    return Composed(turns, draft.tone, body.refers_back, bool(body.early))


def _public_mood(draft: Draft) -> str:
    """Mood that a public reply has to suit."""
    if draft.has("-"):
        return "negative"
    return "positive" if draft.has("+") else "neutral"


def _add_tail(draft: Draft, body: Body) -> None:
    if draft.sentiment == "mixed":
        return
    kind = draft.sentiment
    tail = draft.shared_line("social_tail", kind, free=True)
    if tail is not None and not any("{handle}" in line.template for line in body.lines if "{handle}" in tail.template):
        body.late.append(tail)
