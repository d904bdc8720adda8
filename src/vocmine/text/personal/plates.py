"""Number plates of France, Belgium, Switzerland and Quebec."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.text.personal.context import after, before, words
from vocmine.text.personal.kinds import Personal

_L: Final = "[A-HJ-NP-TV-Za-hj-np-tv-z]"
_CANTONS: Final = "AG|AI|AR|BE|BL|BS|FR|GE|GL|GR|JU|LU|NE|NW|OW|SG|SH|SO|SZ|TG|TI|UR|VD|VS|ZG|ZH"
_DEPARTMENT: Final = r"(?:0[1-9]|[1-8]\d|9[0-5]|97[1-6]|2[ABab])"

# Written as on the plate; what needs a word of cars beside it follows, in capitals or without a gap.
_SURE: Final = re.compile(
    rf"(?<![\w-])(?:{_L}{{2}}[-–]\d{{3}}[-–]{_L}{{2}}"
    rf"|[1-9]\d{{2,3}}(?P<s>[ -])[A-HJ-NP-TV-Z]{{2,3}}(?P=s){_DEPARTMENT}"
    rf"|[1-9]-[A-Z]{{3}}-\d{{3}}"
    rf"|(?!FR)(?:{_CANTONS})[ -]\d{{5,6}}|FR[ -]\d{{6}}|(?:{_CANTONS})[ ·]\d{{2,3}}[ '’]\d{{3}})(?![\w-])"
)
_DOUBTFUL: Final = re.compile(
    rf"(?<![\w-])(?:[A-Z]{{2}}[ .-]?\d{{3}}[ .-]?[A-Z]{{2}}|\d{{1,4}}[ -]?[A-Z]{{2,3}}[ -]?{_DEPARTMENT}"
    rf"|[1-9][ -]?[A-Z]{{3}}[ -]?\d{{3}}|(?:{_CANTONS})[ -]?\d{{1,6}}"
    rf"|[A-Z]\d\d[ -]?[A-Z]{{3}}|[A-Z]{{3}}[ -]?\d{{3}}|\d{{3}}[ -]?[A-Z]{{3}}"
    rf"|[a-z]{{2}}\d{{3}}[a-z]{{2}}|[a-z]{{2}} \d{{3}} [a-z]{{2}}|\d{{3,4}}[a-z]{{2,3}}\d\d)(?![\w-])"
)
_CAR: Final = words(
    r"plaques?|immatricul\w{1,8}|v[ée]hicules?|voitures?|motos?|scooters?|camions?|camionnettes?|autos?"
    r"|minéralogique|carte grise"
)
_NOT_CAR: Final = words(
    r"r[ée]f(?:[ée]rences?|\.)?|pi[èe]ce|article|mod[èe]le|commande|produit|lot|s[ée]rie|colis|code"
)
_MEASURES: Final = re.compile(r"(?i:\d ?(?:km|ans?|cv|ch|eur|ttc|mn|min|kms|kg)\b)|^(?:et|de|le|du|au|un|en|la|ou) ")


def find_plates(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find number plates in a stretch of a text.

    Examples
    --------
    >>> text = "AB-123-CD, pièce EF-456-GH, voiture AB 123 CD"
    >>> [text[s:e] for s, e, *_ in find_plates(text, 0, len(text))]
    ['AB-123-CD', 'AB 123 CD']
    """
    for match in _SURE.finditer(text, start, end):
        if not before(text, match.start(), _NOT_CAR, 25) and not _MEASURES.search(match[0]):
            score = 0.96 if _near_car(text, match) else 0.87
            yield Personal(*match.span(), "plate", "written as on the plate", score)
    if not (_CAR.search(text, start, end)):
        return
    for match in _DOUBTFUL.finditer(text, start, end):
        if _near_car(text, match) and not before(text, match.start(), _NOT_CAR, 15) and not _MEASURES.search(match[0]):
            yield Personal(*match.span(), "plate", "after words of cars", 0.96)


def _near_car(text: str, match: re.Match[str]) -> bool:
    return before(text, match.start(), _CAR, 40) or after(text, match.end(), _CAR, 15)
