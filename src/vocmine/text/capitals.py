"""Texts in capitals, read in lower case."""

from __future__ import annotations

from typing import Final

_LEAST_LETTERS: Final = 12  # « OK MERCI » and initials are no shouting
_SHARE: Final = 0.7


def lower_capitals(text: str) -> str:
    """Return the text in lower case if most of its letters are capitals, else as it is.

    Tokenizers know few words in capitals, and cut the others into meaningless pieces.

    Examples
    --------
    >>> lower_capitals("TOUJOURS PAS LIVRÉ, C'EST HONTEUX")
    "toujours pas livré, c'est honteux"
    >>> lower_capitals("Ma box SFR est en panne")
    'Ma box SFR est en panne'
    """
    cased = [letter for letter in text if letter.isupper() or letter.islower()]
    capitals = sum(map(str.isupper, cased))
    return text.lower() if len(cased) >= _LEAST_LETTERS and capitals >= _SHARE * len(cased) else text
