"""What is only possible, and what is announced on a condition: « si j'étais … », « si ça continue, je … »."""

from __future__ import annotations

import re
from typing import Final

from vocmine.text.qualifiers.context import Place, words

_COMMA: Final = re.compile(r",|\balors\b|\bbien\b(?= je)| (?=je |j'|on |c'est |vous )")


def hypothetical(place: Place) -> bool:
    """Say whether a span is a mere possibility: supposed, hoped or feared, or inside an if-clause."""
    if words("supposes").search(place.clause):
        return True
    if words("if_unreal", bounded=False).search(place.before + place.span):
        return True
    return _inside_condition(place)


def conditional(place: Place) -> bool:
    """Say whether a span is the consequence of a condition that the speaker sets: a threat, if it is one."""
    if hypothetical(place):
        return False
    if words("else_clause").search(place.before) or _condition_before(place):
        return True
    after = words("if_real", bounded=False).search(place.after)
    return after is not None and not words("if_unreal", bounded=False).search(place.after)


def _inside_condition(place: Place) -> bool:
    opened = words("if_real", bounded=False).search(place.clause)
    return opened is not None and not _COMMA.search(place.clause[opened.end() :])


def _condition_before(place: Place) -> bool:
    opened = words("if_real", bounded=False).search(place.before)
    return opened is not None and not _inside_condition(place)
