"""Ratings, truth values and turn numbers, as sources write them."""

from __future__ import annotations

import re
from math import isfinite
from typing import Final

import numpy as np

from vocmine.corpus.cells import is_number

_RATING: Final = re.compile(
    r"([-+]?\d{1,9}(?:[.,]\d{1,9})?)\s*(?:/\s*\d{1,4}|sur\s+\d{1,4}|%|étoiles?|stars?)?", re.IGNORECASE
)


def read_rating(value: object) -> float | None:
    """Return a rating, or None where none is read.

    Examples
    --------
    >>> read_rating("4,5 / 5"), read_rating("★★★☆☆"), read_rating("bien")
    (4.5, 3.0, None)
    """
    if is_number(value):
        return _finite(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text and not text.strip("★☆⭐"):
        return float(len(text) - text.count("☆"))
    found = _RATING.fullmatch(text)
    return float(found[1].replace(",", ".")) if found else None


def _finite(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]  # a number, complex ones raise
    except (TypeError, OverflowError, ValueError):
        return None
    return number if isfinite(number) else None


def read_flag(value: object) -> bool:
    """Return whether a cell says yes; what is not a truth value says no."""
    return isinstance(value, bool | np.bool_) and bool(value)
