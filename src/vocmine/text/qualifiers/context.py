"""`Place`: what stands around a span, by clause and by sentence, which is how far the words around it reach."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from vocmine.text.lexicons import column

_SENTENCE_END: Final = re.compile(r"[.!?\n]+")
_FURTHEST: Final = 300  # characters looked at on either side: speech without full stops has no end


class Place(NamedTuple):
    """A span in its sentence; all texts are folded.

    Attributes
    ----------
    span : str
    clause : str
        From the beginning of the clause to the span.
    before, after : str
        From the beginning of the sentence to the span, from the span to the end of the sentence, its mark included.
    following : str
        The next sentence.
    """

    span: str
    clause: str
    before: str
    after: str
    following: str

    @classmethod
    def of(cls, folded: str, start: int, end: int) -> Place:
        """Look around a span."""
        before = folded[max(0, start - _FURTHEST) : start]
        before = before[_last_end(_SENTENCE_END, before) :]
        after = folded[end : end + _FURTHEST]
        stop = _SENTENCE_END.search(after)
        rest = after[stop.end() :] if stop else ""
        following = _SENTENCE_END.search(rest)
        return cls(
            folded[start:end],
            before[_last_end(words("clause_end", bounded=False), before) :],
            before,
            after[: stop.end()] if stop else after,
            rest[: following.start()] if following else rest,
        )

    @property
    def sentence(self) -> str:
        """The whole sentence."""
        return f"{self.before}{self.span}{self.after}"


@cache
def words(role: str, *, bounded: bool = True) -> re.Pattern[str]:
    """Return what matches any of the expressions of a role, as whole words if `bounded`."""
    rows = zip(column("qualifiers", "role"), column("qualifiers", "pattern"), strict=True)
    joined = "|".join(f"(?:{pattern})" for name, pattern in rows if name == role)
    # An elided word ends in an apostrophe, after which no boundary is needed.
    return re.compile(rf"\b(?:{joined})(?:(?<=')|\b)" if bounded else joined)


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    last = 0
    for found in pattern.finditer(text):
        last = found.end()
    return last
