"""The part that learns: the upper layers, and linear heads on the mean token vector of a whole unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from states import States, budgeted, fast
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel
from units import HEADS

from vocmine.inference import Model
from vocmine.inference.backends import bert
from vocmine.inference.config import EncoderConfig

_BATCH_TOKENS = 1_024
_PREDICTED_TOKENS = 8_192


@dataclass(frozen=True)
class Bags:
    """Segments of units: `rows[bounds[u]:bounds[u + 1]]` are those of unit u, as rows of the states."""

    states: States
    bounds: NDArray[np.intp]

    @property
    def tokens(self) -> NDArray[np.intp]:
        """Tokens of each unit."""
        return np.add.reduceat(self.states.lengths, self.bounds[:-1])

    def take(self, units: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the segments of some units, and for each its unit's place among them."""
        parts = [np.arange(self.bounds[unit], self.bounds[unit + 1]) for unit in units]
        return np.concatenate(parts), np.repeat(np.arange(len(units)), [len(part) for part in parts])


class Network:
    """Upper layers and heads.

    Parameters
    ----------
    model : Model
        Gives the upper layers to start from.
    first : int
        The lowest layer that learns.
    centre, spread : float32 array of shape (hidden,)
        Of the features, before training: heads read them standardised.
    """

    def __init__(self, model: Model, first: int, centre: NDArray[np.float32], spread: NDArray[np.float32]) -> None:
        self.config: EncoderConfig = model.config
        self.names = [f"encoder.layer.{rank}" for rank in range(first, model.config.num_hidden_layers)]
        every = bert.join_projections(
            {name: torch.from_numpy(model.tensor(name)) for name in model.config.tensor_shapes()}
        )
        self.layers = {
            name: nn.Parameter(tensor.clone())
            for name, tensor in every.items()
            if name.startswith(tuple(f"{layer}." for layer in self.names))
        }
        width = model.config.hidden_size
        self.heads = {
            f"{head}.{kind}": nn.Parameter(torch.zeros((len(labels), width) if kind == "weight" else len(labels)))
            for head, labels in HEADS.items()
            for kind in ("weight", "bias")
        }
        self.centre, self.spread = torch.from_numpy(centre), torch.from_numpy(spread)

    @property
    def parameters(self) -> list[nn.Parameter]:
        """Everything that learns, in a fixed order."""
        return [*self.layers.values(), *self.heads.values()]

    def features(self, bags: Bags, units: NDArray[np.intp]) -> Tensor:
        """Mean token vector of each unit, over all its segments, [units, hidden]."""
        rows, owner = bags.take(units)
        total = torch.zeros(len(units), self.config.hidden_size)
        lengths = bags.states.lengths
        order = rows[np.argsort(lengths[rows], kind="stable")]
        place = dict(zip(rows.tolist(), owner.tolist(), strict=True))
        # Short texts: plain products are twice as fast backwards as the fused attention. One context for all batches,
        # so that weights are rounded once.
        with sdpa_kernel(SDPBackend.MATH), torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast()):
            for batch in budgeted(lengths, order, _BATCH_TOKENS):
                hidden, real = bags.states.pad(batch)
                hidden = bert.through(self.names, hidden, real[:, None, None, :], self.layers, self.config)
                summed = (hidden.float() * real[:, :, None]).sum(1)
                total = total.index_add(0, torch.tensor([place[row] for row in batch.tolist()]), summed)
        return total / torch.from_numpy(bags.tokens[units].astype(np.float32))[:, None]

    def logits(self, features: Tensor, dropout: float = 0.0) -> dict[str, Tensor]:
        """Logits of each head, [units, labels]."""
        standard = functional.dropout((features - self.centre) / self.spread, dropout, training=dropout > 0)
        return {
            head: functional.linear(standard, self.heads[f"{head}.weight"], self.heads[f"{head}.bias"])
            for head in HEADS
        }

    @torch.inference_mode()
    def pooled(self, bags: Bags, units: NDArray[np.intp]) -> NDArray[np.float32]:
        """Features of many units, float32 array of shape (units, hidden)."""
        out = np.empty((len(units), self.config.hidden_size), dtype=np.float32)
        for places in batches_of(bags.tokens[units], _PREDICTED_TOKENS):
            out[places] = self.features(bags, units[places]).numpy()
        return out

    def predict(self, features: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Logits of each head for features already computed."""
        with torch.inference_mode():
            return {head: values.numpy() for head, values in self.logits(torch.from_numpy(features)).items()}

    def state(self) -> dict[str, Tensor]:
        """Everything learnt, by name."""
        return {name: tensor.detach().clone() for name, tensor in {**self.layers, **self.heads}.items()}

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Take what `state` gave."""
        with torch.no_grad():
            for name, tensor in {**self.layers, **self.heads}.items():
                tensor.copy_(state[name])


def batches_of(tokens: NDArray[np.intp], budget: int) -> Iterator[NDArray[np.intp]]:
    """Places of units, shortest first, in batches of about `budget` tokens."""
    order = np.argsort(tokens, kind="stable")
    cuts = np.flatnonzero(np.diff(np.cumsum(tokens[order]) // budget)) + 1
    return iter(np.split(order, cuts))
