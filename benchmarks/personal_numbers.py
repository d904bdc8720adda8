"""Numbers that mean nobody, with the checksums that real ones have, written in the usual ways."""

from __future__ import annotations

from random import Random

from stdnum import ean, luhn
from stdnum.be import nn
from stdnum.fr import nir
from stdnum.iso7064 import mod_97_10


def digits(random: Random, n: int) -> str:
    """Return digits drawn at random."""
    return "".join(str(random.randint(0, 9)) for _ in range(n))


def grouped(number: str, *sizes: int, gap: str = " ") -> str:
    """Return a number cut into groups, the last one being what is left."""
    parts, done = [], 0
    for size in sizes:
        parts.append(number[done : done + size])
        done += size
    return gap.join([*parts, number[done:]]).rstrip(gap)


def nir_number(random: Random) -> str:
    """Return a French social security number."""
    department = random.choice(("75", "69", "2A", "2B", "99", "13"))
    month = f"{random.randint(1, 12):02d}"
    body = f"{random.choice('12')}{digits(random, 2)}{month}{department}{digits(random, 6)}"
    number = body + nir.calc_check_digits(body + "00")
    return random.choice(
        (number, grouped(number, 1, 2, 2, 2, 3, 3), f"{grouped(number, 1, 2, 2, 2, 3, 3)}".replace(" ", "\u00a0"))
    )


def _luhn(body: str) -> str:
    return body + str(luhn.calc_check_digit(body))


def nas(random: Random) -> str:
    """Return a Canadian social insurance number."""
    number = _luhn(random.choice("1245679") + digits(random, 7))
    return random.choice((number, grouped(number, 3, 3), grouped(number, 3, 3, gap="-")))


def national(random: Random) -> str:
    """Return a Belgian national number."""
    body = f"{random.randint(40, 99)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}{random.randint(1, 997):03d}"
    number = body + f"{97 - int(body) % 97:02d}"
    if not nn.is_valid(number):
        raise ValueError("a generated national number is not valid")
    return random.choice((number, f"{body[:2]}.{body[2:4]}.{body[4:6]}-{body[6:]}.{number[9:]}", grouped(number, 6, 3)))


def avs(random: Random) -> str:
    """Return a Swiss social insurance number."""
    body = "756" + digits(random, 9)
    number = body + ean.calc_check_digit(body)
    return random.choice((number, grouped(number, 3, 4, 4, gap="."), grouped(number, 3, 4, 4)))


def iban(random: Random) -> str:
    """Return a bank account of one of five countries."""
    country, bban = random.choice(
        (
            ("FR", _rib_number(random)),
            ("BE", ""),
            ("CH", digits(random, 17)),
            ("DE", digits(random, 18)),
            ("LU", digits(random, 16)),
        )
    )
    if country == "BE":
        body = digits(random, 10)
        bban = body + f"{int(body) % 97 or 97:02d}"
    check = mod_97_10.calc_check_digits(bban + country)
    number = f"{country}{check}{bban}"
    spaced = " ".join(number[place : place + 4] for place in range(0, len(number), 4))
    return random.choice((number, spaced, spaced, spaced.replace(" ", "-"), number.lower()))


def _rib_number(random: Random) -> str:
    bank, counter, account = digits(random, 5), digits(random, 5), digits(random, 11)
    return f"{bank}{counter}{account}{97 - (89 * int(bank) + 15 * int(counter) + 3 * int(account)) % 97:02d}"


def rib(random: Random) -> str:
    """Return a French bank account."""
    number = _rib_number(random)
    return random.choice((number, grouped(number, 5, 5, 11)))


def card(random: Random) -> str:
    """Return a payment card number."""
    issuer, length = random.choice((("4970", 16), ("5132", 16), ("4532", 16), ("3782", 15), ("2230", 16), ("6011", 16)))
    number = _luhn(issuer + digits(random, length - 5))
    if length == 15:
        return random.choice((number, grouped(number, 4, 6)))
    return random.choice(
        (number, grouped(number, 4, 4, 4), grouped(number, 4, 4, 4, gap="-"), grouped(number, 4, 4, 4, gap="."))
    )


def company(random: Random) -> str:
    """Return a SIREN or a SIRET."""
    siren = _luhn(str(random.randint(3, 9)) + digits(random, 7))
    siret = _luhn(siren + "000" + digits(random, 1))
    return random.choice((siren, grouped(siren, 3, 3), siret, grouped(siret, 3, 3, 3)))
