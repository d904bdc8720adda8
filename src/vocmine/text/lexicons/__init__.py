"""The word lists, as data: one CSV file each, with the source and the licence of every line."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def column(lexicon: str, name: str) -> tuple[str, ...]:
    """Return one column of a word list.

    Parameters
    ----------
    lexicon : str
        Name of the file, without `.csv`.
    name : str
        Name of the column.

    Examples
    --------
    >>> "bonjour" in column("french_markers", "word")
    True
    """
    lines = files(__name__).joinpath(f"{lexicon}.csv").read_text(encoding="utf-8").splitlines()
    return tuple(row[name] for row in csv.DictReader(lines))
