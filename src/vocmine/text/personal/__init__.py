"""Personal data in French texts, French law and habits first.

In: a text. Out: where e-mail addresses, telephone numbers, NIR, IBAN, cards, postal addresses, plates, dates of birth,
customer numbers, passwords and names stand, with the rule that tells; or the text with these masked, pseudonymised or
dropped. One file a family of kinds; `shields` keeps amounts and dates legible, `find` puts all together. Every pattern
takes a time in proportion to the text.
"""

from __future__ import annotations

from vocmine.errors import PrivacyTimeoutError
from vocmine.text.personal.find import Names, find_personal
from vocmine.text.personal.kinds import DEFAULT_KINDS, LABELS, Personal
from vocmine.text.personal.options import FindOptions
from vocmine.text.personal.patterns import Patterns
from vocmine.text.personal.replace import (
    Replaced,
    Replacement,
    check_key,
    drop,
    label,
    mask,
    nothing,
    pseudonym,
    pseudonymise,
    replace,
    token,
)

__all__ = [
    "DEFAULT_KINDS",
    "LABELS",
    "FindOptions",
    "Names",
    "Patterns",
    "Personal",
    "PrivacyTimeoutError",
    "Replaced",
    "Replacement",
    "check_key",
    "drop",
    "find_personal",
    "label",
    "mask",
    "nothing",
    "pseudonym",
    "pseudonymise",
    "replace",
    "token",
]
