"""Numbers read out, as speech recognition writes them: « zéro six douze trente-quatre cinquante-six … »."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from vocmine.text.personal.context import before, words
from vocmine.text.personal.identity import is_nir
from vocmine.text.personal.kinds import Personal
from vocmine.text.personal.payment import is_card

_UNITS: Final = {
    "zéro": 0, "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
_TENS: Final = {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70,
    "huitante": 80, "octante": 80, "nonante": 90, "quatre-vingt": 80, "quatre-vingts": 80,
}  # fmt: skip
_VALUES: Final = {**_UNITS, **_TENS, "cent": 100, "cents": 100}
_WORD: Final = "|".join(sorted(_VALUES, key=len, reverse=True))
_TOKEN: Final = re.compile(rf"(?<!\w)(?:{_WORD}|\d{{1,4}})(?!\w)", re.IGNORECASE)
# At least four tokens, the first a word or a digit or two; hesitations and « et » may stand between them.
_RUN: Final = re.compile(
    rf"(?<![\w-])(?:plus )?(?:{_WORD}|\d\d?)(?:(?:, |[ ,.\-])(?:euh[ ,.]|et[ \-])?(?:{_WORD}|\d{{1,4}})(?!\w)){{3,40}}",
    re.IGNORECASE,
)
_REFERENCE: Final = words(
    r"client|dossier|contrat|abonné|adhérent|compte|sociétaire|allocataire|assuré|référence|identifiant"
)
_HEALTH: Final = words(r"s[ée]curit[ée] sociale|s[ée]cu|nir")
_FIRST: Final = re.compile(r"0[1-9]|[2-9]\d\d[2-9]")


class _Piece(NamedTuple):
    """Digits that one number stands for, and where it is read."""

    digits: str
    start: int
    end: int


def find_spoken(text: str) -> Iterator[Personal]:
    """Find telephone, card, social security and customer numbers that are read out, digits among the words or not.

    Examples
    --------
    >>> text = "c'est le zéro six douze trente-quatre cinquante-six soixante-dix-huit voilà"
    >>> [(text[found.start : found.end][:8], found.kind) for found in find_spoken(text)]
    [('zéro six', 'phone')]
    """
    for match in _RUN.finditer(text):
        pieces = list(_pieces(text, match.start(), match.end()))
        if sum(not text[piece.start].isdecimal() for piece in pieces) < 2:
            continue
        found = _phone(pieces) or _other(text, pieces)
        if found:
            yield found


def spoken_digits(text: str) -> str:
    """Return the digits of a number read out.

    Examples
    --------
    >>> spoken_digits("zéro six quatre-vingt-douze 34 soixante et onze, dix-sept")
    '0692347117'
    """
    return "".join(piece.digits for piece in _pieces(text, 0, len(text)))


def _pieces(text: str, start: int, end: int) -> Iterator[_Piece]:
    tokens = list(_TOKEN.finditer(text, start, end))
    place = 0
    while place < len(tokens):
        taken, digits = _number(tokens[place : place + 5])
        yield _Piece(digits, tokens[place].start(), tokens[place + taken - 1].end())
        place += taken


def _number(tokens: Sequence[re.Match[str]]) -> tuple[int, str]:
    """Return how many tokens make up the number that comes first, and its digits."""
    if tokens[0][0].isdecimal():
        return 1, tokens[0][0]
    values = [_VALUES.get(token[0].lower(), -1) for token in tokens]
    if len(values) > 1 and values[1] == 100 and 2 <= values[0] <= 9:
        taken, rest = _below_hundred(values[2:])
        return 2 + taken, f"{values[0]}{rest:02d}"
    taken, value = _below_hundred(values)
    return max(taken, 1), str(value if taken else max(values[0], 0))


def _below_hundred(values: Sequence[int]) -> tuple[int, int]:
    """Return how many values make up the number below 100 that comes first, and that number; 0 where there is none."""
    if not values or not 0 <= values[0] <= 90:
        return 0, 0
    taken, value = 1, values[0]
    if values[:2] == [4, 20]:
        taken, value = 2, 80
    following = values[taken] if len(values) > taken else -1
    if value >= 20 and following == 4 and values[taken + 1 : taken + 2] == [20] and _is_ten(values[taken + 2 :]):
        return taken, value  # « trente quatre vingt douze »: 30, 92
    most = 19 if value in {60, 80} else 9
    if value >= 20 and 1 <= following <= most:
        last = 10 + values[taken + 1] if following == 10 and _is_teen(values[taken + 1 :]) else following
        return taken + 1 + (last != following), value + last
    if value == 10 and 7 <= following <= 9:
        return 2, 10 + following
    return taken, value


def _is_ten(values: Sequence[int]) -> bool:
    return bool(values) and 10 <= values[0] <= 16


def _is_teen(values: Sequence[int]) -> bool:
    return bool(values) and 7 <= values[0] <= 9


def _phone(pieces: Sequence[_Piece]) -> Personal | None:
    """Return the first pieces in a row that have the digits of a telephone number."""
    for length in (10, 9, 8):  # fewer than were said, where « quatre-vingt, quatorze » is written without its comma
        for first in range(len(pieces)):
            number = ""
            for piece in pieces[first:]:
                number += piece.digits
                if len(number) >= length:
                    break
            if (
                len(number) == length
                and _FIRST.match(number)
                and (length == 10 or (number[0] == "0" and len(pieces) - first >= 4))
            ):
                return Personal(pieces[first].start, piece.end, "phone", "number read out", 0.9)
    return None


def _other(text: str, pieces: Sequence[_Piece]) -> Personal | None:
    number = "".join(piece.digits for piece in pieces)
    start, end = pieces[0].start, pieces[-1].end
    if len(number) >= 13 and is_card(number):
        return Personal(start, end, "card", "Luhn, read out", 0.9)
    if is_nir(number) or (len(number) in {13, 15} and before(text, start, _HEALTH)):
        return Personal(start, end, "nir", "number read out", 0.9)
    if number[:2] == "33" and len(number) == 11:
        return Personal(start, end, "phone", "number read out", 0.9)
    if len(number) >= 4 and before(text, start, _REFERENCE, 30):
        return Personal(start, end, "reference", "number read out", 0.85)
    return None
