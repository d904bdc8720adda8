"""What a message says, out of its parts: one text, and the names of what is attached."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from vocmine.ingest.mail.flowed import unflow
from vocmine.ingest.mail.headers import Headers
from vocmine.ingest.mail.parts import Part
from vocmine.text.html import html_to_text

_PLAIN: Final = "text/plain"
_HTML: Final = "text/html"
_AS_PLAIN: Final = frozenset((_PLAIN, "text/enriched", "text/markdown"))
_MESSAGES: Final = frozenset(("message/rfc822", "message/global"))
_TAG: Final = re.compile(r"<[^<>]*>")
_MARKUP: Final = re.compile(r"\s{0,99}<(?:!doctype html|html)\b", re.IGNORECASE)
# « Votre messagerie n’affiche pas le HTML », « View this email in your browser »: what stands in for the message.
_STUB: Final = re.compile(r"\bhtml\b|\bnavigateur\b|\bbrowser\b|version en ligne|online version", re.IGNORECASE)
_LONGEST_STUB: Final = 400
_SEALED: Final = {
    "multipart/encrypted": "an encrypted message (PGP)",
    "application/pkcs7-mime": "an encrypted or opaque message (S/MIME)",
    "application/x-pkcs7-mime": "an encrypted or opaque message (S/MIME)",
}
_ARMOUR: Final = "-----BEGIN PGP MESSAGE-----"


@dataclass(frozen=True)
class Body:
    """What a message says.

    Attributes
    ----------
    text : str
        The whole of it, quotes and signatures included; empty if it says nothing.
    source : str
        ``body`` where it was written as plain text, ``html`` where it was markup.
    attachments : tuple of str
        Names of the files attached, in order.
    sealed : str
        What kind of message it is, if it cannot be read without a key; else empty.
    """

    text: str
    source: str = "body"
    attachments: tuple[str, ...] = ()
    sealed: str = ""


def read_body(message: Part) -> Body:
    """Read the text of a message.

    Of alternatives it is the plain one, unless that is empty, stands in for the other, or says less than half of it.
    A message attached follows the words of the one that carries it, below the line that marks a transfer.
    """
    if message.kind in _SEALED:
        return Body("", sealed=_SEALED[message.kind])
    pieces = list(_pieces(message))
    texts = [piece.text for piece in pieces]
    text = "\n\n".join(text for text in texts if text)
    sealed = _SEALED["multipart/encrypted"] if text.lstrip().startswith(_ARMOUR) else ""
    source = "html" if any(piece.is_html for piece in pieces if piece.text) else "body"
    return Body("" if sealed else text, source, tuple(_attachments(message)), sealed)


class _Piece:
    """A part that is read, converted when its text is asked for."""

    def __init__(self, part: Part) -> None:
        self._part = part

    @cached_property
    def received(self) -> str:
        return self._part.text

    @cached_property
    def is_html(self) -> bool:
        return self._part.kind == _HTML or _MARKUP.match(self.received) is not None

    @cached_property
    def text(self) -> str:
        if self.is_html:
            return html_to_text(self.received)
        told = self._part.parameters
        if told.get("format", "").lower() != "flowed":
            return self.received.strip("\n")
        return unflow(self.received, delsp=told.get("delsp", "").lower() == "yes").strip("\n")


class _Transfer(_Piece):
    """A message attached, with its header block."""

    is_html = False

    @cached_property
    def text(self) -> str:
        original = self._part.children[0]
        return forwarded(original.headers, read_body(original).text)


def forwarded(headers: Headers, text: str) -> str:
    """Write a message as mail programs do when they transfer it."""
    told = {"De": "from", "Date": "date", "Objet": "subject", "À": "to"}
    block = [f"{label} : {words}" for label, name in told.items() if (words := headers.text(name))]
    return "\n".join(["---------- Message transféré ----------", *block, "", text])


def _pieces(part: Part) -> Iterator[_Piece]:
    if part.kind == "multipart/alternative":
        yield from _best(part)
    elif part.kind == "multipart/report":
        # What follows the words for people is for machines, or the message returned.
        yield from _pieces_of(part.children[:1])
    elif part.kind in _MESSAGES and part.children:
        yield _Transfer(part)
    elif part.kind.startswith("multipart/"):
        yield from _pieces_of(part.children)
    elif _is_text(part):
        yield _Piece(part)


def _pieces_of(parts: Iterable[Part]) -> Iterator[_Piece]:
    for part in parts:
        yield from _pieces(part)


def _is_text(part: Part) -> bool:
    if part.kind != _HTML and part.kind not in _AS_PLAIN:
        return False
    return part.disposition != "attachment" and not ("content-disposition" in part.headers and part.file_name)


def _best(part: Part) -> list[_Piece]:
    """Choose among alternatives, the plain first; HTML is converted only where its size makes it worth asking."""
    choices = [pieces for child in part.children if (pieces := list(_pieces(child)))]
    rich = next((pieces for pieces in reversed(choices) if any(piece.is_html for piece in pieces)), None)
    plain = next((pieces for pieces in choices if pieces is not rich), None)
    if plain is None or rich is None:
        return plain or rich or []
    shown = sum(_visible(piece.received) for piece in rich if piece.is_html)
    words = _count(plain)
    stub = _is_stub(plain)
    if shown < 2 * sum(len(piece.received) for piece in plain) and words and not stub:
        return plain
    rich_words = _count(rich)
    poorer = rich_words > 2 * words + 5 or (stub and rich_words > words)
    return rich if poorer or not words else plain


def _visible(html: str) -> int:
    return len(_TAG.sub("", html))


def _count(pieces: Iterable[_Piece]) -> int:
    return sum(len(piece.text.split()) for piece in pieces)


def _is_stub(pieces: list[_Piece]) -> bool:
    text = pieces[0].text
    return len(text) < _LONGEST_STUB and _STUB.search(text) is not None


def _attachments(part: Part) -> Iterator[str]:
    if part.kind in _MESSAGES:
        if part.file_name:
            yield part.file_name
        return
    if part.children:
        for child in part.children:
            yield from _attachments(child)
    elif part.file_name and not _is_text(part):
        yield part.file_name
