"""Dates as people and machines write them, before it is known whether the day or the month comes first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

import numpy as np
import pandas as pd

from vocmine.corpus.cells import fold

LONGEST: Final = 64
"""Characters of the longest date."""

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        [
            "janvier janv jan january",
            "fevrier fevr fev feb february",
            "mars mar march",
            "avril avr apr april",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "aout aug august",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ],
        start=1,
    )
    for name in names.split()
}

ZONES: Final = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120, "hnec": 60, "heec": 120,
    "est": -300, "edt": -240, "hne": -300, "hae": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420,
}  # fmt: skip
"""Minutes that the clocks of a zone are ahead of UTC, by its abbreviation."""

_TIME: Final = (
    r"(?:(?:\s*[T,]\s*|\s+(?:[àa]|at|-)\s+|\s+)(?P<hour>\d{1,2})\s*(?::|h|heures?)\s*(?P<minute>\d{2})?"
    r"(?:\s*(?::|m|min)\s*(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>[ap]\.?m\.?)?)?"
)
_ZONE: Final = r"(?:\s*(?P<zone>[A-Z]{1,4})?(?P<offset>[+-]\d{2}:?\d{2}|[+-]\d{2})?)?(?:\s*\([^()]*\))?"
_WEEKDAY: Final = r"(?:[^\W\d]{2,9}\.?,?\s+(?:le\s+)?)?"
_MONTH: Final = r"(?P<month>[^\W\d]{3,9})\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:er|st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>\d{4})"

FORMS: Final = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "year-month-day": rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}{_ZONE}",
        "numeric": rf"{_WEEKDAY}(?P<first>\d{{1,2}})[-/.](?P<second_part>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d{{2}})"
        rf"{_TIME}{_ZONE}",
        "day month year": rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH}[\s,-]+{_YEAR}{_TIME}{_ZONE}",
        "month day year": rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}{_TIME}{_ZONE}",
        "weekday month day time year": rf"{_WEEKDAY}{_MONTH}\s+{_DAY}{_TIME}{_ZONE}\s+{_YEAR}",
        "compact": r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>Z)?)?",
    }.items()
}
"""For each way of writing, the pattern of a whole date; the first that fits counts."""

_NUMBER: Final = re.compile(r"\d{5,16}(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date as written.

    Attributes
    ----------
    moment : datetime
        With the zone where one was written, without otherwise; of two readings, the one with the day first.
    swapped : datetime or None
        The other reading, with the month first, where it makes a date.
    form : str
        How it was written, such as ``numeric`` or ``day month year``.
    day_possible : bool
        The reading with the day first makes a date; if not, `moment` is the one with the month first.
    """

    moment: datetime
    form: str
    swapped: datetime | None = None
    day_possible: bool = True

    @property
    def ambiguous(self) -> bool:
        """Whether both readings make a date, and not the same one."""
        return self.day_possible and self.swapped is not None and self.swapped != self.moment


def read_stamp(value: object) -> Stamp | None:
    """Read a date from a string, a number (seconds or milliseconds since 1970, spreadsheet days) or a date object.

    Examples
    --------
    >>> read_stamp("jeudi 24 mai 2018 11 h 49 CEST").moment.isoformat()
    '2018-05-24T11:49:00+02:00'
    >>> read_stamp("03/04/2025").ambiguous, read_stamp("23/09/2020 09:47").ambiguous, read_stamp("hier")
    (True, False, None)
    """
    try:
        value = _plain(value)
    except (OverflowError, ValueError):  # beyond the years of Python's calendar, or the numbers of its floats
        return None
    if isinstance(value, datetime):
        return Stamp(value, "datetime")
    if isinstance(value, date):
        return Stamp(datetime(value.year, value.month, value.day), "date")
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return _from_text(f"{value:.6f}".rstrip("0").rstrip("."))
    return _from_text(value.strip()) if isinstance(value, str) else None


def _plain(value: object) -> object:
    """Return numbers and dates of NumPy and pandas as those of Python, integers as floats."""
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    if isinstance(value, np.generic):
        value = value.item()
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _from_text(text: str) -> Stamp | None:
    if len(text) > LONGEST:
        return None
    for form, pattern in FORMS.items():
        if found := pattern.fullmatch(text):
            return _from_match(found.groupdict(), form)
    return _from_number(float(text.replace(",", "."))) if _NUMBER.fullmatch(text) else None


def _from_match(part: dict[str, str | None], form: str) -> Stamp | None:
    year = int(part["year"] or 0)
    if form != "numeric":
        moment = _moment(part, year, month_number(part["month"] or ""), int(part["day"] or 0))
        return Stamp(moment, form) if moment else None
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    first, second = int(part["first"] or 0), int(part["second_part"] or 0)
    by_day, by_month = _moment(part, year, second, first), _moment(part, year, first, second)
    if by_day:
        return Stamp(by_day, form, by_month)
    return Stamp(by_month, form, by_month, day_possible=False) if by_month else None


def month_number(name: str) -> int:
    """Return the number of a month, from its digits or its name; 0 for another word."""
    return int(name) if name.isdigit() else _MONTHS.get(fold(name), 0)


def _moment(part: dict[str, str | None], year: int, month: int, day: int) -> datetime | None:
    hour, half = int(part.get("hour") or 0), (part.get("half") or "")[:1].lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    micros = int((part.get("fraction") or "").ljust(6, "0")[:6])
    minute, second = int(part.get("minute") or 0), int(part.get("second") or 0)
    try:
        zone = _zone(part.get("zone"), part.get("offset"))
        return datetime(year, month, day, hour, minute, second, micros, tzinfo=zone)
    except (ValueError, LookupError):
        return None


def _zone(name: str | None, offset: str | None) -> timezone | None:
    if name is None and offset is None:
        return None
    minutes = ZONES[name.lower()] if name else 0
    if offset:
        hours, rest = int(offset[1:3]), int(offset[-2:]) if len(offset) > 3 else 0
        minutes += (60 * hours + rest) * (-1 if offset[0] == "-" else 1)
    return timezone(timedelta(minutes=minutes))


def _from_number(number: float) -> Stamp | None:
    # Spreadsheet days from 1990 to 2100, then powers of ten of seconds since 1970: the ranges do not meet.
    if 32874 <= number < 73051:
        return Stamp(datetime(1899, 12, 30) + timedelta(seconds=round(number * 86400)), "spreadsheet days")
    for unit, name in ((1, "seconds"), (1e3, "milliseconds"), (1e6, "microseconds")):
        if 3e8 <= number / unit < 4.2e9:
            return Stamp(datetime.fromtimestamp(number / unit, UTC), f"{name} since 1970")
    return None


def month_first(stamp: Stamp) -> Stamp:
    """Return the reading with the month first where there is one, the stamp itself otherwise."""
    return replace(stamp, moment=stamp.swapped) if stamp.swapped else stamp
