"""How time and memory grow with the number of contacts.

    python benchmarks/scale.py

*embedded*: `Miner.score` with the embedded model, a corpus held in memory, 1,000 to 20,000 contacts. *tiny*:
`Miner.stream` with a random model of two narrow layers, from Parquet to Parquet, 10,000 to a million contacts: what is
left is the library around the model, which must take time in proportion, and memory that does not grow.

Contacts are windows of words over the sample contacts, hardly two of them alike: duplicates spare nothing. Each size
runs in a process of its own; loading the model is in the time, and the peak is of that process. Times are held within
10 % to a line, a fixed part and a part a contact. Writes `results/scale.json` after each size and goes on from there if
it is cut off, on the same machine with the same versions and model; `--fresh` starts anew.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NotRequired, TypedDict

import numpy as np
import pyarrow as pa
from pyarrow import parquet
from speed_about import Report, about, save, stored
from speed_fresh import Figures, pin
from speed_line import Line
from speed_size import size_figures
from speed_texts import turns, windows

import vocmine as vm
from vocmine.inference import EncoderConfig, Head, Manifest, Model

RESULTS = Path(__file__).resolve().parent / "results" / "scale.json"
PACKAGES = ("torch", "onnxruntime", "tokenizers", "numpy", "pandas", "pyarrow")
EMPTY: Report = {"format": "vocmine-scale", "format_version": 1, "about": {}, "rows": []}
_BLOCK = 10_000
"""Contacts made and written at once."""


@dataclass(frozen=True)
class Series:
    """One model at growing sizes.

    Attributes
    ----------
    model : str
    sizes : tuple of int
        Contacts.
    words : int
        Words of a contact, in the median.
    most_mb : float
        Limit of the peak memory.
    """

    model: str
    sizes: tuple[int, ...]
    words: int
    precision: str
    most_mb: float = np.inf


EMBEDDED = Series("embedded", (1_000, 2_000, 5_000, 10_000, 20_000), 30, "int8")
TINY = Series("tiny", (10_000, 30_000, 100_000, 300_000, 1_000_000), 12, "float32", most_mb=1_200)
_OFF_THE_LINE = 0.1


class Row(TypedDict):
    """What one size took, and what was planned where it was; seconds of wall time, MB of 10⁶ bytes."""

    model: str
    contacts: int
    scored: int
    precision: str
    seconds: float
    tokens: int
    tokens_a_second: int
    peak_mb: float
    encoding_seconds: float
    planned_seconds: NotRequired[float]
    planned_mb: NotRequired[float]


def main() -> None:
    """Measure the sizes that are not measured yet, write, print."""
    options = arguments()
    pin(options.threads)
    report = stored(options.out, EMPTY)
    now = about(vm.Model.from_pretrained("embedded").model_id, PACKAGES, threads=options.threads)
    if options.fresh or unlike(report["about"], now):
        report = EMPTY | {"about": now, "rows": []}
    with tempfile.TemporaryDirectory() as folder:
        for series, size in missing(report["rows"], options.most):
            print(f"{series.model}: {size:,} contacts…", flush=True)
            found = measured(series, size, Path(folder), options.threads)
            report["rows"].append({"model": series.model, **found})
            save(report, options.out)
    report["lines"] = {series.model: line(series, report["rows"]) for series in (EMBEDDED, TINY)}
    save(report, options.out)
    for series in (EMBEDDED, TINY):
        show(series, report["rows"])
    if not all(holds(series, report["rows"]) for series in (EMBEDDED, TINY)):
        sys.exit(1)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Time and memory by the number of contacts.")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--most", type=int, default=1_000_000, help="leave out sizes beyond")
    parser.add_argument("--fresh", action="store_true", help="measure again what is measured already")
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


def unlike(kept: Report, now: Report) -> bool:
    """Say whether figures depend on other things than those of now."""
    return any(kept.get(name) != now[name] for name in now if name != "made_at")


def missing(rows: Sequence[Row], most: int) -> Iterator[tuple[Series, int]]:
    """Yield the sizes up to `most` that have no row, smallest first."""
    measured_ones = {(row["model"], row["contacts"]) for row in rows}
    for series in (EMBEDDED, TINY):
        for size in series.sizes:
            if size <= most and (series.model, size) not in measured_ones:
                yield series, size


def measured(series: Series, size: int, folder: Path, threads: int) -> Figures:
    """Write contacts, and measure what scoring them takes."""
    source = folder / "contacts.parquet"
    write_contacts(source, size, series.words)
    if series is EMBEDDED:
        return size_figures(series.model, source, None, threads, series.precision)
    tiny_model().save_pretrained(folder / "tiny")
    with tempfile.TemporaryDirectory(dir=folder) as out:
        return size_figures(str(folder / "tiny"), source, Path(out), threads, series.precision)


def write_contacts(path: Path, size: int, words: int) -> None:
    """Write contacts as Parquet, a block at a time; a longer file begins with the contacts of a shorter one."""
    texts = windows(turns(), median_words=words)
    schema = pa.schema({"contact_id": pa.string(), "text": pa.string()})
    with parquet.ParquetWriter(path, schema) as writer:
        for start in range(0, size, _BLOCK):
            block = list(islice(texts, min(_BLOCK, size - start)))
            ids = [f"C{start + rank:07d}" for rank in range(len(block))]
            writer.write_table(pa.table({"contact_id": ids, "text": block}, schema=schema))


def tiny_model() -> Model:
    """Return a random encoder of two layers, 32 wide, with the tokenizer of the embedded model."""
    embedded = vm.Model.from_pretrained("embedded")
    config = EncoderConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        vocab_size=embedded.tokenizer.get_vocab_size(),
        max_position_embeddings=embedded.manifest.max_tokens,
        type_vocab_size=2,
        layer_norm_eps=1e-12,
        pad_token_id=embedded.pad_token_id,
    )
    head = Head("sentiment", ("negative", "neutral", "positive"))
    shapes = config.tensor_shapes() | {"heads.sentiment.weight": (3, 32), "heads.sentiment.bias": (3,)}
    random = np.random.default_rng(0)
    tensors = {name: random.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    manifest = Manifest("tiny", "1", embedded.manifest.max_tokens, heads=(head,))
    return Model.assemble(manifest, config, embedded.tokenizer, tensors)


def of(series: Series, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a series."""
    return [row for row in rows if row["model"] == series.model]


