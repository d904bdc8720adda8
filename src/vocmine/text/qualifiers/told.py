"""Whose words a span is, and of what: asked about, reported of others, settled, or about somebody else."""

from __future__ import annotations

from vocmine.text.qualifiers.context import Place, words

_OPENING, _CLOSING = "«“", "»”"


def asked(place: Place) -> bool:
    """Say whether a span is part of a question about something; reproaches in the form of questions are not."""
    sentence = place.sentence
    if words("reproaches").search(sentence):
        return False
    if words("asks").search(place.before):
        return True
    return words("asks_inverted", bounded=False).search(sentence) is not None


def reported(place: Place) -> bool:
    """Say whether a span is told after others, or quoted from them."""
    if words("said_by_others").search(place.before):
        return True
    opened = max((place.before.rfind(mark) for mark in _OPENING), default=-1)
    closed = max((place.before.rfind(mark) for mark in _CLOSING), default=-1)
    quoted = opened > closed and any(mark in place.after for mark in _CLOSING)
    return quoted and words("says", bounded=False).search(place.before[:opened].rstrip()) is not None


def settled(place: Place) -> bool:
    """Say whether a span tells of past trouble as settled, by its own sentence or by the next."""
    if words("unsettled").search(place.sentence):
        return False
    around = f"{place.before} {place.after}"
    return words("settles").search(around) is not None or words("settles").search(place.following) is not None


def elsewhere(place: Place) -> bool:
    """Say whether a span is about another organisation, or another person's dealings."""
    return words("other_company").search(place.before + place.span) is not None
