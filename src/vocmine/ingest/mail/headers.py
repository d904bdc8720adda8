"""The fields above a message or one of its parts: split, unfolded, decoded.

RFC 5322 (fields), 2047 (words in other charsets), 2231 (parameters). The standard library reads them too; its lenient
parser is quadratic in nested parts and its strict one several times slower, so the little that is needed is here.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from vocmine.ingest.mail.charsets import decode_text

LONGEST_FIELD: Final = 2**16
"""Characters of a field that are looked at."""
MOST_REPEATED: Final = 200
"""Fields of one name that are looked at; a message passes some ten servers."""

_FIELD: Final = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_WORD: Final = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=")
_PARAMETER: Final = re.compile(r";\s*([^\s=;\"]{1,80})\s*=\s*(\"[^\"]*\"|[^;\s]*)")
_CONTINUED: Final = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*?)")
_ADDRESS: Final = re.compile(r"[^\s<>,;:\"'()@\[\]\\]{1,64}@[^\s<>,;:\"'()@\[\]\\]{1,255}")
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]+")


class Headers:
    """Fields in their order; names without regard to case, values as they were received.

    Parameters
    ----------
    fields : iterable of (str, bytes)
        Name in lower case and value of each.
    """

    def __init__(self, fields: Iterable[tuple[str, bytes]] = ()) -> None:
        self._fields: dict[str, list[bytes]] = {}
        for name, value in fields:
            self._fields.setdefault(name, []).append(value)

    def __bool__(self) -> bool:
        return bool(self._fields)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def joined(self, others: Headers) -> Headers:
        """Return these fields followed by others."""
        both = (*self._fields.items(), *others._fields.items())
        return Headers((name, value) for name, values in both for value in values)

    def all(self, name: str) -> list[str]:
        """Return the values of a field, unfolded; 8-bit bytes, which should not be there, decoded by guess."""
        return [_unfolded(value) for value in self._fields.get(name, ())[:MOST_REPEATED]]

    def first(self, name: str) -> str:
        """Return the first of them, or the empty string."""
        values = self._fields.get(name)
        return _unfolded(values[0]) if values else ""

    def text(self, name: str) -> str:
        """Return the first value with its encoded words decoded, for people to read."""
        return decode_words(self.first(name))

    def addresses(self, name: str) -> list[str]:
        """Return the addresses of a field, in lower case and in order."""
        return [address for value in self.all(name) for address in _addresses(value)]


class Parsed(NamedTuple):
    """The fields of a message and where its content starts."""

    headers: Headers
    start: int


def parse_headers(data: bytes) -> Parsed:
    r"""Read fields up to the first line that is none: an empty one, or content whose empty line is missing.

    Examples
    --------
    >>> headers, start = parse_headers(b"Subject: =?utf-8?q?D=C3=A9lai?=\r\n\r\nBonjour")
    >>> headers.text("subject"), start
    ('Délai', 35)
    """
    fields, position = [], 0
    while found := _FIELD.match(data, position):
        fields.append((found[1].decode("ascii").lower(), found[2]))
        position = found.end()
    for empty in (b"\r\n", b"\n"):
        if data.startswith(empty, position):
            position += len(empty)
            break
    return Parsed(Headers(fields), position)


def _unfolded(value: bytes) -> str:
    text = decode_text(value[:LONGEST_FIELD].strip(), None)
    return text.replace("\r", "").replace("\n", "").replace("\t", " ") if "\n" in text or "\t" in text else text


def decode_words(value: str) -> str:
    """Decode the encoded words of a field; those that follow one another are one, even cut within a character.

    Examples
    --------
    >>> decode_words("Re: =?UTF-8?Q?r=C3=A9cla?= =?UTF-8?B?bWF0aW9u?= 12")
    'Re: réclamation 12'
    """
    return "".join(_pieces(value)) if "=?" in value else value


def _pieces(value: str) -> Iterator[str]:
    done = 0
    words: list[tuple[str, bytes]] = []
    for word in _WORD.finditer(value):
        between = value[done : word.start()]
        if between.strip() or not words:
            yield from _joined(words)
            yield between
            words = []
        words.append((word[1].partition("*")[0].lower(), _bytes_of(word[2], word[3])))
        done = word.end()
    yield from _joined(words)
    yield value[done:]


def _joined(words: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    for charset, run in groupby(words, key=lambda word: word[0]):
        yield decode_text(b"".join(data for _, data in run), charset)


def _bytes_of(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return decode_base64(data) if encoding in "bB" else binascii.a2b_qp(data.replace(b" ", b"_"), header=True)


def decode_base64(data: bytes) -> bytes:
    """Decode base64, whatever is mixed into it and wherever it ends."""
    data = _NOT_BASE64.sub(b"", data)
    whole = len(data) - (len(data) % 4 == 1)  # six bits alone are no byte
    return binascii.a2b_base64(data[:whole] + b"=" * (-whole % 4))


def parameters(value: str) -> dict[str, str]:
    r"""Return the parameters of a field such as Content-Type, names in lower case.

    Examples
    --------
    >>> parameters("attachment; filename*0*=utf-8''relev%C3%A9; filename*1=\" mai.pdf\"")
    {'filename': 'relevé mai.pdf'}
    """
    found: dict[str, list[tuple[int, bool, str]]] = {}
    for parameter in _PARAMETER.finditer(value):
        if told := _CONTINUED.fullmatch(parameter[1].lower()):
            text = parameter[2][1:-1] if parameter[2][:1] == '"' else parameter[2]
            found.setdefault(told[1], []).append((int(told[2] or 0), bool(told[3]), text))
    return {name: _parameter(sorted(pieces, key=lambda piece: piece[0])) for name, pieces in found.items()}


def _parameter(pieces: list[tuple[int, bool, str]]) -> str:
    if not any(encoded for _, encoded, _ in pieces):
        return decode_words("".join(text for _, _, text in pieces))
    charset, quote, first = pieces[0][2].partition("'")
    texts = [(pieces[0][1], first.partition("'")[2]) if quote else pieces[0][1:], *(piece[1:] for piece in pieces[1:])]
    data = b"".join(unquote_to_bytes(text) if encoded else text.encode() for encoded, text in texts)
    return decode_text(data, charset if quote else None)


def _addresses(value: str) -> Iterator[str]:
    """Give one address a mailbox: within the angle brackets if there are any, for names may look like addresses."""
    for mailbox in re.sub(r'"[^"]*"', "", value).split(","):
        found = _ADDRESS.search(mailbox.rpartition("<")[2]) or _ADDRESS.search(mailbox)
        if found:
            yield found[0].lower().rstrip(".")
