"""E-mail addresses, handles and network addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from vocmine.text.personal.context import before, words
from vocmine.text.personal.kinds import Personal

_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_DOMAINS: Final = r"fr|com|net|org|be|ch|ca|eu|info|pro|qc|example|exemple"
_WRITTEN: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?[(\[] ?(?:at|arobase|chez|a) ?[)\]] ?[\w-]{1,63}"
    r"(?: ?(?:\.|[(\[] ?(?:dot|point) ?[)\]]) ?[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)
_APART: Final = re.compile(
    rf"(?<![\w.+-])[\w.+-]{{1,64}} @ [\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,3}}\.(?:{_DOMAINS})(?!\w)", re.IGNORECASE
)
_SPOKEN: Final = re.compile(
    r"(?<!\w)[\w.-]{1,40}+(?: (?:point|tiret|underscore|tiret du bas) [\w-]{1,40}){0,4} (?:arobase|arrobase|at)"
    rf" [\w-]{{1,40}}(?: (?:tiret|point) [\w-]{{1,40}}){{0,3}}(?: point |\.)(?:{_DOMAINS})(?!\w)",
    re.IGNORECASE,
)
_HANDLE: Final = re.compile(r"(?<![\w@.])@\w{1,50}(?:\.\w{1,30}){0,3}")
_IPV4: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
_IPV6: Final = re.compile(r"(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}(?![\w:])", re.IGNORECASE)
_VERSION: Final = words(r"versions?|v|firmware|micrologiciel|logiciel|article|art\.?|chapitre")


def find_emails(text: str) -> Iterator[Personal]:
    """Find e-mail addresses and handles in a text.

    Examples
    --------
    >>> [(found.kind, found.start) for found in find_emails("lea@exemple.fr, @lea")]
    [('email', 0), ('handle', 16)]
    """
    for match in _EMAIL.finditer(text):
        yield Personal(*match.span(), "email", "address with @", 0.99)
    for match in _HANDLE.finditer(text):
        yield Personal(*match.span(), "handle", "word after @", 0.9)


def find_written_emails(text: str) -> Iterator[Personal]:
    """Find e-mail addresses whose sign is written or read out.

    Examples
    --------
    >>> text = "lea (at) exemple.fr, léa point roy arobase exemple point fr"
    >>> [text[found.start : found.end] for found in find_written_emails(text)]
    ['lea (at) exemple.fr', 'léa point roy arobase exemple point fr']
    """
    for match in _APART.finditer(text):
        yield Personal(*match.span(), "email", "address with spaces", 0.95)
    for match in _WRITTEN.finditer(text):
        yield Personal(*match.span(), "email", "address with (at)", 0.95)
    for match in _SPOKEN.finditer(text):
        yield Personal(*match.span(), "email", "address read out", 0.95)


def find_networks(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find IP addresses of both versions in a stretch of a text.

    Examples
    --------
    >>> [text[s:e] for text in ["depuis 192.0.2.14", "en version 1.2.3.4"] for s, e, *_ in find_networks(text, 0, 17)]
    ['192.0.2.14']
    """
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text, start, end):
            if _is_ip(match[0]) and not before(text, match.start(), _VERSION, 14):
                yield Personal(*match.span(), "ip", "address of four or eight groups", 0.94)


def _is_ip(text: str) -> bool:
    try:
        return text.strip(":") != "" and bool(ip_address(text))
    except ValueError:
        return False
