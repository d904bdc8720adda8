"""One form for values that can be written in several ways, so that the same person gets the same pseudonym."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from vocmine.text.personal.births import iso_date
from vocmine.text.personal.context import compact
from vocmine.text.personal.name_words import bare
from vocmine.text.personal.phones import e164
from vocmine.text.personal.spoken import spoken_digits


def canonical(kind: str, value: str) -> str:
    """Return a value of a kind in the form that all its spellings share.

    Examples
    --------
    >>> canonical("phone", "06.12.34.56.78") == canonical("phone", "zéro six douze trente-quatre cinquante-six 78")
    True
    >>> canonical("name", "DUPONT Léa"), canonical("birth_date", "1er mars 1980"), canonical("iban", "be68 5390 …")
    ('dupont lea', '1980-03-01', 'BE685390')
    """
    return _FORMS.get(kind, _words)(value)


def _phone(value: str) -> str:
    return e164(value if sum(map(str.isdecimal, value)) >= 8 else spoken_digits(value))


def _email(value: str) -> str:
    written = bare(value).replace("arrobase", "arobase")
    for sign, names in (("@", ("(at)", "[at]", " arobase ", " at ")), (".", (" point ",)), ("-", (" tiret ",))):
        for name in names:
            written = written.replace(name, sign)
    return "".join(written.split())


def _number(value: str) -> str:
    return compact(value) if any(map(str.isdecimal, value)) else spoken_digits(value) or compact(value)


def _name(value: str) -> str:
    return " ".join(sorted(bare(value).replace("-", " ").split()))


def _words(value: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in bare(value)).split())


_FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    "phone": _phone,
    "email": _email,
    "handle": str.lower,
    "name": _name,
    "birth_date": iso_date,
    "ip": str.lower,
    "secret": str,
    **dict.fromkeys(
        (
            "nir",
            "nas",
            "national_number",
            "avs",
            "iban",
            "rib",
            "card",
            "bic",
            "company",
            "plate",
            "reference",
            "number",
        ),
        _number,
    ),
}
