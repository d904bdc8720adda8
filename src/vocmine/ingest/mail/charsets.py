"""Bytes of a message to text: by the charset declared where it holds, else by the likeliest."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Final

from vocmine.ingest.sniff import decode

# Of what Python knows, the encodings of text that mail is written in: no UTF-7, which hides markup from filters.
_KNOWN: Final = re.compile(
    r"ascii|utf-(?:8|16|32)(?:-[bl]e)?|iso8859-\d{1,2}|cp\d{3,4}|koi8-[rtu]|mac[-_]\w{1,12}|gb\w{1,6}|big5\w{0,6}"
    r"|euc_\w{2,10}|shift_jis\w{0,5}|iso2022_\w{2,6}|hz|tis-620|johab|ptcp154"
)
_LATIN: Final = frozenset(("ascii", "iso8859-1", "cp1252"))
_NOT_OF_ASCII: Final = ("utf-16", "utf-32", "iso2022", "hz")
"""How the names of encodings begin in which a byte below 128 may be no ASCII."""
_LONGEST_NAME: Final = 40


def decode_text(data: bytes, charset: str | None) -> str:
    r"""Decode bytes of a message; never fails.

    What is declared as ASCII, Latin-1 or Windows-1252 and is valid UTF-8 is UTF-8; else it is read as Windows-1252,
    of which the others are parts. An encoding unknown, not trusted (UTF-7) or contradicted by the bytes is guessed as
    in files of text, see `vocmine.ingest.sniff.decode`.

    Examples
    --------
    >>> decode_text("Réf. n° 3 – reçue".encode("cp1252"), "iso-8859-1")
    'Réf. n° 3 – reçue'
    >>> decode_text("Déjà payé".encode(), "us-ascii")
    'Déjà payé'
    """
    name = _codec(charset) if charset else None
    if data.isascii() and not (name or "").startswith(_NOT_OF_ASCII):
        return data.decode("ascii")
    if name in _LATIN:
        return _utf_8_or_windows(data)
    if name is None or (name.startswith(("utf-16", "utf-32")) and b"\0" not in data):
        return decode(data)[0]
    try:
        return data.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return decode(data)[0] if name == "utf-8" else data.decode(name, "replace")


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset[:_LONGEST_NAME].strip(" \t\"'").lower()).name
    except (LookupError, ValueError):
        return None
    return name if _KNOWN.fullmatch(name) else None


def _utf_8_or_windows(data: bytes) -> str:
    for name in ("utf-8", "cp1252"):
        try:
            return data.decode(name).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    return decode(data)[0]
