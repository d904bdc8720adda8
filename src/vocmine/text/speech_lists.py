"""The word lists of speech: fillers with the places where they say nothing, and words at which speakers start again."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from vocmine.text.lexicons import column

WORD: Final = re.compile(r"[^\W_]{1,2}['’](?=\s?[^\W_])|[^\W_]+['’](?=[^\W_])|[^\W_]+(?:-[^\W_]+)*-?")
"""A word of speech: what is elided (« l' ») stands alone, a word cut short keeps its hyphen (« fac- »)."""


class Filler(NamedTuple):
    """A form that says nothing in some places.

    Attributes
    ----------
    form : str
        As the list writes it.
    words : tuple of str
        Its words.
    place : str
        ``anywhere``; ``inside`` a sentence, not at its start; ``opening`` or ``closing`` a group of words; ``apart``,
        both; ``tail``, closing after a comma.
    after, before : frozenset of str
        The only words that it says nothing after, or before; empty where any will do.
    not_after, not_before : frozenset of str
        Words that give it a meaning.
    """

    form: str
    words: tuple[str, ...]
    place: str
    after: frozenset[str]
    not_after: frozenset[str]
    before: frozenset[str]
    not_before: frozenset[str]


@cache
def hesitations() -> frozenset[str]:
    """Return the sounds without meaning, written short: « euh » for « euuuh »."""
    return frozenset(filler.form for kind, filler in _fillers() if kind == "hesitation")


@cache
def fillers_by_word() -> dict[str, list[Filler]]:
    """Return the fillers by their first word, the longest first."""
    fillers = sorted((filler for kind, filler in _fillers() if kind == "filler"), key=lambda each: -len(each.words))
    return {word: [each for each in fillers if each.words[0] == word] for word in {each.words[0] for each in fillers}}


@cache
def _fillers() -> tuple[tuple[str, Filler], ...]:
    names = ("form", "kind", "place", "after", "not_after", "before", "not_before")
    rows = zip(*(column("speech_fillers", name) for name in names), strict=True)
    return tuple(
        (kind, Filler(form, tuple(WORD.findall(form)), place, *map(_words, sets))) for form, kind, place, *sets in rows
    )


def _words(listed: str) -> frozenset[str]:
    return frozenset(filter(None, listed.split("|")))


@cache
def restarts(role: str) -> frozenset[str]:
    """Return the words of one role where a speaker says something again.

    Parameters
    ----------
    role : str
        ``alone`` for what is said again by itself (« je je »), ``opener`` for what begins several words said again,
        ``never`` for what insists or denies and so stays, ``number``, ``sung_after`` for « oh la la ».

    Examples
    --------
    >>> "je" in restarts("alone"), "nous" in restarts("alone")
    (True, False)
    """
    words = zip(column("restarts", "word"), column("restarts", "role"), strict=True)
    return frozenset(word for word, its_role in words if its_role == role)
