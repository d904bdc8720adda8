"""Postal addresses: a number, a kind of street and its name, as France, Belgium, Switzerland and Quebec write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.text.lexicons import column
from vocmine.text.personal.context import before, words
from vocmine.text.personal.kinds import Personal


def _types(also: str) -> str:
    rows = zip(column("street_types", "type"), column("street_types", "also"), strict=True)
    names = [re.escape(name) for name, other in rows if other == also]
    return "|".join(sorted(names, key=len, reverse=True))


_PLAIN: Final = _types("")
_NOUN: Final = _types("noun")

STREET_TYPES: Final = tuple(name if len(name) > 3 else f"{name} " for name in column("street_types", "type"))
"""One of which every address with a street holds, in lower case."""

_LINK: Final = r"(?:du |des |de |d['’]|la |le |les |l['’]|aux? |à |en |sur |sous |et )"
_CAPITAL: Final = r"(?-i:[A-ZÀ-ÖØ-Þ0-9][\w'’.\-]{0,30})"
_LETTERED: Final = r"(?-i:[A-ZÀ-ÖØ-Þ][\w'’.\-]{0,30})"  # figures after the first word are a code or a date
_LOWER: Final = r"[^\W_][\w'’\-]{1,30}"

# A name in capitals; or one in lower case, which a link announces: « rue des lilas », but not « 4 rues barrées ».
_DAY: Final = (
    r"\d{1,2}(?:er)? (?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre)"
    r"(?: \d{4})?"
)
_PROPER: Final = rf"(?:{_LINK}{_DAY}|{_LINK}{{0,2}}{_CAPITAL}(?: {_LINK}{{0,2}}{_LETTERED}){{0,6}})"
_NAME: Final = rf"(?:{_PROPER}|{_LINK}{{1,2}}{_LOWER}(?: {_LINK}{{1,2}}{_LOWER}){{0,3}})"
_ANY: Final = rf"(?:{_NAME}|{_LOWER}(?: {_LOWER}){{0,3}}?)"

_PLACE: Final = (
    r"(?:app(?:artement|t|\.)?|b[âa]t(?:iment|\.)?|[ée]t(?:age|\.)|esc(?:alier|\.)?|r[ée]s(?:idence|\.)|unit[ée]"
    r"|bureau|porte"
    r"|bo[îi]te|bte|lot|cs|bp|c\.p\.)"
)
_WITHIN: Final = (
    r"(?: O\.)?(?:[ ,]{0,2}#\d{1,5}"
    rf"|[ ,\n\-–]{{1,3}}{_PLACE}[ .]{{0,2}}(?:n° ?)?(?-i:[A-Z0-9][\w\-]{{0,14}}(?: [A-Z][\w\-]{{1,20}}){{0,3}})"
    r"|[ ,]{1,2}\d{1,2}(?:er|e|ème) étage){0,3}"
)
_TOWN_LINK: Final = r"(?:(?:sur|sous|lès|les|de|la|le|en|du|des|aux|l['’]|d['’])[ \-])?"
_TOWN: Final = (
    rf"(?-i:[A-ZÀ-Þ][\w'’.\-]{{1,30}}(?:[ \-]{_TOWN_LINK}[A-ZÀ-Þ][\w'’.\-]{{1,30}}){{0,3}}(?: \d{{1,2}}(?!\d))?)"
)
_CANADIAN: Final = r"[abceghj-nprstvxy]\d[a-z][ \u00a0-]?\d[a-z]\d(?!\w)"
_QUEBEC: Final = r"(?:\((?:Qu[ée]bec|QC)\)|Qu[ée]bec|QC)"
_POSTAL: Final = rf"(?:(?:F|B|CH|L)[ \-–])?\d{{4,5}}(?!\d)[ ,]{{1,2}}{_TOWN}"
_POSTAL_LOWER: Final = r"\d{5}(?!\d)(?: [^\W\d_][\w'’\-]{2,30})?"
_GAP: Final = r"[ ,\n\-–;(]{1,4}(?:à |a |au )?"
_CODED: Final = rf"{_GAP}(?:(?:{_TOWN}[ ,]{{1,2}}{_QUEBEC}?[ ,]{{0,3}})?{_CANADIAN}|{_POSTAL}|{_POSTAL_LOWER})"
_TAIL: Final = rf"(?:{_CODED}|,? ?à {_TOWN}|, {_TOWN}(?: \((?:Qu[ée]bec|QC)\))?)?"
_NUMBER: Final = (
    r"(?<![\w/.,€$])(?<!\d )\d{1,5}(?:[ \-]?(?:bis|ter|quater|[a-d])(?!\w))?(?: ?[/\-] ?\d{1,4}(?: ?(?:bis|ter))?)?"
    r"[ ,\u00a0]{1,3}(?:de la |de l['’])?"
)
_LIVES: Final = words(
    r"habit\w{1,6}|adresse\w?|demeur\w{1,6}|r[ée]sid\w{1,6}|domicili\w{1,4}|livr\w{1,8}|situ[ée]e?|sis|sise|au|chez"
)

_NUMBER_LAST: Final = re.compile(
    rf"(?<!\w)(?=[^\W\d])(?:{_PLAIN}|{_NOUN})\s{_ANY}[ ,]{{1,3}}(?:n° ?)?\d{{1,4}}(?:/\d{{1,4}}|[a-d])?(?!\w)"
    rf"(?:[ /](?:bte|boîte|bus) ?\w{{1,4}})?{_GAP}(?:{_POSTAL}|\d{{4,5}} {_LOWER})",
    re.IGNORECASE,
)
_STREET: Final = rf"(?:, ?(?:{_PLAIN}|{_NOUN})\s{_PROPER})?"  # « 4 résidence des Lilas, rue du Port »
_SURE: Final = (
    (rf"{_NUMBER}(?:{_PLAIN})\s{{1,2}}{_NAME}{_STREET}{_WITHIN}{_TAIL}", "number and street"),
    (rf"{_NUMBER}(?:{_NOUN})\s{_PROPER}{_STREET}{_WITHIN}{_TAIL}", "number and street"),
    (rf"{_NUMBER}(?:{_PLAIN}|{_NOUN})\s{_ANY}{_WITHIN}{_CODED}", "number, street and postal code"),
)
_FULL: Final = tuple((re.compile(pattern, re.IGNORECASE), why) for pattern, why in _SURE)
_LOWER_STREET: Final = re.compile(rf"{_NUMBER}(?:{_PLAIN})\s{_LOWER}(?: {_LOWER})?", re.IGNORECASE)
_OTHER: Final = (
    re.compile(
        r"(?<![\w/.,€$])\d{1,5},? \d{1,3}(?:e|re|er|ère|ème) (?i:avenue|rue|rang|boulevard)(?: (?:Est|Ouest|Nord|Sud))?"
        rf"{_TAIL}",
    ),
    re.compile(
        r"(?<!\w)[A-ZÄÖÜ][\w\-]{2,30}(?:strasse|straat|gasse|weg|laan|platz|steeg) \d{1,4}[a-d]?(?!\w)"
        rf"{_GAP}{_POSTAL}"
    ),
    re.compile(
        r"(?<!\w)(?i:lieu[- ]dit|lotissement|r[ée]sidence|bo[îi]te postale|b\.?p\.?|c\.?p\.?"
        r"|r[ée]s\.)\s[A-ZÀ-Þ0-9«][\w'’«» \-]{1,40}"
        rf",? ?{_GAP}{_POSTAL}"
    ),
)


_SEAT: Final = re.compile(r"\d{1,5}[, ]{1,3}(?:porte|place|rang) \d", re.IGNORECASE)
_STREET_WORD: Final = re.compile("[A-ZÀ-Þ][a-zà-ÿ]{2}")


def find_streets(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find postal addresses whose number comes first in a stretch of a text.

    A street without a number, a town or a postal code alone point to nobody, and stay.

    Examples
    --------
    >>> text = "au 12 cours Vert, à Lyon, ou rue de la Loi"
    >>> {text[s:e] for s, e, *_ in find_streets(text, 0, len(text))}
    {'12 cours Vert, à Lyon'}
    """
    for pattern, why in _FULL:
        for match in pattern.finditer(text, start, end):
            if not _is_seat(match):
                yield _address(match, why, 0.94)
    for match in _LOWER_STREET.finditer(text, start, end):
        if before(text, match.start(), _LIVES, 20):
            yield _address(match, "number and street after words of living", 0.93)


