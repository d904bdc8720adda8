"""Sentences with personal data in them, invented, and sentences with figures that are none.

Numbers bear right checksums. Persons, addresses and accounts exist nowhere; telephone numbers are of the ranges that
ARCEP (06 39 98, 01 99 00) and the North American plan (555-01) keep for fiction where they keep any.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from personal_numbers import avs, card, company, digits, grouped, iban, nas, national, nir_number, rib

from vocmine.text.personal.births import MONTHS

SENTENCES: Final = Path(__file__).parent / "data" / "personal_sentences.csv"

FIRST: Final = (
    "Sophie",
    "Karim",
    "Hélène",
    "Jean-Marc",
    "Léa",
    "Mohamed",
    "Fatou",
    "Gwenaëlle",
    "Pierre",
    "Claire",
    "Mathis",
    "Noël",
)
LAST: Final = (
    "Martin",
    "Delatour",
    "Nguyen",
    "Benkacem",
    "Le Goffic",
    "Vandenbroucke",
    "Testard",
    "Tremblay-Côté",
    "de Rochat",
    "D’Aubigny",
)
TOWNS: Final = (
    ("69003", "Lyon"),
    ("75011", "Paris"),
    ("44000", "Nantes"),
    ("83230", "Bormes-les-Mimosas"),
    ("59000", "LILLE"),
)


@dataclass(frozen=True)
class Item:
    """A sentence, and the personal data within it.

    Attributes
    ----------
    text : str
        The sentence.
    kind : str
        What is in it; ``decoy`` where nothing is.
    start, end : int
        Where it stands, end excluded; both 0 in a decoy.
    """

    text: str
    kind: str
    start: int = 0
    end: int = 0


def read_sentences() -> dict[str, list[str]]:
    """Return the sentences of each kind, {} standing for the value; those of decoys, # standing for a digit."""
    sentences: dict[str, list[str]] = {}
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            sentences.setdefault(row["kind"], []).append(row["sentence"].replace("\\n", "\n"))
    return sentences


def generate(n_each: int, seed: int) -> Iterator[Item]:
    """Return sentences of every kind, then decoys: `n_each` of each kind, five times as many decoys."""
    random = Random(seed)  # noqa: S311 - nothing is kept secret
    sentences = read_sentences()
    for kind, value in VALUES.items():
        for rank in range(n_each):
            yield _item(kind, value(random), sentences[kind][rank % len(sentences[kind])], random)
    for rank in range(5 * n_each):
        yield Item(_filled(sentences["decoy"][rank % len(sentences["decoy"])], random), "decoy")


def _item(kind: str, value: str, sentence: str, random: Random) -> Item:
    before, after = sentence.split("{}")
    opening = random.choice(("", "", "Bonjour, ", "Bonjour,\n\n", "Re-bonjour. "))
    ending = random.choice(
        ("", "", " Merci d'avance.", "\n\nCordialement", " Cela fait 3 semaines que j'attends, et 49,90 € perdus.")
    )
    start = len(opening) + len(before)
    return Item(opening + before + value + after + ending, kind, start, start + len(value))


def _filled(text: str, random: Random) -> str:
    while "#" in text:
        text = text.replace("#", str(random.randint(1, 9)), 1)
    return text


def _phone(random: Random) -> str:
    habit = random.randint(0, 15)
    n = digits(random, 8)
    if habit <= 5:
        number = random.choice(("063998", "019900", "0612", "0756", "0145")) + n
        return grouped(number[:10], 2, 2, 2, 2, gap=(" ", ".", "-", "", "\u00a0", "/")[habit])
    french = "6" + n
    return {
        6: f"+33 {french[0]} {grouped(french[1:], 2, 2, 2)}",
        7: f"+33 (0){french[0]} {grouped(french[1:], 2, 2, 2)}",
        8: f"0033{french}",
        9: f"047{n[0]}/{n[1:3]} {n[3:5]} {n[5:7]}",
        10: f"02/{5}{n[1:3]}.{n[3:5]}.{n[5:7]}",
        11: f"07{random.randint(6, 9)} {n[:3]} {n[3:5]} {n[5:7]}",
        12: f"514 555-01{n[:2]}",
        13: f"(418) 555-01{n[:2]}",
        14: f"+41 79 {n[:3]} {n[3:5]} {n[5:7]}",
        15: f"1-450-555-01{n[:2]}",
    }[habit]


_NUMBERS: Final = {
    0: "zéro", 1: "un", 2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept", 8: "huit", 9: "neuf",
    10: "dix", 11: "onze", 12: "douze", 13: "treize", 14: "quatorze", 15: "quinze", 16: "seize", 20: "vingt",
    30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt",
}  # fmt: skip


def _read(pair: int) -> str:
    if pair in _NUMBERS:
        return _NUMBERS[pair]
    if pair < 20:
        return f"dix-{_NUMBERS[pair - 10]}"
    tens = 60 if pair in range(70, 80) else 80 if pair in range(90, 100) else pair // 10 * 10
    link = " et " if pair % 10 == 1 and tens < 80 else "-"
    return f"{_NUMBERS[tens]}{link}{_read(pair - tens)}"


def _spoken(random: Random) -> str:
    pairs = [random.randint(10, 99) for _ in range(4)]
    return f"zéro {random.choice(('six', 'sept', 'un'))} " + " ".join(map(_read, pairs))


