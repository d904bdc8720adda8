"""How often int8 gives the label that float32 gives, on the development sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import pandas as pd

import vocmine as vm
from vocmine.evaluation import load

SETS = (
    *(f"umsab_{language}" for language in ("french", "english", "german", "spanish", "italian", "portuguese")),
    "services_publics_plus",
    "signals_dev",
)
LABELS = ("sentiment", "satisfaction")
PROBABILITIES = ["p_negative", "p_neutral", "p_positive"]


class Agreement(TypedDict):
    """Share of texts with the same label in both, and how far the probabilities of sentiment move."""

    dataset: str
    n: int
    sentiment: float
    satisfaction: float
    largest_move: float
    mean_move: float


def all_agreements(threads: int) -> list[Agreement]:
    """Score every set in both precisions."""
    miners = [vm.Miner(device="cpu", precision=precision, threads=threads) for precision in ("float32", "int8")]
    return [agreement(name, load(name).texts, miners) for name in SETS]


def agreement(name: str, texts: Sequence[str], miners: Sequence[vm.Miner]) -> Agreement:
    """Compare what two miners say of the same texts."""
    corpus = vm.Corpus.from_records(texts)
    one, other = (miner.score(corpus).contacts for miner in miners)
    moves = (one[PROBABILITIES] - other[PROBABILITIES]).abs().to_numpy()
    sentiment, satisfaction = (same(one[label], other[label]) for label in LABELS)
    return {
        "dataset": name,
        "n": len(one),
        "sentiment": round(sentiment, 4),
        "satisfaction": round(satisfaction, 4),
        "largest_move": round(float(moves.max()), 4),
        "mean_move": round(float(moves.mean()), 5),
    }


def same(one: pd.Series[str], other: pd.Series[str]) -> float:
    """Return the share of rows with the same label; two that are missing are the same."""
    return float(((one == other) | (one.isna() & other.isna())).mean())
