"""What costs are read from: amounts, names and faults, each checked, with where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from vocmine.errors import InputError

DEFAULT: Final = "default"
"""Name of what counts where nothing nearer is given."""


@dataclass(frozen=True)
class Fault:
    """What a cause costs beyond its contacts: amounts, None if not given, and the share (0 to 1) that incurs them."""

    replacement: Decimal | None = None
    second_shipping: Decimal | None = None
    share: Decimal = Decimal(1)


def named(given: Any, place: str) -> dict[str, Any]:
    """Check that names are text and differ by more than capitals."""
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise InputError(f"got no name: amount lines under {place}, expected some; put names such as 'no' in quotes")
    if len({name.strip().casefold() for name in given}) < len(given):
        raise InputError(f"got a name twice under {place}, but for capitals, expected it once; remove one")
    return {DEFAULT if name.strip().casefold() == DEFAULT else name.strip(): each for name, each in given.items()}


def rates_of(given: Any, place: str) -> dict[str, Decimal]:
    """Read the amounts of a channel: one, or one by segment."""
    if isinstance(given, Mapping):
        return {name: amount_of(each, f"{place}, {name}") for name, each in named(given, place).items()}
    return {DEFAULT: amount_of(given, place)}


def amount_of(given: Any, place: str) -> Decimal:
    """Read an amount, or say where none is."""
    try:
        # By text, so that 6.80 is 6.80 and not the nearest binary fraction.
        amount = Decimal("no" if isinstance(given, bool) else str(given))
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite() or amount < 0:
        raise InputError(f"got no amount at {place}, expected a number of at least 0; write it with a dot, as 6.80")
    return amount


def fault_of(given: Any, cause: str) -> Fault:
    """Read what a cause costs beyond its contacts."""
    known = ("replacement", "second_shipping", "share")
    if not isinstance(given, Mapping) or not given.keys() & set(known[:2]) or given.keys() - set(known):
        raise InputError(f"got other keys at faults, {cause}, expected {', '.join(known)}; correct the names")
    amounts = {str(name): amount_of(each, f"faults, {cause}, {name}") for name, each in given.items()}
    if amounts.get("share", 1) > 1:
        raise InputError(f"got a share of {amounts['share']} at faults, {cause}, expected 0 to 1; 0.25 is a quarter")
    return Fault(**amounts)


def currency_of(given: Any) -> str:
    """Read a code of three letters."""
    code = str(given).strip().upper()
    if given is None or not re.fullmatch("[A-Z]{3}", code):
        raise InputError(f"got currency {given!r}, expected a code of ISO 4217; add currency: EUR")
    return code
