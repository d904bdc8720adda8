"""Figures that are no personal data: amounts, quantities with their unit, durations, dates, years, times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.text.personal.context import GAP
from vocmine.text.personal.kinds import SHIELD, Personal

_BETWEEN: Final = r"[ .\-\u00a0\u202f]"
_UNITS: Final = (
    r"€|\$|£|%|°|(?:d['’])?euros?\b|eur\b|cad\b|chf\b|dollars?\b|francs?\b|cents?\b|centimes?\b|millions?\b|milliards?\b"
    r"|k€|km/h|km\b|m2\b|m²|m3\b|m³|k?g\b|[gmkt]o\b|mb\b|gb\b|[km]?wh?\b|ans?\b|années?\b|mois\b|semaines?\b|jours?\b"
    r"|heures?\b|h\b|min|secondes?\b|personnes?\b|habitants?\b|clients?\b|fois\b|points?\b|pages?\b|litres?\b|mètres?\b"
    r"|pas\b|articles?\b|pièces?\b|colis\b|exemplaires?\b|unités?\b|commandes?\b|trimestres?\b"
)

_AMOUNT: Final = re.compile(
    rf"""
      (?<!\w) [$€£]{GAP}?\d{{1,3}}(?:{_BETWEEN}\d{{3}}){{1,4}}(?:,\d\d?)?(?!\d)
    | (?<!\w) [$€£]{GAP}?\d{{1,9}}(?:[.,]\d\d?)?(?!\d)
    | (?<![\w+]) (?<![\w+][ .\-]) \d{{1,3}}(?:{_BETWEEN}\d{{3}}){{1,4}}(?:[.,]\d{{1,2}})?{GAP}?(?:{_UNITS})
    | (?<!\w) \d{{1,9}}(?:[.,]\d{{1,3}})?{GAP}?(?:{_UNITS})
    | (?<![\w+]) (?<![\w+][ .\-]) \d{{1,3}}(?:{_BETWEEN}\d{{3}}){{0,4}},\d\d?(?!\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)

_DATE: Final = re.compile(
    rf"""(?<!\w)(?<!\d[/.\-])(?:
      \d{{1,2}}(?P<s>[/.\-])\d{{1,2}}(?P=s)(?:\d{{4}}(?!(?P=s)?\d)|\d{{2}}(?![/.\-]?\d))   # 12/03/2025, 12.03.25
    | (?<!\d[ ])\d{{1,2}}[ ]\d{{1,2}}[ ](?:19|20)\d\d (?!{_BETWEEN}?\d)                              # 12 03 2025
    | (?:19|20)\d\d(?P<z>[\-/.])\d{{1,2}}(?P=z)\d{{1,2}} (?!\d)                            # 2025-03-12
    | (?:19|20)\d\d [ ]?[\-/–\ ][ ]? (?:19|20)\d\d (?!{_BETWEEN}?\d)                       # 2024-2025
    )""",
    re.VERBOSE,
)


def find_shields(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find figures that must stay legible in a stretch of a text.

    Examples
    --------
    >>> [(found.start, found.end) for found in find_shields("1 250,50 € le 12/03/2025", 0, 24)]
    [(0, 10), (14, 24)]
    """
    for match in _AMOUNT.finditer(text, start, end):
        yield Personal(*match.span(), SHIELD, "amount", 0.95)
    for match in _DATE.finditer(text, start, end):
        yield Personal(*match.span(), SHIELD, "date", 0.92)
