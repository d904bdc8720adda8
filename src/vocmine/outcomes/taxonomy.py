"""Why customers contact, in two levels, and whose matter each cause is: a YAML file that its readers edit."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from vocmine.errors import InputError, ReadError

STAGES: Final = ("order", "delivery", "billing", "use", "support", "exit")
VALUES: Final = ("valuable", "avoidable", "self_care")
UNATTRIBUTED: Final = "non attribué"
_NEEDED: Final = ("label", "family", "stage", "owner", "value", "phrases")


@dataclass(frozen=True)
class Cause:
    """A cause of contacts.

    Attributes
    ----------
    key : str
        What tables name it by.
    label : str
    family : str
        Its group, see `Taxonomy.families`.
    stage : str
        Stage of the process, one of `STAGES`.
    owner : str
        Department whose matter it is.
    value : str
        What such a contact is worth, one of `VALUES`, before its own traits are looked at.
    phrases : tuple of str
        What customers say, in their words.
    mood : str
        ``positive`` where its contacts are those of content customers; else empty.
    """

    key: str
    label: str
    family: str
    stage: str
    owner: str
    value: str
    phrases: tuple[str, ...]
    mood: str = ""


@dataclass(frozen=True)
class OwnerRule:
    """An owner for the contacts whose columns have given values."""

    when: Mapping[str, tuple[str, ...]]
    owner: str


@dataclass(frozen=True)
class Taxonomy:
    """Causes of two levels, and whose matter each is.

    Attributes
    ----------
    causes : mapping of str to Cause
    families : mapping of str to str
        Label of each family.
    owners : tuple of OwnerRule
        Exceptions to the owners of the causes: the first that fits a contact counts.

    Examples
    --------
    >>> Taxonomy.default().causes["invoice_wrong"].owner
    'facturation'
    """

    causes: Mapping[str, Cause]
    families: Mapping[str, str]
    owners: tuple[OwnerRule, ...] = ()

    @classmethod
    def of(cls, given: Taxonomy | Mapping[str, Any] | str | os.PathLike[str] | None) -> Taxonomy:
        """Return the taxonomy that is meant: one, a mapping, a YAML file, or the default for None.

        Raises
        ------
        InputError
            If it is none of these, or not as `from_mapping` says.
        """
        if given is None:
            return cls.default()
        if isinstance(given, Taxonomy):
            return given
        if isinstance(given, (str, os.PathLike)):
            return cls.from_yaml(given)
        return cls.from_mapping(given)

    @classmethod
    def default(cls) -> Taxonomy:
        """Return the French taxonomy that comes with the package, of eighteen causes."""
        return _default()

    @classmethod
    def from_yaml(cls, path: str | os.PathLike[str]) -> Taxonomy:
        """Read a YAML file, such as an edited copy of ``vocmine/outcomes/causes.yaml``.

        Raises
        ------
        ReadError
            If the file cannot be read.
        InputError
            If it is not as `from_mapping` says.
        """
        try:
            found = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ReadError(f"cannot read the causes in {os.fspath(path)} ({type(error).__name__})") from error
        return cls.from_mapping(found if isinstance(found, Mapping) else {})

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Taxonomy:
        """Build from what a YAML file holds: ``families``, ``causes``, ``owners``.

        Raises
        ------
        InputError
            If something is missing or unknown: where, what was got, and what was expected.
        """
        if not isinstance(mapping.get("causes"), Mapping):
            raise InputError("got no mapping of causes, expected keys families, causes and owners; see causes.yaml")
        families = {str(key): str(label) for key, label in (mapping.get("families") or {}).items()}
        causes = {str(key): _cause(str(key), own, families) for key, own in mapping["causes"].items()}
        if len(causes) < 2:
            raise InputError(f"got {len(causes)} causes, expected two or more")
        owners = tuple(_exception(own) for own in mapping.get("owners") or ())
        return cls(causes, families, owners)

    def departments(self, contacts: pd.DataFrame, causes: Sequence[str | None]) -> list[str]:
        """Return the department whose matter each contact is; « non attribué » without a cause.

        Parameters
        ----------
        contacts : DataFrame
            With the columns that exceptions look at.
        causes : sequence of str or None
            Cause of each.

        Raises
        ------
        InputError
            If an exception names a column that is not there.
        """
        owners = {key: cause.owner for key, cause in self.causes.items()}
        found = [UNATTRIBUTED if cause is None else owners[cause] for cause in causes]
        frame = contacts.reset_index(drop=True).assign(cause=pd.Series(causes, dtype=object))
        left = pd.Series([cause is not None for cause in causes], dtype=bool)
        for own in self.owners:
            unknown = [column for column in own.when if column not in frame.columns]
            if unknown:
                raise InputError(f"owners look at the column {unknown[0]!r}, expected one of the contacts' columns")
            fits = left.copy()
            for column, values in own.when.items():
                fits &= frame[column].astype(str).isin(values)
            for place in frame.index[fits]:
                found[place] = own.owner
            left &= ~fits
        return found


def _cause(key: str, own: object, families: Mapping[str, str]) -> Cause:
    if not isinstance(own, Mapping):
        raise InputError(f"cause {key!r} is {type(own).__name__}, expected {', '.join(_NEEDED)}")
    missing = [name for name in _NEEDED if name not in own]
    if missing:
        raise InputError(f"cause {key!r} has no {missing[0]!r}, expected {', '.join(_NEEDED)}")
    for name, allowed in (("family", tuple(families)), ("stage", STAGES), ("value", VALUES)):
        if own[name] not in allowed:
            raise InputError(f"cause {key!r} has {name} {own[name]!r}, expected one of {', '.join(allowed)}")
    phrases = own["phrases"]
    if not isinstance(phrases, list) or not phrases or not all(isinstance(one, str) and one.strip() for one in phrases):
        raise InputError(f"cause {key!r} needs a list of phrases; put quotes around those that hold a colon")
    label, family, stage, owner, value = (str(own[name]) for name in _NEEDED[:-1])
    mood = str(own.get("mood", ""))
    if mood not in {"", "positive"}:
        raise InputError(f"cause {key!r} has mood {mood!r}, expected positive, or leave it out")
    return Cause(key, label, family, stage, owner, value, tuple(phrases), mood)


def _exception(own: object) -> OwnerRule:
    if not isinstance(own, Mapping) or not isinstance(own.get("when"), Mapping) or not own.get("owner"):
        raise InputError("an entry of owners is not as expected: when (columns and values) and owner")
    when = {
        str(column): tuple(map(str, values if isinstance(values, list) else [values]))
        for column, values in own["when"].items()
    }
    return OwnerRule(when, str(own["owner"]))


@cache
def _default() -> Taxonomy:
    content = files("vocmine.outcomes").joinpath("causes.yaml").read_text(encoding="utf-8")
    return Taxonomy.from_mapping(yaml.safe_load(content))
