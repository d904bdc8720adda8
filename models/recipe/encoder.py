"""The encoder as shipped: the kept rows of the embedding, every matrix in int8."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from convert import E5File
from numpy.typing import NDArray
from tokenizer import build_tokenizer

from vocmine.inference import Manifest, Model, Weights, quantise

_WORDS = "embeddings.word_embeddings.weight"
# Looked up rather than multiplied, and 0.4 MB: half precision keeps them exact to what matters.
_HALF = ("embeddings.position_embeddings.weight", "embeddings.token_type_embeddings.weight")


def build_encoder(source: E5File, kept: Sequence[int], manifest: Manifest, *, quantised: bool = True) -> Model:
    """Build the encoder without heads.

    Parameters
    ----------
    source : E5File
    kept : sequence of int
        Ids of the pieces to keep, in their order.
    manifest : Manifest
        Its window and hashes are replaced.
    quantised : bool
        False keeps float32 weights, to compare with.
    """
    stored: dict[str, NDArray[np.generic]] = {}
    for name in source.names:
        tensor = source.tensor(name)
        if name == _WORDS:
            tensor = tensor[kept]
        if not quantised or tensor.ndim == 1:
            stored[name] = tensor
        elif name in _HALF:
            stored[name] = tensor.astype(np.float16)
        else:
            stored[name], stored[f"{name}.scale"] = quantise(tensor)
    pieces = [source.pieces[index] for index in kept]
    padding = next(index for index, (piece, _) in enumerate(pieces) if piece == "<pad>")
    config = replace(source.config, vocab_size=len(kept), pad_token_id=padding)
    weights = Weights(precision="int8_per_channel" if quantised else "float32")
    described = replace(manifest, max_tokens=config.max_position_embeddings, heads=(), weights=weights)
    return Model.assemble(described, config, build_tokenizer(pieces), stored)
