"""Three thousand more invented items of personal data: a second set.

The sentences and the ways of writing numbers are others than those of `personal_held_out`, with the habits of France,
Belgium, Switzerland and Quebec; they too were composed without sight of the detectors, which have been mended since.
Numbers are in figures: none is spelled out in words. Checksums are right where there is one.
"""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path
from typing import Final

from personal_held_out import MONTHS, N_ITEMS, Draw, Item, compose, digits, groups, luhn

_FIRST: Final = (
    *("Amandine", "Rachid", "Élodie", "Pierre-Yves", "Aïcha", "Baptiste", "Chloé", "Dieudonné", "Françoise", "Hervé"),
    *("Inès", "Jérôme", "Khadija", "Ludivine", "Marie-France", "Normand", "Océane", "Pascaline", "Quentin", "Wim"),
)
_LAST: Final = (
    *("Bélanger", "Chevallier", "De Smet", "Dos Santos", "El Amrani", "Favre", "Guérin", "Hoarau", "Jacquier", "Koné"),
    *("Lachance", "Le Goff", "Maillard", "Nguyen", "Peeters", "Quéméneur", "Roussel", "Saint-Pierre", "Thibault"),
)
_HOSTS: Final = ("exemple.fr", "example.com", "example.org", "mon-club.example", "mairie.exemple.fr")
_ROADS: Final = (
    *("rue des Tilleuls", "rue Victor Hugo", "avenue Jean Jaurès", "boulevard de la Liberté", "chemin de la Fontaine"),
    *("allée des Mésanges", "place du Marché", "rue du 8 mai 1945", "route de Toulouse", "impasse des Lavandes"),
    *("rue de la Gare", "sentier du Lavoir", "faubourg Saint-Nicolas", "rue Saint-Exupéry", "résidence du Parc"),
    *("rue d'Alsace", "cité des Fleurs", "esplanade de l'Europe", "quai des Mariniers", "hameau de Kerlan"),
)
_FRENCH_TOWNS: Final = (
    *("31000 Toulouse", "44000 Nantes", "33800 Bordeaux", "21000 Dijon", "29200 Brest", "97200 Fort-de-France"),
    *("38100 Grenoble", "76600 Le Havre", "14000 Caen", "93200 Saint-Denis", "01000 Bourg-en-Bresse", "20090 Ajaccio"),
)
_BELGIAN_TOWNS: Final = ("4000 Liège", "B-5000 Namur", "7000 Mons", "1050 Ixelles", "6000 Charleroi", "1180 Bruxelles")
_SWISS_TOWNS: Final = ("1201 Genève", "CH-1700 Fribourg", "2000 Neuchâtel", "1950 Sion", "1400 Yverdon-les-Bains")
_QUEBEC_ROADS: Final = ("rue Saint-Hubert", "boul. René-Lévesque O.", "chemin Sainte-Foy", "rang Saint-Joseph")
_QUEBEC_TOWNS: Final = ("Québec (Québec) G1", "Gatineau (Qc) J8", "Laval, QC  H7", "Montréal, Québec, H3")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTVWXYZ"
_NO_BREAK: Final = "\u00a0"


def _bare(text: str) -> str:
    """Return a text in lower case without accents, as in a text message."""
    return "".join(mark for mark in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(mark))


def _word(draw: random.Random, length: int) -> str:
    return "".join(draw.choice(_LETTERS) for _ in range(length))


def email(draw: random.Random) -> str:
    """Return an e-mail address, one in fifteen with its signs in words."""
    first, last = (_bare(draw.choice(names)).replace(" ", "") for names in (_FIRST, _LAST))
    year, rank = draw.randrange(1950, 2010), digits(draw, 2)
    local = draw.choice([f"{first}{year}", f"{last}-{first}", f"{first[0]}.{last}", f"{last}.{first}.{rank}"])
    host = draw.choice(_HOSTS)
    spoken = f"{local.replace('.', ' point ')} arobase {host.replace('.', ' point ')}"
    usual = [f"{local}@{host}"] * 24 + [f"{local.title()}@{host.capitalize()}"] * 4
    return draw.choice([*usual, f"{local}(at){host}", spoken])


