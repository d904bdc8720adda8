"""Does any text or file make the library slow? Those made for it are given to all that reads text.

    python benchmarks/adversarial.py

Each public function of texts and each reader of files (`adversarial_subjects.py`) gets every input of
`adversarial_inputs.py`: `--screen` characters of it, then the `--worst` of these at 1 MB, then the worst at 10 MB if
1 MB took less than 3 s. Each pattern (`adversarial_patterns.py`) is matched on the same inputs and, where the code
searches for it, searched for; one that the code only gives so many characters at once is judged at that length.
Seconds are of processor time, for each MB, and a MB is a million characters. All is run in a process of its own,
which the system ends after `--limit` seconds for one input. Writes `results/adversarial.json`, part by part
(`--parts` leaves the others as they are); with a pattern over 1 s/MB, or an input that was ended, the exit status is
1.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from math import ceil
from multiprocessing.connection import Connection
from pathlib import Path
from time import process_time
from typing import Any, Final, NamedTuple

import adversarial_inputs as inputs
import adversarial_patterns as patterns
from adversarial_subjects import FUNCTIONS, READERS, call, read
from speed_about import Report, installed, machine, save

RESULTS = Path(__file__).resolve().parent / "results" / "adversarial.json"
PACKAGES = ("vocmine", "pyarrow", "pandas", "selectolax", "ijson", "phonenumbers")
MB: Final = 10**6
MOST: Final = 1.0
"""Seconds that a pattern may take for one MB."""

QUICK: Final = 3.0
"""Seconds for 1 MB below which 10 MB are tried."""


class Task(NamedTuple):
    """What is measured: a function, a reader or a pattern by its name, and what it is given."""

    kind: str
    name: str
    unit: str
    size: int
    frame: str = "%s"


class Timed(NamedTuple):
    """A task and its seconds; None where it was ended."""

    task: Task
    seconds: float | None

    @property
    def per_mb(self) -> float:
        """Seconds for each MB, infinite where it was ended."""
        return float("inf") if self.seconds is None else self.seconds / self.task.size * MB

    def told(self) -> Report:
        """Return it as it is written."""
        shown = None if self.seconds is None else round(self.per_mb, 4)
        return {"input": self.task.unit, "frame": self.task.frame, "size": self.task.size, "seconds_per_mb": shown}


def main() -> int:
    """Measure, write, print."""
    options = arguments()
    report: dict[str, Any] = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
    report |= {"format": "vocmine-adversarial", "machine": machine(), "versions": dict(installed(PACKAGES))}
    for part in options.parts:
        report[part] = {
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "inputs": len(inputs.UNITS),
            "screen": options.screen,
            "limit_seconds": options.limit,
            **PARTS[part](options),
        }
        save(report, options.out)
    slow = report.get("patterns", {}).get("slow", {})
    found = {**report.get("functions", {}).get("worst", {}), **report.get("readers", {}).get("worst", {})}
    ended = [name for name, timed in found.items() if ended_in(timed)]
    sys.stdout.write(f"slow patterns: {sorted(slow)}\nended: {ended}\n")
    return int(bool(slow or ended))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="*", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--only", nargs="*", default=(), help="these functions and readers alone")
    parser.add_argument("--screen", type=int, default=100_000, help="characters of every input at first")
    parser.add_argument("--worst", type=int, default=3, help="inputs that are tried at 1 MB")
    parser.add_argument("--limit", type=int, default=20, help="seconds for one input")
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


def subjects(kind: str, options: argparse.Namespace) -> Report:
    """Return the worst inputs of every function, or of every reader."""
    found: Report = {}
    for name in FUNCTIONS if kind == "function" else READERS:
        if not options.only or name in options.only:
            frames = (*inputs.FRAMES.get(name, ()), "%s") if kind == "reader" else ("%s",)
            tasks = [Task(kind, name, unit, options.screen, frame) for frame in frames for unit in inputs.UNITS]
            found[name] = [timed.told() for timed in worst(tasks, options)]
            sys.stdout.write(f"{name}: {found[name]}\n")
            sys.stdout.flush()
    return {"worst": found}


def worst(tasks: Iterable[Task], options: argparse.Namespace) -> Iterator[Timed]:
    """Yield the worst of the tasks, the same at 1 MB with those nearest to it, and the worst of these at 10 MB."""
    screened = sorted(measured(tasks, options.limit), key=_slowness)
    yield screened[0]
    if screened[0].seconds is None:
        return
    larger = [timed.task._replace(size=MB) for timed in screened[: options.worst]]
    whole = sorted(measured(larger, options.limit), key=_slowness)
    yield whole[0]
    if whole[0].seconds is not None and whole[0].seconds < QUICK:
        yield from measured([whole[0].task._replace(size=10 * MB)], 10 * options.limit)


def _slowness(timed: Timed) -> float:
    return -timed.per_mb


def ended_in(found: Iterable[Report]) -> bool:
    """Tell whether a measure of a function or a reader was ended."""
    return any(each["seconds_per_mb"] is None for each in found)


def judged(options: argparse.Namespace) -> Report:
    """Return how many patterns there are, the slowest, and those above the limit with what they are bounded by."""
    worst_of: dict[str, Timed] = {}
    for name in patterns.compiled():
        longest = min(patterns.bound(name)[0] or MB, MB)
        tasks = [Task("pattern", name, unit, min(options.screen, longest)) for unit in inputs.UNITS]
        screened = sorted(measured(tasks, options.limit), key=_slowness)
        again = [timed.task._replace(size=longest) for timed in screened[: options.worst]]
        worst_of[name] = min(measured(again, options.limit), key=_slowness)
    told = {
        name: {**timed.told(), "given": patterns.bound(name)[1] or "a whole text", "searched": patterns.searches(name)}
        for name, timed in sorted(worst_of.items(), key=lambda pair: _slowness(pair[1]))
    }
    slow = {name: told[name] for name, timed in worst_of.items() if timed.per_mb > MOST}
    return {"compiled": len(told), "slow": slow, "slowest": dict(list(told.items())[:20])}


PARTS: Final[dict[str, Callable[[argparse.Namespace], Report]]] = {
    "functions": lambda options: subjects("function", options),
    "readers": lambda options: subjects("reader", options),
    "patterns": judged,
}


def measured(tasks: Iterable[Task], limit: int) -> Iterator[Timed]:
    """Measure tasks one after the other, in a process that is made anew where the system had to end it."""
    left = list(tasks)
    context = multiprocessing.get_context("fork")  # which has the patterns and the word lists already
    while left:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(theirs, left, limit))
        process.start()
        theirs.close()
        while left:
            try:
                seconds: float | None = ours.recv()
            except EOFError:
                yield Timed(left.pop(0), None)
                break
            yield Timed(left.pop(0), seconds)
        process.join()


def _work(results: Connection, tasks: Iterable[Task], limit: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    for task in tasks:
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(process_time()) + limit, hard))
        results.send(seconds_of(task))


def seconds_of(task: Task) -> float:
    """Return the processor time that one task takes."""
    if task.kind == "pattern":
        pattern, given = patterns.compiled()[task.name], inputs.text(task.unit, task.size)
        begun = process_time()
        patterns.run(pattern, given, searched=patterns.searches(task.name))
        return process_time() - begun
    if task.kind == "function":
        return call(task.name, task.unit, task.size)
    return read(task.name, task.unit, task.size, task.frame)


if __name__ == "__main__":
    sys.exit(main())
