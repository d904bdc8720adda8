"""Daily series of one outbreak each: how many are found at equal false alarms, ours beside the peers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from issues_peers import PEERS
from issues_scoring import episodes, found, interval, ours, threshold
from issues_simulator import EVALUATED, Floats, simulate

THRESHOLDS = range(1000, 1008)
FIGURES = range(2000, 2010)
RATES = (1.0, 0.25)
SCORES = {"vocmine": ours, **PEERS}


def run(cache: Path) -> dict[str, object]:
    """Score what is not scored yet, and return the figures."""
    figures: dict[str, object] = {
        "n_outbreaks": 160 * len(FIGURES),
        "null_topic_years": 160 * len(FIGURES),
        "threshold_topic_years": 160 * len(THRESHOLDS),
    }
    outbreaks = {seed: simulate(seed).outbreaks for seed in FIGURES}
    sizes = np.array([one.size for seed in FIGURES for one in outbreaks[seed]])
    answers = {}
    for name in SCORES:
        limits = [scored(cache, name, seed, outbreaks=False) for seed in THRESHOLDS]
        null = np.concatenate([scored(cache, name, seed, outbreaks=False) for seed in FIGURES])
        hit = [scored(cache, name, seed, outbreaks=True) for seed in FIGURES]
        for rate in RATES:
            least = threshold(limits, rate)
            parts = [found(scores, outbreaks[seed], least) for scores, seed in zip(hit, FIGURES, strict=True)]
            answers[name, rate] = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
            figures[f"{name} at {rate:g}"] = {
                **{key: interval(values.astype(float)) for key, values in answers[name, rate].items()},
                **{
                    f"size {size:g}": interval(answers[name, rate]["ever"][sizes == size].astype(float))
                    for size in np.unique(sizes)
                },
                "false episodes a topic-year": round(episodes(null, least) / (len(null) * EVALUATED / 365.25), 3),
            }
    for name in PEERS:
        for rate in RATES:
            ahead = answers["vocmine", rate], answers[name, rate]
            figures[f"vocmine less {name} at {rate:g}"] = {
                key: interval(ahead[0][key].astype(float) - ahead[1][key].astype(float)) for key in ahead[0]
            }
    return figures


def scored(cache: Path, name: str, seed: int, *, outbreaks: bool) -> Floats:
    """Return the scores of the evaluated year, kept in the cache."""
    kept = cache / "daily" / f"{name.replace(' ', '_')}-{seed}-{'hit' if outbreaks else 'null'}.npy"
    if kept.exists():
        scores: Floats = np.load(kept)
        return scores
    drawn = simulate(seed, outbreaks=outbreaks)
    scores = SCORES[name](drawn.counts, drawn.holidays)[:, -EVALUATED:].astype(np.float32)
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.save(kept, scores)
    return scores