def phone_fr(draw: random.Random) -> str:
    """Return a telephone number of France."""
    number = str(draw.choice([14, 24, 29, 32, 38, 47, 49, 55, 56, 61, 62, 66, 68, 75, 76, 78])) + digits(draw, 7)
    pairs, home = groups(number, (1, 2, 2, 2), " "), "0" + number
    dotted, dashed = pairs.replace(" ", "."), pairs.replace(" ", "-")
    return draw.choice(
        [
            *(f"0{pairs}", f"0{dotted}", home, f"+33{number}", f"0033{number}", f"+33.{dotted}", f"+33-{dashed}"),
            *(f"(+33) {pairs}", f"+33 (0) {pairs}", f"+33 (0){dotted}", f"+33(0){number}", f"00 33 {pairs}"),
            *(groups(home, (4, 3), " "), groups(home, (4, 2, 2), "."), groups(home, (2, 2, 3), " ")),
            *(f"({home[:2]}) {groups(number[1:], (2, 2, 2), ' ')}", f"0{pairs.replace(' ', ', ')}"),
            *(f"{home[:2]}-{groups(number[1:], (2, 2, 2), ' ')}", f"0{pairs.replace(' ', ' . ')}"),
        ]
    )


def phone_be(draw: random.Random) -> str:
    """Return a telephone number of Belgium, fixed or mobile."""
    fixed, mobile = draw.choice(["2 2", "2 7", "4 2", "2 5"]) + digits(draw, 6), digits(draw, 6)
    zone, rest = fixed[0], groups(fixed[2:], (3, 2), " ")
    south, rural = draw.choice(["10", "81", "65", "71"]), groups(draw.choice("234") + digits(draw, 5), (2, 2), ".")
    cell = draw.choice(["470", "472", "475", "478", "485", "486", "491", "495", "496", "498"])
    pairs = groups(mobile, (2, 2), " ")
    return draw.choice(
        [
            *(f"0{zone}/{rest.replace(' ', '.')}", f"0{zone} {rest}", f"+32 {zone} {rest}", f"+32 (0){zone} {rest}"),
            *(f"0{south}/{rural}", f"0{south} {rural.replace('.', ' ')}", f"0032 {south} {rural.replace('.', ' ')}"),
            *(f"0{cell}/{pairs.replace(' ', '.')}", f"0{cell}{mobile}", f"+32{cell}{mobile}", f"+32(0){cell}{mobile}"),
            *(f"0{cell}-{pairs.replace(' ', '-')}", f"0032 {cell} {pairs}", f"0{cell} {mobile[:3]} {mobile[3:]}"),
        ]
    )


def phone_ch(draw: random.Random) -> str:
    """Return a telephone number of French-speaking Switzerland, fixed or mobile."""
    zone = draw.choice(["21", "22", "24", "26", "27", "32", "76", "77", "78", "79"])
    number = draw.choice("345678") + digits(draw, 6)
    spaced = groups(number, (3, 2), " ")
    return draw.choice(
        [
            *(f"0{zone}/{spaced}", f"0{zone}/{spaced.replace(' ', '.')}", f"0{zone}{number}", f"+41{zone}{number}"),
            *(f"+41 (0){zone} {spaced}", f"+41(0){zone} {spaced}", f"0041 {zone} {spaced}", f"0041{zone}{number}"),
            *(f"0{zone}.{spaced.replace(' ', '.')}", f"0{zone}-{spaced.replace(' ', '-')}", f"(0{zone}) {spaced}"),
        ]
    )


def phone_qc(draw: random.Random) -> str:
    """Return a telephone number of Quebec, of the range kept for fiction."""
    area = draw.choice(["263", "354", "367", "418", "438", "450", "514", "579", "581", "819", "873"])
    line = digits(draw, 2)
    return draw.choice(
        [
            *(f"({area})555-01{line}", f"{area}55501{line}", f"+1-{area}-555-01{line}", f"+1 ({area}) 555-01{line}"),
            *(f"+1{area}55501{line}", f"1 ({area}) 555-01{line}", f"1-{area}-555-01{line}", f"{area} 555 01{line}"),
            *(f"{area} 555-01{line}".replace("-", "\u2011"), f"1.{area}.555.01{line}", f"({area}) 555 01{line}"),
        ]
    )


def nir(draw: random.Random) -> str:
    """Return a French social security number with its key, of someone born in France, overseas or abroad."""
    place = draw.choice([f"{draw.randrange(21, 96)}", f"{draw.randrange(1, 20):02}", "99", "974", "971", "2A", "2B"])
    body = f"{draw.choice('12')}{digits(draw, 2)}{draw.randrange(1, 13):02}{place}"
    body += f"{draw.randrange(1, 100 if len(place) == 3 else 400):0{5 - len(place)}}{draw.randrange(1, 999):03}"
    key = f"{97 - int(body.replace('2A', '19').replace('2B', '18')) % 97:02}"
    parts = groups(body, (1, 2, 2, 2, 3), " ")
    return draw.choice(
        [
            *(f"{parts} / {key}", f"{parts} clé {key}", f"{body} clé {key}", f"{body}-{key}", f"{parts} ({key})"),
            *(f"{parts.replace(' ', '-')}-{key}", f"{parts} {key}".replace(" ", _NO_BREAK), f"{body}/{key}"),
            *(f"{body[:3]} {groups(body[3:], (2, 2, 3), ' ')} {key}", f"{body[:7]} {body[7:]} {key}"),
            f"{parts} {key}".lower(),
        ]
    )


