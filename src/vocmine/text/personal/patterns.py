"""A user's own regular expressions, which may be as slow as they like: they are stopped at the deadline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from vocmine.errors import InputError
from vocmine.text.personal.deadline import Deadline
from vocmine.text.personal.kinds import LABELS, SHIELD, Personal

if TYPE_CHECKING:
    import regex

Patterns: TypeAlias = Mapping[str, str | re.Pattern[str]]
"""Regular expressions by the name of what they find."""


@dataclass(frozen=True)
class OwnPattern:
    """A regular expression that finds one kind of a user's own.

    Attributes
    ----------
    name : str
        What it finds.
    compiled : regex.Pattern
        The expression, by the `regex` library, which can be stopped.
    """

    name: str
    compiled: regex.Pattern[str]

    def find(self, text: str, clock: Deadline) -> Iterator[Personal]:
        """Find what the pattern, or its first group, takes.

        Raises
        ------
        PrivacyTimeoutError
            At the deadline.
        """
        group = 1 if self.compiled.groups else 0
        try:
            for match in self.compiled.finditer(text, timeout=clock.left):
                start, end = match.span(group)
                if end > start >= 0:
                    yield Personal(start, end, self.name, "pattern of the user", 1.0)
        except TimeoutError:
            raise clock.error() from None


def compile_patterns(patterns: Patterns | None) -> dict[str, OwnPattern]:
    """Return each of a user's patterns, ready to be stopped.

    Raises
    ------
    InputError
        If one is no regular expression, finds the empty text, or bears the name of a kind of the library.

    Examples
    --------
    >>> badge = compile_patterns({"badge": r"Z-[0-9]{2}"})["badge"]
    >>> [found[:3] for found in badge.find("badge Z-42", Deadline(None))]
    [(6, 10, 'badge')]
    """
    return {name: _compile(name, pattern, rank) for rank, (name, pattern) in enumerate((patterns or {}).items(), 1)}


def _compile(name: str, pattern: str | re.Pattern[str], rank: int) -> OwnPattern:
    import regex

    if name in LABELS or name == SHIELD:
        raise InputError(f"pattern {rank}: got the name of a kind of the library, expected a name of your own")
    try:
        source, flags = (pattern, 0) if isinstance(pattern, str) else (pattern.pattern, pattern.flags)
        compiled = regex.compile(source, flags)
    except (regex.error, TypeError, AttributeError, ValueError) as error:
        got = type(error).__name__
        raise InputError(f"pattern {rank}: got what is no regular expression ({got}), expected one") from None
    if compiled.match(""):
        raise InputError(f"pattern {rank}: got one that finds the empty text, expected one of a character or more")
    return OwnPattern(name, compiled)
