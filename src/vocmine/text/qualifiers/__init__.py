"""Spans of a text come in; in what way each is no plain affirmation by the speaker, about now, goes out.

As in clinical language processing, words that negate, suppose, ask or report stand apart from what they act on: word
lists (`lexicons/qualifiers.csv`) tell them, and their scope ends with the clause or the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from vocmine.text.qualifiers.affirmed import denied_or_negated
from vocmine.text.qualifiers.context import Place
from vocmine.text.qualifiers.supposed import conditional, hypothetical
from vocmine.text.qualifiers.told import asked, elsewhere, reported, settled

_TESTS: Final[dict[str, Callable[[Place], bool]]] = {
    "negated": denied_or_negated,
    "hypothetical": hypothetical,
    "conditional": conditional,
    "asked": asked,
    "reported": reported,
    "settled": settled,
    "elsewhere": elsewhere,
}
QUALIFIERS: Final = tuple(_TESTS)
"""Denied; a mere possibility; the consequence of a condition; part of a question about something; somebody else's
words; past trouble told as settled; about another organisation or person."""


def qualify(folded: str, spans: Sequence[tuple[int, int]]) -> list[frozenset[str]]:
    """Say how each span is meant.

    Parameters
    ----------
    folded : str
        A whole turn, as `vocmine.text.folding.fold` gives it.
    spans : sequence of (int, int)
        Code points, end excluded.

    Returns
    -------
    list of frozenset of str
        Of `QUALIFIERS`; empty where the span is plainly affirmed.

    Examples
    --------
    >>> text = "je ne suis pas fachee, je m'informe"
    >>> [sorted(found) for found in qualify(text, [(15, 21)])]
    [['negated']]
    """
    places = [Place.of(folded, start, end) for start, end in spans]
    return [frozenset(name for name, holds in _TESTS.items() if holds(place)) for place in places]
