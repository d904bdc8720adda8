"""The suites: each signal on the texts written for it, false alarms on its traps, and what Quebec French changes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from figures import Figure
from signals_figures import Flags, Integers, Measured, Score, drawn, drawn_over, precision, recall, share
from signals_suites import SUITES, Written, marked

import vocmine as vm
from vocmine.schema import STYLES

QUEBEC = "fr-CA"


def said(contacts: list[Written], analysis: vm.Analysis, label: str) -> Flags:
    """Say of each contact whether a signal is reported."""
    scored = analysis.contacts.dropna(subset=["signals"])
    carry = {name for name, found in zip(scored["contact_id"], scored["signals"], strict=True) if label in found}
    return np.array([each.contact_id in carry for each in contacts])


def on_suites(suites: Mapping[str, list[Written]], analyses: Mapping[str, vm.Analysis]) -> list[Measured]:
    """Measure each signal on its own suite, and the mean over all."""
    lines, figures = [], []
    for seed, (name, signals) in enumerate(SUITES.items()):
        contacts = suites[name]
        quebec = np.array([each.variant == QUEBEC for each in contacts])
        for signal in signals:
            found = said(contacts, analyses[name], signal)
            traps = np.array([signal in each.traps for each in contacts])
            its = signal_figures(marked(contacts, signal), found, traps, quebec, seed=seed)
            figures.append(its)
            lines += _lines(signal, its, marked(contacts, signal), found, traps, quebec)
    for measure in figures[0]:
        mean = Figure.mean([its[measure] for its in figures])
        lines.append(Measured.by("mean", measure, mean, len(figures)))
    return lines


def signal_figures(truth: Flags, found: Flags, traps: Flags, quebec: Flags, *, seed: int = 0) -> dict[str, Figure]:
    """Return the figures of one signal on its suite.

    Parameters
    ----------
    truth, found, traps, quebec : bool array of shape (contacts,)
        Whether each carries the signal, is said to, is a trap for it, and is in Quebec French.
    seed : int
        Of the draws: one a suite, so that the figures of a suite pair.
    """

    def difference(score: Score) -> Figure:
        def of(rows: Integers) -> float:
            here, there = rows[quebec[rows]], rows[~quebec[rows]]
            return score(truth[here], found[here]) - score(truth[there], found[there])

        return drawn_over(of, len(truth), seed=seed)

    def taken(rows: Integers) -> float:
        return share((traps & found)[rows].sum(), traps[rows].sum())

    return {
        "precision": drawn(precision, truth, found, seed=seed),
        "recall": drawn(recall, truth, found, seed=seed),
        "traps taken": drawn_over(taken, len(truth), seed=seed),
        "Quebec less France, precision": difference(precision),
        "Quebec less France, recall": difference(recall),
    }


def _lines(
    signal: str, its: Mapping[str, Figure], truth: Flags, found: Flags, traps: Flags, quebec: Flags
) -> list[Measured]:
    precise, recalled, taken, quebec_precise, quebec_recalled = its.items()
    return [
        Measured.by(signal, *precise, int(found.sum()), at_least=0.92),
        Measured.by(signal, *recalled, int(truth.sum()), at_least=0.85),
        Measured.by(signal, *taken, int(traps.sum()), at_most=0.08),
        Measured.by(signal, *quebec_precise, int((found & quebec).sum())),
        Measured.by(signal, *quebec_recalled, int((truth & quebec).sum())),
    ]


def on_agents(contacts: list[Written], analysis: vm.Analysis, alone: vm.Analysis) -> list[Measured]:
    """Measure false signals in agents' turns, and their styles by turn.

    Parameters
    ----------
    contacts : list of Written
    analysis : Analysis
        Of these contacts as they are.
    alone : Analysis
        Of the agents' turns, each a contact of its own whose speaker is unknown: the names of speakers do not help.
    """
    turns = analysis.turns
    agents = (turns["speaker"] == "agent").to_numpy()
    spans = analysis.spans[analysis.spans["kind"] == "signal"]
    shown = set(zip(spans["contact_id"], spans["turn"], strict=True))
    false = np.array([key in shown for key in zip(turns["contact_id"], turns["turn"], strict=True)])[agents]
    guessed = np.array([bool(len(found)) for found in alone.contacts["signals"].dropna()])
    lines = [
        _share("agents' turns", "that show a signal", false, at_most=0.01),
        _share("agents' turns, speaker unknown", "that show a signal", guessed),
    ]
    marks = [{label for *_, label in turn.marks} for each in contacts for turn in each.turns if turn.agent]
    return lines + style_lines(marks, turns.loc[agents, "styles"])


def style_lines(marks: list[set[str]], styles: pd.Series) -> list[Measured]:
    """Return precision and recall of each style; `marks` and `styles` are of the same agents' turns."""
    lines = []
    for style in STYLES:
        truth = np.array([style in found for found in marks])
        found = np.array([style in (told if told is not None else ()) for told in styles])
        lines += [
            Measured.by(style, "precision by turn", drawn(precision, truth, found), int(found.sum())),
            Measured.by(style, "recall by turn", drawn(recall, truth, found), int(truth.sum())),
        ]
    return lines


def _share(of: str, measure: str, flags: Flags, *, at_most: float | None = None) -> Measured:
    figure = drawn_over(lambda rows: float(flags[rows].mean()), len(flags))
    return Measured.by(of, measure, figure, len(flags), at_most=at_most)
