"""Texts of any length come in, one feature vector each goes out: nothing is truncated.

A text is cut into the library's segments, and its features are the mean of theirs, each weighing by its characters. A
segment's features are the mean over its tokens, so that this is close to the mean over all of the text's tokens; and a
linear head on it gives the mean of the logits of the segments, with the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import InputError
from vocmine.inference import Engine
from vocmine.inference.pieces import Pieces
from vocmine.text import segment

_MAX_CHARS: Final = 240
_LEAST_CHARS: Final = 20


def text_features(texts: Sequence[str], engine: Engine) -> NDArray[np.float64]:
    """Return the features of texts; float64 array of shape (n_texts, width).

    Raises
    ------
    InputError
        A text cannot be encoded.
    """
    return gather(cut(texts, engine), engine)


def gather(pieces: Pieces, engine: Engine) -> NDArray[np.float64]:
    """Encode segments, each distinct one once, and average their features by text; (n_texts, width).

    Raises
    ------
    InputError
        A segment cannot be encoded.
    """
    encoding = engine.encode(pieces.segments, features=True, embeddings=False)
    for place, reason in encoding.rejected.items():
        raise InputError(f"row {pieces.owner[place]} cannot be encoded ({reason}); leave this text out")
    if encoding.features is None:
        raise TypeError("Engine.encode(features=True) gave no features")
    weighted = encoding.features * pieces.share[:, None]
    return np.add.reduceat(weighted, np.flatnonzero(np.diff(pieces.owner, prepend=-1)), axis=0)


def cut(texts: Sequence[str], engine: Engine) -> Pieces:
    """Cut texts into segments, finer where the model's window is too small for the library's own."""
    known = {text: _segments(text, _MAX_CHARS) for text in dict.fromkeys(texts)}
    longest = _MAX_CHARS
    while longest // 2 >= _LEAST_CHARS and (beyond := _beyond(known, engine)):
        longest //= 2
        for text, found in known.items():
            if not beyond.isdisjoint(found):
                known[text] = [
                    piece for one in found for piece in (_segments(one, longest) if one in beyond else [one])
                ]
    segments = [piece for text in texts for piece in known[text]]
    owner = np.repeat(np.arange(len(texts)), [len(known[text]) for text in texts])
    lengths = np.fromiter(map(len, segments), dtype=np.float64, count=len(segments))
    return Pieces(segments, owner, lengths / np.bincount(owner, weights=lengths)[owner])


def _segments(text: str, max_chars: int) -> list[str]:
    return [text[slice(*span)] for span in segment(text, max_chars)]


def _beyond(known: dict[str, list[str]], engine: Engine) -> set[str]:
    """Return the segments that the model has no room for."""
    segments = list(dict.fromkeys(piece for found in known.values() for piece in found))
    return {segments[place] for place, reason in engine.plan(segments).rejected.items() if reason == "too_long"}
