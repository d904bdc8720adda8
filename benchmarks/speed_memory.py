"""What scoring 2,000 sample contacts holds in memory at its peak, in a process that does nothing else.

    python benchmarks/speed_memory.py encode int8 --threads 1

Prints one line of JSON; `speed.py` runs it for each way and precision.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from speed_fresh import Figures, in_fresh_process, peak_mb

import vocmine as vm
from vocmine.text import segment

CONTACTS = Path(__file__).resolve().parents[1] / "examples" / "contacts.csv"
WAYS = {"score": "Miner.score", "encode": "Engine.encode(embeddings=False)"}
PRECISIONS = ("float32", "int8")
N_CONTACTS = 2_000


def all_peaks(threads: int, contacts: int = N_CONTACTS) -> list[Figures]:
    """Measure every way in every precision."""
    script = Path(__file__)
    return [
        in_fresh_process(script, way, precision, "--threads", threads, "--contacts", contacts)
        for precision in PRECISIONS
        for way in WAYS
    ]


def main() -> None:
    """Measure one."""
    parser = argparse.ArgumentParser(description="Peak memory of one way to score contacts.")
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("precision", choices=PRECISIONS)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--contacts", type=int, default=N_CONTACTS)
    options = parser.parse_args()
    print(json.dumps(peak(options.way, options.precision, options.threads, options.contacts)))


def peak(way: str, precision: str, threads: int, contacts: int) -> Figures:
    """Score contacts in this process; `loaded_mb` is the peak once the model is loaded."""
    make = scorer if way == "score" else encoder
    run = make(messages(contacts), precision, threads)
    loaded = peak_mb()
    run()
    figures = {"peak_mb": round(peak_mb(), 1), "loaded_mb": round(loaded, 1)}
    return {"way": WAYS[way], "precision": precision, "contacts": contacts, **figures}


def messages(contacts: int) -> list[list[str]]:
    """Return the turns of the first sample contacts."""
    found: dict[str, list[str]] = {}
    with CONTACTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["contact_id"], []).append(row["text"])
    return list(islice(found.values(), contacts))


def scorer(contacts: Sequence[Sequence[str]], precision: str, threads: int) -> Callable[[], object]:
    """Load a miner, and return what takes a corpus through it."""
    records = [
        {"contact_id": rank, "turn": turn, "text": text}
        for rank, turns in enumerate(contacts)
        for turn, text in enumerate(turns)
    ]
    miner = vm.Miner(device="cpu", precision=precision, threads=threads)
    miner.score(vm.Corpus.from_records(records[:1]))  # the model is loaded when first needed
    return lambda: miner.score(vm.Corpus.from_records(records))


def encoder(contacts: Sequence[Sequence[str]], precision: str, threads: int) -> Callable[[], object]:
    """Load an engine, and return what encodes segments."""
    texts = [text[start:end] for turns in contacts for text in turns for start, end in segment(text)]
    engine = vm.Engine(vm.Model.from_pretrained("embedded"), "cpu", precision=precision, threads=threads)
    return lambda: engine.encode(texts, embeddings=False)


if __name__ == "__main__":
    main()
