"""What noise costs the embedded model and the frozen probe: tweets as shipped, accounts by cross-validation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from against import Row
from figures import DRAWS, Cell, Figure, Labels
from held_out import HeldOut
from numpy.typing import NDArray
from peers import Probe
from refits import Task, Training, best_place, cross_fitted, fitted

import vocmine as vm
from vocmine.comparison.contenders import Compared
from vocmine.evaluation import NOISE, Dataset

_BOUNDS = {"value": "difference", "low": "difference_low", "high": "difference_high"}


class FittedProbe:
    """The probe in scikit-learn's manners, fitted on a data set: whole texts in, probabilities out."""

    def __init__(self, probe: Probe, training: Training) -> None:
        self._probe = probe
        self._learner = fitted(probe, training, "whole")
        self.model_id = probe.model_id
        self.classes_: NDArray[np.str_] = self._learner.classes_

    def predict(self, texts: list[str]) -> Sequence[object]:
        """Return labels."""
        return [str(label) for label in self._learner.predict(self._probe.table(texts))]

    def predict_proba(self, texts: list[str]) -> NDArray[np.float64]:
        """Return probabilities, columns as in `classes_`."""
        return np.asarray(self._learner.predict_proba(self._probe.table(texts)))


def on_tweets(name: str, probe: Probe, tweets: Dataset, training: Training) -> Iterator[Row]:
    """Yield the change of macro-F1 under each noise, by `vm.compare`."""
    models: dict[str, Compared] = {name: "embedded", probe.name: FittedProbe(probe, training)}
    slices = vm.compare(models, tweets, noise=NOISE, draws=DRAWS).slices
    for row in slices[slices["slice"] == "noise"].to_dict("records"):
        change = {key: round(float(row[column]), 4) for key, column in _BOUNDS.items()}
        yield _row(tweets.name, row["model"], row["value"], row["macro_f1"], change)


def on_accounts(name: str, probe: Probe, task: Task, held_out: HeldOut) -> Iterator[Row]:
    """Yield the same for models that saw neither the account nor its noisy copy."""
    found = [cross_fitted(probe, task, task.data.texts, view) for view in probe.views]
    place = best_place(found, task.truth)
    known = held_out.labels("services_publics_plus", task.data.target, task.data.ids)
    for noise, spoil in NOISE.items():
        noisy = cross_fitted(probe, task, [spoil(text) for text in task.data.texts], probe.views[place])
        yield _change(task, probe.name, noise, [found[place]], [noisy])
        spoilt = f"services_publics_plus_{noise}"
        if spoilt in held_out:
            runs = held_out.labels(spoilt, task.data.target, task.data.ids)
            yield _change(task, name, noise, known, runs)
        else:
            print(f"LEFT OUT: the held-out predictions have no set {spoilt}")


def _change(task: Task, model: str, noise: str, clean: Sequence[Labels], noisy: Sequence[Labels]) -> Row:
    before, after = (Figure.of([Cell.whole(task.truth, *runs)], len(task)) for runs in (clean, noisy))
    return _row(task.name, model, noise, after.value, (after - before).to_json())


def _row(dataset: str, model: str, noise: str, macro_f1: float, change: dict[str, float]) -> Row:
    return {"dataset": dataset, "model": model, "noise": noise, "macro_f1": round(macro_f1, 4), "change": change}
