"""Marks that programs leave in place of files and images."""

from __future__ import annotations

import re
from typing import Final

from vocmine.text.cleaning import Removed

_MARK: Final = (
    "see attached\\s{1,3}file|embedded image moved to file|(?:voir )?fichier joint|attached file|voir pièce jointe"
)
_LABEL: Final = "cid|image|img|photo|pièce jointe|attachment|inline image|image intégrée|image en ligne|fichier joint"
_WORD: Final = "image|image en ligne|image intégrée|inline image|photo|logo|pièces? jointes?"
_NAME: Final = r"[^\n:]{1,120}\.(?:pdf|docx?|xlsx?|odt|csv|txt|jpe?g|png|gif|tiff?|hei[cf]|zip|eml|msg|mov|mp4|ics)\b"
_ATTACHMENT: Final = re.compile(
    rf"\((?:{_MARK})\s?:\s{{0,3}}[^()\n]{{1,120}}(?:\n[^()\n]{{1,120}})?(?:\([^()\n]{{1,20}}\)[^()\n]{{0,40}})?\)"
    rf"|\[(?:{_LABEL})\s?:[^\[\]\n]{{0,200}}\]|\[(?:{_WORD})\]"
    r"|\[https?://[^\s\[\]]{1,400}\.(?:png|jpe?g|gif)[^\s\[\]]{0,200}\]"
    r"|<[^<>\n@:/]{1,120}\.[a-z0-9]{2,5}>"
    rf"|^[^\S\n]*(?:\d{{1,2}} )?(?:pièces? jointes?|attachments?) ?:? {_NAME}[^\n]{{0,40}}$"
    "|\N{OBJECT REPLACEMENT CHARACTER}",
    re.IGNORECASE | re.MULTILINE,
)


def find_attachments(text: str) -> list[Removed]:
    """Return the marks of files and images: « (See attached file: x.pdf) », « [cid:…] », « <x.pdf> »."""
    return [Removed(*match.span(), "attachment", "mark of a file or image") for match in _ATTACHMENT.finditer(text)]


def without(text: str, spans: list[Removed]) -> str:
    """Return a text as long as before, with spaces in place of these spans."""
    pieces, done = [], 0
    for span in spans:
        pieces += [text[done : span.start], re.sub(r"[^\n]", " ", text[span.start : span.end])]
        done = span.end
    pieces.append(text[done:])
    return "".join(pieces)
