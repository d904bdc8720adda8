"""Greetings: a line of its own, or the first words of one."""

from __future__ import annotations

import re
from typing import Final

from vocmine.text.email.lines import Line
from vocmine.text.email.names import is_prose
from vocmine.text.email.phrases import any_of

_LONGEST: Final = 80  # characters
_NAMES: Final = 3
_WORDS_ALONE: Final = 6
_BETWEEN: Final = re.compile(r"[ ,;/&()-]*")
_STOP: Final = re.compile(r"[ ,!.:;?…)-]*\Z")
_NAME: Final = re.compile(r"[A-ZÀ-ÖØ-ÞŒ][\w'’.-]*")
_AFTER_HELLO: Final = re.compile(
    r"(?: ?[,;:!.…-]+ ?| (?=(?:je|j'|nous|suite|comme|voici|pourriez|pouvez|veuillez|i|i'm|i've|we|could|can)\b))"
)


def is_greeting(line: Line, *, alone: bool = False) -> bool:
    """Say whether a line is nothing but a greeting: « Bonjour Madame Martin, ».

    Parameters
    ----------
    line : Line
        The line.
    alone : bool, default False
        Whether it stands apart on top of a message, where « Cher transporteur, » will do.
    """
    if len(line.key) > _LONGEST or not _listed("opening").match(line.key):
        return False
    end, names = _read(line)
    if names <= _NAMES and _STOP.match(line.key, end):
        return True
    return alone and line.key[-1] == "," and len(line.words) <= _WORDS_ALONE and not is_prose(line)


def opening(line: Line) -> int:
    """Return how many characters of a line greet before it goes on: « Bonjour, je vous écris »; 0 if none do."""
    hello = _listed("hello").match(line.key)
    if hello is None and not _listed("opening").match(line.key):
        return 0
    end, _ = _read(line, before=_LONGEST // 2)
    after = _AFTER_HELLO.match(line.key, end)
    if after is None or (hello is None and "," not in line.key[: after.end()]):
        return 0
    return after.end() if re.search(r"\w", line.key[after.end() :]) else 0


def _listed(kind: str) -> re.Pattern[str]:
    return any_of("email_greetings", "phrase", "kind", kind)


def _read(line: Line, before: int = _LONGEST) -> tuple[int, int]:
    """Return where the words of a greeting end, and how many of them are names."""
    known = any_of("email_greetings", "phrase", "kind", "opening", "hello", "title", "other")
    name_allowed = not line.text.isupper()
    at = end = names = 0
    while at < min(len(line.key), before):
        found = known.match(line.key, at)
        if found is None and name_allowed and names < _NAMES:
            found = _NAME.match(line.text, at)
            names += found is not None
        if found is None:
            break
        end = found.end()
        gap = _BETWEEN.match(line.key, end)
        at = gap.end() if gap else end
        name_allowed = name_allowed or line.key[found.start() : end] in {"madame", "monsieur", "mme", "mr", "m."}
    return end, names
