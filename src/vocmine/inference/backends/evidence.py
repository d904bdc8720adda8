"""What heads say of tokens comes in; what they say of texts, and of which words, goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from vocmine.inference.pretrained import Model

_DROP: Final = 3.0
"""How far below the greatest logit a token may be and still belong to the evidence."""
_GAP: Final = 4
"""Tokens in a row that may be further below, between two that are not."""

Floats = NDArray[np.float32]


def around_words(model: Model) -> tuple[int, int]:
    """Return how many tokens stand before and after those of the text itself: its prefix and special tokens."""
    prefix = model.manifest.prefix
    encoding = model.tokenizer.encode(f"{prefix}a")
    before = sum(end <= len(prefix.rstrip()) for _, end in encoding.offsets[:-1])
    special = encoding.special_tokens_mask[::-1]
    return before, special.index(0) if 0 in special else 0


def words_of(real: NDArray[np.bool_], ends: tuple[int, int]) -> NDArray[np.bool_]:
    """Say which tokens are those of the text itself; of a text that has none, all.

    Parameters
    ----------
    real : bool array of shape (texts, tokens)
        False where a position is padding, which is after the text.
    ends : tuple of (int, int)
        What `around_words` returns.
    """
    place, length = np.arange(real.shape[1]), real.sum(axis=1, keepdims=True)
    words = (place >= ends[0]) & (place < length - ends[1])
    return np.where(words.any(axis=1, keepdims=True), words, real)


def read_tokens(logits: Floats, real: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Gather by text what a head says of tokens.

    Parameters
    ----------
    logits : float32 array of shape (texts, tokens, labels)
    real : bool array of shape (texts, tokens)
        True for the tokens of the text itself; there is one at least.

    Returns
    -------
    pooled : float32 array of shape (texts, labels)
        Log of the sum of the exponentials over the tokens.
    evidence : float32 array of shape (texts, 2 * labels)
        For each label, the first token of the run around its greatest logit, and the one after the last.

    Examples
    --------
    >>> logits = np.array([[[-9.0], [2.0], [3.0], [-9.0]]], dtype=np.float32)
    >>> pooled, evidence = read_tokens(logits, np.ones((1, 4), dtype=bool))
    >>> pooled.round(2).tolist(), evidence.tolist()
    ([[3.309999942779541]], [[1.0, 3.0]])
    """
    texts, tokens, labels = logits.shape
    masked = np.where(real[:, :, None], logits, -np.inf)
    peak = masked.max(axis=1, keepdims=True)
    # Summed in double precision, token after token: the bits must not depend on what else is in the batch.
    pooled = peak[:, 0] + np.log(np.exp(masked - peak).astype(np.float64).cumsum(axis=1)[:, -1])
    place = np.arange(tokens)[None, :, None]
    shown = masked >= peak - _DROP
    far = tokens + _GAP + 2
    before = np.maximum.accumulate(np.where(shown, place, -far), axis=1)
    after = np.minimum.accumulate(np.where(shown, place, tokens + far)[:, ::-1], axis=1)[:, ::-1]
    outside = after - before > _GAP + 1
    top = masked.argmax(axis=1)[:, None, :]
    first = np.where(outside & (place < top), place, -1).max(axis=1) + 1
    last = np.where(outside & (place > top), place, tokens).min(axis=1)
    # A gap that is closed at the edge of the run, or of the text, belongs to nothing.
    evidence = np.stack([first, last], axis=2).reshape(texts, 2 * labels)
    return pooled.astype(np.float32), evidence.astype(np.float32)
