"""Time and peak memory of scoring one file of contacts, in a process that does nothing else.

    python benchmarks/speed_size.py embedded contacts.parquet
    python benchmarks/speed_size.py path/to/a/model contacts.parquet --out folder

Without `--out`, the file is read whole and scored by `Miner.score`; with it, `Miner.stream` writes scores there.
Prints one line of JSON; `scale.py` runs it for each size.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from pyarrow import parquet
from speed_fresh import Figures, in_fresh_process, peak_mb

import vocmine as vm
from vocmine.corpus.segments import Segments
from vocmine.errors import InputError


def size_figures(model: str, source: Path, out: Path | None, threads: int, precision: str) -> Figures:
    """Measure in a fresh process; see `figures`."""
    folder = () if out is None else ("--out", str(out))
    how = ("--threads", threads, "--precision", precision)
    return in_fresh_process(Path(__file__), model, str(source), *folder, *how)


def main() -> None:
    """Measure in this process."""
    parser = argparse.ArgumentParser(description="Time and peak memory of scoring one file of contacts.")
    parser.add_argument("model")
    parser.add_argument("source", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--precision", default="float32")
    options = parser.parse_args()
    miner = vm.Miner(options.model, device="cpu", threads=options.threads, precision=options.precision)
    print(json.dumps(figures(miner, options.source, options.out)))


def figures(miner: vm.Miner, source: Path, out: Path | None) -> Figures:
    """Score a file, and return seconds, tokens a second, MB of 10⁶ bytes; what is read whole is planned first.

    Raises
    ------
    InputError
        Rows were lost.
    """
    planned = planned_figures(miner, source) if out is None else {}
    begun = time.perf_counter()
    if out is None:
        analysis = miner.score(vm.read(source))
        run, came_out = analysis.run.to_frame().T, len(analysis.contacts) + len(analysis.rejected)
    else:
        stream = miner.stream(source, out)
        run, came_out = stream.run, stream.n_contacts + stream.n_rejected
    seconds = time.perf_counter() - begun
    contacts, tokens = parquet.read_metadata(source).num_rows, int(run["tokens"].sum())
    if came_out != contacts:
        raise InputError(f"{came_out} rows came out, expected the {contacts} of the file: the time does not count")
    return {
        "contacts": contacts,
        "scored": int(run["contacts_scored"].sum()),
        "precision": str(run["dtype"].iloc[0]),
        "seconds": round(seconds, 2),
        "tokens": tokens,
        "tokens_a_second": round(tokens / seconds),
        "peak_mb": round(peak_mb(), 1),
        "encoding_seconds": round(float(run["encoding_seconds"].sum()), 2),
        **planned,
    }


def planned_figures(miner: vm.Miner, source: Path) -> Figures:
    """Ask the engine what the encoding would take."""
    segments = Segments.of(vm.read(source))
    plan = miner.engine_.plan([segments.texts[row] for row in segments.scorable])
    return {"planned_seconds": round(plan.seconds or 0.0, 2), "planned_mb": round(plan.memory / 1e6, 1)}


if __name__ == "__main__":
    main()
