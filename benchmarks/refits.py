"""A peer and a task come in, the labels that the peer gives go out: as it comes, and fitted on what the task allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from figures import Cell, Labels
from peers import Learner, Peer

from vocmine.evaluation import Dataset
from vocmine.evaluation.folds import Folds


@dataclass(frozen=True, eq=False)
class Training:
    """Labelled texts to learn from; tasks that share them share the object, so that a learner is fitted once."""

    sets: Sequence[Dataset]

    @property
    def name(self) -> str:
        """Names of the data sets."""
        return ", ".join(dataset.name for dataset in self.sets)

    @property
    def texts(self) -> list[str]:
        """Texts of all of them."""
        return [text for dataset in self.sets for text in dataset.texts]

    @property
    def labels(self) -> list[str]:
        """Labels of all of them."""
        return [label for dataset in self.sets for label in dataset.labels]


@dataclass(frozen=True)
class Task:
    """Texts to label, and what a refit may learn from.

    Attributes
    ----------
    name : str
    data : Dataset
    training : Training
        Other texts; with `folds`, what a baseline learns from that has no labels of its own.
    folds : Folds, optional
        With them, refits learn from the other folds.
    """

    name: str
    data: Dataset
    training: Training
    folds: Folds | None = None

    def __len__(self) -> int:
        return len(self.data)

    @property
    def truth(self) -> tuple[str, ...]:
        """True labels."""
        return self.data.labels

    @property
    def fitted_on(self) -> str:
        """What refits learn from, in words."""
        return "the other four folds" if self.folds else self.training.name


def zero_shot(peer: Peer, task: Task) -> Labels | None:
    """Return labels of a peer that saw no text of this origin; None where there are none, or another task has them."""
    if len(task.training.sets) > 1:
        return None
    labels = peer.labels(task.data.texts)
    return transferred(peer, task) if labels is None and task.folds else labels


def refitted(peer: Peer, task: Task) -> Labels:
    """Return labels of a peer fitted on the task's training texts, or on the other folds."""
    if task.folds is None:
        return transferred(peer, task)
    return best([cross_fitted(peer, task, task.data.texts, view) for view in peer.views], task.truth)


def transferred(peer: Peer, task: Task) -> Labels:
    """Fit on the training texts, and return labels of the best view."""
    views = peer.views if task.folds else peer.views[:1]  # a tweet is its only segment
    found = [fitted(peer, task.training, view).predict(peer.table(task.data.texts, view)).tolist() for view in views]
    return best(found, task.truth)


@cache
def fitted(peer: Peer, training: Training, view: str) -> Learner:
    """Fit on a training set."""
    return peer.learner().fit(peer.table(training.texts, view), training.labels)


def cross_fitted(peer: Peer, task: Task, texts: Sequence[str], view: str) -> Labels:
    """Label `texts`, the task's own or with noise, by learners fitted on the other folds' own texts.

    Raises
    ------
    ValueError
        The task has no folds.
    """
    if task.folds is None:
        raise ValueError(f"{task.name} has no folds")
    truth = np.array(task.truth, dtype=str)
    own = peer.table(task.data.texts, view)
    given = own if texts is task.data.texts else peer.table(texts, view)
    labels = np.empty(len(truth), dtype=object)
    for seen, unseen in task.folds.splits(task.data.ids):
        labels[unseen] = peer.learner().fit(own[seen], truth[seen]).predict(given[unseen])
    return [str(label) for label in labels]


def best(found: Sequence[Labels], truth: Sequence[str]) -> Labels:
    """Return the labels of highest macro-F1, judged where they are scored: the doubt is the peer's to gain."""
    return found[best_place(found, truth)]


def best_place(found: Sequence[Labels], truth: Sequence[str]) -> int:
    """Return the place of these labels."""
    everything = np.arange(len(truth))
    scores = [Cell.whole(truth, labels).statistic(len(truth))(everything) for labels in found]
    return int(np.argmax(scores))
