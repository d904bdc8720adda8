"""What stands instead of the texts, ids and cells of a corpus whose personal data are protected."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from vocmine.errors import InputError
from vocmine.text.offsets import Edit
from vocmine.text.personal import (
    FindOptions,
    Personal,
    PrivacyTimeoutError,
    Replaced,
    Replacement,
    check_key,
    find_personal,
    label,
    nothing,
    pseudonym,
    replace,
    token,
)
from vocmine.text.personal.name_words import is_sure_first_name, is_surname

How: TypeAlias = Literal["mask", "pseudonymise", "drop"]
"""What becomes of personal data: their kind stands there, their kind and a keyed pseudonym, or nothing."""

WITHHELD: Final = "[texte retiré]"
"""What stands for a text that could not be looked through in time."""

TIMEOUT: Final = "privacy_timeout"
"""Why such a text is withheld."""

ID_LENGTH: Final = 16
"""Characters of the pseudonym of an id: millions of customers stay apart."""

_LETTERS: Final = re.compile(r"[^\W\d_]{3,30}")


@dataclass
class Protection:
    """How personal data are found and replaced; each distinct text is looked through once.

    Attributes
    ----------
    how : {"mask", "pseudonymise", "drop"}
        What becomes of them.
    key : bytes
        Secret of the pseudonyms; random where the caller gives none, so that ids can be joined within one call only.
    options : FindOptions
        What to look for.
    """

    how: How
    key: bytes = field(repr=False)
    options: FindOptions
    _found: dict[str, list[Personal] | None] = field(default_factory=dict, repr=False)
    _personal_ids: dict[str, bool] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, how: How, key: str | bytes | None, options: FindOptions, deadline: float | None = None) -> Protection:
        """Check the options and return the protection that they make.

        Raises
        ------
        InputError
            If `how` or an option is unknown, or the key is missing, too short, or given where none is used.
        """
        if how not in {"mask", "pseudonymise", "drop"}:
            raise InputError("got an unknown value of how, expected 'mask', 'pseudonymise' or 'drop'")
        if how != "pseudonymise" and key is not None:
            raise InputError(f"got a key with how={how!r}, which uses none; ask for how='pseudonymise' or leave it out")
        find_personal("", **options)  # raises what is wrong with the options
        secret = check_key(key) if how == "pseudonymise" else secrets.token_bytes(32)
        return cls(how, secret, FindOptions(**options, deadline=deadline))

    def text(self, text: str, scope: str) -> Replaced:
        """Return a text whose personal data are replaced, or `WITHHELD` where it took too long."""
        if text not in self._found:
            self._found[text] = self._find(text)
        found = self._found[text]
        if found is None:
            place = Personal(0, len(WITHHELD), "text", TIMEOUT, 1.0)
            return Replaced(WITHHELD, (place,), (Edit(0, len(text), WITHHELD, TIMEOUT),))
        return replace(text, found, self._replacement(scope)) if found else Replaced(text, (), ())

    def whole(self, kind: str, value: str, scope: str) -> str | None:
        """Return what stands for a cell that is personal data as a whole."""
        return None if self.how == "drop" else self._replacement(scope)(kind, value)

    def id(self, value: str, *, of_person: bool) -> str:
        """Return an id, or its pseudonym if it holds personal data, or is that of a person to pseudonymise."""
        if (of_person and self.how == "pseudonymise") or self._is_personal(value):
            return token(self.key, "id", value, "", ID_LENGTH)
        return value

    def _find(self, text: str) -> list[Personal] | None:
        try:
            return find_personal(text, **self.options)
        except PrivacyTimeoutError:
            return None

    def _replacement(self, scope: str) -> Replacement:
        if self.how == "pseudonymise":
            return pseudonym(self.key, scope)
        return label if self.how == "mask" else nothing

    def _is_personal(self, value: str) -> bool:
        if value not in self._personal_ids:
            words = _LETTERS.findall(value[:200])
            named = any(is_sure_first_name(word) or is_surname(word) for word in words)
            self._personal_ids[value] = named or self._find(value) != []
        return self._personal_ids[value]
