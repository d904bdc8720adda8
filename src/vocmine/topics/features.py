"""Embeddings and texts come in; the vectors that topics are made of go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import scipy.sparse as sp
from sklearn.utils.extmath import randomized_svd

from vocmine.errors import InputError
from vocmine.text.words import words
from vocmine.topics.neighbours import Floats, side_by_side, unit_rows
from vocmine.topics.roots import Roots

_SHRINKAGE: Final = 20.0
"""A language's own centre counts for as much as the common one where it has so many texts."""
_PRIOR: Final = 50.0
"""The common centre counts for as much as the embedder's own, which is 0, where there are so many texts."""
_WORDS_WEIGHT: Final = 0.5
"""Weight of the words beside the embedding: measured, see decision 0018."""
_WORDS_DIMENSIONS: Final = 100
_FEWEST: Final = 3
_WIDEST: Final = 0.2
"""Words of fewer than 3 texts, or of more than a fifth of them, tell no topics apart."""
_MOST_WORDS: Final = 20_000


@dataclass(frozen=True, eq=False)
class Features:
    """How texts become the vectors that topics are made of.

    An embedding is centred on its language's mean, so that a matter is one wherever it is spoken of; beside it stand
    the words that it is told with, in a hundred dimensions.

    Attributes
    ----------
    languages : tuple of str
        ISO 639-1 codes seen.
    centres : float32 array of shape (n_languages + 1, n_dimensions)
        Mean embedding of each, then that of all.
    roots : Roots
    columns : dict of str to int
        Root of a word → its column.
    rarity : float32 array of shape (n_words,)
        Inverse document frequency.
    directions : float32 array of shape (n_words, n_word_dimensions)
    own : tuple of str
        Words that have a dimension of their own, the last dimensions.
    """

    languages: tuple[str, ...]
    centres: Floats
    roots: Roots
    columns: dict[str, int]
    rarity: Floats
    directions: Floats
    own: tuple[str, ...] = ()

    def extended(self, roots: Sequence[str]) -> Self:
        """Give each of these words a dimension of its own, beside what it had."""
        new = [root for root in roots if root not in self.columns]
        columns = self.columns | {root: len(self.columns) + place for place, root in enumerate(new)}
        directions = np.pad(self.directions, ((0, len(new)), (0, len(roots))))
        for place, root in enumerate(roots):
            directions[columns[root], self.directions.shape[1] + place] = 1
        rarity = np.concatenate([self.rarity, np.full(len(new), self.rarity.max(initial=1))]).astype(np.float32)
        return replace(self, columns=columns, rarity=rarity, directions=directions, own=(*self.own, *roots))

    @classmethod
    def fit(cls, embeddings: Floats, texts: Sequence[str], languages: Sequence[str]) -> Self:
        """Learn the centres and the words; the same for rows in any order, if they come in the same one."""
        points = unit_rows(np.asarray(embeddings, dtype=np.float64))
        codes = tuple(sorted(set(languages)))
        mean = points.sum(axis=0) / (len(points) + _PRIOR)
        spoken = np.array(languages, dtype=object)
        own = [points[spoken == code] for code in codes]
        centres = [(part.sum(axis=0) + _SHRINKAGE * mean) / (len(part) + _SHRINKAGE) for part in own]
        cut = [words(text, code) for text, code in zip(texts, languages, strict=True)]
        roots = Roots.of(cut)
        counts, columns = _counted(cut, roots)
        rarity = np.log((1 + len(texts)) / (1 + np.asarray((counts > 0).sum(axis=0)).ravel())) + 1
        scaled = unit_sparse(counts @ sp.diags_array(rarity)) if columns else counts
        size = min(_WORDS_DIMENSIONS, min(scaled.shape) - 1)
        if size > 0:
            with side_by_side() as map_:
                right = map_(lambda _: randomized_svd(scaled, size, random_state=0)[2], [0])[0]
        else:
            right = np.zeros((0, len(columns)))
        return cls(
            codes,
            np.stack([*centres, mean]).astype(np.float32),
            roots,
            columns,
            rarity.astype(np.float32),
            np.ascontiguousarray(right.T, dtype=np.float32),
        )

    def transform(self, embeddings: Floats, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """Return the vectors of texts; float32 array of shape (n_texts, n_features), rows of length 1.

        Raises
        ------
        InputError
            If the embeddings are not of the width, or not of the number, expected.
        """
        points = unit_rows(np.asarray(embeddings, dtype=np.float32))
        if points.ndim != 2 or points.shape != (len(texts), self.centres.shape[1]):
            expected = (len(texts), self.centres.shape[1])
            raise InputError(f"got embeddings of shape {points.shape}, expected {expected}; use the same embedder")
        place = {code: row for row, code in enumerate(self.languages)}
        rows = np.array([place.get(code, len(place)) for code in languages], dtype=np.int64)
        meaning = unit_rows(points - self.centres[rows])
        wording = _WORDS_WEIGHT * unit_rows(self._words(texts, languages) @ self.directions)
        return np.asarray(unit_rows(np.hstack([meaning, wording])), dtype=np.float32)

    def _words(self, texts: Sequence[str], languages: Sequence[str]) -> sp.csr_array:
        cut = (words(text, code) for text, code in zip(texts, languages, strict=True))
        found = [
            [
                self.columns[root]
                for word in text
                if word.use == "matter" and (root := self.roots.root(word.surface, word.lemma)) in self.columns
            ]
            for text in cut
        ]
        return (
            unit_sparse(_sublinear(found, len(self.columns)) @ sp.diags_array(self.rarity)) if found else _empty(self)
        )


def _empty(features: Features) -> sp.csr_array:
    return sp.csr_array((0, len(features.columns)), dtype=np.float32)


def _counted(cut: list[list], roots: Roots) -> tuple[sp.csr_array, dict[str, int]]:  # type: ignore[type-arg]
    held = [[roots.root(word.surface, word.lemma) for word in text if word.use == "matter"] for text in cut]
    names, flat = np.unique([root for text in held for root in text] or np.array([], dtype=str), return_inverse=True)
    ends = np.cumsum([0, *map(len, held)])
    counts = sp.csr_array((np.ones(len(flat)), flat, ends), shape=(len(held), len(names)))
    counts.sum_duplicates()
    frequency = np.asarray((counts > 0).sum(axis=0)).ravel()
    kept = np.flatnonzero((frequency >= _FEWEST) & (frequency <= max(_WIDEST * len(cut), _FEWEST)))
    kept = np.sort(kept[np.argsort(-frequency[kept], kind="stable")[:_MOST_WORDS]])
    counts = sp.csr_array(counts[:, kept])
    counts.data = 1 + np.log(counts.data)
    return counts, {str(names[old]): new for new, old in enumerate(kept)}


def _sublinear(columns: list[list[int]], width: int) -> sp.csr_array:
    ends = np.cumsum([0, *map(len, columns)])
    flat = np.fromiter((column for text in columns for column in text), dtype=np.int64, count=ends[-1])
    counts = sp.csr_array((np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(columns), width))
    counts.sum_duplicates()
    counts.data = 1 + np.log(counts.data)
    return counts


def unit_sparse(rows: sp.csr_array) -> sp.csr_array:
    """Bring each row of a sparse matrix to length 1; an empty row stays."""
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sp.csr_array(sp.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ rows)
