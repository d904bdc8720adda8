"""Where the value of one column comes from: a path, a constant, several tried in order, pieces joined, a look-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from vocmine.errors import InputError
from vocmine.ingest.mapping.paths import Path, Scope, parse_path
from vocmine.ingest.mapping.times import UNITS, later, seconds

Lists = Mapping[str, Mapping[str, object]]
"""The lists of a document that other values refer to: the members of each, by their key."""


class Rule(Protocol):
    """Gives a value from a scope; None where there is none."""

    def __call__(self, scope: Scope, lists: Lists, /) -> object:
        """Return the value."""
        ...


def is_something(value: object) -> bool:
    """Tell a value from a null, a blank text and an empty list or mapping."""
    return value is not None and (not isinstance(value, str) or bool(value.strip())) and value not in ([], {})


@dataclass(frozen=True)
class _Found:
    path: Path

    def __call__(self, scope: Scope, _lists: Lists) -> object:
        return self.path.first(scope)


@dataclass(frozen=True)
class _All:
    path: Path

    def __call__(self, scope: Scope, _lists: Lists) -> object:
        return [value for value in self.path.values(scope) if isinstance(value, str | int | float)] or None


@dataclass(frozen=True)
class _Constant:
    value: object

    def __call__(self, _scope: Scope, _lists: Lists) -> object:
        return self.value


@dataclass(frozen=True)
class _FirstOf:
    rules: tuple[Rule, ...]

    def __call__(self, scope: Scope, lists: Lists) -> object:
        return next((value for rule in self.rules if is_something(value := rule(scope, lists))), None)


@dataclass(frozen=True)
class _Joined:
    rules: tuple[Rule, ...]
    between: str

    def __call__(self, scope: Scope, lists: Lists) -> object:
        pieces = [value for rule in self.rules if is_something(value := rule(scope, lists))]
        return self.between.join(str(piece).strip() for piece in pieces) if pieces else None


@dataclass(frozen=True)
class _LookedUp:
    key: Rule
    list_name: str
    take: Path

    def __call__(self, scope: Scope, lists: Lists) -> object:
        key = self.key(scope, lists)
        member = lists.get(self.list_name, {}).get(str(key)) if isinstance(key, str | int) else None
        return next(iter(self.take.within(member)), None)


@dataclass(frozen=True)
class _Offset:
    offset: Rule
    unit: str
    start: Rule | None = None

    def __call__(self, scope: Scope, lists: Lists) -> object:
        moved = seconds(self.offset(scope, lists), self.unit)
        return moved if self.start is None else later(self.start(scope, lists), moved)


@dataclass(frozen=True)
class _Translated:
    rule: Rule
    words: Mapping[str, object]
    otherwise: object = field(default=None)
    keep: bool = False

    def __call__(self, scope: Scope, lists: Lists) -> object:
        value = self.rule(scope, lists)
        key = "" if value is None else str(value).strip().casefold()
        return self.words.get(key, value if self.keep else self.otherwise)


_SOURCES: Final = ("path", "value", "first_of", "join", "all", "look_up", "offset")
_ALLOWED: Final[Mapping[str, frozenset[str]]] = {
    "path": frozenset(),
    "value": frozenset(),
    "first_of": frozenset(),
    "all": frozenset(),
    "join": frozenset({"with"}),
    "look_up": frozenset({"in", "take"}),
    "offset": frozenset({"unit", "from"}),
}
_ANYWHERE: Final = frozenset({"map", "else"})


def parse_rule(raw: object, where: str, lists: frozenset[str] = frozenset()) -> Rule:
    """Read what a mapping says of one column.

    Parameters
    ----------
    raw : object
        From YAML: a path, a list of rules of which the first that gives something counts, or a mapping with one of
        `path`, `value`, `first_of`, `join`, `all`, `look_up`, `offset`, and what goes with it.
    where : str
        What to name in the error.
    lists : frozenset of str
        Names of the lists that may be looked into.

    Raises
    ------
    InputError
        If it is no such rule.

    Examples
    --------
    >>> rule = parse_rule({"path": "role", "map": {"Usager": "customer"}, "else": "agent"}, "speaker")
    >>> rule(Scope({"role": "USAGER"}, None, None, ""), {})
    'customer'
    """
    if isinstance(raw, str):
        return _Found(parse_path(raw, where))
    if isinstance(raw, list):
        return _FirstOf(_several(raw, where, lists))
    if not isinstance(raw, Mapping):
        raise InputError(f"{where}: got a {type(raw).__name__}, expected a path, a list of rules or a mapping")
    sources = [key for key in raw if key in _SOURCES]
    if len(sources) != 1:
        raise InputError(f"{where}: got the keys {', '.join(map(str, raw))}, expected one of {', '.join(_SOURCES)}")
    stray = [str(key) for key in raw if key not in {sources[0], *_ALLOWED[sources[0]], *_ANYWHERE}]
    if stray:
        raise InputError(f"{where}: got the key {stray[0]!r}, which does not go with {sources[0]!r}; take it away")
    return _translated(_BUILD[sources[0]](raw, where, lists), raw, where)


def _several(raw: object, where: str, lists: frozenset[str]) -> tuple[Rule, ...]:
    if not isinstance(raw, list) or not raw:
        raise InputError(f"{where}: got a {type(raw).__name__}, expected a list of at least one rule")
    return tuple(parse_rule(each, f"{where}[{place}]", lists) for place, each in enumerate(raw))


def _text(raw: Mapping[str, object], key: str, where: str, default: str | None = None) -> str:
    value = raw.get(key, default)
    if not isinstance(value, str):
        raise InputError(f"{where}.{key}: got a {type(value).__name__}, expected a text")
    return value


def _looked_up(raw: Mapping[str, object], where: str, lists: frozenset[str]) -> Rule:
    name = _text(raw, "in", where)
    if name not in lists:
        raise InputError(f"{where}.in: got {name!r}, expected one of the lists {', '.join(sorted(lists)) or '(none)'}")
    take = parse_path(_text(raw, "take", where, "."), f"{where}.take")
    return _LookedUp(parse_rule(raw["look_up"], f"{where}.look_up", lists), name, take)


def _offset(raw: Mapping[str, object], where: str, lists: frozenset[str]) -> Rule:
    unit = _text(raw, "unit", where)
    if unit not in UNITS:
        raise InputError(f"{where}.unit: got {unit!r}, expected one of {', '.join(UNITS)}")
    start = parse_rule(raw["from"], f"{where}.from", lists) if "from" in raw else None
    return _Offset(parse_rule(raw["offset"], f"{where}.offset", lists), unit, start)


_BUILD: Final[Mapping[str, Callable[[Mapping[str, object], str, frozenset[str]], Rule]]] = {
    "path": lambda raw, where, _lists: _Found(parse_path(_text(raw, "path", where), where)),
    "value": lambda raw, _where, _lists: _Constant(raw["value"]),
    "first_of": lambda raw, where, lists: _FirstOf(_several(raw["first_of"], where, lists)),
    "all": lambda raw, where, _lists: _All(parse_path(_text(raw, "all", where), where)),
    "join": lambda raw, where, lists: _Joined(_several(raw["join"], where, lists), _text(raw, "with", where, " ")),
    "look_up": _looked_up,
    "offset": _offset,
}


def _translated(rule: Rule, raw: Mapping[str, object], where: str) -> Rule:
    words = raw.get("map")
    if words is None and "else" not in raw:
        return rule
    if not isinstance(words, Mapping):
        raise InputError(f"{where}.map: got a {type(words).__name__}, expected values and what each stands for")
    folded = {str(key).strip().casefold(): value for key, value in words.items()}
    return _Translated(rule, folded, raw.get("else"), keep="else" not in raw)
