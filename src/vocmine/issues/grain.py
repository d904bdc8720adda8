"""What differs between series by hour, by day and by week."""

from __future__ import annotations

from typing import Final, NamedTuple

from vocmine.errors import InputError


class Grain(NamedTuple):
    """How series of one grain are watched; lengths are in periods.

    Attributes
    ----------
    name : str
    year : float
        Periods in a year.
    windows : tuple of int
        Lengths of the windows whose counts are tested.
    correlation : float
        How much of the level's deviation lasts to the next period.
    refit : int
        Periods from one fit of the expected counts to the next.
    history : int
        Periods that a series must have before it is watched.
    quiet : int
        Periods without anything unusual after which an alert is closed.
    """

    name: str
    year: float
    windows: tuple[int, ...]
    correlation: float
    refit: int
    history: int
    quiet: int


DAY: Final = Grain("day", 365.25, (1, 2, 3, 4, 5, 7, 10, 14, 21, 28), 0.9, 7, 60, 14)
WEEK: Final = Grain("week", 365.25 / 7, (1, 2, 3, 4, 6, 8), 0.48, 4, 26, 2)
HOUR: Final = Grain("hour", 365.25 * 24, (1, 2, 3, 6, 12, 24, 48, 72), 0.995, 168, 24 * 60, 48)
_GRAINS: Final = {grain.name: grain for grain in (HOUR, DAY, WEEK)}


def grain_of(name: str) -> Grain:
    """Return the grain of a name.

    Raises
    ------
    InputError
        If it is none of hour, day, week.
    """
    if name not in _GRAINS:
        raise InputError(f"grain is {name!r}, expected one of {', '.join(_GRAINS)}")
    return _GRAINS[name]
