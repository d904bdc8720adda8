"""Trains one model a fold, and one on everything: `python models/recipe/crossfit.py [FOLD ...]`.

Folds 0 to 4 give the held-out figures; `ALL` trains on everything but one tweet in ten. What ships is the average of
all six. Each takes about a quarter
of an hour on a core, goes on where it was stopped, and may run beside others: one process a fold. What it leaves under
`models/cache/tuned/` are the weights, and logits on the fold's own units and on the validation tweets, with and without
noise.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import torch
from encoder import base_model
from network import Bags, Network
from numpy.typing import NDArray
from places import CACHE
from states import careless, read
from tune import Settings, probe, tune
from units import FOLDS, HEADS, Units, training_units, validation_units

from vocmine.evaluation.noise import NOISE
from vocmine.inference import Model

TUNED = CACHE / "tuned"
ALL = FOLDS
SETTINGS = Settings()


def main() -> None:
    """Train the folds named on the command line, or all of them one after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folds", nargs="*", type=int, help=f"0 to {FOLDS - 1}, or {ALL} for the model that ships")
    torch.set_num_threads(1)  # the other cores serve other folds
    for fold in parser.parse_args().folds or range(ALL + 1):
        train(fold)


def train(fold: int) -> None:
    """Train on all units but those of `fold`, from the probe, and keep the logits of those that were held out."""
    target = TUNED / f"fold{fold}.npz"
    if target.exists():
        return
    base, units, tweets = base_model(), training_units(), validation_units()
    versions = bags(base, units), bags(base, units, careless)
    frozen = frozen_features(base, versions[0])
    network = Network(base, SETTINGS.first, frozen.mean(axis=0), frozen.std(axis=0))
    rows = np.flatnonzero(units.fold != fold)
    probe(network, frozen, units, rows, SETTINGS.probe_inverse_penalty)
    tune(network, units, rows, versions, SETTINGS, fold, TUNED / f"fold{fold}.checkpoint")

    held_out = np.flatnonzero(units.fold == fold)
    found = {"rows": held_out} | _logits(network, versions[0], held_out, "held_out")
    checked, french = bags(base, tweets), tweets.only(tweets.of("umsab_fr_val"))
    found |= _logits(network, checked, np.arange(len(tweets)), "validation")
    accounts = np.intersect1d(held_out, units.of("services_publics_plus"))
    for name, spoil in NOISE.items() if len(accounts) else ():
        found |= _logits(network, bags(base, units.only(accounts), spoil), np.arange(len(accounts)), f"accounts_{name}")
        found |= _logits(network, bags(base, french, spoil), np.arange(len(french)), f"validation_{name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"state": network.state(), "settings": asdict(SETTINGS)}, TUNED / f"fold{fold}.pt")
    np.savez(target, **found)  # type: ignore[arg-type]  # numpy's stub takes every keyword for allow_pickle


def bags(base: Model, units: Units, change: Callable[[str], str] = str) -> Bags:
    """Take the segments of units through the lower layers, as they are or changed."""
    segments = [change(text) for pieces in units.segments for text in pieces]
    bounds = np.concatenate([[0], np.cumsum([len(pieces) for pieces in units.segments])])
    return Bags(read(base, segments, SETTINGS.first), bounds)


def frozen_features(base: Model, units: Bags) -> NDArray[np.float32]:
    """Return the features before any training, of all units; computed once."""
    kept = TUNED / "frozen.npy"
    if not kept.exists():
        width = base.config.hidden_size
        untrained = Network(base, SETTINGS.first, np.zeros(width, np.float32), np.ones(width, np.float32))
        features = untrained.pooled(units, np.arange(len(units.bounds) - 1))
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, features)
    return np.asarray(np.load(kept), dtype=np.float32)


def _logits(network: Network, units: Bags, rows: NDArray[np.intp], name: str) -> dict[str, NDArray[np.float32]]:
    logits = network.predict(network.pooled(units, rows))
    return {f"{name}/{head}": logits[head] for head in HEADS}


if __name__ == "__main__":
    main()
