"""What `compare` compares: every kind of model, brought to « texts in, predictions out »."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.corpus import Corpus
from vocmine.errors import InputError, ModelError
from vocmine.evaluation.labelled import Dataset
from vocmine.evaluation.measures import Predictions
from vocmine.inference import Engine, Model, RunnableModel
from vocmine.miner import Miner
from vocmine.schema import POLARITIES

Floats: TypeAlias = NDArray[np.float64]

_HEAD: Final = "sentiment"


class Classifier(Protocol):
    """A classifier in scikit-learn manners; with ``predict_proba`` and ``classes_``, its probabilities count too."""

    def predict(self, texts: list[str], /) -> Sequence[object]:
        """Return a label for each text."""
        ...


Compared: TypeAlias = str | os.PathLike[str] | RunnableModel | Miner | Classifier


class Contender(ABC):
    """A model under the name that it goes by in the comparison.

    Attributes
    ----------
    name, model_id, device : str
    """

    name: str
    model_id: str
    device: str

    @abstractmethod
    def predict(self, texts: Sequence[str], dataset: Dataset) -> Predictions:
        """Return predictions, row for row with the texts; the data set tells which labels are at stake."""


class MinerContender(Contender):
    """Whole contacts, as `Miner` scores them."""

    def __init__(self, name: str, miner: Miner) -> None:
        self.name = name
        self._miner = miner
        self.model_id = miner.engine_.model.model_id
        self.device = miner.engine_.device
        told = next(head.labels for head in miner.engine_.model.heads if head.name == _HEAD)
        self._classes = tuple(name for name in POLARITIES if name in told)

    def predict(self, texts: Sequence[str], dataset: Dataset) -> Predictions:
        """Score each text as a contact of its own; see `Contender`."""
        records = [{"contact_id": str(row), "text": text} for row, text in enumerate(texts)]
        corpus = Corpus.from_records(records, text="text", contact_id="contact_id")
        contacts = self._miner.score(corpus).contacts.set_index("contact_id")
        # A text with nothing in it was rejected, and has no row.
        contacts = contacts.reindex([str(row) for row in range(len(texts))])
        # A model may have a head for what the data set is about, with columns of its own.
        own = dataset.target != _HEAD and dataset.target in contacts
        target, prefix = (dataset.target, f"p_{dataset.target}_") if own else (_HEAD, "p_")
        columns = [f"{prefix}{name}" for name in self._classes]
        probabilities = contacts[columns].to_numpy(dtype=np.float64) if set(columns) <= set(contacts) else None
        mixed = "mixed" in dataset.labels
        if probabilities is not None and not mixed:
            return _of_probabilities(probabilities, self._classes)
        labels = tuple(None if pd.isna(label) else str(label) for label in contacts[target])
        known = (*self._classes, "mixed") if mixed else self._classes
        return Predictions(labels, known, None if probabilities is None else _filled(probabilities), self._classes)


class EngineContender(Contender):
    """Whole texts, as a head of labels of its own reads them; a text beyond the window is an abstention."""

    def __init__(self, name: str, engine: Engine) -> None:
        self.name = name
        self._engine = engine
        self.model_id = engine.model.model_id
        self.device = engine.device
        single = [head for head in engine.model.heads if head.kind == "single_label"]
        if len(single) != 1:
            raise ModelError(
                f"{self.model_id} has {len(single)} heads that choose one label, expected one, or one named {_HEAD!r}; "
                "give a classifier that calls the head you mean"
            )
        self._head = single[0]

    def predict(self, texts: Sequence[str], dataset: Dataset) -> Predictions:  # noqa: ARG002  # of all contenders
        """Score the texts; see `Contender`."""
        probabilities = self._engine.encode(list(texts)).probabilities[self._head.name]
        return _of_probabilities(probabilities.astype(np.float64), self._head.labels)


class ClassifierContender(Contender):
    """A classifier in scikit-learn manners."""

    def __init__(self, name: str, model: object) -> None:
        self.name = name
        self._model = model
        self.model_id = str(getattr(model, "model_id", type(model).__name__))
        self.device = ""
        self._classes = tuple(map(str, getattr(model, "classes_", ())))

    def predict(self, texts: Sequence[str], dataset: Dataset) -> Predictions:  # noqa: ARG002  # of all contenders
        """Ask for probabilities where there are any, else for labels; see `Contender`."""
        if hasattr(self._model, "predict_proba") and self._classes:
            probabilities = np.asarray(self._model.predict_proba(list(texts)), dtype=np.float64)
            self._check(probabilities.shape, (len(texts), len(self._classes)))
            return _of_probabilities(probabilities, self._classes)
        labels = [None if label is None else str(label) for label in self._model.predict(list(texts))]  # type: ignore[attr-defined]
        self._check((len(labels),), (len(texts),))
        return Predictions(tuple(labels), self._classes)

    def _check(self, got: tuple[int, ...], expected: tuple[int, ...]) -> None:
        if got != expected:
            raise InputError(f"{self.name} answered with shape {got}, expected {expected}: one row a text, in order")


def contenders(models: Compared | Sequence[Compared] | Mapping[str, Compared], device: str) -> list[Contender]:
    """Return what is to be compared, named: as the caller says, or by the model's own name, numbered if it is taken.

    Raises
    ------
    InputError
        If there is none, or something is no model.
    ModelError
        If a model cannot be loaded, or has no head to compare.
    """
    if isinstance(models, Mapping):
        named = list(models.items())
    else:
        several: list[Compared] = list(models) if isinstance(models, list | tuple) else [models]  # type: ignore[list-item]
        named = list(zip(_names(several), several, strict=True))
    if not named:
        raise InputError("got no model, expected at least one; give names, folders, models or classifiers")
    return [_contender(name, model, device) for name, model in named]


def _contender(name: str, model: object, device: str) -> Contender:
    if isinstance(model, str | os.PathLike):
        model = Model.from_pretrained(Path(model) if isinstance(model, os.PathLike) else model)
    if isinstance(model, Miner):
        return MinerContender(name, model)
    if hasattr(model, "heads") and hasattr(model, "model_id"):  # a Model, of the library's format or another
        if any(head.name == _HEAD for head in model.heads):
            return MinerContender(name, Miner(model, device=device))  # type: ignore[arg-type]
        return EngineContender(name, Engine(model, device=device))  # type: ignore[arg-type]
    if hasattr(model, "predict") or hasattr(model, "predict_proba"):
        return ClassifierContender(name, model)
    raise InputError(
        f"got a {type(model).__name__} as model {name!r}, expected a name, a folder, a Model, a Miner, "
        "or a classifier with predict or predict_proba"
    )


def _names(models: Sequence[object]) -> list[str]:
    names: list[str] = []
    for model in models:
        name = Path(model).name if isinstance(model, str | os.PathLike) else _own_name(model)
        taken = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({taken + 1})" if taken else name)
    return names


def _own_name(model: object) -> str:
    manifest = getattr(model, "manifest", None)
    return str(getattr(manifest, "name", type(model).__name__))


def _of_probabilities(probabilities: Floats, classes: Sequence[str]) -> Predictions:
    """Take the likeliest label; a row that holds no probabilities is an abstention."""
    told = _told(probabilities)
    best = np.where(told[:, None], probabilities, 0).argmax(axis=1)
    labels = tuple(classes[k] if known else None for k, known in zip(best, told, strict=True))
    return Predictions(labels, tuple(classes), _filled(probabilities), tuple(classes))


def _filled(probabilities: Floats) -> Floats:
    """Give a row that holds no probabilities equal ones, and take the rounding out of the others."""
    filled = np.where(_told(probabilities)[:, None], probabilities, 1.0)
    return np.asarray(filled / filled.sum(axis=1, keepdims=True))


def _told(probabilities: Floats) -> NDArray[np.bool_]:
    total = probabilities.sum(axis=1)
    return np.asarray(np.isfinite(total) & (total > 0))
