"""How fast the embedded model scores contacts on a CPU, beside other libraries on the same weights.

    pip install 'vocmine[benchmarks]'
    VOCMINE_DATA=... python benchmarks/speed.py --check

One core unless `--threads` says otherwise: the process is pinned to as many cores, and every library held to as many
threads. Contestants take turns in each round, in an order that shifts from round to round, after a first that warms up
and is not counted; ratios are taken within rounds. What the machine can do at best is measured in the same rounds: the
share of the peak is operations without padding, a second, over the matrix-product peak of the precision. Times are wall
seconds from texts to probabilities, loading excluded; who tokenises within the time, `speed_peers.py` says.

Then, on one core, the memory that scoring 2,000 contacts holds, each in a process of its own; and how often int8 gives
the label of float32 (needs VOCMINE_DATA). Writes `results/speed.json`, where runs with other `--threads` stay;
`--rounds 0 --check` holds what is there to the bars.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from speed_about import Report, about, save, stored
from speed_bars import memory_bars, speed_bars
from speed_fresh import pin
from speed_labels import all_agreements
from speed_memory import all_peaks
from speed_ours import ALONE, WHOLE, ours, reference
from speed_peaks import Peaks, operations
from speed_peers import all_peers
from speed_report import Work, gains, markdown, rows, spread
from speed_rounds import Rounds, measure
from speed_texts import KINDS, Sample, sample
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from vocmine.errors import InputError
from vocmine.inference import Model

RESULTS = Path(__file__).resolve().parent / "results" / "speed.json"
TEXTS = {"contacts": 80, "segments": 120}
QUICK = 8
PACKAGES = ("torch", "onnxruntime", "transformers", "tokenizers", "sentence-transformers", "ctranslate2", "numpy")

EMPTY: Report = {"format": "vocmine-speed", "format_version": 1, "runs": {}, "memory": [], "labels": []}


def main() -> None:
    """Measure, write, print."""
    options = arguments()
    pin(options.threads)
    report = stored(options.out, EMPTY)
    if options.rounds:
        counts = dict.fromkeys(KINDS, QUICK) if options.quick else TEXTS
        report["runs"][str(options.threads)] = speeds(options.threads, options.rounds, counts)
        save(report, options.out)
    if options.rounds and options.threads == 1 and not options.quick:
        report["memory"] = all_peaks(options.threads)
        report["labels"] = all_agreements(options.threads) if "VOCMINE_DATA" in os.environ else []
        save(report, options.out)
    show(report)
    if options.check and not held(report):
        sys.exit(1)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Speed and memory of the embedded model beside its peers.")
    parser.add_argument("--threads", type=int, default=1, help="cores to pin to, and threads of every library")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count; 0 measures nothing")
    parser.add_argument("--quick", action="store_true", help="few texts, one round, neither memory nor labels")
    parser.add_argument("--check", action="store_true", help="print the bars; status 1 if one is missed")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    options.rounds = min(options.rounds, 1) if options.quick else options.rounds
    return options


def speeds(threads: int, n_rounds: int, counts: Mapping[str, int]) -> Report:
    """Time every contestant on every sample."""
    model = Model.from_pretrained("embedded")
    if not isinstance(model, Model):
        raise InputError("the embedded model is of another format, expected one of ours: install vocmine anew")
    samples = [sample(kind, n, model) for kind, n in counts.items()]
    with threadpool_limits(threads), tempfile.TemporaryDirectory() as folder:
        expected = {some.kind: reference(model, some) for some in samples}
        contestants = [*all_peers(model, Path(folder), threads), *ours(model, threads)]
        found = measure(contestants, samples, Peaks(threads), n_rounds, expected)
    return {"about": about(model.model_id, PACKAGES, threads=threads, rounds=n_rounds)} | summary(model, samples, found)


def summary(model: Model, samples: Sequence[Sample], found: Rounds) -> Report:
    """Return the figures of a run."""
    asked = {some.kind: work(model, some) for some in samples}
    rates = {precision: [each[precision].rate for each in found.peaks] for precision in found.peaks[0]}
    return {
        "samples": [some.to_json() | {"gigaoperations": asked[some.kind].operations / 1e9} for some in samples],
        "peaks": peaks(found),
        "cpu_share": spread(found.cpu_share),
        "rows": rows(found.timings, asked, rates),
    }


def work(model: Model, some: Sample) -> Work:
    """Return what a sample asks for."""
    return Work(len(some.texts), int(some.lengths.sum()), operations(model.config, some.lengths))


def peaks(found: Rounds) -> Report:
    """Summarise the peaks: giga-operations a second, and what reached the best of all rounds."""
    report: Report = {}
    for precision in found.peaks[0]:
        each = [by_precision[precision] for by_precision in found.peaks]
        best = max(each, key=lambda peak: peak.rate)
        rates = spread(peak.rate / 1e9 for peak in each)
        report[precision] = {"gops": rates, "library": best.library, "shape": best.shape}
    return report


def show(report: Report) -> None:
    """Print the tables."""
    for threads, run in sorted(report["runs"].items()):
        for some in run["samples"]:
            lengths = ", ".join(f"{name} {value}" for name, value in some["tokens_a_text"].items())
            print(
                f"\n{some['texts']} {some['kind']} ({some['source']}), threads: {threads}; tokens a text: {lengths}\n"
            )
            print(markdown(run["rows"], some["kind"]))
        for precision, peak in run["peaks"].items():
            print(f"\n{precision} peak: {peak['gops']['median']:.0f} Gop/s ({peak['library']}, {peak['shape']})")
    for threads in report["runs"].keys() - {"1"} if "1" in report["runs"] else ():
        print(f"\n{threads} cores over one:")
        for name, gain in gains(report["runs"]["1"]["rows"], report["runs"][threads]["rows"]).items():
            print(f"{gain:.2f}  {name}")
    for row in report["memory"]:
        print(f"{row['way']}, {row['precision']}: {row['peak_mb']:.0f} MB for {row['contacts']} contacts")
    for row in report["labels"]:
        print(f"{row['dataset']}: int8 gives the label of float32 to {row['sentiment']:.1%} of {row['n']}")


def held(report: Report) -> bool:
    """Print the bars, which are set for one core; say whether all hold."""
    rows_of_one = report["runs"].get("1", {"rows": []})["rows"]
    bars = [*speed_bars(rows_of_one, ALONE), *memory_bars(report["memory"])]
    print("\nbars, on the work that the others do:", *bars, sep="\n")
    print("\nthe same with the second embedder, which no other computes:", *speed_bars(rows_of_one, WHOLE), sep="\n")
    return bool(bars) and all(bar.holds for bar in bars)


if __name__ == "__main__":
    main()
