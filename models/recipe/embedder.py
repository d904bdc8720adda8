"""The centre of the second embedder: the mean vector of ordinary texts, which says nothing of what a text is about."""

from __future__ import annotations

import numpy as np
from data import written
from numpy.typing import NDArray

from vocmine.inference.embedder import UniversalSentenceEncoder

NAME = UniversalSentenceEncoder.name


def centre() -> NDArray[np.float32]:
    """Return the mean unit vector of the sentences written for this project, float32 array of shape (512,)."""
    uncentred = UniversalSentenceEncoder(np.zeros(UniversalSentenceEncoder.size, dtype=np.float32))
    return np.asarray(uncentred.embed(written("sentences")["text"].tolist()).mean(axis=0), dtype=np.float32)
