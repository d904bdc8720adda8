"""What one cell of a table holds: nothing, a string, a number, a label to look up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from math import isfinite
from numbers import Number
from typing import Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

T = TypeVar("T")
Cells = NDArray[np.object_]

PLACEHOLDERS: Final = frozenset({"NULL", "NaN", "NaT", "None", "<NA>", "#N/A", "N/A", "\\N"})
"""Spellings of « nothing » left by databases and spreadsheets, in the case they write them: « nan » is also French."""

_EXACT_FLOAT: Final = 2.0**53


def cells(column: pd.Series) -> Cells:
    """Return a column as Python objects, every kind of missing value being None."""
    values = column.to_numpy(dtype=object)
    missing = np.asarray(pd.isna(values), dtype=bool)
    if not missing.any():
        return values
    values = values.copy()  # it may be the caller's own memory
    values[missing] = None
    return values


def per_distinct(values: Iterable[str | None], read: Callable[[str], T]) -> list[T | None]:
    """Apply a function once to each distinct string; None stays None."""
    known: dict[str | None, T | None] = {None: None}
    found = []
    for value in values:
        if value not in known:
            known[value] = read(value)  # type: ignore[arg-type]  # None is known from the start
        found.append(known[value])
    return found


def valid_unicode(text: str) -> str:
    """Replace lone surrogates, which neither Arrow nor UTF-8 can hold, by U+FFFD."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def label(value: object) -> str | None:
    """Return a cell as the string that names something (an id, a team, a channel), or None where it is empty.

    Examples
    --------
    >>> label(123.0), label(" Équipe Lyon "), label(float("nan"))
    ('123', 'Équipe Lyon', None)
    """
    if value is None:
        return None
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, float | np.floating):
        if not isfinite(value):
            return None
        value = int(value) if float(value).is_integer() else value
    text = valid_unicode(str(value)).strip()
    return None if not text or text in PLACEHOLDERS else text


def labels(values: Cells) -> Cells:
    """Apply `label` to each cell."""
    return as_cells(label(value) for value in values)


def as_cells(values: Iterable[object]) -> Cells:
    """Return a one-dimensional array of objects, even where the objects are sequences."""
    return np.fromiter(values, dtype=object)


def present(values: Cells) -> NDArray[np.bool_]:
    """Tell the cells that are not None."""
    return np.fromiter((value is not None for value in values), dtype=bool, count=len(values))


def is_inexact(value: object) -> bool:
    """Tell whether an id was read as a float too large for its last digits to be right."""
    return isinstance(value, float | np.floating) and isfinite(value) and abs(float(value)) > _EXACT_FLOAT


def is_number(value: object) -> bool:
    """Tell whether a cell is a number; truth values are not."""
    return isinstance(value, Number | np.number) and not isinstance(value, bool | np.bool_)


def fold(text: str) -> str:
    """Return lower-case words of letters and digits, without accents, one space apart.

    Examples
    --------
    >>> fold("Réseaux_Sociaux (X)")
    'reseaux sociaux x'
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", bare.casefold()).strip()
