"""Embeddings of the training texts, computed once and kept under `models/cache/`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocmine.inference import Engine, Model

WORK = Path(__file__).resolve().parents[1] / "cache"


def embed(model: Model, texts: Sequence[str]) -> NDArray[np.float32]:
    """Embed texts with a model, through the library's own engine.

    Parameters
    ----------
    model : Model
        As it will be shipped: int8 weights, and the prefix of its manifest.
    texts : sequence of str

    Returns
    -------
    float32 array of shape (n, hidden)
        NaN where the engine rejected the text.
    """
    key = hashlib.sha256()
    for part in (*model.manifest.hashes.values(), model.manifest.prefix, *texts):
        key.update(part.encode("utf-8", "surrogatepass") + b"\0")
    kept = WORK / "embeddings" / f"{key.hexdigest()[:24]}.npy"
    if kept.exists():
        return np.asarray(np.load(kept), dtype=np.float32)
    embeddings = Engine(model, progress=True).encode(texts).embeddings
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(".part.npy")
    np.save(unfinished, embeddings)
    unfinished.replace(kept)
    return embeddings
