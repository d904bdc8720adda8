"""Signals of real accounts by models that never saw them, against what two annotators agreed on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

import numpy as np
import pandas as pd
from figures import Figure
from signals_figures import Flags, Measured, drawn, drawn_over, f1, precision, recall, share
from sklearn.metrics import average_precision_score, cohen_kappa_score

from vocmine.errors import ReadError
from vocmine.evaluation import data_folder
from vocmine.schema import SIGNALS

RESULTS = Path(__file__).resolve().parent / "results"
HELD_OUT = RESULTS / "signals_held_out.csv"
ENOUGH = 30
"""Cases from which a signal has to clear the bars."""
UNREAD = (3, 4)
"""Folds whose accounts were not read by those who wrote the word lists."""


class Label(TypedDict):
    """What was agreed on of a contact: its signals with a quote each, and its frustration."""

    signals: dict[str, str]
    frustration: int


def read_labels() -> dict[str, Label]:
    """Read what was agreed on, by contact."""
    path = data_folder() / "signals_dev" / "labels.jsonl"
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {row["contact_id"]: {"signals": row["signals"], "frustration": int(row["frustration"])} for row in rows}


def read_answers(path: Path = HELD_OUT) -> pd.DataFrame:
    """Read the held-out answers that the model's recipe writes.

    Raises
    ------
    ReadError
        If they are not there.
    """
    if not path.is_file():
        raise ReadError(f"{path.name} is not there; models/recipe/build_signals.py writes it")
    return pd.read_csv(path, dtype={"contact_id": str})


def held_out(answers: pd.DataFrame, labels: Mapping[str, Label]) -> list[Measured]:
    """Measure signals and frustration on all folds, and on those whose accounts nobody read for the word lists.

    Parameters
    ----------
    answers : DataFrame
        `contact_id`, `fold`, `frustration`, then `p_<signal>` and `said_<signal>`.
    labels : mapping of str to Label
        By contact; the bars hold for signals with `ENOUGH` cases among them.
    """
    answers = answers[answers["contact_id"].isin(labels)].reset_index(drop=True)
    carried = [labels[name]["signals"] for name in answers["contact_id"]]
    truth = pd.DataFrame({signal: [signal in found for found in carried] for signal in SIGNALS})
    level = np.array([labels[name]["frustration"] for name in answers["contact_id"]])
    frequent = [signal for signal in SIGNALS if truth[signal].sum() >= ENOUGH]
    unread = answers["fold"].isin(UNREAD).to_numpy()
    lines = _lines(answers, truth, level, frequent, bars=True)
    if unread.any():
        apart = _lines(answers[unread], truth[unread], level[unread], frequent, bars=False)
        lines += [
            Measured.from_json(line.to_json() | {"measure": f"{line.measure}, folds {UNREAD[0]} and {UNREAD[1]}"})
            for line in apart
        ]
    return lines


def _lines(
    answers: pd.DataFrame, truth: pd.DataFrame, level: np.ndarray, frequent: list[str], *, bars: bool
) -> list[Measured]:
    lines, figures = [], []
    for signal in SIGNALS:
        said = answers[f"said_{signal}"].to_numpy() == 1
        of_truth = truth[signal].to_numpy()
        if not of_truth.any():
            continue
        figure = drawn(f1, of_truth, said)
        figures += [figure] if signal in frequent else []
        lines += _signal(signal, figure, of_truth, said, answers[f"p_{signal}"].to_numpy(), bars and signal in frequent)
    if figures:
        lines.append(
            Measured.by("mean", "F1", Figure.mean(figures), len(figures), at_least=0.80 if bars else None),
        )
    return [*lines, *_frustration(level, answers["frustration"].to_numpy(), bars=bars)]


def _signal(signal: str, figure: Figure, truth: Flags, said: Flags, p: np.ndarray, bar: bool) -> list[Measured]:
    cases = int(truth.sum())
    always = share(2 * cases, cases + len(truth))
    return [
        Measured.by(signal, "F1", figure, cases, at_least=0.75 if bar else None),
        Measured.by(signal, "precision", drawn(precision, truth, said), int(said.sum())),
        Measured.by(signal, "recall", drawn(recall, truth, said), cases),
        Measured(signal, "average precision", round(float(average_precision_score(truth, p)), 4), cases),
        Measured(signal, "F1 of always yes", round(always, 4), cases),
        Measured(signal, "lift over always yes", round(figure.value - always, 4), cases),
    ]


def _frustration(truth: np.ndarray, said: np.ndarray, *, bars: bool) -> list[Measured]:
    def kappa(rows: np.ndarray) -> float:
        return float(cohen_kappa_score(truth[rows], said[rows], weights="quadratic", labels=[0, 1, 2, 3]))

    clear = drawn(f1, truth > 1, said > 1)
    at_least = (0.70, 0.80) if bars else (None, None)
    return [
        Measured.by("frustration", "quadratic kappa", drawn_over(kappa, len(truth)), len(truth), at_least=at_least[0]),
        Measured.by("frustration 2 or more", "F1", clear, int((truth > 1).sum()), at_least=at_least[1]),
    ]
