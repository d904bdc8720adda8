"""How long reading a table takes, beside pandas on the same file.

    python benchmarks/reading_speed.py --check

Two tables, each as CSV and as Parquet: the turns of the sample contacts (`examples/contacts.csv`, several times under
other ids), and contacts of one long text each, put together from the sample texts in another order for every row. From
a path to what each library works with: a frame from `pandas.read_csv` or `pandas.read_parquet` with no option, a corpus
from `vocmine.read` without cleaning, its columns found, texts repaired, dates read, turns grouped and put in order.

Files are in the page cache. The process is pinned to `--threads` cores, and both take turns in each round, the first
of which warms up and does not count; ratios are taken within rounds. What comes on top is then timed once: the
languages that no column tells, identified when the contacts are first asked for, and cleaning. Writes
`results/reading_speed.json`.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import pyarrow as pa
from speed_about import Report, about, save
from speed_fresh import pin
from speed_report import spread

import vocmine as vm

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "reading_speed.json"
SAMPLE = HERE.parent / "examples" / "contacts.csv"
PACKAGES = ("pandas", "pyarrow", "numpy", "eldc")
BAR = 3.0
LENGTH = 600  # characters of a text, at least

Reader = Callable[[Path], object]
PANDAS: dict[str, Reader] = {"csv": pd.read_csv, "parquet": pd.read_parquet}
ABOVE: dict[str, Reader] = {
    "languages": lambda path: vm.read(path, clean=False).contacts,
    "languages and cleaning": lambda path: vm.read(path).contacts,
}


def main() -> None:
    """Measure, write, print."""
    parser = argparse.ArgumentParser(description="Reading tables, beside pandas.")
    parser.add_argument("--threads", type=int, default=2, help="cores to pin to, and threads of both libraries")
    parser.add_argument("--rounds", type=int, default=9, help="rounds that count")
    parser.add_argument("--copies", type=int, default=8, help="times that the sample turns are in the table")
    parser.add_argument("--contacts", type=int, default=50_000, help="contacts of one long text")
    parser.add_argument("--check", action="store_true", help="status 1 if a ratio is beyond the bar")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    pin(options.threads)
    pa.set_cpu_count(options.threads)
    with tempfile.TemporaryDirectory() as folder:
        files = list(written(Path(folder), options.copies, options.contacts))
        rows = [measured(table, path, options.rounds) for table, path in files]
    settings = {"threads": options.threads, "rounds": options.rounds, "bar": BAR}
    save({"about": about("none", PACKAGES, **settings), "rows": rows}, options.out)
    print(*map(line, rows), sep="\n")
    if options.check and any(row["ratio"]["median"] > BAR for row in rows):
        sys.exit(1)


def written(folder: Path, copies: int, contacts: int) -> Iterator[tuple[str, Path]]:
    """Write each table in each format."""
    sample = pd.read_csv(SAMPLE, dtype=str)
    for name, frame in {"turns": turns(sample, copies), "contacts": long_texts(sample, contacts)}.items():
        frame.to_csv(path := folder / f"{name}.csv", index=False)
        yield name, path
        frame.to_parquet(path := folder / f"{name}.parquet", index=False)
        yield name, path


def turns(sample: pd.DataFrame, copies: int) -> pd.DataFrame:
    """Return the sample as many times, each under its own contact ids."""
    return pd.concat(
        [sample.assign(contact_id=sample["contact_id"] + f"-{copy}") for copy in range(copies)], ignore_index=True
    )


def long_texts(sample: pd.DataFrame, n_contacts: int) -> pd.DataFrame:
    """Return contacts of one text each, no text being there twice, as exports of a customer relations tool have them.

    Examples
    --------
    >>> frame = long_texts(pd.DataFrame({"text": ["Bonjour, ma box est en panne.", "Merci !"]}), 3)
    >>> len(frame), frame["commentaire"].str.len().ge(LENGTH).all().item()
    (3, True)
    """
    random = np.random.default_rng(0)
    said = sample["text"].drop_duplicates().to_numpy(dtype=object)
    moments = pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, 31_000_000, n_contacts), unit="s")
    return pd.DataFrame(
        {
            "id": [f"T{number:06}" for number in range(n_contacts)],
            "date": moments,
            "canal": random.choice(["Courriel", "Téléphone", "Chat", "Formulaire web"], n_contacts),
            "client": [f"C{number:05}" for number in random.integers(0, 20_000, n_contacts)],
            "agent": [f"A{number:03}" for number in random.integers(0, 200, n_contacts)],
            "produit": random.choice(["Box", "Mobile", "Fibre"], n_contacts),
            "note": random.integers(1, 6, n_contacts),
            "commentaire": [_text(random.permutation(said[random.integers(0, len(said), 40)])) for _ in moments],
        }
    )


def _text(parts: np.ndarray[tuple[int], np.dtype[np.object_]]) -> str:
    text = ""
    for part in islice(cycle(parts), LENGTH):
        text += f"{part} "
        if len(text) > LENGTH:
            break
    return text.strip()


def measured(table: str, path: Path, n_rounds: int) -> Report:
    """Time both libraries on a file, round after round, then what comes on top of reading."""
    kind = path.suffix[1:]
    both: dict[str, Reader] = {"pandas": PANDAS[kind], "vocmine": lambda each: vm.read(each, clean=False)}
    rounds = [{name: seconds(read, path) for name, read in both.items()} for _ in range(n_rounds + 1)][1:]
    corpus = vm.read(path, clean=False)
    return {
        "table": table,
        "format": kind,
        "bytes": path.stat().st_size,
        "rows": corpus.rows_in,
        **{name: spread(each[name] for each in rounds) for name in both},
        "ratio": spread(each["vocmine"] / each["pandas"] for each in rounds),
        "with": {name: float(f"{seconds(read, path):.4g}") for name, read in ABOVE.items()},
    }


def seconds(read: Reader, path: Path) -> float:
    """Return the seconds that reading a file takes."""
    gc.collect()
    start = perf_counter()
    read(path)
    return perf_counter() - start


def line(row: Report) -> str:
    """Return the figures of a file on one line."""
    ratio, on_top = row["ratio"], ", ".join(f"{seconds:.1f} s with {name}" for name, seconds in row["with"].items())
    return (
        f"{row['table']}.{row['format']}, {row['rows']} rows, {row['bytes'] / 1e6:.0f} MB: pandas "
        f"{row['pandas']['median']:.3f} s, vocmine {row['vocmine']['median']:.3f} s, "
        f"{ratio['median']:.2f} times [{ratio['min']:.2f}, {ratio['max']:.2f}]; {on_top}"
    )


if __name__ == "__main__":
    main()
