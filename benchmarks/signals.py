"""How well signals are found, how well shown, and at what cost.

    VOCMINE_DATA=... python benchmarks/signals.py [--part held_out suite agents spans cost queue] [--check]

*held_out*: real accounts, by models that never saw them. *suite*: texts written from the definitions alone, by someone
who saw neither rules nor word lists; they are for measuring, and nothing is chosen on them. *agents*: false signals in
agents' turns, and styles. *spans*: the words shown. *cost*: against sentiment alone. *queue*: precision of the
escalation queue on the sample contacts, which are invented. Writes `results/signals.json`; a part that is not asked for
stays there as it was.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pandas as pd
from figures import DRAWS
from signals_accounts import held_out, read_answers, read_labels
from signals_cost import costs
from signals_figures import Measured
from signals_queue import A_DAY, candidates, queue_lines, wanted_contacts
from signals_suite import on_agents, on_suites
from signals_suites import DATA, SUITES, Written, corpus_of, read_suite
from signals_words import pairs_of_accounts, pairs_of_suite, read_accounts, read_spans, span_lines

import vocmine as vm

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "signals.json"
EXAMPLES = HERE.parent / "examples"
COST_CONTACTS, COST_ACCOUNTS = 300, 150

Lines = Mapping[str, Sequence[Measured]]


def main() -> None:
    """Measure, write, print; fail if it is asked to check and a bar is missed."""
    options = arguments()
    lines = read_lines(options.out)
    lines |= {part: PARTS[part]() for part in options.part}
    report = {
        "format": "vocmine-signals",
        "format_version": 1,
        "about": about(),
        "parts": {part: [line.to_json() for line in lines[part]] for part in PARTS if part in lines},
    }
    options.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    measured = {part: lines[part] for part in options.part}
    print(table(measured))
    missed = [f"{part}: {line.of}, {line.measure}" for part in measured for line in measured[part] if line.met is False]
    print(f"\n{len(missed)} bars missed", *missed, sep="\n  ")
    if options.check and missed:
        sys.exit(1)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Quality and cost of customer signals.")
    parser.add_argument("--part", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a bar is missed")
    return parser.parse_args()


def read_lines(path: Path) -> dict[str, Sequence[Measured]]:
    """Read what was measured before."""
    kept = json.loads(path.read_text(encoding="utf-8"))["parts"] if path.exists() else {}
    return {part: [Measured.from_json(line) for line in lines] for part, lines in kept.items()}


def table(parts: Lines) -> str:
    """Write the figures in columns: what, measure, value, interval, n, bar, verdict."""
    cells = {part: [line.cells() for line in lines] for part, lines in parts.items()}
    rows = [row for found in cells.values() for row in found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        text
        for part, found in cells.items()
        for text in (
            f"\n{part}",
            *("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in found),
        )
    )


def about() -> dict[str, object]:
    """Return what the figures depend on."""
    return {
        "vocmine": vm.__version__,
        "model_id": vm.Model.from_pretrained("embedded").model_id,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version()},
        "draws": DRAWS,
    }


@cache
def suite(name: str) -> tuple[list[Written], vm.Analysis]:
    """Read a suite and score it, once for all parts."""
    contacts = read_suite(DATA / f"signals_suite_{name}.tsv")
    return contacts, vm.Miner(device="cpu").score(corpus_of(contacts))


def measure_held_out() -> list[Measured]:
    """Measure signals and frustration on real accounts."""
    return held_out(read_answers(), read_labels())


def measure_suite() -> list[Measured]:
    """Measure signals on the suites."""
    found = {name: suite(name) for name in SUITES}
    return on_suites({name: each[0] for name, each in found.items()}, {name: each[1] for name, each in found.items()})


def measure_agents() -> list[Measured]:
    """Measure what is found in agents' turns."""
    contacts, analysis = suite("agents")
    texts = [turn.text for each in contacts for turn in each.turns if turn.agent]
    frame = pd.DataFrame({"text": texts, "speaker": "unknown"})
    alone = vm.Miner(device="cpu").score(vm.Corpus.from_pandas(frame, text="text", speaker="speaker"))
    return on_agents(contacts, analysis, alone)


def measure_spans() -> list[Measured]:
    """Measure the words shown, on suites and on real accounts."""
    pairs = [pair for name in SUITES for pair in pairs_of_suite(name, *suite(name))]
    accounts = pairs_of_accounts(read_spans(), read_labels(), read_accounts())
    return span_lines("suites", pairs) + span_lines("accounts", accounts)


def measure_cost() -> list[Measured]:
    """Time signals against sentiment alone."""
    accounts = pd.DataFrame({"text": list(read_accounts().values())[:COST_ACCOUNTS]})
    samples = vm.read(EXAMPLES / "contacts.csv")
    first = samples.to_pandas("contacts")["contact_id"].head(COST_CONTACTS)
    corpora = {
        f"{COST_CONTACTS} sample contacts": samples.filter(
            samples.to_pandas("contacts")["contact_id"].isin(set(first)).to_numpy()
        ),
        f"{COST_ACCOUNTS} accounts": vm.Corpus.from_pandas(accounts, text="text"),
    }
    return costs(corpora)


def measure_queue() -> list[Measured]:
    """Measure the escalation queue on the sample contacts."""
    analysis = vm.Miner(device="cpu").score(vm.read(EXAMPLES / "contacts.csv"))
    wanted = wanted_contacts(pd.read_csv(EXAMPLES / "truth" / "contacts.csv"))
    queue = vm.escalation_queue(analysis, day="all", n=max(A_DAY)).dropna(subset=["day"])
    return queue_lines(queue, candidates(analysis), wanted)


PARTS: Mapping[str, Callable[[], list[Measured]]] = {
    "held_out": measure_held_out,
    "suite": measure_suite,
    "agents": measure_agents,
    "spans": measure_spans,
    "cost": measure_cost,
    "queue": measure_queue,
}

if __name__ == "__main__":
    main()
