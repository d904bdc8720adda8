"""Whether corrected shares hold the truth as often as they say, where errors differ by channel and month.

Contacts have a true class (6 to 18, shares after Zipf), a channel and a month; the classifier's errors are drawn anew
for each channel and month, its accuracy from .6 to .95. A stratified audit of 100, 200 or 400 contacts is read.
Coverage of 95 % intervals, over classes whose true share is 2 % or more, and their mean width, beside the raw shares
and the labels alone.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocmine.outcomes.audit import allocate
from vocmine.stats import wilson
from vocmine.stats.shares import corrected_shares

CHANNELS, MONTHS = 4, 6
LEAST = 0.02
SEED = 2000


def draw(rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], int]:
    """Draw contacts: true classes, predicted classes, channels, number of classes."""
    n, k = int(rng.integers(2_000, 20_000)), int(rng.integers(6, 19))
    shares = 1 / np.arange(1, k + 1)
    truth = rng.choice(k, size=n, p=shares / shares.sum())
    channel, month = rng.choice(CHANNELS, size=n, p=[0.4, 0.3, 0.2, 0.1]), rng.integers(0, MONTHS, n)
    predicted = truth.copy()
    for one in range(CHANNELS):
        for other in range(MONTHS):
            rows = np.flatnonzero((channel == one) & (month == other))
            errors = rng.dirichlet(np.full(k, 0.5), size=k)  # where each class goes when it is mistaken
            wrong = rows[rng.random(len(rows)) > rng.uniform(0.6, 0.95)]
            predicted[wrong] = [rng.choice(k, p=errors[own]) for own in truth[wrong]]
    return truth, predicted, channel, k


def run(n_runs: int = 1000, *, seed: int = SEED) -> dict[str, Any]:
    """Return coverage and mean width of each way to estimate shares."""
    rng = np.random.default_rng(seed)
    held: dict[str, list[bool]] = {"raw": [], "labels alone": [], "corrected": [], "corrected, rare (2 to 5 %)": []}
    width: dict[str, list[float]] = {name: [] for name in held}
    for _ in range(n_runs):
        truth, predicted, channel, k = draw(rng)
        n, strata = int(rng.choice([100, 200, 400])), predicted * CHANNELS + channel
        labelled = np.full(len(truth), -1)
        drawn = allocate(strata, n, rng)
        labelled[drawn] = truth[drawn]
        simple = rng.choice(len(truth), size=n, replace=False)
        ours = corrected_shares(predicted, labelled, n_classes=k, strata=strata)
        for own in range(k):
            share = float((truth == own).mean())
            if share < LEAST:
                continue
            ways = {
                "raw": wilson(int((predicted == own).sum()), len(truth)),
                "labels alone": wilson(int((truth[simple] == own).sum()), n),
                "corrected": ours[own],
            }
            if share < 0.05:
                ways["corrected, rare (2 to 5 %)"] = ours[own]
            for name, found in ways.items():
                held[name].append(found.low <= share <= found.high)
                width[name].append(found.high - found.low)
    return {
        name: {
            "coverage": [round(value, 4) for value in wilson(sum(hits), len(hits))],
            "mean width": round(float(np.mean(width[name])), 4),
        }
        for name, hits in held.items()
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    print(json.dumps(run(options.runs, seed=options.seed), indent=1))


if __name__ == "__main__":
    main()
