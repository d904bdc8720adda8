"""Service-quality aspects of Services Publics+: ours against the frozen probe, mention and polarity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from against import Sides
from figures import Cell, Figure, Integers
from held_out import HeldOut
from numpy.typing import NDArray
from peers import Probe, Table
from refits import best

from vocmine.evaluation import Dataset, data_folder
from vocmine.evaluation.folds import Folds

ASPECTS = ("accessibility", "information", "relationship", "responsiveness", "simplicity")
LEAST_CASES = 30
"""An aspect's polarity counts if at least so many accounts declare each of the two."""
_DECLARED = {"Négatif": "negative", "Positif": "positive", "Neutre": "neutral"}


@dataclass(frozen=True)
class Aspect:
    """What the authors declare of an aspect, and what both models say, for the accounts that count.

    Attributes
    ----------
    name : str
    rows : int array
        Places of these accounts among all.
    truth : array of str
    """

    name: str
    rows: Integers
    truth: NDArray[np.str_]


Choose = Callable[[pd.DataFrame], list[str]]
"""From our probabilities of an aspect to its labels."""


def aspect_sides(held_out: HeldOut, probe: Probe, accounts: Dataset, folds: Folds) -> dict[str, Sides]:
    """Return our figure, the probe's and the number of accounts, for mention and for polarity."""
    declared = declarations(accounts.ids)
    tables = [probe.table(accounts.texts, view) for view in probe.views]
    found: dict[str, Sides] = {}
    for name, aspects, choose in (
        ("aspect mention", mentions(declared), mentioned),
        ("aspect polarity", polarities(declared), polarity),
    ):
        ours = [_our_cell(held_out, aspect, accounts.ids, choose) for aspect in aspects]
        its = [_probe_cell(probe, tables, aspect, accounts.ids, folds) for aspect in aspects]
        counted = f"{name}, mean of {', '.join(aspect.name for aspect in aspects)}"
        found[counted] = Figure.of(ours, len(accounts)), Figure.of(its, len(accounts)), len(accounts)
    return found


def declarations(ids: Sequence[str]) -> pd.DataFrame:
    """Read what the authors declared: one row an account, one column an aspect, empty where they say nothing of it."""
    frame = pd.read_csv(data_folder() / "services_publics_plus" / "dev.csv", dtype=str).set_index("contact_id")
    frame = frame.loc[list(ids), [f"aspect_{aspect}" for aspect in ASPECTS]].set_axis(list(ASPECTS), axis="columns")
    return frame.replace(_DECLARED).fillna("")


def mentions(declared: pd.DataFrame) -> list[Aspect]:
    """Return every aspect with whether it is spoken of."""
    everything = np.arange(len(declared))
    return [
        Aspect(name, everything, np.where(declared[name] == "", "absent", "mentioned")) for name in declared.columns
    ]


def polarities(declared: pd.DataFrame) -> list[Aspect]:
    """Return the aspects that have enough accounts of both polarities, with these accounts."""
    found = []
    for name in declared.columns:
        rows = np.flatnonzero(declared[name].isin(["negative", "positive"]))
        truth = declared[name].to_numpy(dtype=str)[rows]
        if min((truth == "negative").sum(), (truth == "positive").sum()) >= LEAST_CASES:
            found.append(Aspect(name, rows, truth))
    return found


def mentioned(probabilities: pd.DataFrame) -> list[str]:
    """Call an aspect mentioned if that is at least as probable as its threshold."""
    spoken = 1 - probabilities["absent"] >= probabilities["threshold"]
    return ["mentioned" if said else "absent" for said in spoken]


def polarity(probabilities: pd.DataFrame) -> list[str]:
    """Take the likelier polarity, given that the aspect is spoken of."""
    return probabilities[["negative", "positive"]].idxmax(axis="columns").astype(str).tolist()


def _our_cell(held_out: HeldOut, aspect: Aspect, ids: Sequence[str], choose: Choose) -> Cell:
    runs = held_out.runs("services_publics_plus", aspect.name, [ids[row] for row in aspect.rows])
    return Cell(aspect.rows, aspect.truth.tolist(), [choose(run) for run in runs])


def _probe_cell(probe: Probe, tables: Sequence[Table], aspect: Aspect, ids: Sequence[str], folds: Folds) -> Cell:
    found = []
    for table in (whole[aspect.rows] for whole in tables):
        labels = np.empty(len(aspect.rows), dtype=object)
        for seen, unseen in folds.splits(ids[row] for row in aspect.rows):
            labels[unseen] = probe.learner().fit(table[seen], aspect.truth[seen]).predict(table[unseen])
        found.append(labels.tolist())
    truth = aspect.truth.tolist()
    return Cell(aspect.rows, truth, [best(found, truth)])
