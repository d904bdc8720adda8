"""The work put on customers, from events that can be counted: attempts, transfers, papers, trips, and the like.

The score grows with each event and with each repetition, ever more slowly, up to 10. What makes a service hard is
known: having to contact it again, to repeat oneself, to change channel, to be transferred; these weigh most.

References
----------
M. Dixon, K. Freeman, N. Toman, Stop trying to delight your customers, Harvard Business Review, July 2010.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from math import exp, log2
from typing import Final, NamedTuple

from vocmine.signals.cues import cues_of
from vocmine.signals.rules import Rules
from vocmine.text.folding import fold

WEIGHTS: Final = {
    "attempt": 1.0,
    "transfer": 1.5,
    "channel_switch": 1.5,
    "repeated_explanation": 1.5,
    "waiting": 1.0,
    "paper": 1.0,
    "self_service_failure": 1.2,
    "travel": 1.2,
    "follow_up": 1.0,
}
"""Kinds of events, and what the first of each kind adds; chosen by reasoning after the reference, not fitted.

Being handed on, saying it again and changing channel are what customers resent most there, and what the organisation
alone decides: 1.5. A site that fails and a trip cost a detour besides the contact: 1.2. The others are the units: 1.
"""

AVOIDABLE: Final = "avoidable"
_SENDS_AWAY: Final = "sends_away"
_TO_COME: Final = "follow_up"  # with work still to come, nothing is settled: « finalement on me demande d'écrire »
_SCALE: Final = 5.0  # sum of weights at which the score is 6.3 of 10
_MOST: Final = 10
_CAP: Final = 12  # repetitions of one event that count
_CARDINALS: Final = ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
_ORDINALS: Final = ("deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme")
_NUMBERS: Final[dict[str, int]] = (
    {word: rank for words in (_CARDINALS, _ORDINALS) for rank, word in enumerate(words, start=2)}
    | dict.fromkeys(("quelques",), 2)
    | dict.fromkeys(("plusieurs",), 3)
    | dict.fromkeys(("maintes", "nombreux", "multiples"), 4)
)
_COUNTED: Final = frozenset({"attempt", "transfer", "repeated_explanation", "paper"})
_NUMBER: Final = re.compile(rf"\b(?:{'|'.join(_NUMBERS)}|\d{{1,2}})(?=e\b|eme\b|ieme\b|\b)")
_UNITS: Final = {"m": 1, "h": 60, "j": 1440, "s": 10080, "mois": 43200, "a": 525600}
_LASTING: Final = re.compile(
    rf"\b(?P<number>une?|{'|'.join(_CARDINALS)}|plusieurs|quelques|\d{{1,3}}) ?(?:bonnes? |longues? )?"
    r"(?P<unit>mois|m(?=in|n)|h|j(?=ours?\b|\b)|s(?=em)|a(?=ns?\b|nnees?))"
)


class Event(NamedTuple):
    """Something that the customer had to do or to bear.

    Attributes
    ----------
    kind : str
        A key of `WEIGHTS`, or `AVOIDABLE`: the agent had what the customer was sent to fetch.
    turn : int
        Place of its turn in the sequence given.
    start, end : int
        Code points of the turn.
    times : int
        How many times, where the words say it; 1 otherwise.
    why : str
        What shows it, in fixed words.
    minutes : int or None
        How long a wait lasted, where its words say it in full units; a month is 30 days.
    """

    kind: str
    turn: int
    start: int
    end: int
    times: int
    why: str
    minutes: int | None = None


def find_events(turns: Sequence[str]) -> list[Event]:
    """Find the events that customers tell of.

    Parameters
    ----------
    turns : sequence of str
        Customers' turns.

    Returns
    -------
    list of Event
        In the order of turns and text; affirmed ones alone. Of two in the same words, one is kept.

    Examples
    --------
    >>> [(event.kind, event.times) for event in find_events(["Je vous ai relancés trois fois et tout réexpliqué."])]
    [('attempt', 3), ('repeated_explanation', 1)]
    """
    found = []
    for rank, hits in enumerate(_rules((*WEIGHTS, AVOIDABLE)).find(list(turns))):
        folded, taken = fold(turns[rank]), -1
        unfinished = any(hit.affirmed and hit.signal == f"event_{_TO_COME}" for hit in hits)
        for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
            kind, words = hit.signal.removeprefix("event_"), folded[hit.start : hit.end]
            if not hit.affirmed or ("settled" in hit.qualifiers and not unfinished):
                continue
            if kind != AVOIDABLE and hit.start < taken:
                continue
            # What could have been spared is said of other events' words, and stands beside them.
            taken = max(taken, hit.end) if kind != AVOIDABLE else taken
            times, minutes = _times(kind, words), _minutes(kind, words)
            found.append(Event(kind, rank, hit.start, hit.end, times, hit.why, minutes))
    return found


def sent_away(turns: Sequence[str]) -> list[Event]:
    """Find where agents see what is needed and send the customer elsewhere all the same.

    Parameters
    ----------
    turns : sequence of str
        Agents' turns.
    """
    return [
        Event(AVOIDABLE, rank, hit.start, hit.end, 1, hit.why)
        for rank, hits in enumerate(_rules((_SENDS_AWAY,)).find(list(turns)))
        for hit in hits
        if hit.affirmed
    ]


def effort_score(events: Iterable[Event]) -> float:
    """Return the effort that events stand for, 0 to 10; one more event, or a higher count, never lowers it.

    Each kind adds its weight times ``log2(1 + n)``, n being how often it happened: a second transfer weighs less than
    the first. The sum S gives ``10 · (1 − exp(−S / 5))``.

    Examples
    --------
    >>> once = Event("transfer", 0, 0, 5, 1, "")
    >>> round(effort_score([once]), 2), round(effort_score([once, once]), 2), effort_score([])
    (2.59, 3.78, 0.0)
    """
    times: dict[str, int] = {}
    for event in events:
        if event.kind in WEIGHTS:
            times[event.kind] = times.get(event.kind, 0) + min(event.times, _CAP)
    total = sum(WEIGHTS[kind] * log2(1 + n) for kind, n in sorted(times.items()))
    return _MOST * (1 - exp(-total / _SCALE))


def _times(kind: str, folded: str) -> int:
    """Return how often the words say that it happened; two people in turn are one transfer."""
    found = _NUMBER.search(folded) if kind in _COUNTED else None
    if found is None:
        return 1
    said = _NUMBERS.get(found[0]) or int(found[0])
    between = kind == "transfer" and "transfer" not in folded
    return max(1, min(said - between, _CAP))


def _minutes(kind: str, folded: str) -> int | None:
    found = _LASTING.search(folded) if kind == "waiting" else None
    if found is None:
        return None
    number = found["number"]
    return _UNITS[found["unit"]] * (_NUMBERS.get(number) or (int(number) if number.isdecimal() else 1))


@cache
def _rules(kinds: tuple[str, ...]) -> Rules:
    return Rules({kind: cues_of(f"event_{kind}") for kind in kinds})
