"""A BERT encoder in PyTorch, as functions of its weights: what runs a model, and what trains one, compute alike.

Written out rather than taken from transformers: it is forty lines, importing it costs no six seconds, and the three
projections of attention become one product. A test holds it to transformers' `BertModel`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor
from torch.nn import functional

from vocmine.inference.config import EncoderConfig

Weights = Mapping[str, Tensor]


def join_projections(weights: Weights) -> dict[str, Tensor]:
    """Return the weights with query, key and value of each layer as one matrix, and all places as one table."""
    joined = dict(weights)
    for query in [name for name in weights if ".attention.self.query." in name]:
        parts = [joined.pop(query.replace(".query.", f".{part}.")) for part in ("query", "key", "value")]
        joined[query.replace(".query.", ".")] = torch.cat(parts)
    positions = joined.pop("embeddings.position_embeddings.weight")
    joined["places"] = positions + joined.pop("embeddings.token_type_embeddings.weight")[0]
    return joined


def look_up(ids: Tensor, weights: Weights, config: EncoderConfig) -> Tensor:
    """Token ids [b, t] to the vectors [b, t, h] that the first layer reads."""
    words = functional.embedding(ids, weights["embeddings.word_embeddings.weight"])
    return _normalise(words + weights["places"][: ids.shape[1]], "embeddings.LayerNorm", weights, config)


def through(
    layers: Iterable[str], hidden: Tensor, attended: Tensor | None, weights: Weights, config: EncoderConfig
) -> Tensor:
    """Take token vectors [b, t, h] through layers, named as their weights are.

    `attended` is a bool tensor [b, 1, 1, t], False where a position is padding; None where none is.
    """
    for name in layers:
        seen = _linear(_attend(hidden, attended, name, weights, config), f"{name}.attention.output.dense", weights)
        hidden = _normalise(hidden + seen, f"{name}.attention.output.LayerNorm", weights, config)
        wide = functional.gelu(_linear(hidden, f"{name}.intermediate.dense", weights))
        read = _linear(wide, f"{name}.output.dense", weights)
        hidden = _normalise(hidden + read, f"{name}.output.LayerNorm", weights, config)
    return hidden


def mean(hidden: Tensor, real: Tensor) -> Tensor:
    """Average token vectors [b, t, h] over the tokens that are real [b, t], in float32."""
    return (hidden.float() * real[:, :, None]).sum(1) / real.sum(1, keepdim=True)


def _attend(hidden: Tensor, attended: Tensor | None, name: str, weights: Weights, config: EncoderConfig) -> Tensor:
    texts, tokens, width = hidden.shape
    heads = config.num_attention_heads
    joint = _linear(hidden, f"{name}.attention.self", weights).view(texts, tokens, 3, heads, width // heads)
    query, key, value = joint.permute(2, 0, 3, 1, 4)
    seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=attended)
    return seen.transpose(1, 2).reshape(texts, tokens, width)


def _linear(x: Tensor, name: str, weights: Weights) -> Tensor:
    return functional.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _normalise(x: Tensor, name: str, weights: Weights, config: EncoderConfig) -> Tensor:
    return functional.layer_norm(
        x, x.shape[-1:], weights[f"{name}.weight"], weights[f"{name}.bias"], config.layer_norm_eps
    )
