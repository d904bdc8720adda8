"""`CauseModel`: an analysis comes in; why each contact came, whose matter it is and what it was worth goes out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Self

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from vocmine.analysis import Analysis
from vocmine.errors import InputError
from vocmine.outcomes.reader import CauseReader, Examples, Floats
from vocmine.outcomes.said import said
from vocmine.outcomes.taxonomy import Taxonomy
from vocmine.outcomes.value import valued
from vocmine.schema import CAUSES
from vocmine.topics.embedding import Embeds, embedder_of

_PHRASE: Final = 1.0
_OWN: Final = 3.0
_COMPOSED: Final = 0.1
"""Texts that a program composed of lines of four companies count for less: they are much alike."""
_MOOD: Final = 4.0
_EVEN: Final = 0.5
"""What a contact's probability of being positive, beyond even, adds to the log-odds of causes of content customers."""
_MOST_CHARS: Final = 4_000
"""Characters of a contact that are read: why a customer contacts is said early."""


class CauseModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Why customers contact: a cause of two levels for each contact, its owner, its stage and its value.

    The causes, what customers say of each, and whose matter they are stand in a YAML file that its readers edit; a
    linear reader learns them from its phrases, from invented texts that come with the package, and from examples of
    one's own, if there are some. What is not sure enough stays « non attribué ».

    Parameters
    ----------
    taxonomy : Taxonomy, mapping or path of a YAML file, optional
        By default the French taxonomy of the package, ``vocmine/outcomes/causes.yaml``.
    min_probability : float, default 0.3
        Contacts whose most probable cause is less probable are « non attribué »: of a hundred real accounts read, more
        than half of the seventy that pass are right.
    embedding_model : "embedded", path or object with ``encode``
        What embeds phrases and texts; that of the analyses to be read.

    Attributes
    ----------
    taxonomy_ : Taxonomy
    reader_ : CauseReader
    classes_ : array of str
        Causes, in the order of `predict_proba`.

    Examples
    --------
    >>> import vocmine as vm
    >>> model = vm.CauseModel().fit()
    >>> model.predict(["Le technicien n'est jamais venu, j'ai attendu toute la journée"]).tolist()
    ['appointment_missed']
    """

    def __init__(
        self,
        taxonomy: Taxonomy | Mapping[str, Any] | str | os.PathLike[str] | None = None,
        *,
        min_probability: float = 0.3,
        embedding_model: str | os.PathLike[str] | Embeds = "embedded",
    ) -> None:
        self.taxonomy = taxonomy
        self.min_probability = min_probability
        self.embedding_model = embedding_model

    def fit(self, X: Sequence[str] | None = None, y: Sequence[str] | None = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Learn the causes from the taxonomy, and from examples of one's own.

        Parameters
        ----------
        X : sequence of str, optional
            What customers said, each a text; five a cause help much.
        y : sequence of str, optional
            Cause of each.

        Raises
        ------
        InputError
            If a cause is not in the taxonomy, or there are not as many causes as texts.
        """
        if not 0 <= self.min_probability < 1:
            raise InputError(f"min_probability is {self.min_probability}, expected 0 to 1")
        self.taxonomy_ = Taxonomy.of(self.taxonomy)
        texts, causes = list(X if X is not None else ()), [str(cause) for cause in (y if y is not None else ())]
        if isinstance(X, str) or len(texts) != len(causes):
            raise InputError(f"got {len(texts)} texts and {len(causes)} causes, expected one cause a text")
        unknown = sorted(set(causes) - set(self.taxonomy_.causes))
        if unknown:
            raise InputError(f"got cause {unknown[0]!r}, expected one of {', '.join(self.taxonomy_.causes)}")
        self.reader_ = _learnt(_Key(self.taxonomy_, tuple(texts), tuple(causes)), self._embed)
        self.classes_ = np.array(self.reader_.causes, dtype=object)
        return self

    def predict_proba(self, X: Sequence[str]) -> NDArray[np.float64]:  # noqa: N803
        """Return each cause's probability; float array of shape (n_texts, n_causes), in the order of ``classes_``."""
        check_is_fitted(self, "reader_")
        return self.reader_.probabilities(list(X), self._embed(list(X)))

    def predict(self, X: Sequence[str]) -> NDArray[np.object_]:  # noqa: N803
        """Return the most probable cause of each text; array of shape (n_texts,)."""
        found = self.predict_proba(X)
        return np.array([self.classes_[row] for row in found.argmax(axis=1)], dtype=object)

    def assign(self, analysis: Analysis, repeated: pd.Series | None = None) -> Analysis:
        """Return the analysis with its table ``causes``: `Analysis.contacts` then has a cause, an owner and a value.

        Parameters
        ----------
        analysis : Analysis
            Embedded by the same model as the phrases.
        repeated : Series of bool, optional
            Contacts that come again, such as ``repeats.contacts["position"] > 1``, in the order of
            ``analysis.contacts``; by default those whose customer says so.

        Raises
        ------
        InputError
            If the embeddings are not of the model's width, or an owner looks at a column that is not there.
        """
        if not hasattr(self, "reader_"):
            self.fit()
        contacts = analysis.contacts.reset_index(drop=True)
        read = _read(analysis, self.reader_, len(contacts))
        probability = self._with_mood(read.probability, contacts["p_positive"])
        best = probability.argmax(axis=1)
        top = probability.max(axis=1)
        sure = np.isfinite(top) & (top >= self.min_probability)
        causes = [str(self.classes_[row]) if own else None for row, own in zip(best, sure, strict=True)]
        says = contacts["signals"].map(lambda keys: "repeat_contact" in (keys if keys is not None else ()))
        again = says if repeated is None else repeated.reset_index(drop=True)
        worth = valued(analysis, self.taxonomy_, pd.Series(causes, dtype=object), again)
        known = self.taxonomy_.causes
        frame = pd.DataFrame(
            {
                "contact_id": contacts["contact_id"],
                "cause": pd.Series(causes, dtype=object),
                "cause_family": [known[cause].family if cause else None for cause in causes],
                "p_cause": np.where(np.isfinite(top), top, np.nan),
                "department": self.taxonomy_.departments(contacts, causes),
                "stage": [known[cause].stage if cause else None for cause in causes],
                "value": worth["value"],
                "value_reason": worth["value_reason"],
                "cause_quote": [read.quote(place, best[place]) if own else None for place, own in enumerate(sure)],
            }
        )
        ids = analysis.corpus.contacts["contact_id"].to_pandas()
        table = pa.Table.from_pandas(frame.set_index("contact_id").reindex(ids).reset_index(), preserve_index=False)
        return analysis.with_tables(causes=table.cast(CAUSES))

    def _with_mood(self, probability: NDArray[np.float64], positive: pd.Series) -> NDArray[np.float64]:
        """Weigh the causes of content customers by how content the customer is."""
        content = [self.taxonomy_.causes[str(cause)].mood == "positive" for cause in self.classes_]
        beyond = positive.fillna(_EVEN).to_numpy(dtype=np.float64) - _EVEN
        weighed = probability * np.exp(_MOOD * beyond[:, None] * np.array(content))
        return np.asarray(weighed / weighed.sum(axis=1, keepdims=True), dtype=np.float64)

    def _embed(self, texts: Sequence[str]) -> Floats:
        return np.asarray(embedder_of(self.embedding_model)(texts), dtype=np.float32)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "reader_")


