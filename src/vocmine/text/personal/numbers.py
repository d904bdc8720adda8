"""Numbers of six digits or more of which nothing tells what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.text.personal.kinds import Personal

_GAP: Final = r"[ .\-\u00a0\u202f]"
_NUMBER: Final = re.compile(rf"(?<!\w)\d(?:{_GAP}?\d){{5,60}}\w{{0,40}}|(?<!\w)(?=\w{{0,40}}\d{{6}})\w{{6,}}")


def find_numbers(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find long numbers in a stretch of a text.

    Examples
    --------
    >>> text = "colis 6A12345678901, suivi 123.456.789"
    >>> [text[s:e] for s, e, *_ in find_numbers(text, 0, len(text))]
    ['6A12345678901', '123.456.789']
    """
    for match in _NUMBER.finditer(text, start, end):
        yield Personal(*match.span(), "number", "long number", 0.3)
