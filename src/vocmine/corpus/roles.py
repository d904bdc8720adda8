"""Who is the agent and who the customer, told from what each of them says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from math import exp
from typing import Final, NamedTuple

from vocmine.corpus.cells import fold
from vocmine.text.lexicons import column

MARGIN: Final = 2.0
"""Least lead, in the log-odds of the word list, that a role is given for."""

_ENOUGH: Final = 20_000
"""Characters of each speaker that are looked at: roles show early in a call."""


class RoleGuess(NamedTuple):
    """The role of a speaker (``agent``, ``customer`` or ``unknown``) and the probability that it is right, 0 to 1."""

    role: str
    confidence: float


def infer_roles(turns: Iterable[tuple[str, str]], known: Mapping[str, str] | None = None) -> dict[str, RoleGuess]:
    """Infer the role of each speaker of one call from their words; it abstains where too little tells them apart.

    Every phrase of the list `role_cues.csv` (greetings in the name of a company, questions about a file, the reasons
    why customers call, ...) weighs for one role, once a speaker. Of two speakers, the difference counts: what one of
    them is says what the other is.

    Parameters
    ----------
    turns : iterable of (str, str)
        Speaker and text of each turn.
    known : mapping of str to str, optional
        Roles that are known already; these speakers get no guess.

    Returns
    -------
    dict of str to RoleGuess
        One entry a speaker, in the order in which they speak.

    Examples
    --------
    >>> roles = infer_roles([("S1", "Bonjour, que puis-je faire pour vous ?"), ("S2", "Je n'ai rien reçu.")])
    >>> roles["S1"].role, roles["S2"].role
    ('agent', 'customer')
    """
    known = known or {}
    said: dict[str, str] = {}
    for speaker, text in turns:
        words = said.setdefault(speaker, "")
        if len(words) < _ENOUGH:
            said[speaker] = f"{words}\n{text[:_ENOUGH]}"
    persons = {speaker: words for speaker, words in said.items() if known.get(speaker) not in {"bot", "system"}}
    scores = {speaker: _score(words) for speaker, words in persons.items()}
    if len(scores) == 2:
        scores = _against_each_other(scores, known)
    return {speaker: _guess(score) for speaker, score in scores.items() if speaker not in known}


def _against_each_other(scores: Mapping[str, float], known: Mapping[str, str]) -> dict[str, float]:
    """Return the lead of each of two speakers; one who is known to be an agent or a customer leaves the other role."""
    (first, one), (second, other) = scores.items()
    lead = one - other
    for speaker, sign in ((first, 1), (second, -1)):
        if known.get(speaker) == "agent":
            lead = sign * max(sign * lead, MARGIN)
        elif known.get(speaker) == "customer":
            lead = sign * min(sign * lead, -MARGIN)
    return {first: lead, second: -lead}


def _guess(score: float) -> RoleGuess:
    confidence = 1 / (1 + exp(-min(abs(score), 50.0)))
    if abs(score) < MARGIN:
        return RoleGuess("unknown", confidence)
    return RoleGuess("agent" if score > 0 else "customer", confidence)


def _score(text: str) -> float:
    """Return the log-odds that these are an agent's words rather than a customer's."""
    weights = _weights()
    return sum(weights[phrase] for phrase in set(_pattern().findall(fold(text))))


@cache
def _weights() -> dict[str, float]:
    signs = {"agent": 1.0, "customer": -1.0}
    rows = zip(*(column("role_cues", name) for name in ("phrase", "role", "weight")), strict=True)
    return {fold(phrase): signs[role] * float(weight) for phrase, role, weight in rows}


@cache
def _pattern() -> re.Pattern[str]:
    # The longest first: « je vous appelle parce que » rather than « je vous appelle ».
    phrases = sorted(_weights(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b")
