"""Every regular expression that the library compiles, by its name in the code, and how much of a text it is given."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from functools import cache, partial
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Final, TypeAlias

from adversarial_subjects import FUNCTIONS

from vocmine import ingest, mentions, text

_CACHED: Final = type(cache(str))

Pattern: TypeAlias = "re.Pattern[str] | re.Pattern[bytes]"

SAMPLE: Final = (
    "Bonjour Madame Exemple, euh je suis absent, je ne vais pas résilier.\nMerci de votre réponse\n\nCordialement\n"
    "A. Roy, 12 rue des Lilas 75001 Paris, 06 12 34 56 78, né le 12 mars 1980\nEnvoyé de mon iPhone"
)
"""Words that have the patterns built that are only built when they are needed."""

ONCE: Final = (
    *(
        "ingest.mail.eml.",
        "ingest.mail.mbox._DATED",
        "ingest.mail.mbox._BARE",
        "ingest.mail.mbox._FIELD",
        "ingest.mail.parts._KIND",
        "ingest.mail.threads._MARK",
    ),
    *("ingest.mail.headers._FIELD", "ingest.mail.headers._CONTINUED", "ingest.tables._RECORDS"),
    *("ingest.transcripts.contact_lens._ANALYSIS", "ingest.transcripts.cues._ID", "ingest.transcripts.timing._STAMP"),
    "ingest.transcripts.timing._CLOCK_LIKE",
    *("ingest.transcripts.plain.", "ingest.mail.body._MARKUP", "ingest.mapping.paths._STEP"),
    *("text.email.markers._RULER", "text.email.markers._FLAT", "text.email.headers._LABEL"),
    *("text.email.closings._BETWEEN", "text.email.greetings._BETWEEN", "text.speech._PAUSE"),
    *("text.email.boilerplate._openings", "text.email.attributions._OPENING"),
    *("text.sentences._CLOSING", "text.sentences._MAIL_ADDRESS", "text.personal.names._SIGNED"),
    *("text.personal.name_words.FIRST", "text.personal.name_words.NEXT"),
)
"""Patterns that are matched at one place only and never searched for."""

WINDOWS: Final = {
    "text.language._NOT_WORDS": (2_000, "the first 2,000 characters of a text"),
    "text.personal.names._TO_PLACE": (40, "40 characters before a name"),
    "ingest.transcripts.timing._ARROW": (60, "the first 60 characters of a line"),
    "text.personal.": (20_000, "windows of 20,000 characters"),
    "mentions.cues.": (10_000, "the first 10,000 characters of a message"),
    "ingest.mail.headers._ADDRESS": (65_536, "the first 65,536 characters of a field"),
}
"""Patterns that see no more than so many characters at once, and why; the first that fits a name counts."""


@cache
def compiled() -> dict[str, Pattern]:
    """Return the patterns of the library, by module and variable, numbered where a variable holds several.

    A variable may hold them at any depth, and so may what a cached function has returned.
    """
    for function in FUNCTIONS.values():
        function(SAMPLE)
    found: dict[str, Pattern] = {}
    for package in (text, ingest, mentions):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            place = module.name.removeprefix("vocmine.")
            for variable, value in vars(import_module(module.name)).items():
                imported = isinstance(value, _CACHED) and value.__module__ != module.name
                for made in () if imported else _within(value, set()):
                    if all(made is not other for other in found.values()):
                        name = f"{place}.{variable}"
                        found[name if name not in found else f"{name}#{len(found)}"] = made
    return found


def _within(value: object, seen: set[int]) -> Iterator[Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif id(value) not in seen and _may_hold(value):
        seen.add(id(value))
        for held in gc.get_referents(value):
            yield from _within(held, seen)


def _may_hold(value: object) -> bool:
    """Tell whether to look into an object: containers, cached functions, and objects of the library's own classes."""
    own = type(value).__module__.startswith("vocmine.")
    return own or isinstance(value, tuple | list | dict | set | frozenset | partial | _CACHED)


def bound(name: str) -> tuple[int | None, str]:
    """Return how many characters a pattern is given at most (None: all), and why.

    Examples
    --------
    >>> bound("text.language._NOT_WORDS")
    (2000, 'the first 2,000 characters of a text')
    """
    return next((told for start, told in WINDOWS.items() if name.startswith(start)), (None, ""))


def searches(name: str) -> bool:
    """Tell whether a pattern is searched for, and not only matched at one place."""
    return not name.startswith(ONCE)


def run(pattern: Pattern, given: str, *, searched: bool) -> int:
    """Match, and search all of a text where the library does; return how many times it is found."""
    held = given.encode(errors="surrogatepass") if isinstance(pattern.pattern, bytes) else given
    search: re.Pattern[Any] = pattern
    matched = int(search.match(held) is not None)
    return matched + sum(1 for _ in search.finditer(held)) if searched else matched
