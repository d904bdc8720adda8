"""The mapping language: a YAML file that says where an export keeps its contacts, its turns and their columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeVar, cast

from vocmine.corpus import ColumnOptions
from vocmine.errors import InputError
from vocmine.ingest.mapping.paths import Path, parse_path
from vocmine.ingest.mapping.rules import Rule, parse_rule

T = TypeVar("T")

ROLES: Final = frozenset(ColumnOptions.__annotations__) - {"timezone", "dayfirst", "source"}
"""Columns that the library has a use for; a mapping may have others, of its own."""
THREAD: Final = ("id", "author", "conversation", "reply_to", "reply_to_author", "repost_of")
"""What tells of a message where it belongs."""

_KEYS: Final = frozenset({
    "name", "about", "from", "source", "date", "not_verified",
    "files", "fits", "records", "lists", "turns", "columns", "own", "thread", "entities", "timezone",
})  # fmt: skip
_COLUMN: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True)
class Fits:
    """What a record must have, all of `has` and one of `any_of`, and must not have, for the mapping to be its own."""

    has: tuple[Path, ...] = ()
    any_of: tuple[Path, ...] = ()
    lacks: tuple[Path, ...] = ()

    def record(self, record: object) -> bool:
        """Tell whether a record is of this kind."""
        return (
            all(path.within(record) for path in self.has)
            and (not self.any_of or any(path.within(record) for path in self.any_of))
            and not any(path.within(record) for path in self.lacks)
        )


@dataclass(frozen=True)
class ListRule:
    """A list of the document, or of each contact (``$contact``), that other values refer to by a key."""

    path: Path
    key: Path

    @property
    def of_contact(self) -> bool:
        """Whether each contact has its own."""
        return self.path.root == "$contact"

    def members(self, around: object) -> dict[str, object]:
        """Return the members by their key; of several with one key, the first."""
        found: dict[str, object] = {}
        for member in self.path.within(around):
            for key in self.key.within(member)[:1]:
                found.setdefault(str(key), member)
        return found


@dataclass(frozen=True)
class Turns:
    """Where turns are within a contact.

    Attributes
    ----------
    path : Path or None
        Path within the contact; None where `rule` gives the turn.
    rule : Rule or None
        Gives one turn, looked up elsewhere.
    when : Rule or None
        There is such a turn only where this gives something.
    leave_aside : tuple of (Path, frozenset of str)
        Events that are no messages: those with one of these values.
    columns : mapping of str to Rule
        Its columns, those of the mapping included.
    """

    path: Path | None
    rule: Rule | None
    when: Rule | None
    leave_aside: tuple[tuple[Path, frozenset[str]], ...]
    columns: Mapping[str, Rule]


@dataclass(frozen=True)
class ExportMapping:
    """How an export is laid out; `parse_mapping` reads one.

    Attributes
    ----------
    name : str
    files : {"json", "csv"}
    records : tuple of Path
        Where the contacts are in a document; the first that is there counts.
    turns : tuple of Turns
    lists : mapping of str to ListRule
    fits : Fits
    own : tuple of Rule
        Names of the author that may be among the company's addresses.
    thread : mapping of str to Rule
        Of `THREAD`, what tells where a message belongs; empty where turns come with their contact.
    entities : bool
        Whether mentions, hashtags, links and emoji become columns.
    timezone : str or None
        Zone of the dates that bear none.
    whole : bool
        A record refers to the document around it, which is then held in memory.
    """

    name: str
    files: Literal["json", "csv"]
    records: tuple[Path, ...]
    turns: tuple[Turns, ...]
    lists: Mapping[str, ListRule]
    fits: Fits
    own: tuple[Rule, ...]
    thread: Mapping[str, Rule]
    entities: bool
    timezone: str | None
    whole: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that some turn has."""
        return tuple(dict.fromkeys(name for turns in self.turns for name in turns.columns))


def parse_mapping(raw: object, name: str) -> ExportMapping:
    """Read a mapping out of what YAML gives.

    Parameters
    ----------
    raw : object
        Content of the YAML file.
    name : str
        Its name, for messages and for the quality report.

    Raises
    ------
    InputError
        If it is no mapping, naming the key that is wrong.

    Examples
    --------
    >>> rows = {"records": "appels[*]", "turns": "tours[*]", "columns": {"contact_id": "$contact.id", "text": "dit"}}
    >>> parse_mapping(rows, "appels").columns
    ('contact_id', 'text')
    """
    if not isinstance(raw, Mapping):
        raise InputError(f"mapping {name}: got a {type(raw).__name__}, expected keys such as records, turns, columns")
    for key in raw:
        if key not in _KEYS:
            raise InputError(f"mapping {name}: got the key {key!r}, expected one of {', '.join(sorted(_KEYS))}")
    where = f"mapping {name}: "
    lists = _each(raw, "lists", where, _list_rule)
    names = frozenset(lists)
    columns = _columns(raw.get("columns", {}), f"{where}columns", names)
    turns = tuple(
        _turns(each, columns, f"{where}turns[{place}]", names)
        for place, each in enumerate(_as_list(raw.get("turns", ".")))
    )
    thread = _each(raw, "thread", where, lambda value, at: parse_rule(value, at, names))
    _check(turns, thread, where)
    files = raw.get("files", "json")
    if files not in {"json", "csv"}:
        raise InputError(f"{where}files: got {files!r}, expected json or csv")
    return ExportMapping(
        name=name,
        files=cast("Literal['json', 'csv']", files),
        records=_paths(raw.get("records", "."), f"{where}records"),
        turns=turns,
        lists=lists,
        fits=_fits(raw.get("fits", {}), f"{where}fits"),
        own=tuple(parse_rule(each, f"{where}own", names) for each in _as_list(raw.get("own", []))),
        thread=thread,
        entities=raw.get("entities", False) is True,
        timezone=_optional_text(raw, "timezone", where),
        whole=_says(raw, "$document") or not all(each.of_contact for each in lists.values()),
    )


