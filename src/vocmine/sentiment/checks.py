"""What a classifier is given, checked: texts, labels and weights, without a customer's word in any message."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.class_weight import compute_sample_weight

from vocmine.errors import InputError
from vocmine.text import normalise

TUNES: Final = ("head", "encoder")
_KINDS: Final = frozenset({str, int, bool, float})
_ABOVE_0: Final = np.nextafter(0.0, 1.0)
_RANGES: Final = {
    # name: least, most (excluded), a whole number, may be None
    "C": (_ABOVE_0, np.inf, False, True),
    "epochs": (1, np.inf, True, False),
    "learning_rate": (_ABOVE_0, np.inf, False, False),
    "layers": (1, np.inf, True, True),
    "validation_share": (_ABOVE_0, 1.0, False, True),
    "token_budget": (1, np.inf, True, True),
}


def check_texts(texts: Iterable[str], n_labels: int | None = None) -> list[str]:
    """Return the texts, repaired as a corpus's are.

    Parameters
    ----------
    texts : sequence of str
    n_labels : int, optional
        Labels that there are for them.

    Raises
    ------
    InputError
        There is none, there are not as many as labels, or a row is no text or blank.
    """
    if isinstance(texts, (str, bytes)) or not isinstance(texts, Iterable):
        raise InputError(f"got one {type(texts).__name__}, expected a sequence of texts; put it in a list")
    if len(shape := getattr(texts, "shape", (0,))) != 1:
        raise InputError(f"got texts of shape {shape}, expected one dimension; give one column, such as df['text']")
    rows = list(texts)
    if not rows:
        raise InputError("got no text (0 sample(s)), expected 1 or more; check what was selected")
    if n_labels is not None and len(rows) != n_labels:
        raise InputError(f"got {len(rows)} texts and {n_labels} labels, expected one label a text")
    for row, text in enumerate(rows):
        if not isinstance(text, str):
            raise InputError(f"row {row} is {type(text).__name__}, expected str; drop it or turn it into text")
    repaired = [normalise(str(text)).text for text in rows]
    if blank := [row for row, text in enumerate(repaired) if not text.strip()]:
        raise InputError(f"{_rows(blank)} blank, expected words; leave these texts out, they have nothing to read")
    return repaired


def check_labels(labels: ArrayLike | None) -> tuple[NDArray[np.generic], NDArray[np.intp]]:
    """Return the classes, sorted, and for each label the place of its class.

    Raises
    ------
    InputError
        A label is missing, they are no classes, or there is one class alone.
    """
    if labels is None:
        raise InputError("requires y to be passed, but the target y is None: give one label a text")
    # As objects: among words, numpy would turn numbers and NaN into words too.
    given = np.asarray(labels, dtype=object)
    if given.ndim != 1:
        raise InputError(f"got labels of shape {given.shape}, expected one dimension; give one column")
    if missing := np.flatnonzero(pd.isna(given)).tolist():
        raise InputError(f"{_rows(missing)} without a label (NaN or None), expected one for each; leave these out")
    # Through plain Python values, so that labels are of the same type after saving and loading.
    values = [value.item() if isinstance(value, np.generic) else value for value in given]
    kinds = {type(value) for value in values}
    if len(kinds) > 1 or not kinds <= _KINDS or (float in kinds and any(value % 1 for value in values)):
        named = ", ".join(sorted(kind.__name__ for kind in kinds)) or "none"
        raise InputError(f"Unknown label type: got {named}, expected text or whole numbers, all of one kind")
    plain = np.array(values)
    classes, codes = np.unique(plain, return_inverse=True)
    if len(classes) < 2:
        raise InputError("got labels of one class, expected two classes or more; there is nothing to tell apart")
    return classes, codes


def check_weights(
    weights: ArrayLike | None, class_weight: object, classes: NDArray[np.generic], codes: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return one weight a text, those of the texts times those of their classes.

    Parameters
    ----------
    weights : array of float, shape (n_texts,), optional
        1 where none are given.
    class_weight : "balanced", mapping or None
        As in scikit-learn.
    classes : array of shape (n_classes,)
    codes : int array of shape (n_texts,)
        For each text, the place of its class.

    Raises
    ------
    InputError
        There is not one weight a text, one is negative or not finite, a whole class has none, or `class_weight` does
        not fit the classes.
    """
    given = np.ones(len(codes)) if weights is None else np.asarray(weights, dtype=np.float64)
    if given.shape != codes.shape:
        raise InputError(f"got {len(codes)} texts and weights of shape {given.shape}, expected one weight a text")
    if not np.isfinite(given).all() or (given < 0).any():
        raise InputError("got weights that are negative or not finite, expected 0 or more")
    try:
        weighed = given * compute_sample_weight(class_weight, classes[codes])
    except (ValueError, TypeError) as error:
        raise InputError(
            f"class_weight does not fit: {error}; give 'balanced', or a weight for each of the {len(classes)} classes"
        ) from error
    if not np.bincount(codes, weights=weighed, minlength=len(classes)).all():
        raise InputError("got weights that are 0 for a whole class, expected some above 0 in each; leave the class out")
    return np.asarray(weighed)


def check_parameters(parameters: Mapping[str, object]) -> None:
    """Check what can be told without data.

    Raises
    ------
    InputError
        A parameter is of another kind, or out of its range.
    """
    if parameters["tune"] not in TUNES:
        raise InputError(f"tune is {parameters['tune']!r}, expected {' or '.join(map(repr, TUNES))}")
    for name, (least, most, whole, optional) in _RANGES.items():
        value = parameters[name]
        if value is None and optional:
            continue
        number = isinstance(value, numbers.Integral if whole else numbers.Real) and not isinstance(value, bool)
        if not number or not least <= value < most:  # type: ignore[operator]
            kind = "a whole number" if whole else "a number"
            top = f" and under {most:g}" if most < np.inf else ""
            bottom = f"of {least} or more" if whole else "above 0"
            raise InputError(f"{name} is {value!r}, expected {kind} {bottom}{top}{', or None' if optional else ''}")


def _rows(rows: list[int], shown: int = 5) -> str:
    """Name the first rows of several, for a message."""
    named = ", ".join(map(str, rows[:shown])) + (", …" if len(rows) > shown else "")
    return f"row{'s' if len(rows) > 1 else ''} {named} {'are' if len(rows) > 1 else 'is'}"
