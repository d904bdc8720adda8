"""What signals add to the time of sentiment: both in turn over the same corpus, on one thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter

import numpy as np
from signals_figures import Measured

import vocmine as vm

ROUNDS = 5
PRECISIONS = ("float32", "int8")


def costs(corpora: Mapping[str, vm.Corpus]) -> list[Measured]:
    """Time full scoring over scoring without signals, by corpus and precision."""
    model = vm.Model.from_pretrained("embedded")
    lines = []
    for precision in PRECISIONS:
        full, bare = (
            vm.Miner(model, device="cpu", precision=precision, threads=1, signals=signals) for signals in (True, False)
        )
        for name, corpus in corpora.items():
            ratios = time_ratios(partial(full.score, corpus), partial(bare.score, corpus))
            lines.append(cost_line(f"{name}, {precision}", ratios))
    return lines


def time_ratios(full: Callable[[], object], bare: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Return the time of one over that of the other, a round each, after one that warms up; who is first alternates."""
    full(), bare()
    found = []
    for rank in range(rounds):
        spent = {}
        for run in (full, bare) if rank % 2 else (bare, full):
            begun = perf_counter()
            run()
            spent[run] = perf_counter() - begun
        found.append(spent[full] / spent[bare])
    return found


def cost_line(name: str, ratios: list[float]) -> Measured:
    """Return the median with the range of the rounds."""
    median, low, high = (round(float(each), 4) for each in (np.median(ratios), min(ratios), max(ratios)))
    return Measured(name, "time with signals over without, range", median, len(ratios), low, high, at_most=1.2)
