"""What an engine gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class EncodingStats:
    """What one call to `Engine.encode` cost.

    Attributes
    ----------
    n_texts, n_distinct : int
        Texts received; distinct ones that could be tokenised within the window.
    n_cached : int
        Distinct texts whose scores were in the cache.
    n_tokens : int
        Tokens of the others: what was encoded, padding excluded.
    padding_share : float
        Share of the positions computed that were padding, 0 to 1.
    seconds : float
        Wall time.
    embedder_seconds : float
        Of these, the time of the model's embedder; on a GPU, beside which it runs, the time it was waited for.
    device, dtype : str
        Where the last batch ran, and in which precision.
    halvings : int
        Times that memory ran out and the token budget was halved.
    """

    n_texts: int
    n_distinct: int
    n_cached: int
    n_tokens: int
    padding_share: float
    seconds: float
    embedder_seconds: float
    device: str
    dtype: str
    halvings: int

    @property
    def tokens_per_second(self) -> float:
        """Tokens encoded in a second, all that goes with it included."""
        return self.n_tokens / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Encoding:
    """Embeddings and probabilities, row for row with the texts given.

    Attributes
    ----------
    embeddings : float32 array of shape (n_texts, width)
        Of length 1 each; NaN where the row was rejected. From the model's embedder where it names one, else from the
        encoder; of width 0 where they were not asked for.
    probabilities : dict of str to float32 array of shape (n_texts, labels)
        By head, in the order of the head's labels; NaN where the row was rejected.
    rejected : dict of int to str
        Row → reason: ``not_text`` (no str, or not valid Unicode), ``empty``, ``too_long`` (beyond the model's window;
        nothing is ever truncated), ``out_of_memory``, ``device_error``, ``non_finite``.
    unknown_share : float32 array of shape (n_texts,)
        Share of the text's tokens that the vocabulary does not know, 0 to 1, a run of unknown characters counting once;
        NaN where the row was rejected. A high share means a script that the model cannot read.
    n_tokens : int array of shape (n_texts,)
        Tokens of each text as the encoder counts them, prefix and special ones included; 0 where the row was rejected.
    stats : EncodingStats
    features : float32 array of shape (n_texts, width), or None
        What heads with ``input="features"`` read, where it was asked for; NaN where the row was rejected.
    evidence : mapping of str to float32 array of shape (n_texts, labels, 2)
        By head that reads tokens: for each label, the first token of its evidence and the one after the last; see
        `vocmine.inference.words_at`. NaN where the row was rejected.
    """

    embeddings: NDArray[np.float32]
    probabilities: dict[str, NDArray[np.float32]]
    rejected: dict[int, str]
    unknown_share: NDArray[np.float32]
    n_tokens: NDArray[np.intp]
    stats: EncodingStats
    features: NDArray[np.float32] | None = None
    evidence: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.embeddings)

    @property
    def scored(self) -> NDArray[np.bool_]:
        """True for each row that was not rejected; bool array of shape (n_texts,)."""
        mask = np.ones(len(self), dtype=np.bool_)
        mask[list(self.rejected)] = False
        return mask


@dataclass(frozen=True)
class Plan:
    """What a call to `Engine.encode` would do.

    Attributes
    ----------
    device, dtype : str
        Where it would run, and in which precision.
    token_budget : int
        Most tokens in a batch, padding included.
    n_texts, n_distinct, n_batches : int
    n_cached : int
        Distinct texts whose scores are in the cache.
    n_tokens : int
        Tokens of the others: what would be encoded.
    padding_share : float
    rejected : dict of int to str
        Rows that would be rejected before any computation, with the reason.
    memory : int
        Estimate of the most resident memory that the process would have, in bytes. Memory of a GPU is not in it.
    seconds : float or None
        Estimate from batches timed on the device; None where none was asked for, or where they failed.
    """

    device: str
    dtype: str
    token_budget: int
    n_texts: int
    n_distinct: int
    n_batches: int
    n_cached: int
    n_tokens: int
    padding_share: float
    rejected: dict[int, str]
    memory: int
    seconds: float | None
