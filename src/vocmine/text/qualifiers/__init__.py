"""FIRST VERSION, a placeholder until the real one: negation within a clause, questions, hypotheses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

QUALIFIERS: Final = ("negated", "hypothetical", "conditional", "asked", "reported", "settled", "elsewhere")
_CLAUSE = re.compile(r"[.!?;:,\n]|\b(?:mais|car|parce|donc|puis|pis|faque|alors)\b")
_NEG = re.compile(r"\b(?:pas|plus|jamais|aucune?|sans|ni|rien)\b(?! (?:seulement|que|mal)\b)")
_HYP = re.compile(r"\b(?:si j'etais|au cas ou|supposons|j'espere que|imaginons)\b")
_ASK = re.compile(r"\b(?:quelles? sont|comment (?:faire|puis)|est-ce que|je voudrais savoir|peut-on)\b")


def qualify(folded: str, spans: Sequence[tuple[int, int]]) -> list[frozenset[str]]:
    """Say how each span is meant."""
    found = []
    for start, _ in spans:
        before = folded[max(0, start - 80) : start]
        clause = _CLAUSE.split(before)[-1]
        how = set()
        if _NEG.search(clause[-40:]):
            how.add("negated")
        if _HYP.search(before):
            how.add("hypothetical")
        if _ASK.search(clause):
            how.add("asked")
        found.append(frozenset(how))
    return found
