"""Word lists read as patterns: any phrase of a list, at one place of a folded text."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Final

from vocmine.text.folding import fold
from vocmine.text.lexicons import column

_TOKEN: Final = re.compile(r"(\[)?\{(\w+)\}\]?")
_AFTER: Final = r"(?: |(?<=')|(?![\w' ]))"


def phrases(lexicon: str, of: str, name: str, *kinds: str) -> list[str]:
    """Return the folded phrases of a word list, of some kinds, the longest first."""
    pairs = zip(column(lexicon, of), column(lexicon, name), strict=True)
    return sorted({fold(phrase) for phrase, kind in pairs if kind in kinds}, key=len, reverse=True)


@cache
def any_of(lexicon: str, of: str, name: str, *kinds: str) -> re.Pattern[str]:
    """Return a pattern of whole words that matches any of these phrases, the longest that fits."""
    return re.compile(f"(?:{_either(phrases(lexicon, of, name, *kinds))})" + r"(?![\w'])")


@cache
def sentences(*kinds: str) -> tuple[re.Pattern[str], ...]:
    """Return patterns of closings that are made up of parts: « Merci {beaucoup} pour {votre} {aide} ».

    A pattern of the word list names its slots in braces, in brackets those that may stay empty; a second list fills
    them.
    """
    fillings: defaultdict[str, list[str]] = defaultdict(list)
    for word, slot in zip(column("email_closing_slots", "word"), column("email_closing_slots", "slot"), strict=True):
        fillings[slot].append(fold(word))
    made = []
    for pattern in phrases("email_closing_patterns", "pattern", "kind", *kinds):
        parts = []
        for token in _TOKEN.finditer(pattern):
            words = f"(?:{_either(sorted(fillings[token[2]], key=len, reverse=True))}){_AFTER}"
            parts.append(f"(?:{words})?" if token[1] else words)
        made.append(re.compile("".join(parts)))
    return tuple(made)


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " {1,3}") for word in words)
