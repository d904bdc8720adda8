"""Attributions: « Le 12 mars 2025 à 10:20, X <x@exemple.fr> a écrit : »."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from vocmine.text.email.headers import ADDRESS, YEAR, Marker
from vocmine.text.email.lines import Line

_LONGEST: Final = 400  # characters, over all lines
_LINES: Final = 4
_OPENING: Final = re.compile(
    r"(?:-{2,9} ?)?(?:le|on|am|op|il giorno|en date d[eu]|em|el)\b|\d{4}-\d\d-\d\d |\d\d?[/.]\d\d?[/.]\d{2,4}\b|d[eu] :"
)
_WROTE: Final = re.compile(r"\b(?:a ecrit(?: le \d[^\n]{0,40})?|wrote|ha scritto|escribio) ?:\Z")
_WROTE_BEFORE: Final = re.compile(r"\b(?:schrieb|schreef)\b[^\n]{0,200}:\Z")
_BARE: Final = re.compile(r"\d{4}-\d\d-\d\d [^\n]{0,160}<[^<>\s]{3,80}> ?:\Z")
_TIME: Final = re.compile(r"\b\d\d? ?(?:[:.]|h|heures?) ?\d\d\b|\b\d\d? ?(?:am|pm)\b")
# « Le 12 mars 2025 à 10h30, votre conseiller m'a écrit : » is the author's own sentence.
_TO_ME: Final = re.compile(r"\b(?:m'|nous |vous |j'|votre |vos )|\bwrote (?:to )?(?:me|us)\b")


def attribution_at(lines: Sequence[Line], at: int) -> Marker | None:
    """Return the attribution that begins at a line, wrapped over several perhaps; the line may lie after the last."""
    if at >= len(lines):
        return None
    joined, n_lines = "", _LINES if _OPENING.match(lines[at].key) else 1
    for last, line in enumerate(lines[at : at + n_lines], at):
        if last > at and (line.gap or line.depth != lines[at].depth):
            return None
        joined = f"{joined} {line.key}".strip()
        if len(joined) > _LONGEST:
            return None
        if joined.endswith(":"):
            quoted = last + 1 < len(lines) and lines[last + 1].depth > line.depth
            if _attributes(joined, quoted=quoted):
                return Marker(last, "reply", "attribution")
    return None


def _attributes(joined: str, *, quoted: bool) -> bool:
    """Say whether words name who wrote what follows; what says so less clearly must stand above marks of quotation."""
    if _BARE.match(joined):
        return True
    if _TO_ME.search(joined):
        return False
    placed = bool(ADDRESS.search(joined) or (_TIME.search(joined) and YEAR.search(joined)))
    wrote = bool(_WROTE.search(joined) or _WROTE_BEFORE.search(joined))
    return (quoted and placed) or (wrote and (quoted or placed))
