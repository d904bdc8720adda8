"""Held-out logits of signals and styles: each unit is read by a head, on an encoder, that never saw it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from marked import LABELS, Marked, accounts, written
from numpy.typing import NDArray
from token_head import Settings, TokenHead, fit, gathered
from token_states import Tokens, read_tokens
from units import FOLDS

from vocmine.inference import Model


@dataclass(frozen=True)
class HeldOut:
    """What heads say of units that they never saw.

    Attributes
    ----------
    units : list of Marked
    logits : float array of shape (units, labels)
        NaN where no head read the unit.
    tokens : list of float16 array of shape (tokens, labels)
        Those of each unit's tokens.
    edges : list of int array of shape (tokens, 3)
        Segment of each token, and its first and last code point in its turn.
    """

    units: list[Marked]
    logits: NDArray[np.float64]
    tokens: list[NDArray[np.float16]]
    edges: list[NDArray[np.intp]]

    def save(self, path: Path) -> None:
        """Keep everything but the units."""
        path.parent.mkdir(parents=True, exist_ok=True)
        lengths = np.array([len(each) for each in self.tokens])
        tokens, edges = np.concatenate(self.tokens), np.concatenate(self.edges)
        np.savez(path, logits=self.logits, lengths=lengths, tokens=tokens, edges=edges)

    @classmethod
    def load(cls, path: Path, units: Sequence[Marked]) -> HeldOut:
        """Read what `save` kept of the same units."""
        with np.load(path) as kept:
            cuts = np.cumsum(kept["lengths"])[:-1]
            tokens, edges = (np.split(kept[name], cuts) for name in ("tokens", "edges"))
            return cls(list(units), kept["logits"], tokens, edges)


def all_units() -> list[Marked]:
    """Return the real accounts and the written texts."""
    return accounts() + written()


def cross_fitted(model: Model, units: Sequence[Marked], settings: Settings) -> HeldOut:
    """Fit a head a fold, and let it read what it did not see."""
    folds = np.array([unit.fold for unit in units])
    logits = np.full((len(units), len(LABELS)), np.nan)
    by_token: list[NDArray[np.float16]] = [np.empty(0, np.float16)] * len(units)
    edges: list[NDArray[np.intp]] = [np.empty(0, np.intp)] * len(units)
    for fold in range(FOLDS):
        begun = perf_counter()
        tokens = read_tokens(model, fold, units)
        head = fit(tokens, units, np.flatnonzero(folds != fold), settings)
        rows = np.flatnonzero(folds == fold)
        logits[rows], parts = read(head, tokens, rows, len(units))
        for row, (said, where) in zip(rows, parts, strict=True):
            by_token[row], edges[row] = said, where
        print(f"fold {fold}: {perf_counter() - begun:.0f} s", file=sys.stderr)
    return HeldOut(list(units), logits, by_token, edges)


def read(
    head: TokenHead, tokens: Tokens, rows: NDArray[np.intp], n_units: int
) -> tuple[NDArray[np.float64], list[tuple[NDArray[np.float16], NDArray[np.intp]]]]:
    """Let a head read units: its logits of each, and of their tokens with their places."""
    starts = np.searchsorted(tokens.unit, np.arange(n_units + 1))
    logits = np.empty((len(rows), len(LABELS)))
    parts = []
    for place, row in enumerate(rows):
        mine = slice(starts[row], starts[row + 1])
        said = head.logits(tokens.vectors[mine])
        logits[place] = gathered(said, np.zeros(len(said), dtype=np.intp), 1)[0]
        parts.append((said.astype(np.float16), np.column_stack([tokens.segment[mine], tokens.edges[mine]])))
    return logits, parts
