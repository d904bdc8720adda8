"""Whose words a span is, and of what: asked about, reported of others, settled, or about somebody else."""

from __future__ import annotations

from vocmine.text.qualifiers.context import MAIN_CLAUSE, Place, words


def asked(place: Place) -> bool:
    """Say whether a span is part of a question about something; reproaches in the form of questions are not."""
    if words("reproaches").search(place.sentence):
        return False
    since = place.since(*MAIN_CLAUSE)
    if words("asks").search(since):
        return True
    if "?" not in place.after:
        return False
    clause_after = words("punctuation", *MAIN_CLAUSE).split(place.after, maxsplit=1)[0]
    return words("asks_inverted").search(f"{since}{place.span}{clause_after}") is not None


def reported(place: Place) -> bool:
    """Say whether a span is told after others, or quoted from them."""
    after = place.after.partition(";")[0]
    if words("said_by_others").search(place.since("contrast")) or words("said_after").search(after):
        return True
    opened = place.before.rfind("«")
    if opened < 0:
        opened = place.before.rfind('"') if place.before.count('"') % 2 else -1
    quoted = opened > place.before.rfind("»") and any(mark in place.after for mark in '»"')
    return quoted and words("says").search(place.before[:opened].rstrip()) is not None


def settled(place: Place) -> bool:
    """Say whether a span tells of past trouble as settled, by its own sentence or by the next."""
    if words("unsettled").search(f"{place.sentence} {place.following}"):
        return False
    if words("settles").search(f"{place.after} {place.following}"):
        return True
    found = words("settles").search(f"{place.before} {place.after}")
    # « C'est réglé mais je reste [furieux] » is resented still.
    return found is not None and not words("resents").search(place.before[found.end() :])


def elsewhere(place: Place) -> bool:
    """Say whether a span is about another organisation, or another person's dealings."""
    if words("at_others").match(place.after):
        return True
    since = place.since("contrast")
    return (
        _in_force("other_person", "self", since, place)
        or _in_force("other_company", "here", words("going_there").sub(" ", since), place)
        or words("former").search(place.span) is not None
    )


def _in_force(role: str, end: str, text: str, place: Place) -> bool:
    """Say whether words of a role stand before a span, with none that end their scope between."""
    found = place.last(role, within=text)
    return found is not None and not words(end).search(f"{text}{place.span}"[found.end() :])
