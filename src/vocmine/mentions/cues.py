"""What a public message asks, threatens or praises, told by word lists: cheap, without a model, and only a hint."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from vocmine.corpus.cells import fold
from vocmine.text.lexicons import column

KINDS: Final = ("request", "leaving", "legal", "public", "urgent", "complaint", "praise")
"""The kinds of cues: a question or a request, a threat to leave, to go to law or to go public, urgency, discontent."""

_NOT_DENIED: Final = ("request", "complaint")  # « pas de réponse », « n’ai toujours pas » are what they are
_NEGATIONS: Final = frozenset({"pas", "jamais", "aucun", "aucune", "sans", "plus", "rien", "pantoute"})
_REACH: Final = 3  # words before a cue where a negation denies it: « je ne vais pas résilier », « pas très content »
_NEAR: Final = 60  # characters in which these words are looked for
_BREAK: Final = " | "
_CLAUSE_END: Final = re.compile(r"[.,;:!?…()\n]+")
_LINK: Final = re.compile(r"https?://\S{1,2000}")
_LONGEST: Final = 10_000


def cues(text: str) -> frozenset[str]:
    """Return the kinds of cues in a message.

    Praise beside a request, a threat or a complaint is politeness or irony, and is not returned.

    Examples
    --------
    >>> sorted(cues("Toujours pas de réponse, je vais résilier !"))
    ['complaint', 'leaving', 'request']
    >>> sorted(cues("Merci à toute l’équipe, au top")), sorted(cues("Je ne vais pas résilier"))
    (['praise'], [])
    """
    bare = _LINK.sub(" ", text[:_LONGEST])
    words = _BREAK.join(map(fold, _CLAUSE_END.split(bare)))
    found = {kind for kind in KINDS if _is_said(kind, words)}
    if "?" in bare:
        found.add("request")
    return frozenset(found - {"praise"} or found)


def _is_said(kind: str, words: str) -> bool:
    found = _pattern(kind).finditer(words)
    return any(
        kind in _NOT_DENIED or not _is_denied(words[max(match.start() - _NEAR, 0) : match.start()]) for match in found
    )


def _is_denied(before: str) -> bool:
    return not _NEGATIONS.isdisjoint(before.rpartition(_BREAK)[2].split()[-_REACH:])


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    named = zip(column("reply_cues", "cue"), column("reply_cues", "kind"), strict=True)
    longest_first = sorted((cue for cue, of in named if of == kind), key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(longest_first)})(?!\S)")
