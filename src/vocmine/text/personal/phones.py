"""Telephone numbers as they are written in France, Belgium, Switzerland and Quebec.

Shapes follow the numbering plans of ARCEP (France), IBPT (Belgium), OFCOM (Switzerland) and the North American
Numbering Plan; `phonenumbers` tells which international numbers are possible, and writes all in one form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from vocmine.text.personal.context import after, before, digits, words
from vocmine.text.personal.kinds import Personal

_SEPARATOR: Final = r"[ ./\-\u00a0\u202f\u2009\u2011]"

# No more digits follow, but for a figure with its unit: « 0639981234 24h/24 ».
_END: Final = rf"(?!\w)(?!{_SEPARATOR}?\d(?!\d? ?(?:h|€|fois|jours?|min|ans|euros)))"

# Pairs as they are usually written: another number may follow.
_PAIRS: Final = re.compile(
    rf"(?<![\w+])(?<!\d[ .,/\-])\(?0[1-9]\)?(?P<s>{_SEPARATOR}{{1,3}}|, )\d\d(?:(?P=s)\d\d){{3}}(?!\w)"
)
# The pairs of a Belgian mobile would pass for a date: « 0475 12.10.24 ».
_BELGIAN_MOBILE: Final = re.compile(rf"(?<![\w+])04[5-9]\d{_SEPARATOR}\d\d(?:{_SEPARATOR}\d\d){{2}}{_END}")
_IN_PAIRS: Final = (_PAIRS, _BELGIAN_MOBILE)
_NATIONAL: Final = re.compile(
    rf"(?<![\w+])(?<!\d[.,])\(?0(?:[1-9]\d?\d?|{_SEPARATOR}\d)\)?(?:{_SEPARATOR}{{0,3}}\d){{6,8}}{_END}"
)
_INTERNATIONAL: Final = re.compile(
    rf"(?<![\w+])\(?(?:\+ ?|00{_SEPARATOR}?)[1-9]\d{{0,2}}\)?(?:{_SEPARATOR}{{1,2}})?(?:\(0\){_SEPARATOR}?)?"
    rf"(?:{_SEPARATOR}{{0,2}}\(?\d\)?){{7,12}}(?!\d)"
)
_BARE_COUNTRY: Final = re.compile(
    rf"(?<![\w+])(?:33|32|41){_SEPARATOR}?(?:\(0\){_SEPARATOR}?)?[1-9](?:{_SEPARATOR}?\d){{7,8}}(?!{_SEPARATOR}?\d)"
)
_AMERICAN: Final = re.compile(
    rf"(?<![\w+])(?<!\d[.,\-])(?:1{_SEPARATOR})?(?:\([2-9]\d\d\)|[2-9]\d\d){_SEPARATOR}{{0,2}}"
    rf"[2-9]\d\d{_SEPARATOR}?\d{{4}}(?![.\-/]?\d)(?!\w)"
)
_EXTENSION: Final = re.compile(r" ?,? ?(?:poste|ext\.?|x) ?(?:n° ?)?\d{1,5}(?!\w)", re.IGNORECASE)

_CALL: Final = words(
    r"t[ée]l(?:[ée]phone|[ée]phonique|\.)?|portable|mobile|fixe|gsm|natel|cell(?:ulaire|\.)?|num[ée]ro|(?:re)?joi(?:ndre|gnable|gnez)"
    r"|appel(?:er|ez|le|ée?s?)?|compos(?:er|ez|é)|bo[îi]te vocale|rappel(?:er|ez|le)?|contact(?:er|ez)?|sms|texto"
    r"|whatsapp|fax|ligne|mon n°"
)
_OTHER: Final = words(
    r"(?:commande|colis|factures?|r[ée]f(?:[ée]rences?|\.)?|article|pi[èe]ce|suivi|lot|s[ée]rie|produit|mod[èe]le|ean|siren|siret"
    r"|code[- ]barres?|ticket|transaction|contrat|dossier|client|compte|imei)"
    r"(?: (?:client|de|du|commande|colis|dossier))?"
    r"\s?(?:n[°ºo]\.?|num[ée]ro|num\.?)?\s?(?::|est|le)?\s?"
)
_OTHER_BEFORE: Final = re.compile(_OTHER.pattern.removesuffix(r"(?!\w)") + r"\Z", re.IGNORECASE)


def find_phones(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find telephone numbers written in digits in a stretch of a text.

    Examples
    --------
    >>> text = "au 06 12 34 56 78, +33 (0)6 12 34 56 78, 0475/12 34 56 ou 514 555-0199"
    >>> [text[s:e] for s, e in sorted({found[:2] for found in find_phones(text, 0, len(text))})]
    ['06 12 34 56 78', '+33 (0)6 12 34 56 78', '0475/12 34 56', '514 555-0199']
    """
    for match in chain.from_iterable(pattern.finditer(text, start, end) for pattern in _IN_PAIRS):
        yield _phone(text, *match.span(), "national number in pairs")._replace(score=0.92)
    for match in _NATIONAL.finditer(text, start, end):
        if _is_national(text, match) and not _belongs_elsewhere(text, match):
            yield _phone(text, *match.span(), "national number")
    for match in _INTERNATIONAL.finditer(text, start, end):
        if (last := _possible_end(match[0])) is not None:
            yield _phone(text, match.start(), match.start() + last, "international number")
    for match in _BARE_COUNTRY.finditer(text, start, end):
        if before(text, match.start(), _CALL):
            yield _phone(text, *match.span(), "country code after a word of calling")
    for match in _AMERICAN.finditer(text, start, end):
        if _is_american(text, match):
            yield _phone(text, *match.span(), "North American number")


