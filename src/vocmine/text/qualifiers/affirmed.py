"""Negation: words before a span in its clause that deny it, or right after it."""

from __future__ import annotations

import re
from typing import Final

from vocmine.text.qualifiers.context import Place, words

_REACH: Final = 7  # words before a span that a negation reaches over
_WORD: Final = re.compile(r"[\w'-]+")


def denied_or_negated(place: Place) -> bool:
    """Say whether a span is denied: « je ne suis pas [fâché] », « aucun [souci] », « [fâché], moi ? non »."""
    following = place.after
    if words("denied_after", bounded=False).match(following + place.following):
        return True
    if words("negated_after").match(following.lstrip()) and not words("pseudo_negator").match(following.lstrip()):
        return True
    return _negations(place.clause) % 2 == 1


def _negations(clause: str) -> int:
    """Count the negations of a clause that reach its end; two of them affirm."""
    starts = [found.start() for found in _WORD.finditer(clause)]
    reached = clause[starts[-_REACH] :] if len(starts) > _REACH else clause
    plain = words("pseudo_negator").sub(" ", reached)
    found = [match for match in words("negator").finditer(plain) if match[0] not in {"ne", "n'"}]
    # « ne … que » restricts: « ne » counts only with its second word, which is counted by itself.
    return len(found)
