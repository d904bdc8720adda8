"""Encoders whose upper layers can be trained: features with their gradients, and the weights afterwards."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vocmine.errors import InputError
from vocmine.inference.backends import bert
from vocmine.inference.backends.transformers import TransformersBackend
from vocmine.inference.huggingface import HuggingFaceModel
from vocmine.inference.pretrained import Model

Array = NDArray[np.generic]


class TrainableEncoder(Protocol):
    """An encoder on a device, in float32.

    Attributes
    ----------
    layers : list of list of tensor
        The weights that are trained, layer by layer, the lowest first.
    """

    layers: list[list[Tensor]]

    def features(self, ids: Tensor, real: Tensor) -> Tensor:
        """Token ids [b, t] and where they are no padding [b, t] to features [b, width], with their gradients."""
        ...

    def train(self, *, on: bool) -> None:
        """Switch on what only acts in training, such as dropout, or off."""
        ...

    def trained(self) -> dict[str, NDArray[np.float32]]:
        """Return the trained weights by the names that the model's format gives them."""
        ...


class TrainableBert:
    """Upper layers of a `Model`.

    Parameters
    ----------
    model : Model
        Stays as it is.
    upper : int, optional
        How many layers are trained, counted from the top; by default all.
    device : str
    """

    def __init__(self, model: Model, upper: int | None, device: str) -> None:
        depth = model.config.num_hidden_layers
        lowest = depth - (checked_depth(upper, depth) or depth)
        self._config = model.config
        self._layers = [f"encoder.layer.{layer}" for layer in range(depth)]
        stored = {name: torch.from_numpy(model.tensor(name)).to(device) for name in model.config.tensor_shapes()}
        trained = self._layers[lowest:]
        self._parameters = {
            name: tensor.requires_grad_()
            for name, tensor in stored.items()
            if name.startswith(tuple(f"{layer}." for layer in trained))
        }
        self._frozen = {name: tensor for name, tensor in stored.items() if name not in self._parameters}
        self.layers = [
            [tensor for name, tensor in self._parameters.items() if name.startswith(f"{layer}.")] for layer in trained
        ]

    def features(self, ids: Tensor, real: Tensor) -> Tensor:
        """See `TrainableEncoder.features`."""
        # Joined anew each time: the three projections are trained apart, as they are stored.
        weights = bert.join_projections({**self._frozen, **self._parameters})
        hidden = bert.look_up(ids, weights, self._config)
        return bert.mean(bert.through(self._layers, hidden, real[:, None, None, :], weights, self._config), real)

    def train(self, *, on: bool) -> None:
        """Do nothing: this encoder has no dropout."""

    def trained(self) -> dict[str, NDArray[np.float32]]:
        """See `TrainableEncoder.trained`."""
        return {name: tensor.detach().cpu().numpy() for name, tensor in self._parameters.items()}


class TrainableTransformer(TransformersBackend):
    """Upper layers of a `HuggingFaceModel`.

    Parameters
    ----------
    model : HuggingFaceModel
        Stays as it is.
    upper : int, optional
        How many layers are trained, counted from the top; by default all.
    device : str
    """

    def __init__(self, model: HuggingFaceModel, upper: int | None, device: str) -> None:
        super().__init__(replace(model, module=copy.deepcopy(model.module)), "cpu")
        self._module.to(device)
        self._dense = [(weight.to(device), bias.to(device), activation) for weight, bias, activation in self._dense]
        self._module.requires_grad_(requires_grad=False)
        stack = _stack(self._module.base_model)
        kept = len(stack) - (checked_depth(upper, len(stack)) or len(stack))
        self.layers: list[list[Tensor]] = [list(layer.requires_grad_().parameters()) for layer in list(stack)[kept:]]

    def features(self, ids: Tensor, real: Tensor) -> Tensor:
        """See `TrainableEncoder.features`."""
        output = self._module.base_model(input_ids=ids.long(), attention_mask=real.long())
        return self._pool(output[0].float(), real)

    def train(self, *, on: bool) -> None:
        """Switch dropout on or off."""
        self._module.train(on)

    def trained(self) -> dict[str, NDArray[np.float32]]:
        """See `TrainableEncoder.trained`."""
        return {
            name: parameter.detach().cpu().numpy()
            for name, parameter in self._module.named_parameters()
            if parameter.requires_grad
        }


def loaded(module: nn.Module, trained: Mapping[str, Array]) -> nn.Module:
    """Return a copy of a module with some weights in the place of its own."""
    changed = copy.deepcopy(module)
    unknown = changed.load_state_dict({name: torch.from_numpy(array) for name, array in trained.items()}, strict=False)
    if unknown.unexpected_keys:
        raise InputError(
            f"trained weights name {unknown.unexpected_keys[0]!r}, which the model has not: save both again"
        )
    return changed


def checked_depth(upper: int | None, depth: int) -> int | None:
    """Return how many layers to train, as given.

    Raises
    ------
    InputError
        The encoder has not as many layers.
    """
    if upper is not None and not 1 <= upper <= depth:
        raise InputError(f"layers is {upper}, the encoder has {depth}; give a number from 1 to {depth}, or None")
    return upper


def _stack(base: nn.Module) -> nn.ModuleList:
    """Find the encoder's layers: the list of as many modules as its configuration says."""
    depth = getattr(base.config, "num_hidden_layers", 0)
    found = [part for part in base.modules() if isinstance(part, nn.ModuleList) and len(part) == depth]
    if not found:
        raise InputError(
            f"{type(base).__name__} has no {depth} layers that can be told apart; use tune='head', or another model"
        )
    return found[0]