def _phone(text: str, start: int, end: int, why: str) -> Personal:
    """Return a number with its extension, without the brackets that it stands in."""
    written = text[start:end]
    if written.endswith(")"):
        end, written = end - 1, written[:-1]
    start += written.startswith("(") and written.count("(") > written.count(")")
    extension = _EXTENSION.match(text, end)
    return Personal(start, extension.end() if extension else end, "phone", why, 0.9)


def _is_national(text: str, match: re.Match[str]) -> bool:
    """Tell ten digits, or the nine of a Belgian line; nine without a gap need a word of calling before them."""
    found = digits(match[0])
    if len(found) == 10:
        return True
    return len(found) == 9 and (not match[0].isdecimal() or before(text, match.start(), _CALL))


def _belongs_elsewhere(text: str, match: re.Match[str]) -> bool:
    """Tell digits without a gap that follow « commande n° » or the like."""
    return match[0].isdecimal() and _OTHER_BEFORE.search(text[max(0, match.start() - 45) : match.start()]) is not None


def _is_american(text: str, match: re.Match[str]) -> bool:
    """Tell a number by its dashes or brackets; one without needs a word of calling before it."""
    if re.search(r"[(\-\u2011]|\d\.\d\d\d\.", match[0]):
        return not (match[0].count("-") == 0 and "(" not in match[0] and _belongs_elsewhere(text, match))
    return before(text, match.start(), _CALL) or after(text, match.end(), _CALL)


def _possible_end(written: str) -> int | None:
    """Return where a number ends that its country makes possible: figures that follow may have been taken with it."""
    import phonenumbers

    ends = [match.end() for match in re.finditer(r"\d+", written)]
    for end in reversed(ends[-4:]):
        try:
            parsed = phonenumbers.parse(_with_plus(written[:end]), None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(parsed):
            return end + written[end:].startswith(")")
    return None


def _with_plus(written: str) -> str:
    return "+" + digits(written.replace("(0)", "")).removeprefix("00")


def e164(written: str) -> str:
    """Return a telephone number in the international form, whatever way it is written.

    A number without a country code is Belgian or Swiss where only these have its shape, French otherwise.

    Examples
    --------
    >>> e164("06 12 34 56 78"), e164("+33 (0)6.12.34.56.78"), e164("(514) 555-0199"), e164("0475/12 34 56")
    ('+33612345678', '+33612345678', '+15145550199', '+32475123456')
    """
    import phonenumbers

    number = digits(written.replace("(0)", ""))
    if written.lstrip("( ").startswith("+") or number.startswith("00"):
        number, region = _with_plus(written), None
        number = re.sub(r"^\+(33|32|41)0", r"+\1", number)
    else:
        region = _region(written, number)
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _region(written: str, number: str) -> str:
    if not number.startswith("0"):
        return "CA" if len(number) in {10, 11} and number[:2] not in {"33", "32", "41"} else "FR"
    if len(number) == 9 or "/" in written or re.match(r"\(?04\d\d\D", written):
        return "BE"
    return "CH" if re.match(r"\(?0\d\d\)?\D\d{3}\D", written) else "FR"
