"""Trains the upper layers and all heads together, from a probe; resumable, and the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from network import Bags, Network
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn
from torch.nn import functional
from units import EITHER, HEADS, UNKNOWN, Units

_CHECKPOINT_STEPS = 150
_AVERAGE_STEPS = 5
_POOL_BATCHES = 24  # batches sorted by length together: little padding, and an order that still varies


@dataclass(frozen=True)
class Settings:
    """How to train; chosen by cross-validation (docs/decisions/0010-trained-model.md)."""

    first: int = 6
    epochs: float = 2.0
    learning_rate: float = 2e-4
    decay: float = 0.85
    head_learning_rate: float = 5e-4
    probe_inverse_penalty: float = 0.002
    label_smoothing: float = 0.05
    dropout: float = 0.1
    averaging: float = 0.99
    weight_decay: float = 0.01
    warm_up: float = 0.08
    batch_tokens: int = 1_600
    careless_share: float = 0.25
    clip: float = 1.0


def probe(
    network: Network, features: NDArray[np.float32], units: Units, rows: NDArray[np.intp], penalty: float
) -> None:
    """Give every head the logistic regression on the features before training."""
    standard = (features - network.centre.numpy()) / network.spread.numpy()
    for place, head in enumerate(HEADS):
        known = rows[(units.labels[rows, place] != UNKNOWN) & (units.labels[rows, place] != EITHER)]
        regression = LogisticRegression(C=penalty, max_iter=300)
        regression.fit(standard[known], units.labels[known, place], sample_weight=units.weights[known, place])
        with torch.no_grad():
            network.heads[f"{head}.weight"].copy_(torch.from_numpy(regression.coef_.astype(np.float32)))
            network.heads[f"{head}.bias"].copy_(torch.from_numpy(regression.intercept_.astype(np.float32)))


def tune(
    network: Network,
    units: Units,
    rows: NDArray[np.intp],
    versions: tuple[Bags, Bags],
    settings: Settings,
    seed: int,
    checkpoint: Path,
) -> None:
    """Train on the units of `rows`; go on from `checkpoint` where it exists, and leave the weights averaged.

    Parameters
    ----------
    network : Network
        With the heads of the probe.
    units : Units
    rows : int array
        Units to train on.
    versions : (Bags, Bags)
        As written, and careless.
    settings : Settings
    seed : int
    checkpoint : Path
    """
    torch.manual_seed(seed)
    optimiser = torch.optim.AdamW(_groups(network, settings), fused=True, weight_decay=settings.weight_decay)
    base = [group["lr"] for group in optimiser.param_groups]
    batches = _batches(versions[0].tokens, rows, settings, seed)
    average, done = network.state(), 0
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=True)
        network.load(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        average, done = kept["average"], kept["done"]
        torch.set_rng_state(kept["random"])
    for step in range(done, len(batches)):
        for group, rate in zip(optimiser.param_groups, base, strict=True):
            group["lr"] = rate * _schedule(step, len(batches), settings.warm_up)
        batch, version = batches[step]
        optimiser.zero_grad()
        logits = network.logits(network.features(versions[version], batch), settings.dropout)
        value = loss(logits, units, batch, settings.label_smoothing)
        torch.autograd.backward(value)
        nn.utils.clip_grad_norm_(network.parameters, settings.clip)
        optimiser.step()
        if (step + 1) % _AVERAGE_STEPS == 0:
            keep = min(settings.averaging, (1 + step) / (10 + step)) ** _AVERAGE_STEPS
            for name, tensor in network.state().items():
                average[name].lerp_(tensor, 1 - keep)
        if (step + 1) % _CHECKPOINT_STEPS == 0:
            print(f"{checkpoint.stem}: step {step + 1} of {len(batches)}, loss {value.item():.3f}", flush=True)
            _save(checkpoint, network, optimiser, average, step + 1)
    network.load(average)


def loss(logits: dict[str, Tensor], units: Units, batch: NDArray[np.intp], smoothing: float) -> Tensor:
    """Weighted cross-entropy, summed over heads and averaged over the batch."""
    total = torch.zeros(())
    for place, head in enumerate(HEADS):
        labels = torch.from_numpy(units.labels[batch, place])
        weights = torch.from_numpy(units.weights[batch, place])
        known = labels != UNKNOWN
        if not known.any():
            continue
        if labels.max() == EITHER:
            logged = functional.log_softmax(logits[head], dim=1)
            either = torch.logsumexp(logged[:, 1:], dim=1)
            value = -torch.where(labels == EITHER, either, logged.gather(1, labels.clamp(0, 2)[:, None])[:, 0])[known]
        else:
            value = functional.cross_entropy(
                logits[head][known], labels[known], label_smoothing=smoothing, reduction="none"
            )
        total = total + (value * weights[known]).sum() / len(batch)
    return total


def _groups(network: Network, settings: Settings) -> list[dict[str, object]]:
    groups: list[dict[str, object]] = [{"params": list(network.heads.values()), "lr": settings.head_learning_rate}]
    for depth, layer in enumerate(reversed(network.names)):
        members = [tensor for name, tensor in network.layers.items() if name.startswith(f"{layer}.")]
        groups.append({"params": members, "lr": settings.learning_rate * settings.decay**depth})
    return groups


def _batches(
    tokens: NDArray[np.intp], rows: NDArray[np.intp], settings: Settings, seed: int
) -> list[tuple[NDArray[np.intp], int]]:
    """All batches of the training, each with the version of its texts: 0 as written, 1 careless."""
    random = np.random.default_rng(seed)
    found: list[NDArray[np.intp]] = []
    for epoch in range(int(np.ceil(settings.epochs))):
        share = min(1.0, settings.epochs - epoch)
        order = random.permutation(rows)[: round(share * len(rows))]
        size = int(np.ceil(settings.batch_tokens * _POOL_BATCHES / tokens[rows].mean()))
        batches: list[NDArray[np.intp]] = []
        for start in range(0, len(order), size):
            pool = order[start : start + size]
            pool = pool[np.argsort(tokens[pool], kind="stable")]
            cuts = np.flatnonzero(np.diff(np.cumsum(tokens[pool]) // settings.batch_tokens)) + 1
            batches += np.split(pool, cuts)
        found += [batches[place] for place in random.permutation(len(batches))]
    careless = random.random(len(found)) < settings.careless_share
    return [(batch, int(version)) for batch, version in zip(found, careless, strict=True)]


def _schedule(step: int, steps: int, warm_up: float) -> float:
    rising = (step + 1) / max(1.0, warm_up * steps)
    falling = (steps - step) / max(1.0, (1 - warm_up) * steps)
    return min(1.0, rising, falling)


def _save(
    path: Path, network: Network, optimiser: torch.optim.Optimizer, average: dict[str, Tensor], done: int
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    kept = {"network": network.state(), "optimiser": optimiser.state_dict(), "average": average, "done": done}
    torch.save(kept | {"random": torch.get_rng_state()}, unfinished)
    unfinished.replace(path)
