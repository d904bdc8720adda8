"""What stands around a number: the stretches of a text that hold digits, and the words just before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

GAP: Final = r"[ \t\u00a0\u202f\u2009]"
"""White space within a line."""

REACH: Final = 100
"""Code points before and after its digits within which everything that concerns a number stands."""

# Digits and what is between them share no character: the search is linear.
_DIGITS: Final = re.compile(r"\d+(?:\D{1,100}\d+)*")


def zones(text: str) -> Iterator[tuple[int, int, int]]:
    """Return the stretches of a text that hold digits, and how many: start, end, digits.

    `REACH` code points on both sides are included; stretches may overlap.

    Examples
    --------
    >>> list(zones("Rien ici, " * 20 + "sauf 42"))
    [(105, 207, 2)]
    """
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        yield max(0, start - REACH), min(len(text), end + REACH), sum(map(str.isdecimal, match[0]))


def before(text: str, start: int, words: re.Pattern[str], reach: int = 45) -> bool:
    """Tell whether a pattern is found in the words of the same paragraph that lead to `start`."""
    return words.search(text[max(0, start - reach) : start].rpartition("\n\n")[2]) is not None


def after(text: str, end: int, words: re.Pattern[str], reach: int = 25) -> bool:
    """Tell whether a pattern is found in the words of the same paragraph that follow `end`."""
    return words.search(text[end : end + reach].partition("\n\n")[0]) is not None


def digits(text: str) -> str:
    """Return the digits of a text, of any script, as ASCII.

    Examples
    --------
    >>> digits("06.12 ٣٤")
    '061234'
    """
    return "".join(str(int(character)) for character in text if character.isdecimal())


def compact(text: str) -> str:
    """Return the letters and digits of a text, in capitals.

    Examples
    --------
    >>> compact("fr76 3000-6000")
    'FR7630006000'
    """
    return "".join(filter(str.isalnum, text)).upper()


def words(alternatives: str) -> re.Pattern[str]:
    """Compile whole words, whatever their case."""
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
