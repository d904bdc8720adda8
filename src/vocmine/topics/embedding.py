"""What embeds texts that come without embeddings: reasons, examples, texts of one's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import InputError
from vocmine.inference import Engine, Model
from vocmine.topics.neighbours import Floats


class Embeds(Protocol):
    """Anything with sentence-transformers' way of embedding."""

    def encode(self, sentences: Sequence[str]) -> NDArray[np.floating]:
        """Return one vector a text."""
        ...


def embedder_of(model: str | os.PathLike[str] | Embeds) -> Callable[[Sequence[str]], Floats]:
    """Return what embeds texts as an analysis does.

    Parameters
    ----------
    model : str, path or object with ``encode``
        See `vocmine.TopicModel`.

    Raises
    ------
    InputError
        If it is none of these.
    """
    if isinstance(model, (str, os.PathLike)):
        return _of_folder(os.fspath(model))
    if not hasattr(model, "encode"):
        raise InputError(
            f"got embedding_model {type(model).__name__}, expected a name, a path or an object with encode"
        )
    return lambda texts: np.asarray(model.encode(list(texts)), dtype=np.float32)


@cache
def _of_folder(folder: str) -> Callable[[Sequence[str]], Floats]:
    model = Model.from_pretrained(folder)
    if model.embedder is not None:
        return model.embedder.embed
    engine = Engine(model)
    return lambda texts: engine.encode(texts).embeddings
