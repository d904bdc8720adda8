"""Ours against the frozen probe on every set, paired: answers of both come in, figures and their difference go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from figures import Cell, Figure, Labels
from held_out import HeldOut
from refits import Task

Row = dict[str, object]
Sides = tuple[Figure, Figure, int]
"""Our figure, the probe's, the number of texts."""

AS_SHIPPED, FOLD_MODELS = "as shipped", "mean of the fold models"


def on_sets(
    tasks: Sequence[Task],
    ours: Mapping[str, Sequence[Labels]],
    probe: Mapping[str, Labels],
    held_out: HeldOut,
) -> dict[str, Sides]:
    """Return both sides for each task: accounts, and tweets of each language and in the mean of all.

    Tweets have two lines: the model as shipped, and the mean of the fold models, which saw no validation tweet either.
    """
    found: dict[str, Sides] = {}
    means: dict[str, list[Sides]] = {}
    for seed, task in enumerate(tasks):  # a seed each: sets are drawn apart from one another
        its = figure(task, [probe[task.name]], seed)
        if task.folds:
            found[task.name] = figure(task, ours[task.name], seed), its, len(task)
            continue
        for which, runs in ((AS_SHIPPED, ours[task.name]), (FOLD_MODELS, fold_models(task, held_out))):
            if runs:
                sides = figure(task, runs, seed), its, len(task)
                found[f"{task.name}, {which}"] = sides
                means.setdefault(f"{task.name.partition(', ')[2]}, {which}".removeprefix(", "), []).append(sides)
    for kind, languages in means.items():
        own, theirs, sizes = zip(*languages, strict=True)
        found[f"umsab, mean of {len(languages)} languages, {kind}"] = Figure.mean(own), Figure.mean(theirs), sum(sizes)
    return found


def figure(task: Task, runs: Sequence[Labels], seed: int = 0) -> Figure:
    """Return the macro-F1 of a model on a task, or the mean of several models."""
    return Figure.of([Cell.whole(task.truth, *runs)], len(task), seed)


def fold_models(task: Task, held_out: HeldOut) -> list[Labels]:
    """Return the labels that the fold models give validation tweets; empty where the recipe wrote none."""
    (code,) = task.data.slices["language"].unique()
    name = f"umsab_{code}_val"
    if name not in held_out:
        print(f"LEFT OUT: the held-out predictions have no set {name}")
        return []
    ids = [f"{code}-val-{key.rpartition('-')[2]}" for key in task.data.ids]
    return [*held_out.labels(name, "sentiment", ids, among=set(task.truth))]


def row(name: str, sides: Sides) -> Row:
    """Return both figures, their difference and its p-value."""
    ours, probe, n = sides
    less = ours - probe
    return {
        "set": name,
        "n": n,
        "ours": ours.to_json(),
        "probe": probe.to_json(),
        "difference": less.to_json() | {"p": round(less.p, 4)},
    }
