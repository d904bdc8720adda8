"""What is only possible, and what is announced on a condition: « si j'étais … », « si ça continue, je … »."""

from __future__ import annotations

from typing import Final

from vocmine.text.qualifiers.context import Place, words

_CONDITION_AFTER: Final = 80  # characters after a span in which a condition still is its own


def hypothetical(place: Place) -> bool:
    """Say whether a span is a mere possibility: supposed, hoped or feared, or inside an if-clause."""
    clause = place.clause
    if words("supposes").search(clause):
        return True
    if words("if_unreal").search(_conditions(f"{place.before}{place.span}")):
        return True
    return place.last("if_real", within=_conditions(clause)) is not None


def conditional(place: Place) -> bool:
    """Say whether a span is the consequence of a condition that the speaker sets: a threat, if it is one."""
    if hypothetical(place):
        return False
    since = _conditions(place.since("contrast"))
    if place.last("else_clause", within=since) or place.last("if_real", within=since):
        return True
    after = _conditions(place.after[:_CONDITION_AFTER])
    return words("if_real").search(after) is not None and not words("if_unreal").search(after)


def _conditions(text: str) -> str:
    """Leave out the « si » that open no condition: « savoir si », « s'il vous plaît »."""
    return words("pseudo_if").sub(" ", text)
