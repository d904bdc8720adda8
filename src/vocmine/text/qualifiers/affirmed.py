"""Negation: words before a span in its clause that deny it, or right after it."""

from __future__ import annotations

import re
from typing import Final

from vocmine.text.qualifiers.context import Place, words

_REACH: Final = 7  # words before a span that a negation reaches over
_WORD: Final = re.compile(r"[\w'-]+")
_THAT: Final = re.compile(r"\bqu(?:e\b|')")


def denied_or_negated(place: Place) -> bool:
    """Say whether a span is denied: « je ne suis pas [fâché] », « aucun [souci] », « [fâché], moi ? non »."""
    following = place.after.lstrip()
    if words("denied_after").match(f"{place.after}{place.following}"):
        return True
    if words("negated_after").match(following) and not words("pseudo_negator").match(following):
        return True
    clause = place.clause
    # What is hoped or feared not to be is a possibility: « j'espère ne pas [attendre] ».
    return _negations(clause) % 2 == 1 and not words("supposes").search(clause)


def _negations(clause: str) -> int:
    """Count the negations of a clause that reach its end: within « que » they agree, across it they cancel out."""
    starts = [found.start() for found in _WORD.finditer(clause)]
    reached = clause[starts[-_REACH] :] if len(starts) > _REACH else clause
    plain = words("pseudo_negator").sub(" ", reached)
    return sum(words("negator").search(part) is not None for part in _THAT.split(plain))
