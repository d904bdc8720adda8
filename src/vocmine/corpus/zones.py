"""Time zones by their IANA name."""

from __future__ import annotations

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from vocmine.errors import InputError

DEFAULT_ZONE: Final = "Europe/Paris"


@cache
def is_zone(name: str) -> bool:
    """Tell whether a name is that of a time zone.

    Examples
    --------
    >>> is_zone("America/Montreal"), is_zone("Montréal")
    (True, False)
    """
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def check_zone(name: str) -> str:
    """Return the name of a time zone.

    Raises
    ------
    InputError
        If no zone has that name.
    """
    if not is_zone(name):
        raise InputError(f"got timezone={name!r}, expected an IANA name (Europe/Paris, America/Montreal) or a column")
    return name
