"""Watching, while the sample grows, that no contact repeats another."""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np

_WORD = re.compile(r"\w+")


def distinct_words(text: str) -> frozenset[str]:
    """Distinct lower-case words of a text."""
    return frozenset(_WORD.findall(text.lower()))


class NearCopyIndex:
    """Words of all the contacts so far."""

    def __init__(self, capacity: int) -> None:
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._sizes = np.ones(capacity, dtype=np.int64)
        self._count = 0

    def overlap(self, found: frozenset[str]) -> float:
        """Largest share of words common with an earlier contact, of either of the two."""
        if not self._count or not found:
            return 0.0
        shared = np.zeros(self._count, dtype=np.int64)
        for word in found:
            shared[self._postings.get(word, [])] += 1
        smaller = np.minimum(self._sizes[: self._count], len(found))
        return float((shared / smaller).max())

    def add(self, found: frozenset[str]) -> None:
        """Remember a contact."""
        for word in found:
            self._postings[word].append(self._count)
        self._sizes[self._count] = len(found)
        self._count += 1
