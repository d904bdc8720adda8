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
"""Kinds of events, and what the first of each kind adds; chosen by reasoning after the reference, not fitted."""

AVOIDABLE: Final = "avoidable"
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
    """

    kind: str
    turn: int
    start: int
    end: int
    times: int
    why: str


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
    for rank, hits in enumerate(_customers().find(list(turns))):
        folded = fold(turns[rank])
        taken = -1
        for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
            kind = hit.signal.removeprefix("event_")
            if not hit.affirmed or (kind != AVOIDABLE and hit.start < taken):
                continue
            taken = max(taken, hit.end) if kind != AVOIDABLE else taken
            count = _count(folded[hit.start : hit.end]) if kind in _COUNTED else 1
            found.append(Event(kind, rank, hit.start, hit.end, count, hit.why))
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
        for rank, hits in enumerate(_agents().find(list(turns)))
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


def _count(folded: str) -> int:
    found = _NUMBER.search(folded)
    if found is None:
        return 1
    return max(1, min(_NUMBERS.get(found[0]) or int(found[0]), _CAP))


class _Made:
    """Rules made when first needed."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._rules: Rules | None = None

    def __call__(self) -> Rules:
        if self._rules is None:
            self._rules = Rules({name: cues_of(name) for name in self._names})
        return self._rules


_customers: Final = _Made([f"event_{kind}" for kind in (*WEIGHTS, AVOIDABLE)])
_agents: Final = _Made(["event_sends_away"])
