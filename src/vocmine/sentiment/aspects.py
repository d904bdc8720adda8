"""Service-quality aspects: which ones a contact speaks of, for good or bad, and the words that show it.

The five aspects are those by which Services Publics+ lets users rate a public service: accessibility, information,
relationship, responsiveness, simplicity.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine import schema
from vocmine.corpus import Corpus
from vocmine.corpus.customers import customer_turns
from vocmine.sentiment.reading import Reading

_NEGATIVE, _POSITIVE = (schema.SPOKEN_OF.index(name) for name in schema.POLARITIES[::2])
_KIND: Final = "aspect"


def aspect_columns(reading: Reading, group: NDArray[np.int64], n_contacts: int) -> dict[str, pa.Array]:
    """Return the columns of aspects in the table of contacts; null where they were not asked for.

    Parameters
    ----------
    reading : Reading
    group : ndarray of int64, shape (n_segments,)
        Contact that each segment counts for, -1 for none.
    n_contacts : int
    """
    how = {name: _how(reading, name, group, n_contacts) for name in reading.thresholds}
    columns = {f"aspect_{name}": pa.array(how.get(name, [None] * n_contacts), pa.string()) for name in schema.ASPECTS}
    scored = np.bincount(_scored(reading, group), minlength=n_contacts) > 0
    told = [
        [name for name, said in how.items() if said[contact]] if how and scored[contact] else None
        for contact in range(n_contacts)
    ]
    return columns | {"aspects": pa.array(told, pa.list_(pa.string()))}


def aspect_spans(corpus: Corpus, segments: pa.Table, reading: Reading) -> pa.Table:
    """Return the customer's segments that show the aspects of each contact, in the order of contacts, turns and text.

    For each aspect that a contact speaks of: the segment that weighs most in saying so (the probability that the aspect
    is spoken of there, times its tokens), and all others where that probability reaches the threshold.

    Parameters
    ----------
    corpus : Corpus
    segments : pyarrow.Table
        As in `vocmine.schema`, row for row with the reading.
    reading : Reading
    """
    n_contacts = corpus.contacts.num_rows
    group = customer_turns(corpus)[reading.turn]
    found = [
        (row, place)
        for place, name in enumerate(reading.thresholds)
        for row in _shown(reading, name, group, n_contacts).tolist()
    ]
    turn, start = (segments[name].to_numpy() for name in ("turn", "start"))
    found.sort(key=lambda one: (group[one[0]], turn[one[0]], start[one[0]], one[1]))
    rows, names = [row for row, _ in found], [list(reading.thresholds)[place] for _, place in found]
    shown = [reading.heads[name][row] for row, name in zip(rows, names, strict=True)]
    taken = segments.take(pa.array(rows, pa.int64()))
    columns = {name: taken[name] for name in ("contact_id", "turn", "start", "end")} | {
        "kind": pa.array([_KIND] * len(rows), pa.string()),
        "label": pa.array(names, pa.string()),
        "score": pa.array([1 - each[0] for each in shown], pa.float64()),
        "quote": taken["text"],
        "why": pa.array([_polarity(each) for each in shown], pa.string()),
    }
    return pa.table(columns, schema=schema.SPANS)


def _how(reading: Reading, name: str, group: NDArray[np.int64], n_contacts: int) -> list[str | None]:
    """Say how each contact speaks of an aspect, None where it does not."""
    pooled = reading.pool(name, group, n_contacts)
    said = 1 - pooled[:, 0] >= reading.thresholds[name]
    return [_polarity(each) if spoken else None for each, spoken in zip(pooled, said, strict=True)]


def _shown(reading: Reading, name: str, group: NDArray[np.int64], n_contacts: int) -> NDArray[np.intp]:
    """Return the rows of the segments that show an aspect."""
    said = np.array([how is not None for how in _how(reading, name, group, n_contacts)], dtype=np.bool_)
    spoken = 1 - reading.heads[name][:, 0]
    rows = np.flatnonzero((group >= 0) & np.isfinite(spoken))
    rows = rows[said[group[rows]]]
    by_evidence = rows[np.lexsort((-(spoken * reading.tokens)[rows], group[rows]))]
    _, best = np.unique(group[by_evidence], return_index=True)
    return np.union1d(by_evidence[best], rows[spoken[rows] >= reading.thresholds[name]])


def _polarity(probabilities: NDArray[np.float64]) -> str:
    return "negative" if probabilities[_NEGATIVE] >= probabilities[_POSITIVE] else "positive"


def _scored(reading: Reading, group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the contact of each segment that was scored and counts."""
    return group[(group >= 0) & np.isfinite(reading.polarity[:, 0])]
