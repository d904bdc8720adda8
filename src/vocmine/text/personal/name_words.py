"""Which words can be names: first names, surnames, and the words that never are."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from vocmine.text.lexicons import column

_PARTICLE: Final = r"(?i:de|du|des|la|le|van|von|den|der|ten|ter|ben|bel|el|al|da|dos|di|saint)"
_PART: Final = r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}"

NEXT: Final = re.compile(
    rf"[ \t\u00a0]{{1,2}}(?:(?:{_PARTICLE}[ \u00a0]){{0,2}}(?:d['’])?(?P<word>{_PART})"
    r"|(?P<initial>[A-Z]\.))"
)
"""The word of a name that follows another: in capitals or with one, a particle before it; or an initial."""

FIRST: Final = re.compile(rf"(?:{_PARTICLE}[ \u00a0])?(?:d['’])?(?P<word>{_PART})|(?P<initial>[A-Z]\.)(?= ?[A-ZÀ-Þ])")
"""The first word of a name."""

LOWER: Final = re.compile(r"[ \t]?(?<!\w)(?P<word>[^\W\d_][^\W\d_'’]{1,20}(?:-[^\W\d_]{2,20})?)(?!\w)")
"""A word of a name as speech recognition writes it."""


@lru_cache(maxsize=2**14)
def bare(word: str) -> str:
    """Return a word in lower case, without accents.

    Examples
    --------
    >>> bare("HÉLÈNE")
    'helene'
    """
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


@cache
def _first_names() -> dict[str, bool]:
    """Return first names, and whether they are words, towns or brands as well."""
    rows = zip(column("first_names", "name"), column("first_names", "also"), strict=True)
    return {bare(name): also != "" for name, also in rows}


@cache
def _surnames() -> frozenset[str]:
    return frozenset(map(bare, column("surnames", "name")))


@cache
def _never() -> frozenset[str]:
    return frozenset(bare(word.replace("’", "'")) for word in column("not_names", "word"))


def is_first_name(word: str) -> bool:
    """Tell a first name of the list, or one made of two of them.

    Examples
    --------
    >>> is_first_name("Hélène"), is_first_name("Jean-Kévin"), is_first_name("Facture")
    (True, True, False)
    """
    names = _first_names()
    word = bare(word)
    return word in names or ("-" in word and all(part in names for part in word.split("-")))


def is_sure_first_name(word: str) -> bool:
    """Tell a first name that is no other word of French.

    Examples
    --------
    >>> is_sure_first_name("Sophie"), is_sure_first_name("Claire")
    (True, False)
    """
    return is_first_name(word) and not _first_names().get(bare(word), False)


def is_surname(word: str) -> bool:
    """Tell a surname of the list.

    Examples
    --------
    >>> is_surname("DUBOIS"), is_surname("Facture")
    (True, False)
    """
    return bare(word) in _surnames()


def is_known(words: str) -> bool:
    """Tell brands and public figures, by their first two words, and what is no name at all.

    Examples
    --------
    >>> is_known("Yves Rocher"), is_known("Madame"), is_known("Dubois")
    (True, True, False)
    """
    word = bare(words.replace("’", "'"))
    never = _never()
    head, elision, tail = word.partition("'")
    if set(word) == {"x"} or word.startswith("xx"):  # put there instead of a name
        return True
    return word in never or (elision != "" and len(head) <= 2 and tail in never)
