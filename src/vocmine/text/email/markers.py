"""Where another message begins: separators, and what else introduces one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from vocmine.text.email.attributions import attribution_at
from vocmine.text.email.headers import Marker, header_at, table_at
from vocmine.text.email.lines import Line
from vocmine.text.email.phrases import phrases

_SHORTEST: Final = 3  # characters
_LONGEST: Final = 200  # characters of a separator
_FRAME: Final = "-_=*#~<>:|. "
_RULER: Final = re.compile(r"\|?[-_=*~+]{3,200}\|?\Z")
# Yahoo's application puts « ----- Message transféré -----De : … » and the whole header block on one line.
_FLAT: Final = re.compile(r"-{3,40} ?([a-z' -]{3,40}[a-z]) ?-{3,40} ?(?:de|from|date|sujet|objet|subject|le|on)\b")
_ORANGE: Final = re.compile(r"message du ?:? \d")
_PASSED_ON: Final = re.compile(r"(?:transfere|reachemine|reexpedie|forwarded|transmis|redirige) (?:par|by|from) ")
_HIDDEN: Final = re.compile(
    r"\W{0,3}(?:texte (?:des messages precedents|cite) masque|citation masquee|quoted text hidden"
    r"|message tronque\b|message clipped)"
)


def marker_at(lines: Sequence[Line], at: int) -> Marker | None:
    """Return the marker that begins at a line, if one does."""
    if len(lines[at].key) < _SHORTEST:
        return None
    return _separator(lines, at) or header_at(lines, at) or attribution_at(lines, at) or table_at(lines, at)


def is_ruler(line: Line) -> bool:
    """Say whether a line is drawn rather than written."""
    return bool(_RULER.match(line.key))


def _separator(lines: Sequence[Line], at: int) -> Marker | None:
    key = lines[at].key
    if is_ruler(lines[at]):
        drawn = at + 1 == len(lines) or is_ruler(lines[at + 1])
        return None if drawn else _separator(lines, at + 1) or header_at(lines, at + 1)
    if _HIDDEN.match(key):
        return Marker(at, "reply", "earlier messages hidden")
    flat = _FLAT.match(key)
    if flat and flat[1] in _listed():
        return Marker(at, _listed()[flat[1]], "separator")
    return None if len(key) > _LONGEST and not _ORANGE.match(key) else _phrase(lines, at)


def _phrase(lines: Sequence[Line], at: int) -> Marker | None:
    """Read « ----- Message d'origine ----- », or the same without dashes where a header block follows."""
    key = lines[at].key
    core = key.strip(_FRAME)
    framed = key.startswith(("-", "_", "=", "*", "#", "~")) and len(key) - len(core) >= 3
    kind = _listed().get(core) or ("forward" if framed and _PASSED_ON.match(core) else None)
    kind = kind or ("reply" if _ORANGE.match(core) else None)
    if kind is None and not framed:
        return None
    under = at + 2 if at + 1 < len(lines) and is_ruler(lines[at + 1]) else at + 1
    below = header_at(lines, under, announced=True) or attribution_at(lines, under)
    if below is None and (kind is None or not framed):
        return None
    return Marker(below.last if below else at, kind or "reply", "separator")


@cache
def _listed() -> dict[str, str]:
    kinds = ("forward", "reply")
    return {phrase: kind for kind in kinds for phrase in phrases("email_separators", "phrase", "kind", kind)}