def _email(random: Random) -> str:
    first, last = random.choice(("sophie", "k", "helene", "jm")), random.choice(("martin", "delatour", "benkacem75"))
    mark = random.choice((".", "_", "-", ""))
    domain = random.choice(("exemple.fr", "example.com", "mail.exemple.fr", "exemple.example"))
    return random.choice(
        (
            f"{first}{mark}{last}@{domain}",
            f"{first.upper()}{mark}{last.upper()}@{domain.upper()}",
            f"{first}{mark}{last} (at) {domain}",
        )
    )


def _address(random: Random) -> str:
    n, (code, town) = random.randint(1, 250), random.choice(TOWNS)
    street = random.choice((
        "rue des Lilas", "avenue du Général-Leclerc", "bd Victor Hugo", "impasse des Acacias", "allée de l’Église",
        "rue du 8 mai 1945", "place Jean Jaurès", "chemin du Moulin Vert", "route de Vannes", "quai de la Fosse",
        "RUE DE LA PAIX",
    ))  # fmt: skip
    return random.choice((
        f"{n} {street}, {code} {town}",
        f"{n} bis, {street}\n{code} {town}",
        f"{n}, {street} {code} {town}",
        f"{n} {street} à {town.capitalize()}",
        f"{n} ter {street}, bâtiment B, appt 12, {code} {town}",
        f"rue de la Station {n}, 1000 Bruxelles",
        f"Chaussée de Wavre {n} bte 4, 1050 Ixelles",
        f"chemin des Fleurettes {n}, 1007 Lausanne",
        f"{n}, boul. Saint-Laurent, Montréal (Québec) H2X 1Y4",
        f"{n} rue Sherbrooke Ouest, app. 5, Montréal QC H3A 1B2",
        f"{n}, ch. Sainte-Foy, Québec G1R 1T3",
    ))  # fmt: skip


def _letters(random: Random, n: int) -> str:
    return "".join(random.choice("ABCDEFGHJKLMNPQRSTVWXYZ") for _ in range(n))


def _plate(random: Random) -> str:
    return random.choice((
        f"{_letters(random, 2)}-{random.randint(100, 999)}-{_letters(random, 2)}",
        f"{random.randint(100, 9999)} {_letters(random, 2)} {random.choice(('75', '69', '2A', '33'))}",
        f"{random.randint(1, 2)}-{_letters(random, 3)}-{random.randint(100, 999)}",
        f"{random.choice(('VD', 'GE', 'FR', 'NE'))} {random.randint(10000, 999999)}",
    ))  # fmt: skip


def _birth(random: Random) -> str:
    day, month, year = random.randint(1, 28), random.randint(1, 12), random.randint(1930, 2020)
    name = MONTHS[month - 1]
    return random.choice(
        (
            f"{day:02d}/{month:02d}/{year}",
            f"{day} {name} {year}",
            f"{day:02d}.{month:02d}.{year}",
            f"{day:02d}-{month:02d}-{year % 100:02d}",
            f"{year}-{month:02d}-{day:02d}",
        )
    )


def _reference(random: Random) -> str:
    return random.choice((
        digits(random, 6), digits(random, 8), digits(random, 10), f"{_letters(random, 2)}-{digits(random, 6)}",
        f"{_letters(random, 1)}{digits(random, 7)}", f"{digits(random, 4)}-{digits(random, 3)}",
        f"2024/{digits(random, 5)}",
        grouped(digits(random, 9), 3, 3), f"{_letters(random, 3)}{digits(random, 5)}{_letters(random, 1)}",
    ))  # fmt: skip


def _ip(random: Random) -> str:
    return random.choice(
        (
            f"192.0.2.{random.randint(1, 254)}",
            f"198.51.100.{random.randint(1, 254)}",
            f"2001:db8::{random.randint(1, 9)}:{random.randint(1, 999)}",
            "2001:db8:0:1:1:1:1:1",
        )
    )


def _bic(random: Random) -> str:
    return random.choice(
        (
            f"{_letters(random, 4)}FRPP",
            f"{_letters(random, 4)}FRPPXXX",
            f"{_letters(random, 4)}BEBB",
            f"{_letters(random, 4)}CHZZ80A",
        )
    )


def _secret(random: Random) -> str:
    return random.choice(
        (
            f"Soleil{digits(random, 2)}!",
            f"azerty{digits(random, 3)}",
            digits(random, 4),
            digits(random, 6),
            f"{_letters(random, 3)}{digits(random, 3)}",
        )
    )


def _name(random: Random) -> str:
    first, last = random.choice(FIRST), random.choice(LAST)
    return random.choice((f"{first} {last}", f"{first} {last}", f"{first} {last.upper()}"))


def _surname(random: Random) -> str:
    return random.choice(
        (random.choice(LAST), random.choice(LAST).upper(), f"{random.choice(FIRST)} {random.choice(LAST)}")
    )


Value: TypeAlias = Callable[[Random], str]

VALUES: Final[dict[str, Value]] = {
    "phone": _phone,
    "phone (read out)": _spoken,
    "email": _email,
    "nir": nir_number,
    "nas": nas,
    "national_number": national,
    "avs": avs,
    "iban": iban,
    "rib": rib,
    "card": card,
    "company": company,
    "address": _address,
    "plate": _plate,
    "birth_date": _birth,
    "reference": _reference,
    "ip": _ip,
    "bic": _bic,
    "secret": _secret,
    "name": _name,
    "name (titled)": _surname,
}
"""What makes up the values of each kind, or way of writing one."""
