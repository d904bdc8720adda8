"""The table of words, which is half of a model: it stays as it is stored, and a row is scaled when it is looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from vocmine.inference.pretrained import Model


class WordTable:
    """From token ids to the vectors that the first layer reads.

    Parameters
    ----------
    model : Model
    """

    def __init__(self, model: Model) -> None:
        self._rows = model.stored["embeddings.word_embeddings.weight"]
        scales = model.stored.get("embeddings.word_embeddings.weight.scale")
        self._scales = None if scales is None else scales.astype(np.float32)
        positions = model.tensor("embeddings.position_embeddings.weight")
        self._places = positions + model.tensor("embeddings.token_type_embeddings.weight")[0]

    def __call__(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the sum of word, place and type, before it is normalised.

        Parameters
        ----------
        ids : int32 array of shape (texts, tokens)

        Returns
        -------
        float32 array of shape (texts, tokens, hidden)
        """
        vectors = self._rows[ids].astype(np.float32)
        if self._scales is not None:
            vectors *= self._scales[ids][..., None]
        vectors += self._places[: ids.shape[1]]
        return vectors
