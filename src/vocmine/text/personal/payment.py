"""What money goes through: IBAN and RIB with their keys, payment cards (Luhn), BIC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.text.personal.context import after, before, compact, digits, words
from vocmine.text.personal.kinds import Personal

IBAN_LENGTHS: Final = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21,
    "LT": 20, "LU": 20, "LV": 21, "MA": 28, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24,
    "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "VA": 22,
}  # fmt: skip
"""Characters of an IBAN by country, after the registry that SWIFT keeps (ISO 13616)."""

_COUNTRY: Final = "|".join(IBAN_LENGTHS)
_SEPARATOR: Final = r"[ .\-\u00a0\u202f\u2009]"
# The rest is looked at, not taken: in « de 58 euros sur DE06… » an account begins after a preposition.
_IBAN: Final = re.compile(
    rf"(?<![^\W_])(?:{_COUNTRY}){_SEPARATOR}?\d\d(?=(?P<rest>(?:{_SEPARATOR}?[^\W_]){{11,30}}))", re.IGNORECASE
)
_ACCOUNT: Final = words(r"iban|rib|compte(?: bancaire)?|virement|coordonn[ée]es bancaires|relev[ée] d['’]identit[ée]")

_RIB: Final = re.compile(
    rf"(?<!\w)\d{{5}}(?P<s>{_SEPARATOR}?(?:/ ?)?)\d{{5}}(?P=s)(?:[^\W_]{_SEPARATOR}?){{10}}[^\W_](?P=s)\d\d(?!\w)"
)
_BANK_WORDS: Final = words(r"rib|coordonn[ée]es bancaires|compte|relev[ée] d['’]identit[ée]")

_CARD: Final = re.compile(rf"(?<![\w+])(?<!\d[ .\-])[2-6]\d{{3}}(?:{_SEPARATOR}?\d){{9,15}}(?!{_SEPARATOR}?\d)(?!\w)")
# Groups as they are embossed: another number may follow.
_EMBOSSED: Final = re.compile(
    rf"(?<![\w+])(?<!\d[ .\-])(?:[2-6]\d{{3}}(?:{_SEPARATOR}{{1,2}}\d{{4}}){{3}}"
    rf"|3\d{{3}}{_SEPARATOR}\d{{6}}{_SEPARATOR}\d{{5}})(?!\d)(?!\w)"
)
_CARD_WORDS: Final = words(r"carte|cb|visa|mastercard|amex|american express|maestro|bancaire|paiement|credit|cr[ée]dit")
_GOODS: Final = words(
    r"colis|suivi|commande|ean|code[- ]barres?|gencod|isbn|imei|s[ée]rie|article|compteur|transaction"
)

# Length and first digits that issuers use (ISO/IEC 7812); Maestro, with 12 to 19 digits, needs words around it.
_ISSUERS: Final = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|(?:6011|65\d\d|64[4-9]\d)\d{12}"
    r"|35\d{14}"
)

_BIC: Final = re.compile(
    rf"(?<!\w)[A-Za-z]{{4}} ?(?:{_COUNTRY}) ?[A-Za-z0-9]{{2}}(?: ?[A-Za-z0-9]{{3}})?(?!\w)", re.IGNORECASE
)
_BIC_WORDS: Final = re.compile(
    r"(?<!\w)(?:bic|swift)(?:/swift|/bic)?(?: est| de (?:ma|la|notre) banque)?\s{0,2}[:=(]?\s{0,2}\Z", re.IGNORECASE
)


def find_payment(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find bank accounts and cards in a stretch of a text.

    Examples
    --------
    >>> text = "IBAN FR76 3000 6000 0112 3456 7890 189, carte 4970 1012 3456 7893"
    >>> [(text[s:e], kind) for s, e, kind in sorted({found[:3] for found in find_payment(text, 0, len(text))})]
    [('FR76 3000 6000 0112 3456 7890 189', 'iban'), ('4970 1012 3456 7893', 'card')]
    """
    for match in _IBAN.finditer(text, start, end):
        yield from _iban(text, match)
    for match in _RIB.finditer(text, start, end):
        if is_rib(match[0]):
            yield Personal(*match.span(), "rib", "key", 0.98)
        elif before(text, match.start(), _BANK_WORDS):
            yield Personal(*match.span(), "rib", "23 characters after words of banking", 0.96)
    for pattern in (_EMBOSSED, _CARD):
        for match in pattern.finditer(text, start, end):
            yield from _card(text, match)


