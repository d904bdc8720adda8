"""The parts of a message (MIME, RFC 2045 to 2046), its attachments left encoded."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from vocmine.ingest.mail.charsets import decode_text
from vocmine.ingest.mail.headers import Headers, decode_base64, parameters, parse_headers

_DEEPEST: Final = 25
"""Parts within parts beyond which content is not looked at: real mail stays under ten."""
_MOST_PARTS: Final = 500
"""Parts beside one another that are told apart; the last holds the rest as it is."""
_KIND: Final = re.compile(r"\s*([\w.+-]{1,60}/[\w.+-]{1,80})")
_LIKELY_BOUNDARY: Final = re.compile(rb"(?:\A|\n)--([^\s][^\r\n]{5,69})\r?\nContent-", re.IGNORECASE)
_WORDS_APART: Final = re.compile(rb"\S \S")


@dataclass(frozen=True)
class Part:
    """One part: the message itself, or one within it.

    Attributes
    ----------
    headers : Headers
        Its fields.
    content : bytes
        What follows them, as received.
    depth : int
        How many parts it lies in.
    """

    headers: Headers
    content: bytes
    depth: int = 0

    @cached_property
    def kind(self) -> str:
        """Its type and subtype in lower case, ``text/plain`` where none is told."""
        told = _KIND.match(self.headers.first("content-type"))
        return told[1].lower() if told else "text/plain"

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parameters of its type."""
        return parameters(self.headers.first("content-type"))

    @cached_property
    def disposition(self) -> str:
        """``attachment``, ``inline`` or nothing."""
        return self.headers.first("content-disposition").partition(";")[0].strip().lower()

    @cached_property
    def file_name(self) -> str:
        """Name of the file that it is, without folders; empty if it has none."""
        told = parameters(self.headers.first("content-disposition")).get("filename") or self.parameters.get("name", "")
        return re.split(r"[\\/]", told)[-1].strip()

    @cached_property
    def children(self) -> tuple[Part, ...]:
        """The parts of a multipart, or the message within a ``message/rfc822``; none where it is damaged."""
        if self.depth >= _DEEPEST:
            return ()
        if self.kind.startswith("multipart/"):
            return tuple(parse(piece, self.depth + 1) for piece in _split(self.content, self.parameters))
        if self.kind in {"message/rfc822", "message/global"}:
            return (parse(self.data.lstrip(), self.depth + 1),)
        return ()

    @property
    def data(self) -> bytes:
        """The content, decoded from its transfer encoding; what is not so encoded stays as it is."""
        encoding = self.headers.first("content-transfer-encoding").strip().lower()
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.content)
        if encoding == "base64" and len(_WORDS_APART.findall(self.content[:2_000])) < 4:
            return decode_base64(self.content.partition(b"=")[0])
        return self.content

    @property
    def text(self) -> str:
        r"""The content as text, lines ended by ``\n``."""
        text = decode_text(self.data, self.parameters.get("charset"))
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def parse(data: bytes, depth: int = 0) -> Part:
    """Read a message or a part. It never fails: what is damaged is read as far as it goes."""
    if b"\r" in data[:1_000] and b"\n" not in data[:1_000]:
        data = data.replace(b"\r", b"\n")
    headers, start = parse_headers(data)
    return Part(headers, data[start:], depth)


def _split(content: bytes, told: dict[str, str]) -> Iterator[bytes]:
    """Cut a multipart at its boundary; one that is not there is replaced by the first line that looks like one."""
    boundary = told.get("boundary", "").encode("utf-8", "replace").rstrip()
    pieces = list(_between(content, boundary)) if boundary else []
    if not pieces and (likely := _LIKELY_BOUNDARY.search(content)):
        pieces = list(_between(content, likely[1].rstrip()))
    yield from pieces or [b"\n" + content]


def _between(content: bytes, boundary: bytes) -> Iterator[bytes]:
    line = b"--" + boundary
    start, position, n_parts = -1, content.find(line), 1
    while position >= 0 and n_parts < _MOST_PARTS:
        end = content.find(b"\n", position)
        end = len(content) if end < 0 else end
        rest = content[position + len(line) : end].strip()
        if rest in {b"", b"--"} and (position == 0 or content[position - 1] == 10):
            if start >= 0:
                n_parts += 1
                yield content[start:position].removesuffix(b"\n").removesuffix(b"\r")
            start = -1 if rest else end + 1
            if rest:
                return
        position = content.find(line, end)
    if start >= 0:
        yield content[start:]
