"""Labelled texts and a model come in; the model with its new head goes out, with what was found on the way."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import InputError, ModelFormatError
from vocmine.inference import Engine, Head, HuggingFaceModel, LabelMap, Model
from vocmine.inference.headed import HeadedModel, attach_head
from vocmine.inference.pieces import Pieces
from vocmine.schema import POLARITIES
from vocmine.sentiment.features import cut, gather
from vocmine.sentiment.probe import Examples, cautious_temperature, fit_probe, hold_out

POLARITY_HEAD: Final = "sentiment"
OTHER_HEAD: Final = "labels"

AnyModel = Model | HuggingFaceModel | HeadedModel


@dataclass(frozen=True)
class Labelled:
    """Texts as a model sees them, with what they were labelled.

    Attributes
    ----------
    model : Model, HuggingFaceModel or HeadedModel
    classes : array of shape (n_classes,)
    pieces : Pieces
    examples : Examples
    """

    model: AnyModel
    classes: NDArray[np.generic]
    pieces: Pieces
    examples: Examples

    @classmethod
    def read(
        cls,
        texts: Sequence[str],
        classes: NDArray[np.generic],
        codes: NDArray[np.intp],
        weights: NDArray[np.float64],
        model: AnyModel,
        engine: Engine,
    ) -> Labelled:
        """Encode the texts, each distinct segment once."""
        pieces = cut(texts, engine)
        number = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        numbers = np.array([number[text] for text in texts], dtype=np.intp)
        return cls(model, classes, pieces, Examples(gather(pieces, engine), codes, weights, numbers))


class Fitted(NamedTuple):
    """A model with its new head.

    Attributes
    ----------
    model : Model or HeadedModel
    C, temperature : float
        Inverse penalty of the regression; what the logits were divided by.
    n_iter : int
        Passes over the texts, or iterations of the regression.
    """

    model: Model | HeadedModel
    C: float
    temperature: float
    n_iter: int


@dataclass(frozen=True)
class Schooling:
    """How an encoder is trained; the parameters of `SentimentClassifier` of the same names."""

    epochs: int
    learning_rate: float
    layers: int | None
    validation_share: float | None
    device: str
    progress: bool


def fit_head(labelled: Labelled, C: float | None, seed: int) -> Fitted:  # noqa: N803 - scikit-learn's name
    """Put a calibrated logistic regression on the model's features."""
    probe = fit_probe(labelled.examples, len(labelled.classes), C, seed)
    model = _attach(labelled, probe.weight, probe.bias)
    return Fitted(model, probe.C, probe.temperature, probe.n_iter)


def fit_encoder(labelled: Labelled, C: float | None, seed: int, schooling: Schooling) -> Fitted:  # noqa: N803
    """Train the model's upper layers, from the regression on.

    Raises
    ------
    InputError
        There are too few texts to hold any out, or fewer layers than are to be trained.
    """
    from vocmine.inference.tuning import Course, Lesson, tune

    _, codes, weights, numbers = labelled.examples
    share = schooling.validation_share
    held_out = hold_out(numbers, codes, share or 0.0, seed)
    if share and not weights[held_out].any():
        raise InputError(f"validation_share {share} of these texts is none: give more texts, or leave it out")
    probe = fit_probe(labelled.examples.at(~held_out), len(labelled.classes), C, seed)
    course = Course(
        schooling.epochs, schooling.learning_rate, schooling.layers, schooling.device, seed, schooling.progress
    )
    lesson = Lesson(labelled.pieces, codes, weights, held_out)
    tuned = tune(labelled.model, lesson, probe.weight, probe.bias, course)
    cooling = cautious_temperature(tuned.held_out, codes[held_out], weights[held_out]) if share else 1.0
    weight, bias = (array / np.float32(cooling) for array in (tuned.weight, tuned.bias))
    return Fitted(_attach(labelled, weight, bias, tuned.trained), probe.C, cooling, tuned.epochs)


def head_for(classes: Sequence[object]) -> Head:
    """Describe the head for these labels: ``sentiment`` where they are polarities, in any order, else ``labels``.

    Examples
    --------
    >>> head = head_for(["neutre", "négatif", "positif"])
    >>> head.name, head.labels
    ('sentiment', ('neutral', 'negative', 'positive'))
    >>> head_for([0, 1]).name
    'labels'
    """
    own = tuple(map(str, classes))
    with suppress(ModelFormatError):  # labels that say nothing, such as 0 and 1, are no polarities
        meant = LabelMap.read(own).meant
        if {"negative", "positive"} <= set(meant) <= set(POLARITIES) and len(set(meant)) == len(own):
            return Head(POLARITY_HEAD, meant, input="features")
    return Head(OTHER_HEAD, own, input="features")


def _attach(
    labelled: Labelled,
    weight: NDArray[np.floating],
    bias: NDArray[np.floating],
    trained: dict[str, NDArray[np.float32]] | None = None,
) -> Model | HeadedModel:
    head = head_for(labelled.classes.tolist())
    source = f"{len(labelled.examples.labels)} texts of its user's own"
    return attach_head(labelled.model, head, weight, bias, trained=trained, trained_on=source)
