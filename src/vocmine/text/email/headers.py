"""Header blocks inside a body: « De : … », « Envoyé : … », « À : … », « Objet : … »."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from vocmine.text.email.lines import Line
from vocmine.text.folding import fold
from vocmine.text.lexicons import column

ADDRESS: Final = re.compile(r"\S@\S|<[^<>\n]{0,99}>|\bmailto:")
YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b|\b\d\d?[/.-]\d\d?[/.-]\d\d\b")
_LABEL: Final = re.compile(r"\*{0,2}([a-z][a-z' -]{0,18}[a-z]|a) ?:\*{0,2}(?:\s|\Z|(?=[\w<\"+*]))")
_TABLE: Final = 12  # lines
_WRAPPED: Final = 6  # lines that a list of correspondents may run over


class Marker(NamedTuple):
    """Lines that introduce another message.

    Attributes
    ----------
    last : int
        Position of the last of them.
    kind : str
        ``forward`` if the message was passed on, ``reply`` if it was answered, ``header`` if it may be either.
    why : str
        What tells.
    """

    last: int
    kind: str
    why: str


def header_at(lines: Sequence[Line], at: int, *, announced: bool = False) -> Marker | None:
    """Return the header block that begins at a line, if one does.

    Parameters
    ----------
    lines : sequence of Line
        A body.
    at : int
        Position of the line; it may lie after the last.
    announced : bool, default False
        Whether a separator stands above, so that one label is enough.
    """
    if at >= len(lines) or _role(lines[at]) is None:
        return None
    roles: set[str] = set()
    last = here = at
    while here < len(lines) and here - last <= _WRAPPED and lines[here].depth == lines[at].depth:
        role = _role(lines[here])
        if role is None and (lines[here].gap or not lines[here].key or "subject" in roles):
            break
        if role in roles and role in {"from", "subject"}:
            break
        if role is not None:
            roles.add(role)
            last = here
        here += 1
    return Marker(last, "header", "header block") if _enough(lines[at : last + 1], roles, announced) else None


def table_at(lines: Sequence[Line], at: int) -> Marker | None:
    """Return the table that Lotus Notes puts above a message, its labels at the right: « To », « Subject »."""
    if lines[at].key[0] not in '"<':
        return None
    block = lines[at : at + _TABLE]
    ends = {line.key.rpartition(" ")[2]: place for place, line in enumerate(block, at)}
    subject = max(ends.get("subject", -1), ends.get("objet", -1))
    if subject < 0 or not {"to", "a", "pour"} & ends.keys() or not any(ADDRESS.search(line.key) for line in block):
        return None
    return Marker(min(subject + 1, len(lines) - 1), "reply", "header table")


@cache
def _labels() -> dict[str, str]:
    pairs = zip(column("email_headers", "label"), column("email_headers", "role"), strict=True)
    return {fold(label): role for label, role in pairs}


def _role(line: Line) -> str | None:
    match = _LABEL.match(line.key)
    return _labels().get(match[1]) if match else None


def _enough(block: Sequence[Line], roles: set[str], announced: bool) -> bool:
    """Say whether labels make a header block: « De : Lyon », « À : Paris » are a journey."""
    if announced:
        return bool(roles & {"from", "date", "to", "subject"})
    others = roles & {"date", "to", "subject"}
    if "from" not in roles or not others:
        return False
    dated = "subject" in others and any(YEAR.search(line.key) for line in block)
    return len(others) == 3 or (len(others) == 2 and dated) or any(ADDRESS.search(line.text) for line in block)
