"""Personal data in plain sight: found, and masked in the quotes that a report shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

LABELS: Final = {"email": "[e-mail]", "handle": "[@…]", "phone": "[téléphone]", "number": "[numéro]"}
"""What each kind of personal data is replaced with."""

_GAP: Final = r"[ .\-\u00a0\u202f]"
_UNITS: Final = (
    r"€|\$|£|%|°|(?:d['’])?[eE]uros?\b|EUR\b|CAD\b|CHF\b|[dD]ollars?\b|[fF]rancs?\b|cents?\b|centimes?\b|millions?\b|milliards?\b"
    r"|k€|km\b|m2\b|m²|k?g\b|[GMKT]o\b|[kM]?Wh?\b|kWh\b|ans?\b|années?\b|mois\b|semaines?\b|jours?\b|heures?\b|h\b|min"
    r"|personnes?\b|habitants?\b|clients?\b|fois\b|points?\b|pages?\b|km/h"
)

# Alternatives in order of precedence; what `kept` recognises is no personal data, and shields its digits.
_PERSONAL = re.compile(
    rf"""
      (?P<email> (?<![\w.+-]) [\w.+-]{{1,64}} @ [\w-]{{1,63}} (?:\.[\w-]{{1,63}}){{1,5}} )
    | (?P<handle> (?<![\w@.]) @\w{{1,50}} )
    | (?P<kept> (?<![\w]) (?:
          \d{{1,2}}(?P<s>[/.-])\d{{1,2}}(?P=s)(?:\d{{4}}(?!(?P=s)?\d)|\d{{2}}(?![/.-]?\d))  # 12/03/2025, 12.03.25
        | \d{{1,2}}[ ]\d{{1,2}}[ ](?:19|20)\d\d (?!{_GAP}?\d)               # 12 03 2025
        | (?:19|20)\d\d(?P<z>[-/.])\d{{1,2}}(?P=z)\d{{1,2}} (?!\d)                  # 2025-03-12
        | (?:19|20)\d\d [ ]?[-/–\ ][ ]? (?:19|20)\d\d (?!{_GAP}?\d)        # 2024-2025
        | [$€£][ ]?\d{{1,3}}(?:{_GAP}\d{{3}})+(?:,\d\d?)?(?!\d) | [$€£][ ]?\d{{1,9}}(?:[.,]\d\d?)?(?!\d)
        | \d{{1,3}}(?:{_GAP}\d{{3}})*(?:[.,]\d{{1,2}})?[ \u00a0\u202f]?(?:{_UNITS})
        | \d{{1,9}}(?:[.,]\d{{1,3}})?[ \u00a0\u202f]?(?:{_UNITS})
        | \d{{1,3}}(?:{_GAP}\d{{3}})*,\d\d?(?!\d)                          # 1 250,50
      ) )
    | (?P<phone> (?<![\w+]) (?:
          (?:\+|00)[1-9]\d{{0,2}}{_GAP}?(?:\(0\){_GAP}?)?(?:[ ./-]?\(?\d\)?){{7,11}} (?!{_GAP}?\d)
        | \(?0[1-9]\d?\d?\)?(?:[ ./\-\u00a0\u202f]?\d){{6,8}} (?![ ./\-\u00a0\u202f]?\d)   # FR, BE, CH
        | (?:1{_GAP})?\(?[2-9]\d\d\)?[ .-]{{0,2}}\d{{3}}[ .-]\d{{4}} (?!{_GAP}?\d)         # Quebec, United States
      ) )
    | (?P<number>
          (?<!\w) [A-Z]{{2}}\d\d(?:[ ]?[A-Z0-9]{{4}}){{2,7}}(?:[ ]?[A-Z0-9]{{1,4}})? (?!\w)  # IBAN
        | (?<!\w) \d(?:{_GAP}?\d){{5,}}\w*                                                   # cards, files, accounts
        | (?<!\w) \w*\d{{6,}}\w*                                                             # 6A12345678901
      )
    """,
    re.VERBOSE,
)


def find_personal(text: str) -> list[tuple[int, int, str]]:
    """Find e-mail addresses, handles, telephone numbers and long numbers.

    Amounts, quantities with their unit, durations, percentages, dates, years and times are not personal data; nor are
    groups of five digits or fewer (postal codes). Names and postal addresses are not looked for.

    Returns
    -------
    list of (int, int, str)
        Start, end (code points, excluded) and kind, a key of `LABELS`, in order and without overlap.

    Examples
    --------
    >>> find_personal("Appelez le 06 12 34 56 78, dossier 4512-889, 1 250,50 € dus")
    [(11, 25, 'phone'), (35, 43, 'number')]
    """
    return list(_found(text))


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _PERSONAL.finditer(text):
        if match.lastgroup in LABELS:
            yield *match.span(), match.lastgroup


def mask(text: str) -> str:
    """Replace personal data by what it is, for quotes that others will read.

    Examples
    --------
    >>> mask("Écrivez à lea.roy@exemple.fr ou au 514 555-0199 : il me manque 7$ sur 24h/24")
    'Écrivez à [e-mail] ou au [téléphone] : il me manque 7$ sur 24h/24'
    """
    pieces: list[str] = []
    done = 0
    for start, end, kind in _found(text):
        pieces += (text[done:start], LABELS[kind])
        done = end
    pieces.append(text[done:])
    return "".join(pieces)
