"""Personal data replaced by what they are, by a pseudonym, or by nothing."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Final, NamedTuple, Unpack

from vocmine.errors import InputError
from vocmine.text.offsets import Edit, apply_edits
from vocmine.text.personal.find import find_personal
from vocmine.text.personal.kinds import LABELS, Personal
from vocmine.text.personal.options import FindOptions
from vocmine.text.personal.values import canonical

LEAST_KEY: Final = 16
"""Bytes below which a key can be guessed."""

TOKEN_LENGTH: Final = 6
"""Characters of a pseudonym in a text: four million of them, for the few values of one customer."""

# Letters and digits in turn, no vowel: a token is no word, and has no run of digits that would be found again.
_LETTERS: Final = "bcdfghjkmnpqrstvwxz"
_DIGITS: Final = "23456789"

Replacement = Callable[[str, str], str]
"""From a kind and what was found to what stands there instead."""


class Replaced(NamedTuple):
    """A text whose personal data are replaced.

    Attributes
    ----------
    text : str
        The new text.
    found : tuple of Personal
        Where the replacements stand in it.
    edits : tuple of Edit
        What was done to the text as it was, in the same order.
    """

    text: str
    found: tuple[Personal, ...]
    edits: tuple[Edit, ...]


def mask(text: str, **options: Unpack[FindOptions]) -> str:
    """Replace personal data by their kind; options are those of `find_personal`.

    Examples
    --------
    >>> mask("Écrivez à lea.roy@exemple.fr ou au 514 555-0199 : il me manque 7$ sur 24h/24")
    'Écrivez à [e-mail] ou au [téléphone] : il me manque 7$ sur 24h/24'
    """
    return replace(text, find_personal(text, **options), label).text


def drop(text: str, **options: Unpack[FindOptions]) -> str:
    """Take personal data out of a text; options are those of `find_personal`.

    Examples
    --------
    >>> drop("Écrivez à lea.roy@exemple.fr, merci")
    'Écrivez à , merci'
    """
    return replace(text, find_personal(text, **options), nothing).text


def pseudonymise(text: str, key: str | bytes, scope: str = "", **options: Unpack[FindOptions]) -> str:
    """Replace personal data by their kind and a pseudonym, the same for the same value.

    Parameters
    ----------
    text : str
        The text.
    key : str or bytes
        A secret of 16 bytes or more, such as ``secrets.token_hex(16)`` gives. Without it nobody can tell which values
        the pseudonyms stand for, nor link them to those made with another key.
    scope : str, default ""
        Within which the same value has the same pseudonym: the customer's id.
    **options
        Those of `find_personal`.

    Raises
    ------
    InputError
        If the key is too short.

    Examples
    --------
    >>> key = "0123456789abcdef"
    >>> one, other = (pseudonymise(text, key, "client 7") for text in ("06 12 34 56 78", "+33 (0)6.12.34.56.78"))
    >>> one == other, one == pseudonymise("06 12 34 56 78", key, "client 8"), one[:11]
    (True, False, '[téléphone·')
    """
    return replace(text, find_personal(text, **options), pseudonym(key, scope)).text


def replace(text: str, found: Iterable[Personal], new: Replacement) -> Replaced:
    """Replace what was found in a text.

    Parameters
    ----------
    text : str
        The text.
    found : iterable of Personal
        In order and without overlap.
    new : callable
        `label`, `nothing`, or what `pseudonym` returns.

    Examples
    --------
    >>> replace("au 3900", [Personal(3, 7, "number", "long number", 0.3)], label)[:2]
    ('au [numéro]', (Personal(start=3, end=11, kind='number', why='long number', score=0.3),))
    """
    places: list[Personal] = []
    edits: list[Edit] = []
    shift = 0
    for each in found:
        edit = Edit(each.start, each.end, new(each.kind, text[each.start : each.end]), each.kind)
        start = each.start + shift
        places.append(each._replace(start=start, end=start + len(edit.new)))
        edits.append(edit)
        shift += len(edit.new) - (each.end - each.start)
    return Replaced(apply_edits(text, edits), tuple(places), tuple(edits))


def label(kind: str, _value: str = "") -> str:
    """Return what stands for a kind of personal data.

    Examples
    --------
    >>> label("phone"), label("badge")
    ('[téléphone]', '[badge]')
    """
    return f"[{LABELS.get(kind, kind)}]"


def nothing(_kind: str, _value: str) -> str:
    """Return the empty text."""
    return ""


def pseudonym(key: str | bytes, scope: str = "") -> Replacement:
    """Return what gives a value its pseudonym; see `pseudonymise`.

    Raises
    ------
    InputError
        If the key is too short.
    """
    secret = check_key(key)

    def replacement(kind: str, value: str) -> str:
        return f"[{LABELS.get(kind, kind)}·{token(secret, kind, canonical(kind, value), scope)}]"

    return replacement


def check_key(key: str | bytes | None) -> bytes:
    """Return a key as bytes.

    Raises
    ------
    InputError
        If there is none, or it is shorter than 16 bytes.
    """
    secret = key.encode("utf-8", "surrogatepass") if isinstance(key, str) else key
    if not isinstance(secret, bytes) or len(secret) < LEAST_KEY:
        got = f"{len(secret)} bytes" if isinstance(secret, bytes) else f"a {type(key).__name__}"
        raise InputError(f"got {got} as a key, expected {LEAST_KEY} bytes or more; make one with secrets.token_hex(16)")
    return secret


def token(key: bytes, kind: str, value: str, scope: str, length: int = TOKEN_LENGTH) -> str:
    """Return the pseudonym of a value: HMAC-SHA256 of kind, value and scope, in letters and digits by turns.

    References
    ----------
    H. Krawczyk, M. Bellare and R. Canetti (1997), HMAC: keyed-hashing for message authentication, RFC 2104.

    Examples
    --------
    >>> len(token(b"0123456789abcdef", "phone", "+33612345678", "client 7"))
    6
    """
    message = b"\x00".join(part.encode("utf-8", "surrogatepass") for part in (kind, scope, value))
    number = int.from_bytes(hmac.new(key, message, sha256).digest(), "big")
    characters = []
    for rank in range(length):
        alphabet = _DIGITS if rank % 2 else _LETTERS
        number, place = divmod(number, len(alphabet))
        characters.append(alphabet[place])
    return "".join(characters)
