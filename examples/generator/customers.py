"""Invented customers."""

from __future__ import annotations

import unicodedata
from random import Random

from . import words
from .model import Customer

QUEBEC_SHARE = 0.152
B2B_SHARE = 0.12


def plain(text: str) -> str:
    """Lower-case ASCII form of a name, for addresses."""
    bare = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return bare.replace(" ", "").replace("'", "")


def _phone(quebec: bool, rng: Random) -> str:
    # Ranges kept for fiction by the French and the North American regulators.
    if quebec:
        return f"{rng.choice(['514', '418', '450', '819'])} 555-01{rng.randint(0, 99):02d}"
    return f"06 39 98 {rng.randint(0, 99):02d} {rng.randint(0, 99):02d}"


def _email(first: str, last: str, quebec: bool, rng: Random) -> str:
    host = "courriel.example" if quebec else "mel.example"
    forms = (f"{plain(first)}.{plain(last)}", f"{plain(first)[0]}{plain(last)}", f"{plain(last)}{rng.randint(2, 89)}")
    return f"{rng.choice(forms)}@{host}"


def set_language(customer: Customer, language: str, rng: Random) -> None:
    """Make the customer a speaker of English or Spanish who lives in France."""
    customer.language = customer.variant = language
    names = words.WOMEN if customer.woman else words.MEN
    customer.first = rng.choice(names[language])
    customer.last = rng.choice(words.SURNAMES[language])
    customer.email = _email(customer.first, customer.last, False, rng)


def new_customer(number: int, rng: Random, quebec: bool | None = None) -> Customer:
    """Draw a customer of Quebec or of France, of either when `quebec` is None."""
    drawn = rng.random() < QUEBEC_SHARE
    quebec = drawn if quebec is None else quebec
    variant = "fr-CA" if quebec else "fr-FR"
    woman = rng.random() < 0.5
    first = rng.choice((words.WOMEN if woman else words.MEN)[variant])
    last = rng.choice(words.SURNAMES[variant])
    region = rng.choice(list(words.TOWNS[variant]))
    return Customer(
        id=f"C{number:06d}",
        language="fr",
        variant=variant,
        woman=woman,
        first=first,
        last=last,
        town=rng.choice(words.TOWNS[variant][region]),
        region=region,
        segment="B2B" if rng.random() < B2B_SHARE else "B2C",
        phone=_phone(quebec, rng),
        email=_email(first, last, quebec, rng),
        street=rng.choice(words.STREETS_CA if quebec else words.STREETS),
        company=rng.choice(words.COMPANIES),
    )
