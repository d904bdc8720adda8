"""How well the embedded model reads customers, beside what else there is.

    pip install 'vocmine[benchmarks]'
    VOCMINE_DATA=... python benchmarks/quality.py

Macro-F1 on tweets in six languages (UMSAB val), on the satisfaction that authors of public-service accounts declare
(Services Publics+), and on the sentiment that annotators read in 380 of these (signals_dev, with « mixed », which only
refits and ours can say). Column *zero-shot*: as a package comes; baselines, which do not come fitted, learn from French
tweets. Column *refitted*: on the training tweets, of the language or of all six (« pooled »), or on the other folds of
`folds/services_publics_plus.csv`. Ours is not refitted: on tweets it is the model as shipped, which learnt from their
training split; on accounts, which the shipped model has seen, the fold models of the recipe's cross-validation, which
learnt from the same four folds among other texts.

*Against the frozen probe*: paired bootstrap, over texts, of ours less logistic regression on the encoder as it was
before our training; of its views of a text and its ways of fitting, the best counts. Writes `results/quality.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from against import Row, figure, on_sets
from against import row as compared
from aspects import aspect_sides
from figures import DRAWS, Labels
from frozen import CACHE, FrozenEncoder
from held_out import HELD_OUT, HeldOut
from peers import SEED, Peer, Probe, SentimentAI, TextBlob, Vader, WordCounts, installed
from refits import Task, Training, refitted, zero_shot
from robustness import on_accounts, on_tweets
from sklearn.exceptions import ConvergenceWarning

import vocmine as vm
from vocmine.comparison.contenders import Contender, contenders
from vocmine.evaluation import load, read_folds

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "quality.json"
FOLDS = HERE / "folds" / "services_publics_plus.csv"
LANGUAGES = {"fr": "french", "en": "english", "de": "german", "es": "spanish", "it": "italian", "pt": "portuguese"}
OURS = "vocmine embedded"


@dataclass(frozen=True)
class Answers:
    """The labels that a model gives for the texts of a task: zero-shot and refitted, None where there are none."""

    zero_shot: Sequence[Labels] | None
    refitted: Sequence[Labels] | None

    @property
    def only(self) -> Sequence[Labels]:
        """Those of ours, which has one kind for each task."""
        return self.zero_shot or self.refitted or []


def main() -> None:
    """Score every model on every set, compare, write."""
    options = arguments()
    warnings.simplefilter("ignore", ConvergenceWarning)  # a grid also tries penalties that hardly bind
    held_out = HeldOut.read(options.held_out)
    probe = Probe(FrozenEncoder(cache=options.cache))
    bare = FrozenEncoder(prefix="", cache=options.cache)
    peers = [*installed(Vader, TextBlob, partial(SentimentAI, bare), WordCounts), probe]
    shipped = contenders({OURS: "embedded"}, "auto")[0]
    tasks = all_tasks()

    ours = {each.data.name: our_answers(each, shipped, held_out) for each in tasks if len(each.training.sets) == 1}
    answers = {(OURS, task.name): ours[task.data.name] for task in tasks}
    for peer in peers:
        print(f"{peer.name}…", flush=True)
        answers |= {(peer.name, task.name): their_answers(peer, task) for task in tasks}
    report: dict[str, Any] = {
        "format": "vocmine-quality",
        "format_version": 1,
        "about": about(shipped, peers, tasks, held_out),
        "macro_f1": [row(task, name, answers[name, task.name]) for task in tasks for name in names(peers)],
        "against_frozen_probe": against_probe(tasks, answers, probe, held_out),
        "robustness": [] if options.no_noise else robustness(tasks, probe, held_out),
    }
    options.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    show(report)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Quality of the embedded model beside its peers.")
    parser.add_argument("--held-out", type=Path, default=HELD_OUT, help="predictions of the recipe's fold models")
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of the frozen encoder's vectors")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--no-noise", action="store_true", help="leave out the robustness lines")
    return parser.parse_args()


def all_tasks() -> list[Task]:
    """Load the sets, and say what refits may learn from."""
    tweets = [load(f"umsab_{language}") for language in LANGUAGES.values()]
    sets = [load(f"umsab_{language}_train") for language in LANGUAGES.values()]
    training, pooled = [Training([each]) for each in sets], Training(sets)
    tasks = [Task(data.name, data, own) for data, own in zip(tweets, training, strict=True)]
    tasks += [Task(f"{data.name}, pooled", data, pooled) for data in tweets]
    folds = read_folds(FOLDS)
    return [*tasks, *(Task(name, load(name), training[0], folds) for name in ("services_publics_plus", "signals_dev"))]


def our_answers(task: Task, shipped: Contender, held_out: HeldOut) -> Answers:
    """Return our labels: of the model as shipped for tweets, of the fold models for accounts."""
    if task.folds is None:
        return Answers([shipped.predict(task.data.texts, task.data).labels], None)
    return Answers(None, [*held_out.labels("services_publics_plus", task.data.target, task.data.ids)])


def their_answers(peer: Peer, task: Task) -> Answers:
    """Return the labels of a peer."""
    as_it_comes = zero_shot(peer, task)
    return Answers(None if as_it_comes is None else [as_it_comes], [refitted(peer, task)])


def names(peers: Sequence[Peer]) -> list[str]:
    """Return the models in the order of the table."""
    return [OURS, *(peer.name for peer in peers)]


def row(task: Task, name: str, answers: Answers) -> Row:
    """Return a row of the table."""
    fitted_on = "the other four folds and the recipe's other texts" if name == OURS else task.fitted_on
    return {
        "dataset": task.name,
        "model": name,
        "n": len(task),
        "zero_shot": answers.zero_shot and figure(task, answers.zero_shot).to_json(),
        "refitted": answers.refitted and figure(task, answers.refitted).to_json() | {"fitted_on": fitted_on},
    }


def against_probe(
    tasks: Sequence[Task], answers: Mapping[tuple[str, str], Answers], probe: Probe, held_out: HeldOut
) -> list[Row]:
    """Compare with the probe on every set, in the mean of the languages, and on aspects."""
    ours = {task.name: answers[OURS, task.name].only for task in tasks}
    its = {task.name: (answers[probe.name, task.name].refitted or [])[0] for task in tasks}
    accounts = next(task.data for task in tasks if task.name == "services_publics_plus")
    sides = on_sets(tasks, ours, its, held_out) | aspect_sides(held_out, probe, accounts, read_folds(FOLDS))
    return [compared(name, each) for name, each in sides.items()]


def robustness(tasks: Sequence[Task], probe: Probe, held_out: HeldOut) -> list[Row]:
    """Return what each noise costs, on French tweets and on accounts."""
    french = next(task for task in tasks if task.name == "umsab_french")
    accounts = [task for task in tasks if task.folds is not None]
    found = list(on_tweets(OURS, probe, french.data, french.training))
    return found + [row for task in accounts for row in on_accounts(OURS, probe, task, held_out)]


def about(shipped: Contender, peers: Sequence[Peer], tasks: Sequence[Task], held_out: HeldOut) -> dict[str, object]:
    """Return what the figures depend on."""
    data = {task.data.name: task.data for task in tasks}
    models: list[Contender | Peer] = [shipped, *peers]
    return {
        "vocmine": vm.__version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "system": platform.system(),
            "python": platform.python_version(),
            "torch": version("torch"),
            "scikit-learn": version("scikit-learn"),
        },
        "parameters": {"draws": DRAWS, "seed": SEED},
        "models": [{"name": each.name, "model_id": each.model_id} for each in models],
        "held_out": held_out.revision,
        "datasets": [{"name": name, "revision": each.revision, "n": len(each)} for name, each in data.items()],
    }


def show(report: Mapping[str, Any]) -> None:
    """Print the tables."""
    columns = ("zero_shot", "refitted")
    table = [
        [str(each["dataset"]), str(each["model"]), *(text(each[name]) for name in columns)]
        for each in report["macro_f1"]
    ]
    pairs = [
        [str(each["set"]), *(text(each[name]) for name in ("ours", "probe", "difference"))]
        for each in report["against_frozen_probe"]
    ]
    noise = [
        [*(str(each[name]) for name in ("dataset", "model", "noise")), text(each["change"])]
        for each in report["robustness"]
    ]
    for title, lines in (
        ("macro-F1: zero-shot, refitted", table),
        ("against the frozen probe", pairs),
        ("noise", noise),
    ):
        print(f"\n{title}")
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))


def text(shown: Mapping[str, float] | None) -> str:
    """Write a figure with its interval."""
    return "–" if shown is None else f"{shown['value']:.3f} [{shown['low']:.3f}, {shown['high']:.3f}]"


if __name__ == "__main__":
    main()
