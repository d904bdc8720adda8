"""`Reading`: what the heads of a model say of each segment of a corpus, and so of each turn and contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vocmine.schema import SENTIMENTS
from vocmine.sentiment.rollup import RollUp, pool, roll_up, roll_up_pooled, share_mixed


@dataclass(frozen=True, eq=False)
class Reading:
    """Every array has one row a segment.

    Attributes
    ----------
    turn : int array of shape (n,)
        Row of the segment's turn in the corpus.
    lengths, tokens : int arrays of shape (n,)
        Characters, and tokens as the encoder counts them; 0 tokens where it was not encoded.
    reasons : list of (str or None), length n
        Why a segment has no score.
    heads : mapping of str to float64 array of shape (n, labels)
        Probabilities by head, as `in_order` gives them; NaN where not scored. ``sentiment`` is always there.
    thresholds : mapping of str to float
        The aspects asked for, and the probability of being spoken of from which each is said to be.
    """

    turn: NDArray[np.int64]
    lengths: NDArray[np.int64]
    tokens: NDArray[np.int64]
    reasons: list[str | None]
    heads: Mapping[str, NDArray[np.float64]]
    thresholds: Mapping[str, float] = field(default_factory=dict)

    @property
    def polarity(self) -> NDArray[np.float64]:
        """Negative, neutral, positive; « mixed » is shared out."""
        sentiment = self.heads["sentiment"]
        return share_mixed(sentiment) if self._tells_mixed else sentiment

    def roll_up(self, groups: NDArray[np.int64], n_groups: int) -> RollUp:
        """Gather the sentiment of segments by group, -1 leaving one out: as the head was trained, if it tells mixed."""
        if self._tells_mixed:
            return roll_up_pooled(self.heads["sentiment"], self.tokens, groups, n_groups)
        return roll_up(self.heads["sentiment"], self.lengths, groups, n_groups)

    def by_kind(self, groups: NDArray[np.int64], n_groups: int) -> NDArray[np.float64]:
        """Gather the probabilities of negative, neutral, positive and mixed; float array of shape (n_groups, 4).

        Where the head does not tell mixed, it has probability 0.
        """
        if self._tells_mixed:
            return pool(self.heads["sentiment"], self.tokens, groups, n_groups)
        found = self.roll_up(groups, n_groups).probabilities
        return np.hstack([found, np.where(np.isnan(found[:, :1]), np.nan, 0.0)])

    def pool(self, head: str, groups: NDArray[np.int64], n_groups: int) -> NDArray[np.float64]:
        """Gather another head's probabilities by group; see `vocmine.sentiment.pool`."""
        return pool(self.heads[head], self.tokens, groups, n_groups)

    @property
    def _tells_mixed(self) -> bool:
        return bool(self.heads["sentiment"].shape[1] == len(SENTIMENTS))