def find_bic(text: str) -> Iterator[Personal]:
    """Find bank codes that are said to be so.

    Examples
    --------
    >>> [found.start for found in find_bic("BIC : AGRIFRPP, il est SATISFRANT")]
    [6]
    """
    for match in _BIC.finditer(text):
        if _BIC_WORDS.search(text[max(0, match.start() - 35) : match.start()]):
            yield Personal(*match.span(), "bic", "after BIC", 0.95)


def _iban(text: str, match: re.Match[str]) -> Iterator[Personal]:
    """Find where an IBAN ends by the length that its country gives it."""
    length = IBAN_LENGTHS[match[0][:2].upper()]
    end = match.start()
    for _ in range(length):
        while end < match.end("rest") and not text[end].isalnum():
            end += 1
        end += 1
    if end > match.end("rest"):
        return
    if is_iban(text[match.start() : end]):
        yield Personal(match.start(), end, "iban", "key", 0.99)
    elif before(text, match.start(), _ACCOUNT) and sum(map(str.isdecimal, text[match.start() : end])) > length // 2:
        yield Personal(match.start(), end, "iban", "length, after words of banking", 0.96)


def _card(text: str, match: re.Match[str]) -> Iterator[Personal]:
    said = before(text, match.start(), _CARD_WORDS) or after(text, match.end(), _CARD_WORDS)
    goods = before(text, match.start(), _GOODS, 30)
    if said or not goods:
        if is_card(digits(match[0])):
            yield Personal(*match.span(), "card", "Luhn", 0.98)
        elif said and not goods and len(digits(match[0])) in {15, 16, 19}:
            yield Personal(*match.span(), "card", "length, after words of payment", 0.96)


def is_iban(written: str) -> bool:
    """Tell an IBAN by its length, its form and its key; the bank's own key within it is not looked at.

    Examples
    --------
    >>> is_iban("BE68 5390 0754 7034"), is_iban("BE68 5390 0754 7035")
    (True, False)
    """
    from stdnum import iban

    number = compact(written)
    return number.isascii() and bool(iban.is_valid(number, check_country=False))


def is_rib(written: str) -> bool:
    """Tell a French bank account of 23 characters by its key.

    Examples
    --------
    >>> is_rib("30006 00001 12345678901 89"), is_rib("30006 00001 12345678901 88")
    (True, False)
    """
    number = compact(written)
    if len(number) != 23 or not number.isascii():
        return False
    # Letters count as the digits of a keypad: A and J are 1, S is 2.
    plain = "".join(str(_RIB_DIGITS.get(character, character)) for character in number)
    bank, counter, account, key = (int(plain[part]) for part in (slice(5), slice(5, 10), slice(10, 21), slice(21, 23)))
    return (89 * bank + 15 * counter + 3 * account + key) % 97 == 0 and bank > 0


_RIB_DIGITS: Final = {
    **{letter: rank + 1 for rank, letter in enumerate("ABCDEFGHI")},
    **{letter: rank + 1 for rank, letter in enumerate("JKLMNOPQR")},
    **{letter: rank + 2 for rank, letter in enumerate("STUVWXYZ")},
}


def is_card(number: str) -> bool:
    """Tell the digits of a payment card by issuer, length and Luhn's checksum.

    Examples
    --------
    >>> is_card("4970101234567893"), is_card("4970101234567894")
    (True, False)
    """
    from stdnum import luhn

    return _ISSUERS.fullmatch(number) is not None and bool(luhn.is_valid(number))
