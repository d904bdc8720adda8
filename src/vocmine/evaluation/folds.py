"""Folds of a cross-validation, committed as a file so that every model and every task is held out on the same texts."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import InputError, ReadError

_HEADER = ["contact_id", "fold"]


@dataclass(frozen=True)
class Folds:
    """The fold of each contact.

    Attributes
    ----------
    of : mapping of str to int
        Contact id → fold, from 0.
    """

    of: Mapping[str, int]

    @property
    def n(self) -> int:
        """Number of folds."""
        return len(set(self.of.values()))

    def __repr__(self) -> str:
        return f"Folds({len(self.of)} contacts, {self.n} folds)"

    def assign(self, ids: Iterable[str]) -> NDArray[np.intp]:
        """Return the fold of each id, in the order given.

        Parameters
        ----------
        ids : iterable of str
            Contact ids; the same one may come several times.

        Returns
        -------
        ndarray of int, shape (n_ids,)

        Raises
        ------
        InputError
            If an id is missing, is no string, or is in no fold: such a text was never meant to be held out.

        Examples
        --------
        >>> Folds({"a1": 0, "b2": 1, "c3": 0}).assign(["b2", "a1"]).tolist()
        [1, 0]
        """
        wanted = list(ids)
        if odd := sum(not isinstance(key, str) for key in wanted):
            raise InputError(
                f"got {odd} ids missing or not strings among {len(wanted)}, expected a string each; "
                "read them as text, such as with dtype=str"
            )
        if unknown := [key for key in wanted if key not in self.of]:
            raise InputError(
                f"got {len(unknown)} ids that are in no fold, the first {unknown[0]!r}, expected ids of the fold file; "
                "leave these rows out or make the file again"
            )
        return np.array([self.of[key] for key in wanted], dtype=np.intp)

    def splits(self, ids: Iterable[str]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Yield row positions (train, test) fold after fold, as scikit-learn's ``cv`` parameters take them.

        Parameters
        ----------
        ids : iterable of str
            As in `assign`. A fold of which no id is given yields nothing.

        Examples
        --------
        >>> [(train.tolist(), test.tolist()) for train, test in Folds({"a1": 0, "b2": 1}).splits(["b2", "a1"])]
        [([0], [1]), ([1], [0])]
        """
        fold = self.assign(ids)
        for held_out in np.unique(fold):
            yield np.flatnonzero(fold != held_out), np.flatnonzero(fold == held_out)


def read_folds(path: str | os.PathLike[str]) -> Folds:
    r"""Read a fold file: CSV, columns ``contact_id`` and ``fold``.

    Parameters
    ----------
    path : str or path
        Such as ``benchmarks/folds/services_publics_plus.csv``.

    Raises
    ------
    ReadError
        If the file is not there or is no fold file: other columns, an id twice or missing, a fold that is no number.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "folds.csv")
    ...     _ = file.write_text("contact_id,fold\n270656,3\n0042,0\n", encoding="utf-8")
    ...     read_folds(file)
    Folds(2 contacts, 2 folds)
    """
    place = Path(path)
    if not place.is_file():
        raise ReadError(f"got {str(path)!r}, where there is no file, expected a fold file; check the path")
    with place.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    if rows[:1] != [_HEADER]:
        raise ReadError(f"{place.name}: expected the columns {', '.join(_HEADER)}; give a fold file")
    of: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(_HEADER) or not row[0] or not row[1].isdecimal() or row[0] in of:
            raise ReadError(
                f"{place.name}, line {number}: expected an id that stands once, and its fold, a number from 0; "
                "make the file again"
            )
        of[row[0]] = int(row[1])
    return Folds(of)
