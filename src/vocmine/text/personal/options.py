"""What can be chosen when personal data are looked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypedDict

from vocmine.text.personal.find import Names
from vocmine.text.personal.patterns import Patterns


class FindOptions(TypedDict, total=False):
    """Options of `find_personal`."""

    kinds: Collection[str] | None
    patterns: Patterns | None
    names: Names | bool
    deadline: float | None
