"""Which column of a table is what: those the caller names, and those guessed from their names and content."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Final, TypedDict

import pandas as pd

from vocmine.corpus.cells import Cells, as_cells, cells, fold, is_number, label
from vocmine.corpus.datetext import read_stamp
from vocmine.corpus.distinct import distinct, labels
from vocmine.corpus.names import CONTACT_IDS, NOT_TEXT_NAMES, ROLE_NAMES, SURE_IDS, TEXT_NAMES
from vocmine.corpus.values import read_rating
from vocmine.corpus.vocabulary import read_channel, read_language, read_speaker
from vocmine.corpus.zones import is_zone
from vocmine.errors import ColumnError

_SAMPLE: Final = 200
_LONGEST_NAME: Final = 40
_MOST_WORDS: Final = 4  # « date de création ticket »; more may be what somebody said
_STAMP: Final = re.compile(r"\d[:/]\d\d|: ")  # « 09:12 Nadia : bonjour », the first row of a table without a header


class ColumnOptions(TypedDict, total=False):
    """The columns that a caller may name, and how dates are to be read; see `Corpus.from_pandas`."""

    text: str | None
    contact_id: str | None
    conversation_id: str | None
    customer_id: str | None
    at: str | None
    ended_at: str | None
    channel: str | None
    speaker: str | None
    turn: str | None
    language: str | None
    variant: str | None
    agent_id: str | None
    team: str | None
    product: str | None
    outcome: str | None
    rating: str | None
    quoted: str | None
    redacted: str | None
    timezone: str | None
    dayfirst: bool | None
    source: str


@dataclass(frozen=True)
class ColumnFound:
    """A column in use: its use, its name, and how it was found (``given``, ``name``, ``content``, ``format``)."""

    role: str
    column: str
    how: str


def unique_names(columns: Iterable[Hashable]) -> list[str]:
    """Return column labels as distinct strings: ``a, a`` gives ``a, a_2``."""
    names: list[str] = []
    for position, column in enumerate(columns, start=1):
        name = label(column) or f"column_{position}"
        names.append(free_name(name, names))
    return names


def free_name(name: str, taken: Container[str]) -> str:
    """Return the name, numbered if it is taken."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def find_columns(frame: pd.DataFrame, options: ColumnOptions, *, guessing: bool = True) -> list[ColumnFound]:
    """Find the columns to use, the text first.

    A column that the caller names is taken, whatever it holds. Others are guessed, if wanted, from their names, and a
    guess stands only if the content bears it out: a « date » holds dates, a « note » numbers, a text neither.

    Raises
    ------
    ColumnError
        If an option does not exist, a column named is not there, or no column is clearly the text.
    """
    for option in options:
        if option not in ColumnOptions.__annotations__:
            raise ColumnError(
                f"got the option {option!r}, {_expected('options', ColumnOptions.__annotations__, option)}"
            )
    given = {role: name for role, name in options.items() if role in {"text", *ROLE_NAMES} and name is not None}
    if "timezone" in given and str(given["timezone"]) not in frame.columns:
        del given["timezone"]  # the name of a zone, not of a column
    how = "given" if guessing else "format"
    found = [ColumnFound(role, existing_column(frame, role, str(name)), how) for role, name in given.items()]
    free = [name for name in frame.columns if name not in {column.column for column in found}]
    if "text" not in given:
        found.insert(0, _guess_text(frame, free))
        free.remove(found[0].column)
    for role, names in ROLE_NAMES.items() if guessing else ():
        if options.get(role) is not None:
            continue
        named = _by_name(free, names)
        if role == "contact_id":
            in_turns = any(column.role in {"speaker", "turn"} for column in found)
            guess = _guess_contact_id(frame, named, free) if in_turns else _guess_row_id(frame, named)
        else:
            guess = next((name for name in named if _mostly(_CONTENT.get(role, _anything), _sample(frame[name]))), None)
        if guess is not None:
            found.append(ColumnFound(role, guess, "name"))
            free.remove(guess)
    return sorted(found, key=lambda column: column.role != "text")


def existing_column(frame: pd.DataFrame, role: str, name: str) -> str:
    """Return the name of a column, once it is known to be there.

    Raises
    ------
    ColumnError
        If it is not; the message tells the columns that are, and the nearest.
    """
    if name in frame.columns:
        return name
    raise ColumnError(f"got {role}={name!r}, {_expected('columns', frame.columns, name)}")


def _expected(what: str, names: Iterable[str], got: str) -> str:
    known = list(names)
    near = get_close_matches(got, known, n=1, cutoff=0.6)
    return f"expected one of the {what} {show_names(known)}." + (f" Did you mean {near[0]!r}?" if near else "")


