"""Dates of birth: dates that the words before them say to be so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.text.personal.kinds import Personal

MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_MONTH: Final = (
    r"(?:janv(?:ier|\.)?|f[ée]v(?:rier|\.)?|mars|avr(?:il|\.)?|mai|juin|juil(?:let|\.)?|ao[ûu]t|sept(?:embre|\.)?"
    r"|oct(?:obre|\.)?|nov(?:embre|\.)?|d[ée]c(?:embre|\.)?)"
)
_DATE: Final = (
    r"(?:\d{1,2}[/.\- ]{1,3}\d{1,2}[/.\- ]{1,3}(?:\d{4}|\d\d)|\d{4}[/.\-]\d\d[/.\-]\d\d|\d{8}"
    rf"|(?:\d{{1,2}}(?: ?er)?|premier)[ -]{_MONTH}(?:[ -]\d{{4}}|[ -]['’]?\d\d)?)(?!\w)"
)
_BORN: Final = re.compile(
    r"(?<!\w)(?:née?s?|né\(e\)|nee? le|date[ \t]?(?:de[ \t])?naissance|(?:suis|est) ne le"
    r"|d\.?d\.?n\.?|naissance[ \t]?:|(?<=ma )naissance"
    r"|naquit)(?!\w)"
    r"(?:[^\d\n.;!?p]|p(?!remier)){0,30}+(?:\n[ \t]{0,3})?"
    rf"(?P<date>{_DATE})",
    re.IGNORECASE,
)
_SOMETHING_ELSE: Final = re.compile(
    r"depuis|contrat|facture|commande|appel|rendez|dossier|courrier|demande|déclar|acte|congé|prime|extrait",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(r"\d+|[^\W\d_]+")


def find_births(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find dates of birth in a stretch of a text; the date alone is found, not the words before it.

    Examples
    --------
    >>> text = "née le 12 mars 1980, abonnée depuis le 03/04/2019"
    >>> [text[s:e] for s, e, *_ in find_births(text, 0, len(text))]
    ['12 mars 1980']
    """
    for match in _BORN.finditer(text, start, end):
        if not _SOMETHING_ELSE.search(text, match.start(), match.start("date")):
            yield Personal(*match.span("date"), "birth_date", "date after words of birth", 0.96)


def iso_date(written: str) -> str:
    """Return a date as year, month and day, days first where both orders are possible; as it is if it is no date.

    Examples
    --------
    >>> iso_date("12 mars 1980"), iso_date("12/03/80"), iso_date("1980-03-12")
    ('1980-03-12', '1980-03-12', '1980-03-12')
    """
    parts = _PARTS.findall(re.sub(r"1 ?er\b|premier", "1", written.lower()))
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) != 3:
        return " ".join(parts)
    if len(parts[0]) == 4:
        parts.reverse()
    day, month, year = parts
    numbers = [
        str(rank) for rank, name in enumerate(MONTHS, 1) if _plain(name).startswith(_plain(month)[:4].rstrip("."))
    ]
    month = numbers[0] if numbers and not month.isdecimal() else month
    # Nobody who writes to a company is over a hundred: two digits are of this century or of the last.
    year = (f"20{year}" if year <= "25" else f"19{year}") if len(year) == 2 else year
    return f"{year}-{month:0>2}-{day:0>2}"


def _plain(word: str) -> str:
    return word.translate(str.maketrans("éèûù", "eeuu"))
