"""The forward pass in PyTorch: a BERT encoder, mean pooling, linear heads.

On CPU the texts of a batch are shared out among threads that compute alone: with PyTorch's own threads the cores would
wait for each other at each of two hundred operations, and on a busy machine each wait costs a time slice.

Written out rather than taken from transformers: it is forty lines, importing it costs no six seconds, and the three
projections of attention become one product. A test holds it to transformers' `BertModel`.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from vocmine.inference.device import choose_dtype
from vocmine.inference.pretrained import Model

_TURNS: Final = Lock()


class TorchBackend:
    """Run a `Model` in PyTorch.

    Parameters
    ----------
    model : Model
    device : str
        As `choose_device` returns it.
    """

    def __init__(self, model: Model, device: str) -> None:
        self._model = model
        self._threads = torch.get_num_threads()
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="vocmine")
        self.move(device)

    def move(self, device: str) -> None:
        """Load the model on a device, from the stored weights and not from the device that held them."""
        dtype = choose_dtype(device)
        self._weights = _load(self._model, device, getattr(torch, dtype))
        self.device, self.dtype = device, dtype

    def release(self) -> None:
        """Empty the device's cache of freed blocks."""
        if self.device.startswith("cuda"):
            torch.cuda.empty_cache()
        elif self.device == "mps":
            torch.mps.empty_cache()

    def forward(
        self, ids: NDArray[np.int32], mask: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
        """Encode one batch; see `Backend.forward`."""
        if self.device != "cpu" or self._threads == 1:
            return self._forward(ids, mask)
        shares = min(self._threads, len(ids))
        with _one_thread_each():
            parts = list(self._pool.map(self._forward, np.array_split(ids, shares), np.array_split(mask, shares)))
        embeddings, logits = zip(*parts, strict=True)
        return np.concatenate(embeddings), {name: np.concatenate([part[name] for part in logits]) for name in logits[0]}

    @torch.inference_mode()
    def _forward(
        self, ids: NDArray[np.int32], mask: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
        real = torch.from_numpy(mask).to(self.device)
        hidden = self._encode(torch.from_numpy(ids).to(self.device), None if mask.all() else real[:, None, None, :])
        kept = (hidden.float() * real[:, :, None]).sum(1) / real.sum(1, keepdim=True)
        embedding = functional.normalize(kept, dim=1)
        logits = {
            head.name: functional.linear(embedding, *self._pair(f"heads.{head.name}")) for head in self._model.heads
        }
        return embedding.cpu().numpy(), {name: scores.cpu().numpy() for name, scores in logits.items()}

    def _encode(self, ids: Tensor, attended: Tensor | None) -> Tensor:
        """Token ids [b, t] to token vectors [b, t, h]."""
        words = functional.embedding(ids, self._weights["embeddings.word_embeddings.weight"])
        hidden = self._normalise(words + self._weights["places"][: ids.shape[1]], "embeddings.LayerNorm")
        for layer in range(self._model.config.num_hidden_layers):
            name = f"encoder.layer.{layer}"
            seen = self._linear(self._attend(hidden, attended, name), f"{name}.attention.output.dense")
            hidden = self._normalise(hidden + seen, f"{name}.attention.output.LayerNorm")
            wide = functional.gelu(self._linear(hidden, f"{name}.intermediate.dense"))
            hidden = self._normalise(hidden + self._linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return hidden

    def _attend(self, hidden: Tensor, attended: Tensor | None, name: str) -> Tensor:
        texts, tokens, width = hidden.shape
        heads = self._model.config.num_attention_heads
        joint = self._linear(hidden, f"{name}.attention.self").view(texts, tokens, 3, heads, width // heads)
        query, key, value = joint.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=attended)
        return seen.transpose(1, 2).reshape(texts, tokens, width)

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return functional.linear(x, *self._pair(name))

    def _normalise(self, x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(x, x.shape[-1:], *self._pair(name), self._model.config.layer_norm_eps)

    def _pair(self, name: str) -> tuple[Tensor, Tensor]:
        return self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Keep PyTorch from sharing out single operations, and give the caller's setting back.

    The setting and the cores are the whole process's: batches of several engines take turns.
    """
    with _TURNS:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(threads)


def _load(model: Model, device: str, dtype: torch.dtype) -> dict[str, Tensor]:
    """Dequantise the weights; join query, key and value; heads stay in float32."""
    weights = {name: torch.from_numpy(model.tensor(name)) for name in model.tensor_shapes()}
    for layer in range(model.config.num_hidden_layers):
        name = f"encoder.layer.{layer}.attention.self"
        for kind in ("weight", "bias"):
            parts = [weights.pop(f"{name}.{part}.{kind}") for part in ("query", "key", "value")]
            weights[f"{name}.{kind}"] = torch.cat(parts)
    positions = weights.pop("embeddings.position_embeddings.weight")
    weights["places"] = positions + weights.pop("embeddings.token_type_embeddings.weight")[0]
    return {
        name: tensor.to(device, torch.float32 if name.startswith("heads.") else dtype)
        for name, tensor in weights.items()
    }
