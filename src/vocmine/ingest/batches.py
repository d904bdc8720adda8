"""Rows some thousands at a time, fewer where they are long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

BATCH_ROWS: Final = 10_000
"""Rows that are made Python objects at a time, at most."""

BATCH_SIZE: Final = 2**24
"""Characters after which a batch ends."""

T = TypeVar("T")


def in_batches(rows: Iterable[T], size: Callable[[T], int]) -> Iterator[list[T]]:
    """Give rows in lists, each ended by a number of rows or by their size, in characters.

    Examples
    --------
    >>> [len(batch) for batch in in_batches(["a" * 10_000_000] * 3, len)]
    [2, 1]
    """
    batch: list[T] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += size(row)
        if len(batch) >= BATCH_ROWS or characters >= BATCH_SIZE:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
