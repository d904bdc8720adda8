"""Which heads of a model are read, and their probabilities in the library's order of labels."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import ModelError
from vocmine.inference import Head, RunnableModel
from vocmine.schema import ASPECTS, POLARITIES, SENTIMENTS, SPOKEN_OF

SENTIMENT: Final = "sentiment"
SATISFACTION: Final = "satisfaction"


def heads_read(model: RunnableModel, *, aspects: bool) -> dict[str, Head]:
    """Return the heads that scores are made of: sentiment; satisfaction where there is one; aspects if asked for.

    Raises
    ------
    ModelError
        The model has no sentiment head of labels that we know, or not the heads of the aspects asked for.
    """
    heads = {head.name: head for head in model.heads if head.kind == "single_label"}
    if SENTIMENT not in heads:
        found = [f"{head.name} ({head.kind})" for head in model.heads]
        raise ModelError(
            f"{model.model_id} has no {SENTIMENT!r} head of one label a text, it has {', '.join(found) or 'none'}; "
            "give a model that does"
        )
    if not {"negative", "positive"} <= set(heads[SENTIMENT].labels) <= set(SENTIMENTS):
        got, expected = ", ".join(heads[SENTIMENT].labels), ", ".join(SENTIMENTS)
        raise ModelError(f"{model.model_id} tells {got} apart, expected {expected}; give a model with these labels")
    read = [SENTIMENT]
    if SATISFACTION in heads and set(heads[SATISFACTION].labels) == set(POLARITIES):
        read.append(SATISFACTION)
    if aspects:
        lacking = [name for name in ASPECTS if name not in heads or set(heads[name].labels) != set(SPOKEN_OF)]
        if lacking:
            raise ModelError(
                f"{model.model_id} has no head for {', '.join(lacking)} with labels {', '.join(SPOKEN_OF)}; "
                "give a model that does, or leave aspects out"
            )
        read += ASPECTS
    return {name: heads[name] for name in read}


def in_order(head: Head, probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the probabilities of a head with its labels in the library's order, each row summing to 1.

    A sentiment head has three columns, or four where it tells « mixed »; a label that it lacks has probability 0.

    Parameters
    ----------
    head : Head
        One of `heads_read`.
    probabilities : ndarray, shape (n, labels)
        In the head's order; NaN where a row was not scored.

    Examples
    --------
    >>> in_order(Head("sentiment", ("positive", "negative")), np.array([[0.75, 0.25]])).tolist()
    [[0.25, 0.0, 0.75]]
    """
    labels = _order(head)
    found = np.zeros((len(probabilities), len(labels)))
    found[:, [labels.index(label) for label in head.labels]] = probabilities
    # Rounding of float32 must not show in probabilities that are promised to sum to 1.
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _order(head: Head) -> tuple[str, ...]:
    if head.name in ASPECTS:
        return SPOKEN_OF
    return SENTIMENTS if "mixed" in head.labels else POLARITIES
