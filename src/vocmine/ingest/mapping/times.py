"""Moments and offsets, as exports write them: a call starts at a date, its turns so many ticks later."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Final

UNITS: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ticks": 10**7, "iso8601": 1, "clock": 1}
"""Units of an offset: how many make a second. ``ticks`` are 100 ns, ``iso8601`` PT1M2.5S, ``clock`` is 00:01:02.5."""

_DURATION: Final = re.compile(
    r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,9})M)?(?:(\d{1,12}(?:[.,]\d{1,9})?)S)?)?", re.IGNORECASE
)
_CLOCK: Final = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:[.,]\d{1,9})?)")
_LONGEST: Final = 64
_FROM_MILLISECONDS: Final = 1e11  # 1973 in milliseconds, the year 5138 in seconds


def seconds(value: object, unit: str) -> float | None:
    """Return an offset in seconds, or None where it is none.

    Parameters
    ----------
    value : object
        A number, or a text that is one, alone or as 3.5s; of the units ``iso8601`` and ``clock``, a text.
    unit : str
        A key of `UNITS`.

    Examples
    --------
    >>> seconds("PT1M2.5S", "iso8601"), seconds("01:02.5", "clock"), seconds(625_000_000, "ticks"), seconds("?", "s")
    (62.5, 62.5, 62.5, None)
    """
    if isinstance(value, str) and len(value) > _LONGEST:
        return None
    if unit == "iso8601":
        found = _DURATION.fullmatch(str(value).strip())
        return None if found is None or not any(found.groups()) else _sum(found.groups(), (86400, 3600, 60, 1))
    if unit == "clock":
        found = _CLOCK.fullmatch(str(value).strip())
        return None if found is None else _sum(found.groups(), (3600, 60, 1))
    number = _number(value)
    return None if number is None else number / UNITS[unit]


def _sum(parts: tuple[str | None, ...], weights: tuple[int, ...]) -> float:
    return sum(float((part or "0").replace(",", ".")) * weight for part, weight in zip(parts, weights, strict=True))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value.removesuffix("s") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def later(start: object, offset: float | None) -> object:
    """Return a start moved by an offset in seconds; as it is where one of the two cannot be read.

    Examples
    --------
    >>> later("2026-03-02T09:00:00Z", 62.5).isoformat()
    '2026-03-02T09:01:02.500000+00:00'
    """
    moment = _moment(start)
    if moment is None or offset is None:
        return start
    try:
        return moment + timedelta(seconds=offset)
    except OverflowError:
        return start


def _moment(value: object) -> datetime | None:
    """Read an ISO 8601 date, or seconds or milliseconds since 1970."""
    number = _number(value)
    try:
        if number is not None:
            return datetime.fromtimestamp(number / 1e3 if number > _FROM_MILLISECONDS else number, UTC)
        return datetime.fromisoformat(value.strip()) if isinstance(value, str) and len(value) <= _LONGEST else None
    except (ValueError, OverflowError, OSError):
        return None
