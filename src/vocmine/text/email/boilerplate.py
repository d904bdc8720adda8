"""What programs and companies add: footers of a mail program or list, legal notices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from vocmine.text.email.lines import Line
from vocmine.text.email.phrases import phrases

_LONGEST_FOOTER: Final = 200  # characters
_LONGEST_NOTICE: Final = 40  # lines
_NOTICES: Final = ("plain", "notice", "legal")
"""Openings of a notice, by how many words of the law must come after: none, one, two."""
_SELF: Final = re.compile(r"\b(?:je|j'|mon|ma|mes|m'|i|my|i'm|i've)(?![\w-])")
_SENT: Final = re.compile(
    r"(?:envoye|expedie|sent|transmis) (?:de|d'|depuis|avec|via|par|a partir|from|with|by|using)(?= ?[^\d]{3,60}\Z)"
)
_FORM: Final = re.compile(
    r" (?:espace|compte|adresse|formulaire|ancien|nouve|account)"
)  # « Envoyé depuis mon espace client le 3 mars »
_DEVICE: Final = re.compile(
    r" (?:iphone|ipad|ipod|samsung|galaxy|android|mobile|telephone|smartphone|portable|huawei|xiaomi|appareil|tablette"
    r"|phone)\b"
)
_MARKUP: Final = re.compile(r"[\s*_|>#«»\"'()\[\]!•-]*")


def is_footer(line: Line) -> bool:
    """Say whether a line was added by a program or a list: « Envoyé de mon iPhone »."""
    if len(line.key) > _LONGEST_FOOTER:
        return False
    opening = _openings("footer").match(line.key, _begin(line.key)) or _SENT.match(line.key)
    if opening is None or _FORM.match(line.key, opening.end()):
        return False
    return bool(_DEVICE.match(line.key, opening.end())) or not _SELF.search(line.key, opening.end())


def notice(paragraph: Sequence[Line]) -> int | None:
    """Return the position of the line from which a paragraph is a legal notice, if it holds one."""
    for at, line in enumerate(paragraph):
        begin = _begin(line.key)
        needed = next((n for n, kind in enumerate(_NOTICES) if _openings(kind).match(line.key, begin)), None)
        if needed is None:
            continue
        rest = " ".join(each.key for each in paragraph[at : at + _LONGEST_NOTICE])
        if legal_words(rest) >= needed and not _SELF.search(rest):
            return at
    return None


def continues_notice(paragraph: Sequence[Line]) -> bool:
    """Say whether a paragraph after a legal notice belongs to it."""
    rest = " ".join(each.key for each in paragraph[:_LONGEST_NOTICE])
    return legal_words(rest) >= 2 and not _SELF.search(rest)


def legal_words(key: str) -> int:
    """Count the distinct words of the law in a folded text."""
    return len(set(_legal().findall(key)))


@cache
def _legal() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, phrases("email_legal_words", "stem", "kind", "legal"))) + ")")


@cache
def _openings(kind: str) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(map(re.escape, phrases("email_boilerplate", "opening", "kind", kind))) + ")")


def _begin(key: str) -> int:
    markup = _MARKUP.match(key)
    return markup.end() if markup else 0
