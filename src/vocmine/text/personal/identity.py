"""Numbers that States give to persons, each with its checksum: NIR, NAS, Belgian national number, AVS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.text.personal.context import after, before, compact, digits, words
from vocmine.text.personal.kinds import Personal

_S: Final = r"[ .\-\u00a0\u202f\u2009]?"

# Sex, year, month (over 12 where it is not known), department (2A and 2B in Corsica), town, rank, key.
_NIR: Final = re.compile(
    rf"(?<!\w)[1-478]{_S}\d\d{_S}(?:0[1-9]|1[0-2]|[2-9]\d){_S}(?:\d\d|2[AaBb]){_S}\d{{3}}{_S}\d{{3}}"
    rf"(?:(?:[ ,]{{0,2}}(?:/|\(|cl[ée] ?:?))?{_S}\d\d\)?)?(?!\w)",
)
_HEALTH: Final = words(
    r"s[ée]curit[ée] sociale|s[ée]cu|nir|num[ée]ro (?:de )?ss|n° ?ss|assur[ée] sociale?|carte vitale|insee"
    r"|immatriculation sociale"
)

_NAS: Final = re.compile(r"(?<![\w+])(?<!\d[ .\-])\d{3}[ \-\u00a0.]{0,3}\d{3}[ \-\u00a0.]{0,3}\d{3}(?![ .\-]?\d)(?!\w)")
_INSURANCE: Final = words(r"nas|n\.a\.s\.|assurance[ -]sociale|sin")

_NATIONAL: Final = re.compile(
    r"(?<!\w)(?<!\d[ .\-])\d\d[. /\-]?\d\d[. /\-]?\d\d[ \-–.]?\d{3}[. \-–]?\d\d(?![ .\-]?\d)(?!\w)"
)
_REGISTER: Final = words(r"registre national|num[ée]ro national|n° national|niss|inss|rrn|num[ée]ro de registre")

_AVS: Final = re.compile(
    r"(?<!\w)(?<!\d[ .\-])756[. \-\u00a0]?\d{4}[. \-\u00a0]?\d{4}[. \-\u00a0]?\d\d(?![ .\-]?\d)(?!\w)"
)
_PENSION: Final = words(r"avs|navs|ahv|assurance[ -]vieillesse")


def find_identities(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find the numbers that States give to persons, in a stretch of a text.

    A wrong key is taken for a slip of the pen only where the words around say what the number is.

    Examples
    --------
    >>> text = "NIR 2 55 08 14 168 025 38, AVS 756.9217.0769.85, NAS 046 454 286"
    >>> [found.kind for found in sorted(find_identities(text, 0, len(text)))]
    ['nir', 'avs', 'nas']
    """
    for match in _NIR.finditer(text, start, end):
        yield from _checked(text, match, "nir", is_nir(match[0]), _HEALTH)
    for match in _NAS.finditer(text, start, end):
        if _is_luhn(digits(match[0])) and _said(text, match, _INSURANCE):
            yield Personal(*match.span(), "nas", "Luhn after words of social insurance", 0.98)
    for match in _NATIONAL.finditer(text, start, end):
        yield from _checked(text, match, "national_number", _is_belgian(match[0]), _REGISTER)
    for match in _AVS.finditer(text, start, end):
        yield from _checked(text, match, "avs", _is_swiss(match[0]), _PENSION)


def _checked(text: str, match: re.Match[str], kind: str, valid: bool, context: re.Pattern[str]) -> Iterator[Personal]:
    if valid:
        yield Personal(*match.span(), kind, "checksum", 0.99)
    elif _said(text, match, context):
        yield Personal(*match.span(), kind, "words before it", 0.96)


def _said(text: str, match: re.Match[str], context: re.Pattern[str]) -> bool:
    return before(text, match.start(), context) or after(text, match.end(), context)


def is_nir(written: str) -> bool:
    """Tell a French social security number with its key.

    Examples
    --------
    >>> is_nir("2 55 08 14 168 025 38"), is_nir("2 53 07 2A 073 004 43"), is_nir("2 55 08 14 168 025 39")
    (True, True, False)
    """
    from stdnum.fr import nir

    number = re.sub("CLE|CLÉ", "", compact(written))
    return number.isascii() and bool(nir.is_valid(number))


def _is_luhn(number: str) -> bool:
    from stdnum import luhn

    return bool(luhn.is_valid(number)) and number.strip("0") != ""


def _is_belgian(written: str) -> bool:
    from stdnum.be import nn

    return bool(nn.is_valid(digits(written)))


def _is_swiss(written: str) -> bool:
    from stdnum.ch import ssn

    return bool(ssn.is_valid(digits(written)))
