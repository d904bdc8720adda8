"""SIREN, SIRET and intra-Community VAT numbers: a sole trader's are those of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.text.personal.context import after, before, digits, words
from vocmine.text.personal.kinds import Personal

_S: Final = r"[ .\-\u00a0\u202f\u2009]?"
_NUMBER: Final = re.compile(
    rf"(?<![\w+])(?<!\d[.\-,])\d{{3}}{_S}\d{{3}}{_S}\d{{3}}(?:{_S}\d{{5}}|{_S}\d{{3}}{_S}\d\d)?(?!{_S}\d)(?!\w)"
)
_VAT: Final = re.compile(rf"(?<!\w)FR{_S}\d\d{_S}\d{{3}}{_S}\d{{3}}{_S}\d{{3}}(?!{_S}\d)(?!\w)", re.IGNORECASE)
_REGISTER: Final = words(r"siren|siret|rcs|r\.c\.s\.|registre du commerce|immatricul[ée]e?s?|tva|insee")
_COMPANY: Final = words(
    r"entreprise|soci[ée]t[ée]|[ée]tablissement|auto-?entrepreneure?|micro-?entreprise|artisane?|ind[ée]pendante?"
)
_MARK: Final = re.compile(r"(?:n[°ºo]|num[ée]ro|:|\()\s{0,2}\Z", re.IGNORECASE)


def find_companies(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find the numbers of companies in a stretch of a text: the checksum is right and the words around say so.

    Examples
    --------
    >>> text = "SIRET 732 829 320 00074, soit le total de 732 829 320"
    >>> [text[s:e] for s, e, *_ in find_companies(text, 0, 24)]
    ['732 829 320 00074']
    """
    for match in _NUMBER.finditer(text, start, end):
        if _said(text, match) and is_company(digits(match[0])):
            yield Personal(*match.span(), "company", "checksum after words of companies", 0.99)
    for match in _VAT.finditer(text, start, end):
        if is_company(digits(match[0])[2:]):
            yield Personal(*match.span(), "company", "VAT number with its SIREN", 0.97)


def _said(text: str, match: re.Match[str]) -> bool:
    """Tell numbers beside words of registers; « entreprise » says enough with « n° », or of fourteen digits."""
    if before(text, match.start(), _REGISTER, 70) or after(text, match.end(), _REGISTER, 15):
        return True
    marked = len(digits(match[0])) == 14 or before(text, match.start(), _MARK, 8)
    return marked and before(text, match.start(), _COMPANY, 40)


def is_company(number: str) -> bool:
    """Tell the digits of a SIREN or of a SIRET; those of La Poste have a checksum of their own.

    Examples
    --------
    >>> is_company("732829320"), is_company("73282932000074"), is_company("35600000049837")
    (True, True, True)
    """
    from stdnum.fr import siren, siret

    return bool(siren.is_valid(number) or siret.is_valid(number)) and number.strip("0") != ""
