"""Texts and their topics come in; the few that show each topic best go out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.text.folding import fold
from vocmine.text.words import words

_ALIKE: Final = 0.6
"""Quotes share fewer of their words than this."""


def quotes(
    texts: Sequence[str],
    topics: NDArray[np.integer],
    closeness: NDArray[np.floating],
    *,
    n: int = 3,
    longest: int = 240,
) -> dict[int, list[int]]:
    """Choose the texts that show each topic best: the closest to its centre that are not near copies of one another.

    Parameters
    ----------
    texts : sequence of str
    topics : int array of shape (n_texts,)
        -1 for none.
    closeness : float array of shape (n_texts,)
        How near each text is to its topic's centre.
    n : int
        Quotes a topic.
    longest : int
        Characters. Texts of 20 to so many are taken where there are any.

    Returns
    -------
    dict of int to list of int
        Topic → texts, the closest first.
    """
    chosen: dict[int, list[int]] = {}
    for topic in sorted(set(np.asarray(topics).tolist()) - {-1}):
        ranked = np.flatnonzero(topics == topic)
        rows = ranked[np.argsort(-closeness[ranked], kind="stable")].tolist()
        fitting = [row for row in rows if 20 <= len(texts[row]) <= longest]
        chosen[topic] = _unlike(texts, [*fitting, *(row for row in rows if row not in set(fitting))], n)
    return chosen


def _unlike(texts: Sequence[str], rows: Sequence[int], n: int) -> list[int]:
    kept: list[int] = []
    bags: list[set[str]] = []
    for row in rows:
        bag = {fold(word.surface) for word in words(texts[row])}
        if all(len(bag & other) < _ALIKE * max(len(bag | other), 1) for other in bags):
            kept.append(row)
            bags.append(bag)
        if len(kept) == n:
            break
    return kept