def find_streets_first(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find postal addresses whose number follows the street, with their postal code.

    Examples
    --------
    >>> text = "rue de la Loi 16, 1000 Bruxelles"
    >>> [text[s:e] for s, e, *_ in find_streets_first(text, 0, len(text))]
    ['rue de la Loi 16, 1000 Bruxelles']
    """
    for match in _NUMBER_LAST.finditer(text, start, end):
        yield _address(match, "street, number and postal code", 0.94)


def find_places(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find addresses without a street as France names them: a locality, or a street in Dutch or German.

    Examples
    --------
    >>> text = "lieu-dit Le Bourg, 56300 Neulliac; Bahnhofstrasse 5, 8001 Zürich"
    >>> [text[s:e] for s, e, *_ in sorted(find_places(text, 0, len(text)))]
    ['lieu-dit Le Bourg, 56300 Neulliac', 'Bahnhofstrasse 5, 8001 Zürich']
    """
    for pattern in _OTHER:
        for match in pattern.finditer(text, start, end):
            yield _address(match, "place and postal code", 0.93)


def _is_seat(match: re.Match[str]) -> bool:
    """Tell a place in a room or on a train from one in a street: « salle 819, rang 27 »."""
    return _SEAT.match(match[0]) is not None and _STREET_WORD.search(match[0]) is None


def _address(match: re.Match[str], why: str, score: float) -> Personal:
    """Return an address without the full stop of its sentence."""
    return Personal(match.start(), match.start() + len(match[0].rstrip(".'’- ")), "address", why, score)
