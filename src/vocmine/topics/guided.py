"""Contact reasons of one's own come in, as names with or without examples; where each stands goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Final

import numpy as np

from vocmine.errors import InputError
from vocmine.topics.features import Features
from vocmine.topics.neighbours import Floats, unit_rows

_NAME: Final = 2.0
"""A name counts for as much as two examples."""
_PRIOR: Final = 2.0
"""What was given counts for as much as two texts beside each text given to the reason."""
_SHARPNESS: Final = 10.0
_ROUNDS: Final = 10
_SHRINKAGE: Final = 4.0


def reason_centres(
    reasons: Mapping[str, Sequence[str]],
    embed: Callable[[Sequence[str]], Floats],
    features: Features,
    vectors: Floats,
) -> Floats:
    """Place each reason among the texts.

    A reason starts at its name and its examples, and moves towards the texts nearer to it than to the others: the
    words of customers are not those of a list of reasons.

    Parameters
    ----------
    reasons : mapping of str to sequence of str
        Name → examples of what customers say, or none.
    embed : callable
        Embeds texts as those of `vectors` were.
    features : Features
    vectors : float32 array of shape (n, n_features)
        The texts, without labels.

    Returns
    -------
    float32 array of shape (n_reasons, n_features)

    References
    ----------
    K. Nigam, A. McCallum, S. Thrun, T. Mitchell, Text classification from labeled and unlabeled documents using EM,
    Machine Learning 39, 2000.
    """
    _check(reasons)
    names = list(reasons)
    given = [(place, text) for place, name in enumerate(names) for text in (name, *reasons[name])]
    texts = [text for _, text in given]
    main = features.languages[0] if len(features.languages) == 1 else "fr"
    points = features.transform(embed(texts), texts, [main] * len(texts))
    owner = np.array([place for place, _ in given])
    is_name = np.r_[True, owner[1:] != owner[:-1]]
    # Names have a manner of their own, which says nothing of the matter: their common part is taken off.
    points[is_name] = unit_rows(points[is_name] - points[is_name].sum(axis=0) / (len(names) + _SHRINKAGE))
    weights = np.where(is_name, _NAME, 1.0)
    start = np.zeros((len(names), points.shape[1]))
    np.add.at(start, owner, points * weights[:, None])
    start = np.asarray(unit_rows(start), dtype=np.float64)
    strength = _PRIOR * np.bincount(owner, weights=weights) / _NAME
    centres = start
    for _ in range(_ROUNDS if len(vectors) else 0):
        evidence = _SHARPNESS * (vectors @ centres.T)
        shares = np.exp(evidence - evidence.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        centres = np.asarray(unit_rows(strength[:, None] * start + shares.T @ vectors), dtype=np.float64)
    return np.asarray(centres, dtype=np.float32)


def _check(reasons: Mapping[str, Sequence[str]]) -> None:
    if len(reasons) < 2:
        raise InputError(f"got {len(reasons)} reasons, expected two or more; to find topics, give none")
    for name, examples in reasons.items():
        if not name.strip():
            raise InputError("got a reason without a name; names say what customers are to be told apart by")
        if isinstance(examples, str | NoneType) or not all(isinstance(text, str) for text in examples):
            raise InputError(f"got {type(examples).__name__} as examples of a reason, expected a list of texts")
