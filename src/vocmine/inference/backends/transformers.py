"""The forward pass of a Hugging Face model: transformers' own module, pooled as its folder says."""

from __future__ import annotations

import copy
from collections.abc import Callable
from threading import local
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from vocmine.inference.backends import Forward
from vocmine.inference.backends.pytorch import PyTorchBackend
from vocmine.inference.backends.transfer import to_device, to_host
from vocmine.inference.huggingface import HuggingFaceModel

# What the encoder gave last, in each thread: a classifier returns its logits alone, and asking it for hidden states
# would keep those of every layer.
_LAST: Final = local()


class TransformersBackend(PyTorchBackend):
    """Run a `HuggingFaceModel` in PyTorch.

    Parameters
    ----------
    model : HuggingFaceModel
    device, precision, threads
        As in `PyTorchBackend`.
    """

    def __init__(
        self, model: HuggingFaceModel, device: str, precision: str = "float32", threads: int | None = None
    ) -> None:
        self._model = model
        super().__init__(device, precision, threads)

    def move(self, device: str) -> None:
        """Copy the model to a device, from the module in memory and not from the device that held it."""
        precision, dtype = ("float32", torch.float32) if device == "cpu" else self._home
        on_cpu = self._model.module
        module = on_cpu if device == "cpu" else copy.deepcopy(on_cpu).to(device, dtype)
        dense = [
            (torch.from_numpy(dense.weight).to(device), torch.from_numpy(dense.bias).to(device), dense.activation)
            for dense in self._model.pooling.dense
        ]
        # Only now that nothing can fail: a backend is wholly on one device.
        self._module, self._dense, self.device, self.dtype = module, dense, device, precision

    @torch.inference_mode()
    def _forward(self, ids: NDArray[np.int32], mask: NDArray[np.bool_]) -> Forward:
        real = to_device(mask, self.device)
        try:
            output = self._module(input_ids=to_device(ids, self.device).long(), attention_mask=real.long())
            features = self._pool(_LAST.hidden.float(), real)
        finally:
            vars(_LAST).clear()  # or a batch that failed would keep its memory
        heads = self._model.heads
        logits = [self._merge(output.logits.float()) for _ in heads]
        embedding, pooled, *scores = to_host([functional.normalize(features, dim=1), features, *logits], self.device)
        return Forward(embedding, pooled, {head.name: score for head, score in zip(heads, scores, strict=True)})

    def _pool(self, hidden: Tensor, real: Tensor) -> Tensor:
        """Token vectors [b, t, h] to features [b, width]."""
        features = torch.cat([_POOL[mode](hidden, real[:, :, None]) for mode in self._model.pooling.modes], dim=1)
        for weight, bias, activation in self._dense:
            features = _ACTIVATE[activation](functional.linear(features, weight, bias))
        return features

    def _merge(self, logits: Tensor) -> Tensor:
        """Join the logits of labels that count for one: the softmax of the result is the sum of their softmax."""
        members = self._model.labels.members if self._model.labels else ()
        return torch.stack([logits[:, list(places)].logsumexp(dim=1) for places in members], dim=1)


def keep_hidden(_encoder: nn.Module, _inputs: object, output: tuple[Tensor, ...]) -> None:
    """Forward hook of an encoder: keep its last hidden state for the pooling."""
    _LAST.hidden = output[0]


def _mean(hidden: Tensor, real: Tensor) -> Tensor:
    return (hidden * real).sum(1) / real.sum(1)


_POOL: Final[dict[str, Callable[[Tensor, Tensor], Tensor]]] = {
    "cls": lambda hidden, _: hidden[:, 0],
    "max": lambda hidden, real: hidden.masked_fill(~real, -torch.inf).amax(1),
    "mean": _mean,
    "mean_sqrt_len_tokens": lambda hidden, real: (hidden * real).sum(1) / real.sum(1).sqrt(),
}
_ACTIVATE: Final[dict[str, Callable[[Tensor], Tensor]]] = {
    "identity": lambda x: x,
    "tanh": torch.tanh,
    "relu": functional.relu,
    "gelu": functional.gelu,
}
