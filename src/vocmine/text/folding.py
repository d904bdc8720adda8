"""Texts folded for comparison: no accents, no capitals, plain apostrophes, and every character where it was."""

from __future__ import annotations

import unicodedata
from typing import Final


def _folded(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


_FOLDS: Final = str.maketrans(
    {character: _folded(character) for character in map(chr, range(0x250))}
    | dict.fromkeys("’‘ʼ´`", "'")
    | dict.fromkeys("\t\u00a0\u2007\u2009\u202f\u200b\ufeff\u200e", " ")
    | dict.fromkeys("‐‑–—−", "-")
    | dict.fromkeys("“”„", '"')
)


def fold(text: str) -> str:
    """Return a text in lower case, without accents, typographic apostrophes, dashes and blanks; as long as before.

    Examples
    --------
    >>> fold("L’E-mail d’Éric a été ENVOYÉ")
    "l'e-mail d'eric a ete envoye"
    """
    return text.translate(_FOLDS)