def show_names(names: Iterable[str]) -> str:
    """Return names of columns for a message; one that reads like a sentence may be a customer's and is not shown."""
    shown = [
        f"(column {position}, a sentence)" if _is_sentence(name) else repr(name)
        for position, name in enumerate(names, start=1)
    ]
    return ", ".join(shown[:30]) + (f" and {len(shown) - 30} more" if len(shown) > 30 else "") or "(none)"


def _is_sentence(name: str) -> bool:
    words = len(name.split()) > _MOST_WORDS or _STAMP.search(name) is not None
    return words or len(name) > _LONGEST_NAME or name.rstrip(' »"').endswith((".", "?", "!", "…"))


def _guess_text(frame: pd.DataFrame, free: Sequence[str]) -> ColumnFound:
    for rank in TEXT_NAMES:
        if named := [name for name in free if fold(name) in rank and not _mostly_other(_sample(frame[name]))]:
            return ColumnFound("text", _only(named), "name")
    words = frozenset().union(*TEXT_NAMES)
    kept = [name for name in free if not _mostly_other(_sample(frame[name]))]
    prose = [name for name in kept if not set(fold(name).split()) & NOT_TEXT_NAMES and _is_prose(_sample(frame[name]))]
    if partly := [name for name in prose if set(fold(name).split()) & words]:
        return ColumnFound("text", _only(partly), "name")
    # A sentence for a name is a question put to customers, or the first row of a table without a header.
    if prose and not _is_prose(as_cells([_only(prose)])) and not _is_sentence(prose[0]):
        return ColumnFound("text", _only(prose), "content")
    raise ColumnError(
        f"no column is clearly the customer's text, among {show_names(frame.columns)}; name it: text='…', "
        "and see that the names of the columns are there, above the rows"
    )


def _only(names: Sequence[str]) -> str:
    if len(names) > 1:
        raise ColumnError(f"several columns may be the text: {show_names(names)}; name the one to read: text='…'")
    return names[0]


def _by_name(free: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return the columns that go by one of the names, the surest first."""
    columns = {fold(name): name for name in reversed(free)}
    return [columns[name] for name in names if name in columns]


def _guess_row_id(frame: pd.DataFrame, named: Sequence[str]) -> str | None:
    """Guess the key of a table with one row a contact; a doubtful one must not repeat, for its doubles are rejected."""
    return next((name for name in named if fold(name) in SURE_IDS or not _repeats(frame[name])), None)


def _guess_contact_id(frame: pd.DataFrame, named: Sequence[str], free: Sequence[str]) -> str | None:
    """Guess the key of the contacts in a table of turns: an id that never repeats may be that of the turn."""
    for name in named:
        if fold(name) in CONTACT_IDS or _repeats(frame[name]):
            return name
    return None if _by_name(free, ROLE_NAMES["conversation_id"]) else next(iter(named), None)


def _sample(column: pd.Series) -> Cells:
    """Return the first values that are there; a full column is not read to its end for them."""
    size = _SAMPLE
    while len(there := column.iloc[:size].dropna()) < _SAMPLE and size < len(column):
        size *= 4
    return cells(there.head(_SAMPLE))


def _mostly(test: Callable[[object], bool], sample: Cells) -> bool:
    """Tell whether at least half the values pass; an empty column contradicts nothing."""
    once = cache(test)
    return 2 * sum(once(value) if isinstance(value, str) else test(value) for value in sample) >= len(sample)


def _mostly_other(sample: Cells) -> bool:
    return len(sample) > 0 and _mostly(lambda value: not isinstance(value, str | bytes) or _is_datum(value), sample)


def _is_datum(value: object) -> bool:
    text = str(value).strip()
    return read_rating(text) is not None or read_stamp(text) is not None


def _is_prose(sample: Cells) -> bool:
    return len(sample) > 0 and _mostly(lambda value: isinstance(value, str) and len(value.split()) >= 4, sample)


def _repeats(column: pd.Series) -> bool:
    named = labels(distinct(column))
    return len(named.levels) < int(named.present.sum())


def _anything(_value: object) -> bool:
    return True


_CONTENT: Final[dict[str, Callable[[object], bool]]] = {
    "at": lambda value: read_stamp(value) is not None,
    "ended_at": lambda value: read_stamp(value) is not None,
    "channel": lambda value: read_channel(label(value) or "")[1] != "unknown_channel",
    "speaker": lambda value: read_speaker(label(value) or "")[1] is None,
    "turn": lambda value: is_number(value) or str(value).strip().isdigit(),
    "language": lambda value: read_language(str(value)) is not None,
    "rating": lambda value: read_rating(value) is not None,
    "timezone": lambda value: is_zone(str(value)),
    "quoted": lambda value: isinstance(value, bool),
    "redacted": lambda value: isinstance(value, bool),
}
