"""A head on tokens with one hidden layer, learnt from whole units and from the words marked in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from marked import LABELS, Marked
from numpy.typing import NDArray
from token_states import Tokens
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Settings:
    """Chosen on the folds; `docs/decisions/0017-signals.md` has the figures."""

    hidden: int = 256
    epochs: int = 10
    batch: int = 32
    rate: float = 1e-3
    decay: float = 0.02
    dropout: float = 0.1
    inner_dropout: float = 0.2
    of_tokens: float = 3.0
    real: float = 2.0
    averaged: float = 0.98
    seed: int = 0


@dataclass(frozen=True)
class TokenHead:
    """Weights on vectors as they are: (hidden, width), (hidden,), (labels, width + hidden), (labels,)."""

    inner_weight: NDArray[np.float32]
    inner_bias: NDArray[np.float32]
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]

    def logits(self, vectors: NDArray[np.float16]) -> NDArray[np.float32]:
        """Return the logits of tokens; float32 array of shape (tokens, labels)."""
        read = torch.from_numpy(vectors.astype(np.float32))
        inner = functional.gelu(read @ torch.from_numpy(self.inner_weight.T) + torch.from_numpy(self.inner_bias))
        both = torch.cat([read, inner], dim=1)
        return (both @ torch.from_numpy(self.weight.T) + torch.from_numpy(self.bias)).numpy()


class _Network(nn.Module):
    """Reads standardised vectors, and what a hidden layer makes of them."""

    def __init__(self, width: int, settings: Settings) -> None:
        super().__init__()
        self.inner = nn.Linear(width, settings.hidden)
        self.outer = nn.Linear(width + settings.hidden, len(LABELS))
        with torch.no_grad():
            self.outer.weight[:, :width].zero_()
            self.outer.weight[:, width:].normal_(0.0, 0.02)
            self.outer.bias.fill_(-6.0)
        self._settings = settings

    def forward(self, vectors: Tensor) -> Tensor:
        """Logits of tokens, in training."""
        read = functional.dropout(vectors, self._settings.dropout)
        inner = functional.dropout(functional.gelu(self.inner(read)), self._settings.inner_dropout)
        return torch.as_tensor(self.outer(torch.cat([read, inner], dim=1)))


def gathered(logits: NDArray[np.float32], group: NDArray[np.intp], n_groups: int) -> NDArray[np.float64]:
    """Return the log of the sum of the exponentials of each group's logits; (groups, labels)."""
    peak = np.full((n_groups, logits.shape[1]), -np.inf)
    np.maximum.at(peak, group, logits)
    total = np.zeros_like(peak)
    np.add.at(total, group, np.exp(logits - peak[group]))
    return np.asarray(peak + np.log(total))


def fit(tokens: Tokens, units: Sequence[Marked], rows: NDArray[np.intp], settings: Settings) -> TokenHead:
    """Fit a head on some of the units."""
    rng = np.random.default_rng(settings.seed)
    torch.manual_seed(settings.seed)
    starts = np.searchsorted(tokens.unit, np.arange(len(units) + 1))
    labels = torch.from_numpy(np.stack([unit.labels for unit in units]))
    whole = torch.tensor([unit.source != "annotated" for unit in units])
    weight_of = torch.tensor([settings.real if unit.source != "written" else 1.0 for unit in units])
    seen = np.concatenate([np.arange(starts[row], starts[row + 1]) for row in rows])
    sample = tokens.vectors[rng.choice(seen, min(len(seen), 50_000), replace=False)].astype(np.float32)
    centre, spread = torch.from_numpy(sample.mean(axis=0)), torch.from_numpy(sample.std(axis=0) + 1e-3)
    head = _Network(sample.shape[1], settings)
    optimiser = torch.optim.AdamW(head.parameters(), lr=settings.rate, weight_decay=settings.decay)
    steps = settings.epochs * -(-len(rows) // settings.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.rate, total_steps=steps + 1, pct_start=0.1)
    kept = [parameter.detach().clone() for parameter in head.parameters()]
    for _ in range(settings.epochs):
        for batch in np.array_split(rng.permutation(rows), -(-len(rows) // settings.batch)):
            picked = np.concatenate([np.arange(starts[row], starts[row + 1]) for row in batch])
            owner = torch.from_numpy(np.repeat(np.arange(len(batch)), starts[batch + 1] - starts[batch]))
            standard = (torch.from_numpy(tokens.vectors[picked].astype(np.float32)) - centre) / spread
            logits = head(standard)
            marked = torch.from_numpy(tokens.marked[picked].astype(np.float32))
            loss = _loss(logits, owner, marked, labels[batch], whole[batch], weight_of[batch], settings)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            for mean, parameter in zip(kept, head.parameters(), strict=True):
                mean.lerp_(parameter.detach(), 1 - settings.averaged)
    return _on_plain_vectors(kept, centre, spread)


def _on_plain_vectors(kept: list[Tensor], centre: Tensor, spread: Tensor) -> TokenHead:
    """Put the standardisation into the weights."""
    inner, inner_bias, outer, bias = kept
    width = len(centre)
    read = outer[:, :width] / spread
    return TokenHead(
        (inner / spread).numpy(),
        (inner_bias - inner @ (centre / spread)).numpy(),
        torch.cat([read, outer[:, width:]], dim=1).numpy(),
        (bias - read @ centre).numpy(),
    )


def _loss(
    logits: Tensor, owner: Tensor, marked: Tensor, labels: Tensor, whole: Tensor, weights: Tensor, settings: Settings
) -> Tensor:
    """Cross-entropy of units, and of their tokens where it is known that these do or do not show the label."""
    known = ~labels.isnan()
    said = labels.nan_to_num()
    peak = torch.full_like(said, -1e9).index_reduce(0, owner, logits.detach(), "amax")
    total = torch.zeros_like(said).index_add(0, owner, torch.exp(logits - peak[owner]))
    pooled = peak + torch.log(total)
    of_units = functional.binary_cross_entropy_with_logits(pooled, said, reduction="none")
    unit_loss = (of_units * known * weights[:, None]).sum() / (known * weights[:, None]).sum()
    # Of a unit with one quote a signal, other words may show it too: they say neither.
    absent = known & (whole[:, None] | (said == 0))
    counted = (marked * 3 + (1 - marked) * absent[owner]) * known[owner] * weights[owner][:, None]
    of_tokens = functional.binary_cross_entropy_with_logits(logits, marked, reduction="none")
    return unit_loss + settings.of_tokens * (of_tokens * counted).sum() / counted.sum()
