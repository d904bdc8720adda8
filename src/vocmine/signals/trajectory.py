"""The course of a customer's frustration: where it starts, what was said just before, how it ends."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.corpus import Corpus

FRUSTRATED: Final = 2
"""Level from which a customer is clearly frustrated."""


class FrustrationCourse(NamedTuple):
    """Course of each contact; every array has shape (n_contacts,) and -1 where there is nothing to say.

    Attributes
    ----------
    start, peak, end : int8 arrays
        Levels of the first customer turn, of the worst, and of the last.
    at : int32 array
        Rank of the first customer turn of level 2 or more.
    after : int32 array
        Rank of the agent's turn said just before that one.
    recovered : int8 array
        1 where the worst is 2 or more and the last 1 or less, else 0; -1 under two customer turns.
    """

    start: NDArray[np.int8]
    peak: NDArray[np.int8]
    end: NDArray[np.int8]
    at: NDArray[np.int32]
    after: NDArray[np.int32]
    recovered: NDArray[np.int8]

    def columns(self) -> dict[str, pa.Array]:
        """Return the course as columns of the table of contacts."""
        return {
            "frustration_start": pa.array(self.start, mask=self.start < 0),
            "frustration_peak": pa.array(self.peak, mask=self.peak < 0),
            "frustration_end": pa.array(self.end, mask=self.end < 0),
            "frustrated_at": pa.array(self.at, mask=self.at < 0),
            "frustrated_after": pa.array(self.after, mask=self.after < 0),
            "frustration_recovered": pa.array(self.recovered == 1, mask=self.recovered < 0),
        }


def frustration_course(corpus: Corpus, level: NDArray[np.int8], contact: NDArray[np.int64]) -> FrustrationCourse:
    """Follow the customer's turns of each contact.

    Parameters
    ----------
    corpus : Corpus
    level : int8 array of shape (n_turns,)
        Frustration of the customer's turns, 0 to 3; -1 where there is none.
    contact : int array of shape (n_turns,)
        Contact that each turn counts for as its customer's, -1 for none.
    """
    n_contacts = corpus.contacts.num_rows
    rank = corpus.turns["turn"].to_numpy()
    speaker = corpus.turns["speaker"].to_numpy()
    order = np.lexsort((rank, contact))
    order = order[(contact[order] >= 0) & (level[order] >= 0)]
    group, levels = contact[order], level[order]
    start, end, peak, recovered = (np.full(n_contacts, -1, dtype=np.int8) for _ in range(4))
    at, after = (np.full(n_contacts, -1, dtype=np.int32) for _ in range(2))
    # The last assignment to a position wins: reversed, the first turn of a contact does.
    start[group[::-1]], end[group] = levels[::-1], levels
    np.maximum.at(peak, group, levels)
    angry = order[levels >= FRUSTRATED][::-1]
    at[contact[angry]] = rank[angry]
    before = {
        (name, turn): who == "agent"
        for name, turn, who in zip(corpus.turns["contact_id"].to_pylist(), rank.tolist(), speaker, strict=True)
    }
    names = corpus.contacts["contact_id"].to_pylist()
    for row in np.flatnonzero(at > 0).tolist():
        if before.get((names[row], int(at[row]) - 1)):
            after[row] = at[row] - 1
    several = np.bincount(group, minlength=n_contacts) > 1
    recovered[several] = ((peak >= FRUSTRATED) & (end < FRUSTRATED))[several]
    return FrustrationCourse(start, peak, end, at, after, recovered)
