"""Many dates at once: those of a column are written alike, so the shape is understood once and the digits together.

The shape of a text is what is left when every digit becomes 0. Where the year, the month or the hour stand depends on
the shape alone (`datetext.FORMS`), save for dates without any mark between their parts, which are read one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.corpus.cells import Cells, as_cells
from vocmine.corpus.datetext import FORMS, LONGEST, ZONES, Stamp, month_number, read_stamp
from vocmine.corpus.distinct import Codes

Moments = NDArray[np.datetime64]

_FEW: Final = 8  # texts of one shape: below, understanding the shape costs more than it spares
_DAY: Final = 24 * 60
_LAST_YEAR: Final = 9999  # of Python's calendar
_NO_ZONE: Final = 10 * _DAY  # beyond what any offset brings back


@dataclass(frozen=True, eq=False)
class Stamps:
    """Dates as written, one for each value; see `datetext.Stamp`.

    Attributes
    ----------
    moment, swapped : ndarray of datetime64[us], shape (n_values,)
        The date, in UTC where it bears a zone and as written elsewhere, and its other reading, with the month first.
        NaT where there is none.
    naive, day_possible : ndarray of bool, shape (n_values,)
        The date bears no zone; the reading with the day first makes a date.
    form : ndarray of object, shape (n_values,)
        How each was written; None where no date was read.
    """

    moment: Moments
    swapped: Moments
    naive: NDArray[np.bool_]
    day_possible: NDArray[np.bool_]
    form: Cells

    @classmethod
    def blank(cls, size: int) -> Self:
        """Return as many dates that were not read."""
        moment, swapped = np.full((2, size), np.datetime64("NaT"), dtype="datetime64[us]")
        naive, day_possible = np.zeros((2, size), dtype=bool)
        return cls(moment, swapped, naive, day_possible, as_cells([None] * size))

    @property
    def read(self) -> NDArray[np.bool_]:
        """Values that are dates."""
        return np.asarray(~np.isnat(self.moment))

    @property
    def numeric(self) -> NDArray[np.bool_]:
        """Values of which the order of day and month must be known."""
        return np.asarray(self.form == "numeric", dtype=bool)

    @property
    def ambiguous(self) -> NDArray[np.bool_]:
        """Values of which both readings make a date, and not the same one."""
        return np.asarray(self.day_possible & ~np.isnat(self.swapped) & (self.swapped != self.moment))

    def chosen(self, *, dayfirst: bool) -> Moments:
        """Return the dates as read with the day or the month first, where there is a choice."""
        return self.moment.copy() if dayfirst else np.where(np.isnat(self.swapped), self.moment, self.swapped)

    def put(self, places: Codes, stamps: Self) -> None:
        """Write dates at some places."""
        for mine, theirs in zip(vars(self).values(), vars(stamps).values(), strict=True):
            mine[places] = theirs


def read_stamps(values: pa.Array | Cells) -> Stamps:
    """Read the dates of distinct values."""
    if isinstance(values, np.ndarray) and (moments := _of_datetimes(values)) is not None:
        return moments
    stamps = Stamps.blank(len(values))
    left = np.arange(len(values)) if isinstance(values, np.ndarray) else _read_shapes(values, stamps)
    alone = values[left] if isinstance(values, np.ndarray) else values.take(pa.array(left)).to_pylist()
    stamps.put(left, _alone([read_stamp(value) for value in alone]))
    return stamps


def _of_datetimes(values: Cells) -> Stamps | None:
    """Read timestamps of pandas that are all of one zone, or of none; None for anything else."""
    if {type(value) for value in values} != {pd.Timestamp} or len({value.tz for value in values}) > 1:
        return None
    moments = pd.DatetimeIndex(values)
    if moments.year.min() < 1 or moments.year.max() > _LAST_YEAR:
        return None
    utc = moments if moments.tz is None else moments.tz_convert("UTC").tz_localize(None)
    whole = np.ones(len(moments), dtype=bool)
    form = as_cells(["datetime"] * len(moments))
    swapped = Stamps.blank(len(moments)).swapped
    # A copy, since what is out of range is set aside in place.
    return Stamps(utc.as_unit("us").to_numpy(copy=True), swapped, whole & (moments.tz is None), whole, form)


def _alone(stamps: Sequence[Stamp | None]) -> Stamps:
    """Return dates read one by one."""
    found = Stamps.blank(len(stamps))
    for place, stamp in enumerate(stamps):
        if stamp is None:
            continue
        found.moment[place] = _in_utc(stamp.moment)
        found.swapped[place] = None if stamp.swapped is None else _in_utc(stamp.swapped)
        found.naive[place] = stamp.moment.tzinfo is None
        found.day_possible[place] = stamp.day_possible
        found.form[place] = stamp.form
    return found


def _in_utc(moment: datetime) -> datetime:
    """Return a moment without its zone: in UTC if it has one, else as written."""
    try:
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except OverflowError:  # the year 1 or 9999, at the edge of the calendar
        return moment.replace(tzinfo=None)


def _read_shapes(texts: pa.Array, stamps: Stamps) -> Codes:
    """Read the texts whose shape is frequent and that of a date; return the places of the others."""
    text = _Letters.of(texts)
    shapes = text.shapes()
    counts = np.bincount(shapes.indices.to_numpy(), minlength=len(shapes.dictionary))
    left = np.ones(len(texts), dtype=bool)
    for rank in np.flatnonzero(counts >= _FEW):
        shape = shapes.dictionary[int(rank)].as_py()
        if (found := _understood(shape)) is None:
            continue
        places = np.flatnonzero(shapes.indices.to_numpy() == rank)
        stamps.put(places, _Shape(found[0], found[1], text.digits(places, len(shape))).stamps())
        left[places] = False
    return np.flatnonzero(left)


def _understood(shape: str) -> tuple[str, re.Match[str]] | None:
    """Return how dates of this shape are written, and where their parts stand."""
    if len(shape) > LONGEST or not shape.isascii() or shape != shape.strip():
        return None
    for form, pattern in FORMS.items():
        if found := pattern.fullmatch(shape):
            return None if form == "compact" else (form, found)
    return None


@dataclass(frozen=True, eq=False)
class _Letters:
    """The bytes of texts, one after the other, and where each text begins and ends."""

    data: NDArray[np.uint8]
    offsets: NDArray[np.int32]

    @classmethod
    def of(cls, texts: pa.Array) -> Self:
        _, offsets, data = texts.buffers()
        ends = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
        return cls(np.frombuffer(data or b"", dtype=np.uint8), ends)

    def shapes(self) -> pa.DictionaryArray:
        """Return the shape of each text."""
        is_digit = (self.data >= ord("0")) & (self.data <= ord("9"))
        data = np.where(is_digit, np.uint8(ord("0")), self.data)
        texts = pa.StringArray.from_buffers(len(self.offsets) - 1, pa.py_buffer(self.offsets), pa.py_buffer(data))
        return texts.dictionary_encode()

    def digits(self, places: Codes, length: int) -> NDArray[np.int64]:
        """Return the digits of texts of one length, shape (length, n_places); what is no digit means nothing."""
        where = self.offsets[places] + np.arange(length, dtype=np.int64)[:, None]
        return np.asarray(self.data[where].astype(np.int64) - ord("0"))


@dataclass(frozen=True, eq=False)
class _Shape:
    """Dates of one shape: how it is written, where its parts stand, the digits."""

    form: str
    found: re.Match[str]
    digits: NDArray[np.int64]

    def stamps(self) -> Stamps:
        """Return the dates."""
        size = self.digits.shape[1]
        naive = np.full(size, not (self.word("zone") or self.word("offset")))
        if self.form != "numeric":
            moment = self.moments(self.number("year"), self.month(), self.number("day"))
            return self._read(moment, np.full(size, np.datetime64("NaT"), dtype="datetime64[us]"), naive)
        year = self.number("year")
        year = year + np.select([year > 99, year < 70], [0, 2000], 1900)
        first, second = self.number("first"), self.number("second_part")
        return self._read(self.moments(year, second, first), self.moments(year, first, second), naive)

    def _read(self, by_day: Moments, by_month: Moments, naive: NDArray[np.bool_]) -> Stamps:
        moment = np.where(np.isnat(by_day), by_month, by_day)
        form = as_cells([self.form] * len(moment))
        form[np.isnat(moment)] = None
        return Stamps(moment, by_month, naive & ~np.isnat(moment), ~np.isnat(by_day), form)

    def word(self, name: str) -> str:
        """Return a part that is the same in all texts."""
        return str(self.found.groupdict().get(name) or "")

    def number(self, name: str, width: int | None = None) -> Codes:
        """Return the number that the digits of a part make: its first ones, or all; 0 where it is absent."""
        start, end = self.found.span(name) if name in self.found.re.groupindex else (0, 0)
        return self.between(start, end if width is None else min(end, start + width))

    def between(self, start: int, end: int) -> Codes:
        number = np.zeros(self.digits.shape[1], dtype=np.int64)
        for digits in self.digits[start:end]:
            number = 10 * number + digits
        return number

    def month(self) -> Codes:
        """Return the month, by its digits or its name."""
        name = self.word("month")
        return self.number("month") if name.isdigit() else np.full(self.digits.shape[1], month_number(name))

    def moments(self, year: Codes, month: Codes, day: Codes) -> Moments:
        """Return the dates, in UTC where the shape has a zone; NaT where there is no such day or hour."""
        hour, half = self.number("hour"), self.word("half")[:1].lower()
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        minute, second, ahead = self.number("minute"), self.number("second"), self.minutes_ahead()
        real = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
        real &= (hour < 24) & (minute < 60) & (second < 60) & (np.abs(ahead) < _DAY)
        months = np.where(real, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
        first = months.astype("datetime64[D]")
        real &= day <= ((months + 1).astype("datetime64[D]") - first).astype(np.int64)
        seconds = ((day - 1) * _DAY + hour * 60 + minute - ahead) * 60 + second
        micros = self.number("fraction", 6) * 10 ** (6 - min(len(self.word("fraction")), 6))
        moments = first.astype("datetime64[us]") + (seconds * 1_000_000 + micros).astype("timedelta64[us]")
        return np.where(real, moments, np.datetime64("NaT"))

    def minutes_ahead(self) -> Codes:
        """Return the minutes that the clocks of the zone written are ahead of UTC; too many for an unknown name."""
        name, offset = self.word("zone").lower(), self.word("offset")
        ahead = np.full(self.digits.shape[1], ZONES.get(name, _NO_ZONE) if name else 0)
        if offset:
            start, end = self.found.span("offset")
            minutes = self.between(end - 2, end) if len(offset) > 3 else 0
            ahead += (60 * self.between(start + 1, start + 3) + minutes) * (-1 if offset[0] == "-" else 1)
        return ahead