def line(series: Series, rows: Sequence[Row]) -> dict[str, float]:
    """Return the line through the times of a series, and how far the worst of them is off it."""
    own = of(series, rows)
    if not own:
        return {}
    through = Line.through([row["contacts"] for row in own], [row["seconds"] for row in own])
    worst = max(abs(through.deviation(row["contacts"], row["seconds"])) for row in own)
    return {"fixed_seconds": through.fixed, "seconds_a_contact": through.each, "worst_deviation": worst}


def planned(row: Row) -> str:
    """Say by how much a plan was off."""
    if "planned_seconds" not in row:
        return ""
    seconds, memory = row["planned_seconds"] / row["encoding_seconds"], row["planned_mb"] / row["peak_mb"]
    return f"× {seconds:.2f}, × {memory:.2f}"


def holds(series: Series, rows: Sequence[Row]) -> bool:
    """Say whether a series keeps to its line and to its limit of memory; one size, or none, says nothing."""
    own = of(series, rows)
    on_line = len(own) > 1 and line(series, rows)["worst_deviation"] <= _OFF_THE_LINE
    return on_line and all(row["peak_mb"] <= series.most_mb for row in own)


def show(series: Series, rows: Sequence[Row]) -> None:
    """Print the table of a series."""
    if found := line(series, rows):
        state = "holds" if holds(series, rows) else "FAILS"
        shape = f"{found['fixed_seconds']:.1f} s + {1000 * found['seconds_a_contact']:.2f} ms a contact"
        print(f"\n{series.model}: {state}; {shape}, at most {found['worst_deviation']:.1%} off\n")
        print("| contacts | seconds | contacts/s | tokens/s | peak MB | planned: encoding, memory |")
        print("|---|---|---|---|---|---|")
    for row in of(series, rows):
        print(
            f"| {row['contacts']:,} | {row['seconds']:.1f} | {row['contacts'] / row['seconds']:.0f} "
            f"| {row['tokens_a_second']:,} | {row['peak_mb']:.0f} | {planned(row)} |"
        )


if __name__ == "__main__":
    main()
