"""Paths into a JSON document: where a mapping says that something is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from vocmine.errors import InputError

ROOTS: Final = ("$contact", "$document", "$file")
"""What a path may start from, beside the turn: its contact, the document around, the name of the file."""

_STEP: Final = re.compile(
    r"(?P<dot>\.)?(?:'(?P<quoted>[^']{1,200})'|(?P<key>[^.\[\]']{1,200}))"
    r"|\[(?:(?P<every>\*)|(?P<index>\d{1,6})|(?P<where>[\w-]{1,100})=(?P<equal>[^\[\]]{1,200}))\]"
)


@dataclass(frozen=True)
class Scope:
    """What the paths of a turn start from.

    Attributes
    ----------
    turn, contact, document : object
        The turn, the contact that it belongs to, and the document around them; each may be the one before.
    file : str
        Name of the file without folder and extension.
    """

    turn: object
    contact: object
    document: object
    file: str


@dataclass(frozen=True)
class _Where:
    """Members of a list whose key has a value."""

    key: str
    value: str


_EVERY: Final = _Where("", "")
_Step = str | int | _Where


@dataclass(frozen=True)
class Path:
    """A path, read once: its root (empty for the turn) and its steps."""

    root: str
    steps: tuple[_Step, ...]

    @property
    def ends_in_a_list(self) -> bool:
        """Whether it leads to every member of a list."""
        return bool(self.steps) and self.steps[-1] == _EVERY

    @property
    def keys(self) -> tuple[str, ...] | None:
        """The keys that lead to the list whose members it gives; None where it is not made so."""
        keys = tuple(step for step in self.steps[:-1] if isinstance(step, str))
        return keys if self.ends_in_a_list and len(keys) == len(self.steps) - 1 else None

    @property
    def parent(self) -> Path:
        """The path without its last step."""
        return Path(self.root, self.steps[:-1])

    def within(self, thing: object) -> list[object]:
        """Return what is found from one thing on, whatever the root; nulls are nothing."""
        found = [thing]
        for step in self.steps:
            found = [value for node in found for value in _taken(node, step)]
        return [value for value in found if value is not None]

    def values(self, scope: Scope) -> list[object]:
        """Return what is found, in order."""
        return self.within(getattr(scope, self._start))

    def first(self, scope: Scope) -> object:
        """Return the first of what is found, or None."""
        found: object = getattr(scope, self._start)
        if self._only_keys is None:
            return next(iter(self.within(found)), None)
        for key in self._only_keys:
            if not isinstance(found, dict):
                return None
            found = found.get(key)
        return found

    @cached_property
    def _start(self) -> str:
        return self.root[1:] or "turn"

    @cached_property
    def _only_keys(self) -> tuple[str, ...] | None:
        """The steps, where all are keys: the way is then short."""
        keys = tuple(step for step in self.steps if isinstance(step, str))
        return keys if len(keys) == len(self.steps) else None


def _taken(node: object, step: _Step) -> list[object]:
    if isinstance(step, str):
        return [node[step]] if isinstance(node, dict) and step in node else []
    if not isinstance(node, list):
        return []
    if isinstance(step, int):
        return node[step : step + 1]
    return [each for each in node if step == _EVERY or (isinstance(each, dict) and _is(each.get(step.key), step))]


def _is(value: object, wanted: _Where) -> bool:
    return isinstance(value, str | int) and str(value) == wanted.value


def parse_path(text: str, where: str) -> Path:
    """Read a path.

    Parameters
    ----------
    text : str
        Keys with points between them; ``[*]`` for every member of a list, ``[0]`` for the first, ``[type=replied_to]``
        for those with such a value; quotes around a key that holds a point or a bracket; ``.`` for the thing itself.
    where : str
        What to name in the error.

    Raises
    ------
    InputError
        If it is no path.

    Examples
    --------
    >>> tweet = {"refs": [{"type": "quoted", "id": 1}, {"type": "replied_to", "id": 2}]}
    >>> parse_path("refs[type=replied_to].id", "reply_to").within(tweet)
    [2]
    """
    root = next((name for name in ROOTS if text == name or text.startswith((f"{name}.", f"{name}["))), "")
    rest = text[len(root) :]
    if rest == "." and not root:
        return Path("", ())
    if not root and (not rest or rest.startswith("$")):
        raise _no_path(text, where)
    steps: list[_Step] = []
    done = 0
    while done < len(rest):
        found = _STEP.match(rest, done)
        if found is None or ((found["quoted"] or found["key"]) and bool(found["dot"]) != bool(done or root)):
            raise _no_path(text, where)
        steps.append(_step(found))
        done = found.end()
    return Path(root, tuple(steps))


def _step(found: re.Match[str]) -> _Step:
    if found["every"]:
        return _EVERY
    if found["index"]:
        return int(found["index"])
    if found["where"]:
        return _Where(found["where"], found["equal"])
    return str(found["quoted"] or found["key"])


def _no_path(text: str, where: str) -> InputError:
    return InputError(
        f"{where}: got {text!r}, expected a path such as conversation.id, messages[*].text or refs[type=reply].id, "
        f"which may start with {', '.join(ROOTS)}"
    )
