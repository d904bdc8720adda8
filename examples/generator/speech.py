"""Call transcripts that look like the output of speech recognition."""

from __future__ import annotations

import re
from random import Random

from .slots import CLOSE, OPEN

_PUNCTUATION = re.compile(r"\s*[.,;:!?…«»\"()]+\s*|\s+[–—-]\s+")

# A turn of few words needs no time to think.
_SHORT = 10
_OPENING_FILLERS = {"euh", "ben", "bon", "alors", "voilà"}


def transcribe(text: str, rng: Random, fillers: list[str]) -> str:
    """Lower case, no punctuation, and a few fillers between the groups of words.

    Examples
    --------
    >>> transcribe("Oui, bonjour. Rien ne marche !", Random(0), [])
    'oui bonjour rien ne marche'
    """
    chunks = [chunk for chunk in _split(text) if chunk.strip()]
    if len(text.split()) < _SHORT:
        fillers = []
    spoken = [chunks[0]] if chunks else []
    for rank, chunk in enumerate(chunks[1:]):
        filler = rng.choice(fillers) if fillers and rng.random() < 0.3 else ""
        edges = {spoken[-1].lower().split()[-1], *chunk.lower().split()[:2]}
        # Nobody says « bonjour quoi » nor « alors alors ».
        if filler and not edges & set(filler.split()) and (rank > 0 or filler in _OPENING_FILLERS):
            spoken.append(filler)
        spoken.append(chunk)
    return " ".join(" ".join(spoken).lower().split())


def _split(text: str) -> list[str]:
    """Cut into groups of words between marks of punctuation; slot values are kept whole."""
    kept: list[str] = []

    def hide(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\ue002{len(kept) - 1}\ue003"

    bare = re.sub(f"{OPEN}[^{CLOSE}]*{CLOSE}", hide, text.replace("\n", ". "))
    pieces = _PUNCTUATION.split(bare)
    return [re.sub("\ue002(\\d+)\ue003", lambda m: kept[int(m[1])], piece) for piece in pieces]
