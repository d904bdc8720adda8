"""Streams of contacts in which a reason that was never there begins on a known day.

The pool is what the sample contacts (invented) and citizens' accounts (real) say, each text once. A stream leaves one
reason out, draws 80 contacts a day from the rest, and lets contacts of that reason in from its onset on, so many of the
80 a day on average, until there are no more. No text is twice in a stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from topics_data import accounts, samples

from vocmine.issues.documents import Documents, terms_of

PER_DAY = 80
HISTORY = 49
WATCHED = 24
ONSET = 5
"""Days of the watch before the reason begins."""
FEWEST, MOST = 60, 250
"""Texts of a reason that is left out."""


@dataclass(frozen=True, eq=False)
class Pool:
    """Texts: vectors, terms, languages, and reasons, those of samples and of accounts under other names."""

    vectors: NDArray[np.float64]
    terms: list[set[str]]
    languages: NDArray[np.object_]
    reasons: NDArray[np.str_]

    @property
    def held_out(self) -> list[str]:
        """Reasons that a stream may leave out, in the order of the alphabet."""
        names, sizes = np.unique(self.reasons, return_counts=True)
        return [str(name) for name, size in zip(names, sizes, strict=True) if FEWEST <= size <= MOST]


@dataclass(frozen=True, eq=False)
class Stream:
    """Documents by day, which of them are of the new reason, and its first day (-1: none begins)."""

    documents: Documents
    new: NDArray[np.bool_]
    onset: int
    reason: str


def load_pool(cache: Path) -> Pool:
    """Score the texts, or load what was scored, and read their terms; each text once."""
    sets = samples(cache), accounts(cache)
    texts = [text for one in sets for text in one.texts]
    kept = np.sort(np.unique(np.array(texts, dtype=object).astype(str), return_index=True)[1])
    languages = np.concatenate([one.languages for one in sets]).astype(object)
    vectors = np.concatenate([one.embeddings for one in sets]).astype(np.float64)
    reasons = np.concatenate([np.char.add(f"{one.name}: ", one.labels) for one in sets if one.labels is not None])
    terms = [terms_of(texts[row], str(languages[row])) for row in kept.tolist()]
    return Pool(vectors[kept], terms, languages[kept], reasons[kept])


def stream(pool: Pool, seed: int, rate: float) -> Stream:
    """Draw a stream; with a rate of 0 nothing begins, and the reason is left out all the same."""
    rng = np.random.default_rng(seed)
    reason = pool.held_out[int(rng.integers(len(pool.held_out)))]
    usual, new = (rng.permutation(np.flatnonzero(kind)) for kind in (pool.reasons != reason, pool.reasons == reason))
    onset = HISTORY + ONSET
    begun = np.arange(HISTORY + WATCHED) >= onset
    n_new = np.where(begun, rng.poisson(rate, len(begun)), 0)
    n_new = np.diff(np.minimum(np.cumsum(n_new), len(new)), prepend=0)
    n_usual = PER_DAY - n_new
    rows = np.concatenate([usual[: n_usual.sum()], new[: n_new.sum()]])
    days = np.concatenate([np.repeat(np.arange(len(begun)), n_usual), np.repeat(np.arange(len(begun)), n_new)])
    ids = np.array([f"{row:05d}" for row in rows.tolist()], dtype=object)
    terms = [pool.terms[row] for row in rows.tolist()]
    first = pd.Timestamp("2026-01-05")
    documents = Documents.made(ids, days, pool.vectors[rows], terms, first, pool.languages[rows])
    own = set(new.tolist())
    flags = np.array([int(one) in own for one in documents.contact_ids.tolist()])
    return Stream(documents, flags, onset if rate else -1, reason)