def _check(turns: tuple[Turns, ...], thread: Mapping[str, Rule], where: str) -> None:
    for place, turn in enumerate(turns):
        if "text" not in turn.columns:
            raise InputError(f"{where}turns[{place}]: got no column text, expected one here or under columns")
        if "contact_id" not in turn.columns and not thread:
            raise InputError(f"{where}columns: got no contact_id, expected one, such as $contact.id or $file")
    for key in thread:
        if key not in THREAD:
            raise InputError(f"{where}thread: got the key {key!r}, expected one of {', '.join(THREAD)}")
    if thread and not {"id", "author"} <= set(thread):
        raise InputError(f"{where}thread: got {', '.join(thread)}, expected id and author among them")


def _columns(raw: object, where: str, lists: frozenset[str]) -> dict[str, Rule]:
    if not isinstance(raw, Mapping):
        raise InputError(f"{where}: got a {type(raw).__name__}, expected names of columns and where each comes from")
    for name in raw:
        if not isinstance(name, str) or not _COLUMN.fullmatch(name):
            raise InputError(f"{where}: got the column {name!r}, expected lower case letters, digits and underscores")
    return {name: parse_rule(rule, f"{where}.{name}", lists) for name, rule in raw.items()}


def _turns(raw: object, columns: Mapping[str, Rule], where: str, lists: frozenset[str]) -> Turns:
    given = raw if isinstance(raw, Mapping) else {"path": raw}
    stray = [str(key) for key in given if key not in {"path", "when", "leave_aside", "columns"}]
    if stray or "path" not in given:
        got = f"the key {stray[0]!r}" if stray else "no path"
        raise InputError(f"{where}: got {got}, expected path, and maybe when, leave_aside, columns")
    path = given["path"]
    aside = given.get("leave_aside", {})
    if not isinstance(aside, Mapping):
        raise InputError(f"{where}.leave_aside: got a {type(aside).__name__}, expected paths and values")
    return Turns(
        path=parse_path(path, f"{where}.path") if isinstance(path, str) else None,
        rule=None if isinstance(path, str) else parse_rule(path, f"{where}.path", lists),
        when=parse_rule(given["when"], f"{where}.when", lists) if "when" in given else None,
        leave_aside=tuple(
            (parse_path(str(key), f"{where}.leave_aside"), frozenset(map(str, _as_list(values))))
            for key, values in aside.items()
        ),
        columns={**columns, **_columns(given.get("columns", {}), f"{where}.columns", lists)},
    )


def _list_rule(raw: object, where: str) -> ListRule:
    if not isinstance(raw, Mapping) or set(raw) != {"path", "key"}:
        raise InputError(f"{where}: got {type(raw).__name__}, expected the keys path and key")
    return ListRule(parse_path(str(raw["path"]), f"{where}.path"), parse_path(str(raw["key"]), f"{where}.key"))


def _fits(raw: object, where: str) -> Fits:
    if not isinstance(raw, Mapping) or not set(raw) <= {"has", "any", "lacks"}:
        raise InputError(f"{where}: got something else than has, any and lacks, expected lists of paths under these")
    return Fits(*(_paths(raw.get(key, []), f"{where}.{key}") for key in ("has", "any", "lacks")))


def _paths(raw: object, where: str) -> tuple[Path, ...]:
    texts = _as_list(raw)
    if not all(isinstance(text, str) for text in texts):
        raise InputError(f"{where}: got something else than texts, expected one path or a list of paths")
    return tuple(parse_path(str(text), where) for text in texts)


def _each(raw: Mapping[str, object], key: str, where: str, read: Callable[[object, str], T]) -> dict[str, T]:
    value = raw.get(key, {})
    if not isinstance(value, Mapping):
        raise InputError(f"{where}{key}: got a {type(value).__name__}, expected names and what each is")
    return {str(name): read(each, f"{where}{key}.{name}") for name, each in value.items()}


def _as_list(raw: object) -> list[object]:
    return raw if isinstance(raw, list) else [raw]


def _optional_text(raw: Mapping[str, object], key: str, where: str) -> str | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise InputError(f"{where}{key}: got a {type(value).__name__}, expected a text")
    return value


def _says(raw: object, word: str) -> bool:
    """Tell whether a text anywhere within begins with a word."""
    if isinstance(raw, Mapping):
        return any(_says(value, word) for value in raw.values())
    if isinstance(raw, list):
        return any(_says(value, word) for value in raw)
    return isinstance(raw, str) and raw.startswith(word)
