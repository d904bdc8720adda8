"""An analysis comes in; what each contact is about, as a vector and as words, goes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from vocmine.analysis import Analysis
from vocmine.errors import InputError
from vocmine.issues.counts import local_times
from vocmine.text.folding import fold
from vocmine.text.words import words
from vocmine.topics.units import Units

_FEWEST: Final = 3
"""Contacts that say a term, for it to be one."""


@dataclass(frozen=True, eq=False)
class Documents:
    """What contacts say, in the order of their days.

    Attributes
    ----------
    contact_ids : array of str, shape (n_documents,)
    days : int array of shape (n_documents,)
        Local day, counted from `first`.
    vectors : float32 array of shape (n_documents, n_dimensions)
        Of length 1.
    languages : array of str, shape (n_documents,)
    said : sparse float32 array of shape (n_documents, n_terms)
        1 where a document holds a term: a word that matters, or a pair of words.
    terms : list of str
    first : Timestamp
    """

    contact_ids: NDArray[np.object_]
    days: NDArray[np.int64]
    vectors: NDArray[np.float32] = field(repr=False)
    languages: NDArray[np.object_] = field(repr=False)
    said: sparse.csr_array = field(repr=False)
    terms: list[str] = field(repr=False)
    first: pd.Timestamp

    def __len__(self) -> int:
        return len(self.contact_ids)

    @classmethod
    def of(cls, analysis: Analysis) -> Documents:
        """Read the contacts that say something and have a date, copies of others left out.

        A contact's vector is the mean of its customer's segments.
        """
        units = Units.of(analysis)
        contacts = analysis.corpus.to_pandas("contacts")
        dated = contacts["started_at"].notna().to_numpy()
        moments = local_times(contacts.loc[dated]).normalize()
        day_of = np.full(len(contacts), -1)
        first = moments.min() if len(moments) else pd.Timestamp(0)
        day_of[dated] = (moments - first).days
        ids = contacts["contact_id"].to_numpy(dtype=object)
        known = dated[units.contacts] & units.shaping
        owners, place = np.unique(units.contacts[known], return_inverse=True)
        vectors = np.zeros((len(owners), units.embeddings.shape[1]))
        np.add.at(vectors, place, units.embeddings[known])
        terms: list[set[str]] = [set() for _ in owners]
        for row, own in zip(np.flatnonzero(known).tolist(), place.tolist(), strict=True):
            terms[own] |= terms_of(units.texts[row], units.languages[row])
        languages = contacts["language"].fillna("und").to_numpy(dtype=object)[owners]
        return cls.made(ids[owners], day_of[owners], vectors, terms, first, languages)

    @classmethod
    def made(
        cls,
        contact_ids: NDArray[np.object_],
        days: NDArray[np.int64],
        vectors: NDArray[np.float64],
        terms: list[set[str]],
        first: pd.Timestamp,
        languages: NDArray[np.object_] | None = None,
    ) -> Documents:
        """Put documents together, in any order.

        Raises
        ------
        InputError
            If there is not one day, vector and set of terms for each contact.
        """
        if not len(contact_ids) == len(days) == len(vectors) == len(terms):
            got = (len(contact_ids), len(days), len(vectors), len(terms))
            raise InputError(f"got {got} contacts, days, vectors and sets of terms, expected as many of each")
        order = np.lexsort((contact_ids.astype(str), days))
        counted = pd.Series([term for own in terms for term in sorted(own)], dtype=str).value_counts()
        kept = sorted(counted.index[counted >= _FEWEST])
        rank = {term: place for place, term in enumerate(kept)}
        rows = [sorted(rank[term] for term in terms[own] if term in rank) for own in order.tolist()]
        said = sparse.csr_array(
            (
                np.ones(sum(map(len, rows)), dtype=np.float32),
                np.array([term for row in rows for term in row], dtype=np.int64),
                np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64),
            ),
            shape=(len(rows), len(kept)),
        )
        norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        unit = (vectors / norms)[order].astype(np.float32)
        spoken = np.full(len(contact_ids), "fr", dtype=object) if languages is None else languages
        return cls(contact_ids[order], np.asarray(days)[order], unit, spoken[order], said, kept, first)


def terms_of(text: str, language: str = "fr") -> set[str]:
    """Return the words that matter and the pairs of words of a text, as their lemmas without accents."""
    found = words(text, language)
    said = [word for word in found if word.use != "general"]
    pairs = (
        f"{fold(left.lemma)} {fold(right.lemma)}"
        for left, right in pairwise(said)
        if right.use == "matter" and not right.breaks_before
    )
    return {fold(word.lemma) for word in found if word.use == "matter"} | set(pairs)
