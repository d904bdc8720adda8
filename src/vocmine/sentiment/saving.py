"""A classifier beside its model, in the same folder: its classes, its parameters, and what was found in fitting."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine._version import __version__
from vocmine.errors import ModelFormatError
from vocmine.inference import Model
from vocmine.inference.headed import HeadedModel
from vocmine.sentiment.fitting import Fitted, head_for

_FILE: Final = "classifier.json"
_FORMAT: Final = "vocmine-classifier"
_FORMAT_VERSION: Final = 1
_SAVED: Final = ("tune", "C", "epochs", "learning_rate", "layers", "validation_share", "random_state", "progress")


def write_classifier(
    folder: Path, found: Fitted, classes: NDArray[np.generic], parameters: Mapping[str, object]
) -> None:
    """Write `classifier.json`; the model is in the folder already.

    A `random_state` that is a generator is not kept, nor is a model that has no name.
    """
    weights, model, seed = (parameters[name] for name in ("class_weight", "model", "random_state"))
    data = {
        "format": _FORMAT,
        "format_version": _FORMAT_VERSION,
        "vocmine": __version__,
        "model_id": found.model.model_id,
        "classes": classes.tolist(),
        "parameters": {
            **{name: parameters[name] for name in _SAVED},
            "random_state": None if isinstance(seed, np.random.RandomState) else seed,
            "model": str(model) if isinstance(model, (str, Path)) else None,
            # As pairs: the keys of JSON objects are text, labels may be numbers.
            "class_weight": [list(pair) for pair in weights.items()] if isinstance(weights, Mapping) else weights,
        },
        "C": found.C,
        "temperature": found.temperature,
        "n_iter": found.n_iter,
    }
    text = json.dumps(data, indent=2, ensure_ascii=False, default=_plain)
    (folder / _FILE).write_text(text + "\n", encoding="utf-8")


def read_classifier(folder: Path) -> tuple[Fitted, NDArray[np.generic], dict[str, object]]:
    """Read what `write_classifier` wrote, and the model beside it.

    Returns
    -------
    found : Fitted
    classes : array of shape (n_classes,)
    parameters : dict
        For the constructor, without device and token budget.

    Raises
    ------
    ModelFormatError
        A file is missing, altered, or of a format that this version does not read.
    """
    model = Model.from_pretrained(folder)
    try:
        data = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if (made := (data["format"], data["format_version"])) != (_FORMAT, _FORMAT_VERSION):
            raise ModelFormatError(f"{_FILE} is {made[0]!r} version {made[1]!r}, expected {_FORMAT!r} version 1")
        classes = np.array(data["classes"])
        parameters = dict(data["parameters"])
        weights = parameters["class_weight"]
        parameters["class_weight"] = dict(weights) if isinstance(weights, list) else weights
        parameters["model"] = parameters["model"] or str(folder)
        if data["model_id"] != model.model_id or head_for(classes.tolist()) not in model.heads:
            raise ModelFormatError(f"{_FILE} goes with model {data['model_id']}, got {model.model_id} beside it")
        if not isinstance(model, (Model, HeadedModel)):
            raise ModelFormatError(f"the model in {folder.name!r} has no head of its user's own")
        found = Fitted(model, float(data["C"]), float(data["temperature"]), int(data["n_iter"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFormatError(
            f"{_FILE} in {folder.name!r} cannot be read ({type(error).__name__}): save the classifier again"
        ) from error
    return found, classes, parameters


def _plain(value: object) -> object:
    """Turn a number of numpy into Python's."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be saved")
