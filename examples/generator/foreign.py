"""The few contacts in English and Spanish: whole short texts with a frame around them."""

from __future__ import annotations

from .draft import Draft
from .model import Composed, Turn
from .parts import Line

_AROUND = 0.6


def write_foreign(draft: Draft) -> Composed:
    """Write a contact in the customer's own language."""
    writers = {"email": _email, "phone": _call, "chat": _chat, "social": _mention}
    return Composed(writers[draft.contact.channel](draft), draft.tone)


def _whole(draft: Draft) -> list[Line | None]:
    pool = draft.contact.matter.reason.pools.get(draft.language, [])
    lines = [draft.chooser.pick(pool, free=True)]
    if draft.contact.channel != "social" and draft.rng.random() < _AROUND:
        lines.append(_line(draft, "extra"))
    return lines


def _line(draft: Draft, *path: str) -> Line | None:
    return draft.chooser.pick(draft.parts.shared_pool(draft.language, *path), free=True)


def _reply(draft: Draft) -> Line | None:
    praised = draft.has("+") and not draft.has("-")
    return _line(draft, "agent_thanks" if praised else "agent_reply")


def _email(draft: Draft) -> list[Turn]:
    head = draft.turn("customer", [_line(draft, "greeting", "email")])
    body = draft.turn("customer", _whole(draft))
    tail = draft.turn("customer", [_line(draft, "closing", "email"), _line(draft, "signature")], "\n")
    text = f"{head.text}\n{body.text}\n{tail.text}"
    return [Turn("customer", text, body.lines)]


def _call(draft: Draft) -> list[Turn]:
    return [
        draft.turn("agent", [_line(draft, "agent_opening", "phone")]),
        draft.turn("customer", [_line(draft, "greeting", "phone"), *_whole(draft)]),
        draft.turn("agent", [_reply(draft)]),
        draft.turn("customer", [_line(draft, "last_words")]),
    ]


def _chat(draft: Draft) -> list[Turn]:
    return [
        draft.turn("customer", [_line(draft, "greeting", "chat"), *_whole(draft)]),
        draft.turn("agent", [_reply(draft)]),
        draft.turn("customer", [_line(draft, "last_words")]),
    ]


def _mention(draft: Draft) -> list[Turn]:
    return [draft.turn("customer", _whole(draft))]
