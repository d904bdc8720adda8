"""Channels of a model's activations that are far larger than the others, found without any text.

They come from the weights: the same few channels stand out whatever is read, and sequences drawn at random from the
vocabulary show them as well as sentences do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from vocmine.inference.backends.graph import encoder_graph
from vocmine.inference.backends.words import WordTable

if TYPE_CHECKING:
    from vocmine.inference.pretrained import Model

_PARTS: Final = 8
"""Parts beyond the first that the channels of a normalisation share: from 4 on, the error is halved."""
_SEQUENCES: Final = 8
_TOKENS: Final = 32
_LARGE: Final = 0.99
"""Quantile of a channel, over all tokens, that counts as its size."""


def split_channels(model: Model, levels: int) -> dict[str, NDArray[np.intp]]:
    """Say which channels int8 products should read in parts; see `encoder_graph`.

    The largest channel gets a part more, then what is the largest now, and so on.
    """
    from vocmine.inference.backends.onnx import session

    graph = encoder_graph(model, levels)
    names = [node.output[0] for node in graph.graph.node if node.op_type == "LayerNormalization"]
    graph.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    tokens = min(_TOKENS, model.manifest.max_tokens)
    ids = np.random.default_rng(0).integers(model.config.vocab_size, size=(_SEQUENCES, tokens), dtype=np.int32)
    found = session(graph).run(names, {"vectors": WordTable(model)(ids)})
    return {name: _largest(np.quantile(np.abs(rows), _LARGE, axis=0)) for name, rows in zip(names, found, strict=True)}


def _largest(sizes: NDArray[np.floating]) -> NDArray[np.intp]:
    counts = np.ones(len(sizes), dtype=np.intp)
    for _ in range(_PARTS):
        counts[np.argmax(sizes / counts)] += 1
    return np.repeat(np.arange(len(sizes)), counts - 1)
