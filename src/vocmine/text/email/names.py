"""Lines under a message: the name of who writes, and what goes with it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from vocmine.text.email.lines import Line
from vocmine.text.folding import fold
from vocmine.text.lexicons import column

_WORD: Final = re.compile(r"[\w'’&.-]+")
_CAPITALISED: Final = re.compile(r"[A-ZÀ-ÖØ-ÞŒ](?:[\w'’-]*\.?|\.(?:-?[A-Z]\.)*)\Z")
_PHONE: Final = re.compile(r"(?:\+|\(|0)\d[\d .()/-]{6,24}\d\b|\b\d{3}[ .-]\d{3}[ .-]\d{4}\b")
_ADDRESS: Final = re.compile(
    r"\S@\S{1,80}\.\w|\bhttps?://|\bwww\.\w|\b[a-z-]{3,30}\.(?:fr|com|be|ch|ca|org|net|exemple|example)\b"
)
_POSTCODE: Final = re.compile(
    r"(?:\A|[ ,(-])(?:[a-z]{1,2}-)?\d{4,5} [a-z]{2}|\b[a-z]\d[a-z] ?\d[a-z]\d\b|\bcs \d|\bbp \d"
)
_STREET: Final = re.compile(
    r"\d{0,4}(?: ?(?:bis|ter|[a-d]))?,? ?\b(?:rue|avenue|av\.?|bd|bld|boulevard|chemin|ch\.|impasse|place|route|allee"
    r"|quai|chaussee|cours|square|faubourg|lotissement|residence|hameau|street|road|lane|drive|crescent|terrace|apt"
    r"|appartement|batiment)\b"
)
_AFTER_NAME: Final = re.compile(r"(, ?| [–—-] | \(| \| )")
_WORDS_OF_A_NAME: Final = 5
_WORDS_IN_SMALL: Final = 3  # of a name that its capitals do not show
_LONGEST: Final = 110  # characters of a line of a signature


@cache
def _listed(kind: str) -> frozenset[str]:
    pairs = zip(column("email_signatures", "word"), column("email_signatures", "kind"), strict=True)
    return frozenset(fold(word) for word, of in pairs if of == kind)


@cache
def _first_names() -> frozenset[str]:
    return frozenset(map(fold, column("first_names", "name")))


def is_name(text: str, *, loose: bool = False) -> bool:
    """Say whether a text is a person's name, or a household's: « M. Jean-Luc Roy », « A. Wurtz ».

    Parameters
    ----------
    text : str
        A line, or a piece of one.
    loose : bool, default False
        Whether it stands where a name is expected: a first name in small letters, and capitals throughout, will do.
    """
    words = _WORD.findall(text)
    keys = [fold(word).rstrip(".") for word in words]
    if (
        not 1 <= len(words) <= _WORDS_OF_A_NAME
        or re.search(r"[\d?!:%€$@]", text)
        or fold(text).strip(" .,") in _listed("not a name")
    ):
        return False
    titled = keys[0] in _listed("title") and len(words) > 1
    if any(key in _listed("prose") for key in keys[titled:]):
        return False
    known = len(words) <= _WORDS_IN_SMALL and bool({keys[0], keys[-1]} & _first_names())
    if titled or (known and (loose or text.islower() or text.isupper())):
        return True
    if not loose and (len(words) == 1 or text.isupper()):
        return known
    return all(map(_is_part_of_name, words)) and not any(key in _listed("not a name") for key in keys)


def _is_part_of_name(word: str) -> bool:
    return bool(_CAPITALISED.match(word)) or fold(word) in _listed("particle")


def signs(line: Line) -> bool:
    """Say whether a line is a name, perhaps with a number or a title after it: « Tom Ashby, account 55123 »."""
    name, mark, rest = (*_AFTER_NAME.split(line.text, maxsplit=1), "", "")[:3]
    if is_name(line.text) or not mark:
        return is_name(line.text)
    words = _WORD.findall(fold(rest))
    return (
        len(name.split()) > 1
        and is_name(name)
        and len(words) <= _WORDS_OF_A_NAME
        and not any(word in _listed("prose") for word in words)
    )


def says_where(line: Line) -> bool:
    """Say whether a line tells how to reach somebody: a phone, an address, a web site."""
    key = line.key
    if len(key) > _LONGEST:
        return False
    return bool(
        _PHONE.search(key) or _ADDRESS.search(key) or _POSTCODE.search(key) or _STREET.match(key) or _labelled(key)
    )


def _labelled(key: str) -> bool:
    label, colon, _ = key.partition(":")
    return bool(colon) and label.strip() in _listed("contact")


def is_prose(line: Line) -> bool:
    """Say whether a line speaks to somebody, rather than name somebody."""
    key = line.key
    if (len(key) > _LONGEST and key.count("|") < 2) or key.endswith("?") or is_postscript(line):
        return True
    if key[0] in '"«' and key[-1] in '"»':
        return False  # a saying, such as people sign with
    words = re.findall(r"[\w-]+'?", key)
    if any(word in _listed("self") for word in words):
        return True
    return len(words) >= 5 and sum(word in _listed("prose") for word in words) >= 3


def is_sentence(line: Line) -> bool:
    """Say whether a line is a sentence rather than a title or an address, judged by its small letters and its stop."""
    words = _WORD.findall(line.text)
    small = sum(word[0].islower() for word in words)
    return len(words) >= 4 and small * 2 > len(words) and line.key[-1] in ".!" and not says_where(line)


def is_postscript(line: Line) -> bool:
    """Say whether a line begins a postscript."""
    return bool(re.match(r"(?:p\.? ?-?s\b|n\.? ?b\b|post-scriptum|edit ?:)", line.key))
