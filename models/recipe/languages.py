"""The languages that the embedded model promises, and the shapes that customers write their words in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

LANGUAGES = {
    "fr": "french",
    "en": "english",
    "de": "german",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
}
"""ISO 639-1 code → folder of UMSAB."""

_ELISIONS = {
    "fr": ("l", "d", "j", "n", "s", "qu", "c", "m", "t", "jusqu", "lorsqu", "puisqu"),
    "it": ("l", "dell", "all", "un", "d", "c"),
}
_VOWELS = frozenset("aeiouyhàâäéèêëîïôöùûüœæ")


def variants(word: str, language: str) -> Iterator[str]:
    """Yield the ways a word of a word list (lower case, ß written ss) is written.

    Examples
    --------
    >>> sorted(set(variants("été", "it")) - set(variants("été", "es")))[:3]
    ["all'été", 'all’été', "c'été"]
    """
    bare = without_accents(word)
    sharp = word.replace("ss", "ß") if language == "de" else word
    for spelling in {word, bare, sharp}:
        yield from (spelling, spelling.capitalize(), spelling.upper())
    if word[0] in _VOWELS:
        for elided in _ELISIONS.get(language, ()):
            yield from (f"{elided}'{word}", f"{elided}’{word}")


def without_accents(text: str) -> str:
    """Return the text without its diacritics.

    Examples
    --------
    >>> without_accents("Ça a été réglé")
    'Ca a ete regle'
    """
    marks = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in marks if not unicodedata.combining(c)))
