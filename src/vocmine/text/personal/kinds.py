"""The kinds of personal data, and what one that was found looks like."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from vocmine.errors import InputError

LABELS: Final[Mapping[str, str]] = {
    "email": "e-mail",
    "handle": "@…",
    "phone": "téléphone",
    "nir": "NIR",
    "nas": "NAS",
    "national_number": "numéro national",
    "avs": "AVS",
    "iban": "IBAN",
    "rib": "RIB",
    "card": "carte",
    "bic": "BIC",
    "company": "SIREN",
    "address": "adresse",
    "plate": "plaque",
    "birth_date": "date de naissance",
    "reference": "référence",
    "ip": "adresse IP",
    "secret": "secret",
    "name": "nom",
    "number": "numéro",
}
"""Each kind of personal data, with the word that stands for it in a French text."""

DEFAULT_KINDS: Final = frozenset(LABELS) - {"number"}
"""What is looked for unless the caller says otherwise: any long number is a doubt, not personal data."""

SHIELD: Final = "shield"
"""Kind of what looks like personal data and is not: amounts, dates, durations. It never leaves this package."""


class Personal(NamedTuple):
    """One piece of personal data.

    Attributes
    ----------
    start, end : int
        Code points of the text, end excluded.
    kind : str
        A key of `LABELS`, or the name of a user's pattern.
    why : str
        The rule that tells, in a few fixed words; never the customer's.
    score : float
        How sure it is, 0 to 1: near 1 for a checksum, 0.9 for a written habit, less for names.
    """

    start: int
    end: int
    kind: str
    why: str
    score: float


def check_kinds(kinds: Collection[str] | None, own: Collection[str] = ()) -> frozenset[str]:
    """Return the kinds asked for, those of a user's patterns included.

    Raises
    ------
    InputError
        If one is not known.

    Examples
    --------
    >>> sorted(check_kinds(["phone"], own=["badge"]))
    ['badge', 'phone']
    """
    if kinds is None:
        return DEFAULT_KINDS | frozenset(own)
    if isinstance(kinds, str):
        raise InputError("got one string as kinds, expected a collection of strings; write kinds=['phone']")
    unknown = frozenset(kinds) - frozenset(LABELS) - frozenset(own)
    if unknown:
        raise InputError(f"got {len(unknown)} unknown kinds, expected some of {', '.join(LABELS)}, or of your patterns")
    return frozenset(kinds) | frozenset(own)