class _Read:
    """What was read of each contact: probabilities of the whole, and of each segment for the quotes."""

    def __init__(
        self, probability: NDArray[np.float64], texts: list[str], owner: NDArray[np.int64], parts: NDArray[np.float64]
    ) -> None:
        self.probability, self._texts, self._parts = probability, texts, parts
        self._rows: dict[int, list[int]] = {}
        for row, place in enumerate(owner.tolist()):
            self._rows.setdefault(place, []).append(row)

    def quote(self, place: int, cause: int) -> str:
        """Return the segment of a contact that tells most of a cause."""
        row = max(self._rows[place], key=lambda row: (self._parts[row, cause], -row))
        return self._texts[row]


def _read(analysis: Analysis, reader: CauseReader, n_contacts: int) -> _Read:
    """Read the customers' words of each contact as one text; NaN where a contact has none."""
    rows, owner = said(analysis)
    if analysis.embeddings.shape[1] != len(reader.centre):
        got, expected = analysis.embeddings.shape[1], len(reader.centre)
        raise InputError(f"got embeddings of {got} dimensions, expected {expected}; give the same embedding_model")
    texts = [str(text) for text in analysis.tables["segments"]["text"].take(pa.array(rows)).to_pylist()]
    embeddings = analysis.embeddings[rows]
    whole = [""] * n_contacts
    vectors = np.zeros((n_contacts, analysis.embeddings.shape[1]), dtype=np.float32)
    for text, place, vector in zip(texts, owner.tolist(), embeddings, strict=True):
        if len(whole[place]) < _MOST_CHARS:
            whole[place] += f" {text}"
            vectors[place] += len(text) * vector
    there = np.array([bool(text) for text in whole])
    found = np.full((n_contacts, len(reader.causes)), np.nan)
    found[there] = reader.probabilities([text for text in whole if text], vectors[there])
    return _Read(found, texts, owner, reader.probabilities(texts, embeddings))


class _Key:
    """What a reader is learnt from; equal keys have the same reader."""

    def __init__(self, taxonomy: Taxonomy, texts: tuple[str, ...], causes: tuple[str, ...]) -> None:
        self.taxonomy, self.texts, self.causes = taxonomy, texts, causes
        phrases = tuple((key, cause.phrases) for key, cause in taxonomy.causes.items())
        self._value = (phrases, texts, causes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


def _learnt(key: _Key, embed: Callable[[Sequence[str]], Floats]) -> CauseReader:
    known = key.taxonomy.causes
    phrases = [(text, cause.key, _PHRASE) for cause in known.values() for text in cause.phrases]
    shipped = [(text, cause, weight) for cause, weight, text in _shipped() if cause in known]
    own = [(text, cause, _OWN) for text, cause in zip(key.texts, key.causes, strict=True)]
    texts, causes, weights = zip(*phrases, *shipped, *own, strict=True)
    return CauseReader.fit(Examples(list(texts), list(causes), list(weights)), embed)


@lru_cache(maxsize=1)
def _shipped() -> list[tuple[str, float, str]]:
    """Return the invented texts that come with the package, each with its cause and weight."""
    lines = files("vocmine.outcomes").joinpath("cause_texts.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return [(cause, _COMPOSED if source == "composed" else _PHRASE, text) for cause, source, text in rows]
