"""The forward pass in PyTorch: a BERT encoder, mean pooling, linear heads."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from vocmine.inference.backends import Forward, bert
from vocmine.inference.backends.evidence import around_words, read_tokens, words_of
from vocmine.inference.backends.pytorch import PyTorchBackend
from vocmine.inference.backends.transfer import to_device, to_host
from vocmine.inference.embedder import CENTRE
from vocmine.inference.manifest import Head
from vocmine.inference.pretrained import Model


class TorchBackend(PyTorchBackend):
    """Run a `Model` in PyTorch.

    Parameters
    ----------
    model : Model
    device, precision, threads
        As in `PyTorchBackend`.
    """

    def __init__(self, model: Model, device: str, precision: str = "float32", threads: int | None = None) -> None:
        self._model = model
        self._ends = around_words(model)
        super().__init__(device, precision, threads)

    def move(self, device: str) -> None:
        """Load the model on a device, from the stored weights and not from the device that held them."""
        precision, dtype = ("float32", torch.float32) if device == "cpu" else self._home
        self._weights = _load(self._model, device, dtype)
        self.device, self.dtype = device, precision

    @torch.inference_mode()
    def _forward(self, ids: NDArray[np.int32], mask: NDArray[np.bool_]) -> Forward:
        real = to_device(mask, self.device)
        layers = self._layers(to_device(ids, self.device), real, padded=not mask.all())
        features = bert.mean(layers[-1], real)
        inputs = {"embedding": functional.normalize(features, dim=1), "features": features}
        whole, by_token = (
            [head for head in self._model.heads if bool(head.layers) is tokens] for tokens in (False, True)
        )
        logits = [functional.linear(inputs[head.input], *self._pair(f"heads.{head.name}")) for head in whole]
        tokens = [self._tokens(head, layers) for head in by_token]
        results = [*inputs.values(), *logits, *(values.flatten(1) for values in tokens)]
        embedding, pooled, *scores = to_host(results, self.device)
        said = {head.name: score for head, score in zip(whole, scores[: len(whole)], strict=True)}
        words = words_of(mask, self._ends)
        evidence = {}
        for head, values in zip(by_token, scores[len(whole) :], strict=True):
            said[head.name], evidence[head.name] = read_tokens(values.reshape(*ids.shape, -1), words)
        return Forward(embedding, pooled, {head.name: said[head.name] for head in self._model.heads}, evidence)

    def _tokens(self, head: Head, layers: list[Tensor]) -> Tensor:
        """Logits of a head for each token, [b, t, labels]."""
        vectors = torch.cat([layers[layer - 1].float() for layer in head.layers], dim=2)
        if head.hidden:
            inner = functional.gelu(functional.linear(vectors, *self._pair(f"heads.{head.name}.inner")))
            vectors = torch.cat([vectors, inner], dim=2)
        return functional.linear(vectors, *self._pair(f"heads.{head.name}"))

    def _layers(self, ids: Tensor, real: Tensor, *, padded: bool) -> list[Tensor]:
        """Token ids [b, t] to the token vectors that each layer gives, [b, t, h]."""
        attended = real[:, None, None, :] if padded else None
        weights, config = self._weights, self._model.config
        hidden, given = bert.look_up(ids, weights, config), []
        for rank in range(config.num_hidden_layers):
            hidden = bert.through([f"encoder.layer.{rank}"], hidden, attended, weights, config)
            given.append(hidden)
        return given

    def _pair(self, name: str) -> tuple[Tensor, Tensor]:
        return self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]


def _load(model: Model, device: str, dtype: torch.dtype) -> dict[str, Tensor]:
    """Dequantise the weights of encoder and heads; join query, key and value; heads stay in float32."""
    names = [name for name in model.tensor_shapes() if name != CENTRE]
    weights = bert.join_projections({name: torch.from_numpy(model.tensor(name)) for name in names})
    return {
        name: tensor.to(device, torch.float32 if name.startswith("heads.") else dtype)
        for name, tensor in weights.items()
    }
