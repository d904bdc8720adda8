"""What a second core is worth to the engine, and what the engine costs over a bare loop; all in the same rounds.

    VOCMINE_DATA=... python benchmarks/cores.py

The accounts of `speed.py`, its own contestants: the graph in a bare loop of ONNX Runtime on one core, and the engine,
encoder alone and with its second embedder, on one core and on two. They take turns in each round, in an order that
shifts from round to round, after one that warms up; gains are ratios within rounds. Writes `results/cores.json`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median
from time import perf_counter

from speed_about import Report, about, save
from speed_fresh import pin
from speed_ours import without_embedder
from speed_texts import Sample, sample

import vocmine as vm
from vocmine.errors import InputError
from vocmine.inference import Model
from vocmine.inference.backends.onnx import OnnxBackend
from vocmine.inference.batching import batches
from vocmine.inference.run import pad
from vocmine.inference.tokens import tokenise

RESULTS = Path(__file__).resolve().parent / "results" / "cores.json"
PACKAGES = ("onnxruntime", "tokenizers", "numpy")
PRECISIONS = ("float32", "int8")
Contestant = tuple[str, str, int, Callable[[], object]]


def main() -> None:
    """Measure, write, print."""
    parser = argparse.ArgumentParser(description="One core and two, bare loop and engine.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--texts", type=int, default=80)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    model = vm.Model.from_pretrained("embedded")
    if not isinstance(model, Model):
        raise InputError("the embedded model is of another format, expected one of ours: install vocmine anew")
    some = sample("contacts", options.texts, model)
    rows = measured(contestants(model, some), options.rounds)
    found = gains(rows)
    report: Report = {"about": about(model.model_id, PACKAGES, threads=2, rounds=options.rounds)}
    save(report | {"sample": some.to_json(), "rows": rows, "gains": found}, options.out)
    for gain in found:
        print(f"{gain['median']:.3f} [{gain['min']:.3f}, {gain['max']:.3f}]  {gain['of']}, {gain['precision']}")


def contestants(model: Model, some: Sample) -> list[Contestant]:
    """Make them all, by name, precision and cores."""
    alone = without_embedder(model)
    found: list[Contestant] = [("bare loop", precision, 1, bare(alone, some, precision)) for precision in PRECISIONS]
    models = {"encoder alone": alone, "with its embedder": model}
    for (name, each), precision, cores in product(models.items(), PRECISIONS, (1, 2)):
        engine = vm.Engine(each, "cpu", precision=precision, threads=cores)
        found.append((name, precision, cores, partial(engine.encode, some.texts, embeddings=False)))
    return found


def bare(model: Model, some: Sample, precision: str) -> Callable[[], object]:
    """Run the graph on the engine's own batches, made beforehand."""
    backend = OnnxBackend(model, precision, 1)
    tokenised = tokenise(some.texts, model)
    budget = vm.Engine(model, backend=backend).token_budget
    cut = [pad(tokenised.ids, rows, model.pad_token_id)[0] for rows in batches(tokenised.lengths, budget, padded=False)]
    return lambda: [backend._encode(ids) for ids in cut]  # noqa: SLF001


def measured(found: list[Contestant], n_rounds: int) -> list[Report]:
    """Time them in turn; the first round warms up and does not count."""
    cores = os.sched_getaffinity(0)
    seconds: dict[int, list[float]] = {place: [] for place in range(len(found))}
    for turn in range(n_rounds + 1):
        for place in sorted(seconds, key=lambda place: (place + turn) % len(found)):
            os.sched_setaffinity(0, cores)
            pin(found[place][2])
            begun = perf_counter()
            found[place][3]()
            if turn:
                seconds[place].append(round(perf_counter() - begun, 4))
    return [
        {"name": name, "precision": precision, "cores": used, "seconds": seconds[place]}
        for place, (name, precision, used, _) in enumerate(found)
    ]


def gains(rows: list[Report]) -> list[Report]:
    """Divide times within rounds: one core by two, and the bare loop by the engine on one core."""
    times = {(row["name"], row["precision"], row["cores"]): row["seconds"] for row in rows}
    found = []
    for precision in PRECISIONS:
        found += [
            (f"two cores over one, {name}", precision, (name, precision, 1), (name, precision, 2))
            for name in ("encoder alone", "with its embedder")
        ]
        found.append(("engine over bare loop", precision, ("bare loop", precision, 1), ("encoder alone", precision, 1)))
    return [
        {"of": of, "precision": precision, "median": round(median(ratios), 4), "min": min(ratios), "max": max(ratios)}
        for of, precision, one, other in found
        for ratios in [[round(a / b, 4) for a, b in zip(times[one], times[other], strict=True)]]
    ]


if __name__ == "__main__":
    main()
