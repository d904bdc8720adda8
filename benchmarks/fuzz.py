"""Does any reader fail, hang or fill the memory on some file? Broken files are given to each until we know.

    python benchmarks/fuzz.py --minutes 10

The golden files of the tests, and tables made here, are cut, spliced and spoilt (`fuzz_cases.py`, which the tests use
too); each reader gets such files for `--minutes`, in a process of its own. A file may be read, refused with a
`ReadError`, or hold no column that is clearly the text; each row of one that is read must be a turn or a rejected row.
`results/fuzz.json` has the counts, the slowest file in seconds, the memory that the process took beyond what it began
with, and the error of each reader that failed, with its place in the code. With errors, the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from fuzz_cases import broken_files, outcome, seeds
from hypothesis import HealthCheck, given, settings
from speed_about import installed, machine, save

import vocmine as vm
from vocmine.ingest.formats import FORMATS

RESULTS = Path(__file__).resolve().parent / "results" / "fuzz.json"
PACKAGES = ("hypothesis", "pyarrow", "pandas", "ijson", "openpyxl", "python-oxmsg", "selectolax")
ROUND = settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def main() -> int:
    """Fuzz, write, print."""
    options = arguments()
    found: dict[str, Any] = {}
    for number, kind in enumerate(FORMATS):
        if options.only and kind.name not in options.only:
            continue
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found[kind.name] = pool.apply(fuzz, (number, 60 * options.minutes))
        sys.stdout.write(f"{kind.name}: {json.dumps(found[kind.name])}\n")
        sys.stdout.flush()
    save(report(options.minutes, found), options.out)
    return int(any(each["error"] for each in found.values()))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="for each reader")
    parser.add_argument("--only", nargs="*", choices=[kind.name for kind in FORMATS], help="these readers alone")
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


def report(minutes: float, found: Mapping[str, Any]) -> dict[str, object]:
    """Return what is written: what was found, and what it depends on."""
    return {
        "format": "vocmine-fuzz",
        "vocmine": vm.__version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "minutes_each": minutes,
        "machine": machine(),
        "versions": dict(installed(PACKAGES)),
        "readers": dict(found),
    }


def fuzz(number: int, seconds: float) -> dict[str, object]:
    """Give one reader broken files for some time, or until it fails."""
    kind = FORMATS[number]
    files = seeds()[kind.name]
    counts: Counter[str] = Counter()
    slowest, before, end = 0.0, peak(), monotonic() + seconds
    error = None
    with tempfile.TemporaryDirectory() as folder:

        @ROUND
        @given(broken_files(files, kind.suffixes))
        def check(case: tuple[str, bytes]) -> None:
            nonlocal slowest
            name, data = case
            path = Path(folder, name)
            path.write_bytes(data)
            begun = monotonic()
            counts[outcome(kind, path)] += 1
            slowest = max(slowest, monotonic() - begun)

        while monotonic() < end and error is None:
            try:
                check()
            except Exception as failure:  # noqa: BLE001  # whatever it is, it is what we are looking for
                error = told(failure)
    memory = peak() - before
    return {**counts, "slowest_seconds": round(slowest, 3), "memory_mebibytes": memory, "error": error}


def told(failure: BaseException) -> str:
    """Return the kind of an error and where in the library it arose."""
    frames = [frame for frame in traceback.extract_tb(failure.__traceback__) if "vocmine" in frame.filename]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    return f"{type(failure).__name__} at {' < '.join(reversed(places))}: {str(failure)[:200]}"


def peak() -> int:
    """Return the most memory that this process had so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


if __name__ == "__main__":
    sys.exit(main())
