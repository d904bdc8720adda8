"""`SignalClassifier`: a signal of one's own, learnt from some fifty labelled contacts, without code or training runs.

It reads the embeddings that the analysis holds already. A contact is what its best segments say: the mean embedding of
the customer's segments, and each segment by itself for the words that show it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.validation import check_is_fitted

from vocmine.corpus.customers import customer_turns
from vocmine.errors import InputError
from vocmine.stats import bootstrap

if TYPE_CHECKING:
    from vocmine.analysis import Analysis

_LEAST_EACH: Final = 10
_FOLDS: Final = 5
_STRENGTHS: Final = (0.3, 1.0, 3.0, 10.0, 30.0)
_FORMAT: Final = "vocmine-signal-classifier"
_FILE: Final = "signal.json"

Floats = NDArray[np.float64]


class SignalClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Tell whether contacts carry a signal, from labelled contacts of the same analysis or of another.

    Parameters
    ----------
    name : str
        Of the signal.
    C : float, optional
        Inverse strength of the regression's penalty; by default the best of five by cross-validation.
    seed : int, default 0

    Attributes
    ----------
    coef_, intercept_ : float array of shape (width,), float
    threshold_ : float
        Probability from which the signal is reported: where F1 is best on held-out folds.
    cross_validated_ : dict
        F1 and average precision on held-out folds, F1 with its 95 % interval, and the numbers of examples.
    embedder_ : str
        What made the embeddings; only analyses of the same one can be scored.

    Examples
    --------
    >>> SignalClassifier("coupure_reseau").name
    'coupure_reseau'
    """

    def __init__(self, name: str = "signal", *, C: float | None = None, seed: int = 0) -> None:  # noqa: N803
        self.name = name
        self.C = C
        self.seed = seed

    def fit(self, analysis: Analysis, labels: Mapping[str, bool] | pd.Series) -> Self:
        """Learn from labelled contacts.

        Parameters
        ----------
        analysis : Analysis
        labels : mapping or Series, contact_id → bool
            Ten contacts of each kind at least; some fifty in all serve well. Contacts without a label are left out.

        Raises
        ------
        InputError
            There are too few, an id is not in the analysis, a contact has no embedding, or a label is of another kind.
        """
        known = pd.Series(dict(labels), dtype=object).dropna()
        if odd := int((~known.isin([False, True])).sum()):
            raise InputError(
                f"{odd} of {len(known)} labels are neither True nor False; leave out those you do not know"
            )
        given = {str(key): bool(value) for key, value in known.items()}
        x, ids = _contacts(analysis)
        place = {name: row for row, name in enumerate(ids)}
        if unknown := [name for name in given if name not in place]:
            raise InputError(f"{len(unknown)} of {len(given)} labelled contacts are not in the analysis; check the ids")
        rows = np.array([place[name] for name in given], dtype=np.intp)
        y = np.array(list(given.values()), dtype=np.bool_)
        if silent := int(np.isnan(x[rows, 0]).sum()):
            raise InputError(f"{silent} labelled contacts have no embedding (nothing a customer said); leave them out")
        if min(y.sum(), (~y).sum()) < _LEAST_EACH:
            raise InputError(f"got {y.sum()} contacts with the signal and {(~y).sum()} without, expected ten of each")
        self._fit(x[rows], y)
        self.embedder_ = analysis.embedder
        return self

    def _fit(self, x: Floats, y: NDArray[np.bool_]) -> None:
        folds = list(StratifiedKFold(_FOLDS, shuffle=True, random_state=self.seed).split(x, y))
        held_out = {
            strength: _held_out(x, y, strength, folds) for strength in (_STRENGTHS if self.C is None else (self.C,))
        }
        best = max(held_out, key=lambda strength: average_precision_score(y, held_out[strength]))
        p = held_out[best]
        edges = np.unique(p)
        self.threshold_ = float(max(edges, key=lambda edge: f1_score(y, p >= edge)))
        f1 = bootstrap(lambda at: float(f1_score(y[at], p[at] >= self.threshold_, zero_division=0)), len(y))
        self.cross_validated_ = {
            "f1": (f1.value, f1.low, f1.high),
            "average_precision": float(average_precision_score(y, p)),
            "examples": len(y),
            "with_signal": int(y.sum()),
        }
        fitted = _regression(best).fit(x, y)
        self.coef_, self.intercept_ = fitted.coef_[0], float(fitted.intercept_[0])
        self.classes_ = np.array([False, True])
        self.n_features_in_ = x.shape[1]

    def predict_proba(self, analysis: Analysis) -> Floats:
        """Return the probability of no signal and of the signal; float array of shape (n_contacts, 2), NaN if silent.

        Raises
        ------
        InputError
            If the embeddings are another model's.
        """
        check_is_fitted(self)
        self._check(analysis)
        x, _ = _contacts(analysis)
        p = _sigmoid(x @ self.coef_ + self.intercept_)
        return np.column_stack([1 - p, p])

    def predict(self, analysis: Analysis) -> NDArray[np.bool_]:
        """Say which contacts carry the signal; bool array of shape (n_contacts,)."""
        return np.asarray(np.nan_to_num(self.predict_proba(analysis)[:, 1]) >= self.threshold_)

    def score_contacts(self, analysis: Analysis) -> pd.DataFrame:
        """Return a row a contact: `contact_id`, the signal's probability, whether it is there, and its best words."""
        p = self.predict_proba(analysis)[:, 1]
        group = customer_turns(analysis.corpus)[_turn_rows(analysis)]
        said = analysis.embeddings.astype(np.float64) @ self.coef_
        order = np.lexsort((np.nan_to_num(said, nan=-np.inf), group))
        best = dict(zip(group[order].tolist(), order.tolist(), strict=True))
        texts = analysis.tables["segments"]["text"]
        there = np.nan_to_num(p) >= self.threshold_
        return pd.DataFrame(
            {
                "contact_id": analysis.corpus.contacts["contact_id"].to_pylist(),
                f"p_{self.name}": p,
                self.name: there,
                "quote": [texts[best[row]].as_py() if yes else None for row, yes in enumerate(there)],
            }
        )

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write what was learnt as ``signal.json`` in a folder; `load` reads it back, with the same answers."""
        check_is_fitted(self)
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        data = {
            "format": _FORMAT,
            "name": self.name,
            "C": self.C,
            "seed": self.seed,
            "embedder": self.embedder_,
            "threshold": self.threshold_,
            "cross_validated": self.cross_validated_,
            "intercept": self.intercept_,
            "coef": self.coef_.tolist(),
        }
        (target / _FILE).write_text(json.dumps(data) + "\n", encoding="utf-8")
        return target

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> SignalClassifier:
        """Read what `save` wrote.

        Raises
        ------
        InputError
            The folder holds no such classifier.
        """
        path = Path(folder) / _FILE
        absent = f"no classifier in {Path(folder).name!r}"
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            made = cls({_FORMAT: data["name"]}[data["format"]], C=data["C"], seed=data["seed"])
            made.coef_, made.intercept_ = np.array(data["coef"], dtype=np.float64), float(data["intercept"])
            made.threshold_, made.embedder_ = float(data["threshold"]), data["embedder"]
            made.cross_validated_ = data["cross_validated"] | {"f1": tuple(data["cross_validated"]["f1"])}
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise InputError(f"{absent} ({type(error).__name__}); save it again") from None
        if made.coef_.ndim != 1 or not made.coef_.size:
            raise InputError(f"{absent} (coefficients of shape {made.coef_.shape}); save it again")
        made.classes_, made.n_features_in_ = np.array([False, True]), len(made.coef_)
        return made

    def _check(self, analysis: Analysis) -> None:
        if analysis.embedder != self.embedder_:
            raise InputError(
                f"the embeddings are of {analysis.embedder}, expected {self.embedder_}; score or fit again"
            )


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=1000)


def _held_out(x: Floats, y: NDArray[np.bool_], strength: float, folds: list[tuple[Floats, Floats]]) -> Floats:
    p = np.empty(len(y))
    for train, test in folds:
        p[test] = _regression(strength).fit(x[train], y[train]).predict_proba(x[test])[:, 1]
    return p


def _contacts(analysis: Analysis) -> tuple[Floats, list[str]]:
    """Return the mean embedding of each contact's customer segments, NaN where there is none, and the ids."""
    group = customer_turns(analysis.corpus)[_turn_rows(analysis)]
    ids: list[str] = analysis.corpus.contacts["contact_id"].to_pylist()
    vectors = analysis.embeddings.astype(np.float64)
    used = (group >= 0) & np.isfinite(vectors).all(axis=1)
    total, count = np.zeros((len(ids), vectors.shape[1])), np.bincount(group[used], minlength=len(ids))
    np.add.at(total, group[used], vectors[used])
    with np.errstate(invalid="ignore"):
        return total / count[:, None], ids


def _turn_rows(analysis: Analysis) -> NDArray[np.int64]:
    """Return the row of the turn of each segment."""
    turns, segments = analysis.corpus.turns, analysis.tables["segments"]
    keys = zip(turns["contact_id"].to_pylist(), turns["turn"].to_pylist(), strict=True)
    row = {key: place for place, key in enumerate(keys)}
    of = zip(segments["contact_id"].to_pylist(), segments["turn"].to_pylist(), strict=True)
    return np.array([row[key] for key in of], dtype=np.int64)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))