def nas(draw: random.Random) -> str:
    """Return a Canadian social insurance number."""
    return groups(luhn(draw.choice("1234567") + digits(draw, 7)), (3, 3), draw.choice(["", ".", _NO_BREAK, " - "]))


def iban(draw: random.Random) -> str:
    """Return an account number, a third of the French ones with a letter as at the postal bank."""
    country = draw.choice(["FR", "FR", "FR", "MC", "BE", "CH", "LU", "LT", "DE"])
    if country in {"FR", "MC"}:
        letter = draw.choice(["", "", draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")])
        bank = f"{digits(draw, 17)}{letter}{digits(draw, 4 - len(letter))}"
        body = bank + _bank_key(bank)
    elif country == "BE":
        body = draw.choice(["035", "068", "363", "979"]) + digits(draw, 7)
        body += f"{int(body) % 97 or 97:02}"
    else:
        body = digits(draw, {"CH": 17, "LU": 16, "LT": 16, "DE": 18}[country])
    check = 98 - int("".join(str(int(sign, 36)) for sign in f"{body}{country}00")) % 97
    return _account(draw, f"{country}{check:02}", body)


def _bank_key(bank: str) -> str:
    """Return the key of a French bank, branch and account number, letters counted 1 to 9 from A, J and 2 from S."""
    values = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
    number = bank.translate(values)
    return f"{97 - (89 * int(number[:5]) + 15 * int(number[5:10]) + 3 * int(number[10:])) % 97:02}"


def _account(draw: random.Random, head: str, body: str) -> str:
    fours = groups(head + body, (4,) * ((len(body) + 3) // 4), " ")
    printed = f"{head} {groups(body, (5, 5, 11), ' ')}" if head[:2] in {"FR", "MC"} else fours
    spaced = [fours.replace(" ", gap) for gap in ("-", _NO_BREAK, ".")]
    return draw.choice([*spaced, f"{head[:2]} {fours[2:]}", printed, head + body, fours.lower(), f"{head} {body}"])


def card(draw: random.Random) -> str:
    """Return the number of a bank card, one in six of fifteen figures."""
    if draw.random() < 1 / 6:
        return groups(luhn(draw.choice(["34", "37"]) + digits(draw, 12)), (4, 6), draw.choice([" ", "", "-"]))
    prefix = draw.choice(["4", "4974", "5131", "53", "54", "2230", "2720", "6759"])
    number = luhn(prefix + digits(draw, 15 - len(prefix)))
    return groups(number, (4, 4, 4), draw.choice([".", _NO_BREAK, "  ", " ", ""]))


def siren(draw: random.Random) -> str:
    """Return the number of a French company."""
    return groups(luhn(draw.choice("34589") + digits(draw, 7)), (3, 3), draw.choice([".", _NO_BREAK, "-", " ", ""]))


def siret(draw: random.Random) -> str:
    """Return the number of an establishment of a French company."""
    number = luhn(luhn(draw.choice("34589") + digits(draw, 7)) + "00" + digits(draw, 2))
    sizes, gap = draw.choice([((9,), " "), ((3, 3, 3), "."), ((3, 3, 3), _NO_BREAK), ((3, 3, 3, 3), " "), ((9,), "-")])
    return groups(number, sizes, gap)


def address(draw: random.Random) -> str:
    """Return a postal address of France, Belgium, Switzerland or Quebec."""
    return draw.choice([_french_address, _french_address, _french_address, _near_address, _quebec_address])(draw)


def _french_address(draw: random.Random) -> str:
    number, road, town = draw.randrange(1, 180), draw.choice(_ROADS), draw.choice(_FRENCH_TOWNS)
    flat = draw.choice(["appt 14", "bât. C", "bâtiment B, porte 27", "escalier 2"])
    short = road.replace("avenue", "ave").replace("boulevard", "bld").replace("chemin", "ch.").replace("allée", "all.")
    return draw.choice(
        [
            *(f"{number} {road} - {town}", f"{number} {road}\n{town.upper()}", f"{number}, {road}, {flat}, {town}"),
            *(_bare(f"{number} {road} {town}"), f"{number} {short} {town}", f"{number} {road} à {town}"),
            *(f"{number} bis, {road}\n{town}", f"{number}/{number + 2} {road}, {town}"),
            f"{number} {road} {town}".upper(),
        ]
    )


def _near_address(draw: random.Random) -> str:
    number, box, road = draw.randrange(1, 180), draw.randrange(1, 30), draw.choice(_ROADS)
    belgian, swiss = draw.choice(_BELGIAN_TOWNS), draw.choice(_SWISS_TOWNS)
    return draw.choice(
        [
            *(f"{road} {number} bte {box}, {belgian}", f"{road}, {number} à {belgian}", f"{road} {number}\n{belgian}"),
            *(f"{road[0].upper()}{road[1:]} {number}, {swiss}", f"{road} {number}\n{swiss}"),
            f"{road} {number}/{box}, {belgian}",
        ]
    )


def _quebec_address(draw: random.Random) -> str:
    number, road, flat = draw.randrange(20, 9900), draw.choice(_QUEBEC_ROADS), draw.randrange(1, 30)
    first, last = (draw.choice("ABCEGHJKLMNPRSTVXYZ") for _ in range(2))
    door = f"{number} {road}"
    where = draw.choice([f"{number}, {road}, app. {flat}", f"{door} #{flat}", f"{flat}-{number}, {road}", door])
    code = f"{first} {draw.randrange(10)}{last}{draw.randrange(10)}"
    return f"{where}{draw.choice([', ', chr(10)])}{draw.choice(_QUEBEC_TOWNS)}{code}"


def plate(draw: random.Random) -> str:
    """Return a number plate: French of today or of before 2009, and one in six from Belgium, Switzerland or Quebec."""
    first, number, last = _word(draw, 2), f"{draw.randrange(1, 1000):03}", _word(draw, 2)
    old = f"{draw.randrange(10, 999)} {_word(draw, draw.choice([2, 3]))} {draw.randrange(10, 95)}"
    today = [f"{first}{number}{last}", f"{first}-{number}-{last}"]
    today += [written.lower() for written in today]
    swiss, quebec = f"{draw.choice(['VD', 'GE', 'FR'])} {digits(draw, 6)}", f"{first[0]}{number[:2]} {_word(draw, 3)}"
    abroad = draw.sample([f"1-{_word(draw, 3)}-{number}", swiss, quebec], 2)
    former = draw.choice([old, old.replace(" ", "")])
    return draw.choice([*today, *today, f"{first} {number} {last}", former, *abroad])


def birth(draw: random.Random) -> str:
    """Return a date of birth."""
    day, month, year = draw.randrange(1, 29), draw.randrange(1, 13), draw.randrange(1932, 2009)
    name, padded, short = MONTHS[month - 1], f"{day:02} {month:02} {year}", f"{year % 100:02}"
    worded = f"{day} {name} {year}"
    return draw.choice(
        [
            *(f"{day:02}/{month:02}/{short}", f"{day:02}.{month:02}.{short}", f"{day} {name} {short}"),
            *(padded, padded.replace(" ", ""), padded.replace(" ", " / "), f"{day}/{month}/{year}"),
            *(_bare(worded), worded.upper(), worded.replace(" ", "-"), f"1er {name} {year}"),
            f"{year}-{month:02}-{day:02}",
        ]
    )


def customer_number(draw: random.Random) -> str:
    """Return a number of a customer, contract or file."""
    six, four, year = digits(draw, 6), digits(draw, 4), draw.randrange(2015, 2026)
    return draw.choice(
        [
            *(six, six + four, f"CLI{six}", f"{draw.choice('KXPM')}{six}{four[0]}", f"{_word(draw, 3)}-{six}"),
            *(f"{year}-{six[:5]}", f"{year}/{six}", f"{four[:2]}.{six[:3]}.{six[3:]}", f"{six[:4]} {four} {six[4:]}"),
            *(f"CT-{six[:3]}-{four}", f"{six}{four[0]}{_word(draw, 1)}"),
        ]
    )


VALUES: Final[dict[str, Draw]] = {
    draw.__name__: draw
    for draw in (
        *(email, phone_fr, phone_be, phone_ch, phone_qc, nir, nas, iban, card),
        *(siren, siret, address, plate, birth, customer_number),
    )
}
"""How an item of each kind is drawn."""

_SENTENCES: Final = Path(__file__).parent / "data" / "personal_blind.yaml"


def items(n_items: int = N_ITEMS, *, seed: int = 77) -> list[Item]:
    """Return as many items, the kinds in turn, and one decoy for every two items."""
    return compose(VALUES, _SENTENCES, n_items, seed=seed)
