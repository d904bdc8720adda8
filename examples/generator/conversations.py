"""Calls and chats: turn by turn, with an end that can differ from the beginning."""

from __future__ import annotations

import re

from . import affinity
from .body import Body, write_body
from .draft import Draft
from .model import Composed, Turn
from .parts import Line
from .written import agent_answer

_CALL_TURNS = {3: 0.36, 4: 0.27, 5: 0.25, 6: 0.08, 7: 0.04}
_CHAT_TURNS = {3: 0.58, 4: 0.22, 5: 0.14, 6: 0.06}
_CALL_WORDS, _CHAT_WORDS = (15, 7), (10, 5)
_WAITS = 0.45
_GREETING_TRIES = 6
_QUESTION = re.compile("petite question")
_HELP = re.compile("aider|coup de main|question|bon service|une personne est là|enfin")
_IDENTIFY = {"name": 2.0, "file": 3.0, "address": 2.0, "phone": 1.0}


def write_call(draft: Draft) -> Composed:
    """Write a call of 3 to 7 turns; the agent opens."""
    n_turns = _draw_length(draft, _CALL_TURNS)
    if _ends_well(draft) and n_turns == 3:
        n_turns = 4
    body = _conversation_body(draft, _CALL_WORDS, n_turns > 3)
    turns = [draft.turn("agent", [draft.shared_line("agent_opening", "phone", free=True)])]
    greeting = _greet(draft, body, "phone")
    turns += _middle(draft, body, greeting, asks=n_turns >= 6)
    if n_turns > 3:
        turns.append(_last_turn(draft, body))
    if n_turns in (5, 7):
        turns.append(draft.turn("agent", [draft.shared_line("agent_closing", free=True)]))
    return Composed(turns, draft.tone, body.refers_back, bool(body.early))


def write_chat(draft: Draft) -> Composed:
    """Write a chat of 3 to 6 turns; a bot or an agent may open."""
    n_turns = _draw_length(draft, _CHAT_TURNS)
    body = _conversation_body(draft, _CHAT_WORDS, True)
    turns = []
    if n_turns in (4, 6):
        speaker = "bot" if draft.rng.random() < 0.6 else "agent"
        pool = "bot" if speaker == "bot" else "chat"
        turns.append(draft.turn(speaker, [draft.shared_line("agent_opening", pool, free=True)]))
    greeting = _greet(draft, body, "chat") if draft.rng.random() < 0.8 else None
    turns += _middle(draft, body, greeting, asks=n_turns >= 5)
    turns.append(_last_turn(draft, body))
    return Composed(turns, draft.tone, body.refers_back, bool(body.early))


def _ends_well(draft: Draft) -> bool:
    praise = draft.contact.matter.reason.cause == "praise"
    return draft.sentiment in ("positive", "mixed") and not praise


def _draw_length(draft: Draft, lengths: dict[int, float]) -> int:
    return draft.rng.choices(list(lengths), list(lengths.values()))[0]


def _conversation_body(draft: Draft, words: tuple[int, int], has_last_turn: bool) -> Body:
    budget = max(10, round(draft.rng.gauss(*words)))
    return write_body(draft, budget, ends_well_later=has_last_turn)


def _middle(draft: Draft, body: Body, greeting: Line | None, asks: bool) -> list[Turn]:
    """Write the matter, a question of the agent where there is time for it, and the answer."""
    ends_well = _ends_well(draft)
    if not asks or draft.contact.question is not None or draft.contact.matter.reason.cause == "praise":
        customer = draft.turn("customer", [_unless_said(greeting, body), *body.lines])
        return [customer, draft.turn("agent", [agent_answer(draft, ends_well)])]
    kinds = list(_IDENTIFY)
    kind = draft.rng.choices(kinds, list(_IDENTIFY.values()))[0]
    question = draft.shared_line("identify", kind, "ask", free=True)
    reply = draft.shared_line("identify", kind, "reply", free=True)
    return [
        draft.turn("customer", [_unless_said(greeting, body), *body.early]),
        draft.turn("agent", [question]),
        draft.turn("customer", [reply, *body.details, *body.late]),
        draft.turn("agent", [agent_answer(draft, ends_well)]),
    ]


def _greet(draft: Draft, body: Body, channel: str) -> Line | None:
    """Choose a greeting that announces what follows: a question, a call for help, or nothing of the kind."""
    asks = any("?" in line.template for line in body.lines)
    praise = draft.contact.matter.reason.cause == "praise"
    for _ in range(_GREETING_TRIES):
        line = draft.shared_line("greeting", channel)
        if line is None:
            break
        wrong = (_QUESTION.search(line.template) and not asks) or (_HELP.search(line.template) and praise)
        if not wrong:
            return line
        draft.chooser.taken.remove(line)
    return None


def _unless_said(greeting: Line | None, body: Body) -> Line | None:
    """No greeting before a line that greets by itself."""
    first = body.lines[0].template.lower() if body.lines else ""
    return None if re.search(r"^\[?.{0,12}(bonjour|bonsoir|allô|salut|alors voilà)|^\[?oui", first) else greeting


def _last_turn(draft: Draft, body: Body) -> Turn:
    line = _last_words(draft, body) or draft.shared_line("last_words", "neutral")
    return draft.turn("customer", [line])


def _last_words(draft: Draft, body: Body) -> Line | None:
    mood = draft.sentiment
    if mood == "negative" and draft.tone != "calm" and draft.rng.random() < 0.6:
        return draft.shared_line("last_words", _discontent(draft))
    if mood == "mixed" and (not _already_kind(body) or draft.rng.random() < 0.5):
        kind = "resolved" if _solved(draft) and draft.rng.random() < 0.65 else "recovered"
        return draft.shared_line("last_words", kind)
    if mood == "positive" and (_ends_well(draft) or not _already_kind(body) or draft.rng.random() < 0.6):
        return _happy_end(draft)
    if any(affinity.puts_off(line) for line in draft.answers()) and draft.rng.random() < _WAITS:
        return draft.shared_line("last_words", "waiting")
    return draft.shared_line("last_words", "neutral")


def _discontent(draft: Draft) -> str:
    """Last words that fit the answer: a doubt after a solution, a reproach after none."""
    if any(line.style == "solution" for line in draft.answers()):
        return "doubtful"
    return "unresolved_again" if draft.contact.position > 1 and draft.rng.random() < _WAITS else "unresolved"


def _happy_end(draft: Draft) -> Line | None:
    if draft.contact.matter.reason.cause == "praise":
        return draft.shared_line("last_words", "praise_end")
    trouble = draft.contact.matter.reason.cause not in ("praise", "information")
    if trouble and _solved(draft) and draft.rng.random() < 0.8:
        return draft.shared_line("last_words", "resolved")
    later = any(affinity.puts_off(line) for line in draft.answers())
    return draft.shared_line("last_words", "reassured" if later else "happy")


def _solved(draft: Draft) -> bool:
    """Whether the agent has settled the matter and the customer never comes back."""
    return draft.contact.is_last and any(affinity.settles(line) for line in draft.answers())


def _already_kind(body: Body) -> bool:
    return any("+" in line.polarity for line in body.lines)
