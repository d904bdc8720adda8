"""`Place`: what stands around a span, by clause and by sentence, which is how far the words around it reach."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from vocmine.text.lexicons import column

_SENTENCE_END: Final = re.compile(r"(?:[!?\n]|\.(?!\d))+")
_FURTHEST: Final = 300  # characters looked at on either side: speech without full stops has no end
_NOT_WORDS: Final = frozenset({"punctuation", "contrast", "cause", "new_subject", "denied_after", "says", "at_others"})
MAIN_CLAUSE: Final = ("contrast", "cause", "new_subject")
"""Roles of the words that begin another main clause."""
_PART: Final = re.compile(r"\{([a-z]+)\}")


class Place(NamedTuple):
    """A span in its sentence; all texts are folded.

    Attributes
    ----------
    span : str
    before, after : str
        From the beginning of the sentence to the span, from the span to the end of the sentence, its mark included.
    following : str
        The next sentence.
    """

    span: str
    before: str
    after: str
    following: str

    @classmethod
    def of(cls, folded: str, start: int, end: int) -> Place:
        """Look around a span."""
        before = folded[max(0, start - _FURTHEST) : start]
        ends = [found.end() for found in _SENTENCE_END.finditer(before)]
        after = folded[end : end + _FURTHEST]
        stop = _SENTENCE_END.search(after)
        rest = after[stop.end() :] if stop else ""
        following = _SENTENCE_END.search(rest)
        return cls(
            folded[start:end],
            before[ends[-1] :] if ends else before,
            after[: stop.end()] if stop else after,
            rest[: following.start()] if following else rest,
        )

    @property
    def sentence(self) -> str:
        """The whole sentence."""
        return f"{self.before}{self.span}{self.after}"

    @property
    def clause(self) -> str:
        """From the beginning of the clause to the span."""
        return self.since("punctuation", *MAIN_CLAUSE)

    def since(self, *roles: str) -> str:
        """Return what stands between the last words of some roles, or the beginning of the sentence, and the span."""
        found = self.last(*roles)
        return self.before[found.end() :] if found else self.before

    def last(self, *roles: str, within: str | None = None) -> re.Match[str] | None:
        """Return the last words of some roles that begin before the span; they may run into it: « si [je pars] ».

        `within` is an end of `before` to look in, all of it by default.
        """
        text = self.before if within is None else within
        last = None
        for found in words(*roles).finditer(f"{text}{self.span}"):
            if found.start() > len(text) or (found.start() == len(text) and found.end() > len(text)):
                break
            last = found
        return last


@cache
def words(*roles: str) -> re.Pattern[str]:
    """Return what matches any of the expressions of some roles of the word list, as whole words."""
    return re.compile("|".join(f"(?:{_expression(role)})" for role in roles))


@cache
def _expression(role: str) -> str:
    rows = zip(column("qualifiers", "role"), column("qualifiers", "pattern"), strict=True)
    joined = "|".join(f"(?:{pattern})" for name, pattern in rows if name == role)
    whole = _PART.sub(lambda part: _expression(part[1]), joined)
    # An elided word ends in an apostrophe, and an opening in a blank: no boundary is needed after them.
    return whole if role in _NOT_WORDS else rf"\b(?:{whole})(?:(?<=[' :«])|\b)"
