"""Personal data in plain sight: found, and masked in the quotes that a report shows."""

from __future__ import annotations

from typing import Final

from vocmine.text import personal

KINDS: Final = frozenset(personal.LABELS)
"""All kinds, long numbers of which nothing tells what they are included: what others will read is masked in doubt."""


def find_personal(text: str) -> list[tuple[int, int, str]]:
    """Find personal data, and any long number; see `vocmine.text.personal.find_personal` for less, or for more.

    Amounts, quantities with their unit, durations, percentages, dates, years and times are not personal data; nor are
    groups of five digits or fewer (postal codes).

    Returns
    -------
    list of (int, int, str)
        Start, end (code points, excluded) and kind, a key of `vocmine.text.personal.LABELS`, in order and without
        overlap.

    Examples
    --------
    >>> find_personal("Appelez le 06 12 34 56 78, commande 4512-889, 1 250,50 € dus")
    [(11, 25, 'phone'), (36, 44, 'number')]
    """
    return [found[:3] for found in personal.find_personal(text, kinds=KINDS)]


def mask(text: str) -> str:
    """Replace personal data by what it is, for quotes that others will read.

    Examples
    --------
    >>> mask("Écrivez à lea.roy@exemple.fr ou au 514 555-0199 : il me manque 7$ sur 24h/24")
    'Écrivez à [e-mail] ou au [téléphone] : il me manque 7$ sur 24h/24'
    """
    return personal.mask(text, kinds=KINDS)
