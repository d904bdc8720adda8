"""What is timed on: distinct customer contacts of mixed length, and segments of contacts.

*contacts*: the accounts of Services Publics+ as they are, where VOCMINE_DATA names their folder; or else windows of
words over the sample contacts, of lengths drawn to be like theirs. *segments*: what the library itself encodes, cut
from customers' turns of the sample contacts and from the accounts.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import InputError
from vocmine.evaluation import load
from vocmine.inference import Model
from vocmine.inference.batching import CPU_TOKEN_BUDGET, Rows, batches
from vocmine.inference.tokens import tokenise
from vocmine.text import lower_capitals, segment

CONTACTS = Path(__file__).resolve().parents[1] / "examples" / "contacts.csv"
KINDS = ("contacts", "segments")
# Words of an account, log-normal: with 1.4 tokens a word, 150 tokens in the mean and 125 in the median.
_MEDIAN_WORDS, _SPREAD, _MOST_WORDS = 78, 0.74, 330
_POOL = 2_000
"""Windows that are drawn from."""


@dataclass(frozen=True)
class Sample:
    """Distinct texts, in an order that is not that of their lengths.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    source : str
        Where they come from.
    texts : list of str
        As they came.
    read : list of str
        As the encoder reads them: prefix put before, capitals lowered. What other libraries are given.
    ids : list of int32 array
        Tokens of each, special ones included.
    """

    kind: str
    source: str
    texts: list[str]
    read: list[str]
    ids: list[NDArray[np.int32]]

    @cached_property
    def lengths(self) -> NDArray[np.intp]:
        """Tokens of each text."""
        return np.array([len(row) for row in self.ids], dtype=np.intp)

    def to_json(self) -> dict[str, object]:
        """Describe the texts and the distribution of their lengths."""
        shares = (5, 25, 50, 75, 95, 100)
        found = np.percentile(self.lengths, shares).round().astype(int).tolist()
        return {
            "kind": self.kind,
            "source": self.source,
            "texts": len(self.texts),
            "tokens": int(self.lengths.sum()),
            "tokens_a_text": {"mean": round(float(self.lengths.mean()), 1)}
            | {f"p{share}": value for share, value in zip(shares, found, strict=True)},
        }


def sample(kind: str, n: int, model: Model, seed: int = 0) -> Sample:
    """Draw `n` distinct texts that the model takes whole.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    n : int
    model : Model
        Its tokenizer counts, and its window bounds the length.
    seed : int

    Raises
    ------
    InputError
        There are not so many.
    """
    accounts = list(load("services_publics_plus").texts) if "VOCMINE_DATA" in os.environ else []
    source = "sample contacts" + (", Services Publics+ accounts" if accounts else "")
    if kind == "segments":
        found = [text[start:end] for text in [*turns(), *accounts] for start, end in segment(text)]
    elif accounts:
        found, source = accounts, "Services Publics+ accounts"
    else:
        found, source = list(islice(windows(turns(), seed), _POOL)), "windows of words over the sample contacts"
    tokenised = tokenise(found, model)
    if len(tokenised.texts) < n:
        raise InputError(f"{n} {kind} are asked for, there are {len(tokenised.texts)}: ask for fewer")
    rows = as_in_a_large_run(tokenised.lengths, n, seed).tolist()
    prefix, read = model.manifest.prefix, lower_capitals if model.manifest.lower_capitals else str
    texts = [tokenised.texts[row] for row in rows]
    return Sample(kind, source, texts, [prefix + read(text) for text in texts], [tokenised.ids[row] for row in rows])


def as_in_a_large_run(lengths: NDArray[np.intp], n: int, seed: int = 0) -> Rows:
    """Draw texts that find texts of their own length beside them, as they would among millions.

    Whole batches of one length are taken at even steps from the longest to the shortest, which keeps the distribution
    of lengths; texts drawn one by one would leave those who sort by length with padding, or with batches of one.

    Parameters
    ----------
    lengths : int array of shape (texts,)
    n : int
        At most as many as there are texts.
    seed : int
        Of the order.

    Returns
    -------
    int array of shape (n,)
        Rows, in an order that is not that of their lengths.
    """
    cut = list(batches(lengths, CPU_TOKEN_BUDGET, padded=False))
    drawn = np.zeros(0, dtype=np.intp)
    steps = 0
    while len(drawn) < n:
        steps += 1
        middles = (np.arange(steps) + 0.5) * len(cut) / steps
        drawn = np.concatenate([cut[rank] for rank in middles.astype(int)])
    return np.random.default_rng(seed).permutation(drawn)[:n]


def turns() -> list[str]:
    """Return what customers say in the sample contacts, in order."""
    with CONTACTS.open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file) if row["speaker"] == "customer"]


def windows(texts: Sequence[str], seed: int = 0, median_words: int = _MEDIAN_WORDS) -> Iterator[str]:
    """Yield windows over the words of texts put one after the other, without end.

    Parameters
    ----------
    texts : sequence of str
    seed : int
    median_words : int
        Lengths are log-normal about it.

    Examples
    --------
    >>> next(windows(["Merci pour votre aide", "Toujours rien reçu"], median_words=3))
    'votre aide Toujours'
    """
    words = " ".join(texts).split()
    random = np.random.default_rng(seed)
    while True:
        count = int(np.clip(median_words * random.lognormal(0, _SPREAD), 1, min(_MOST_WORDS, len(words))))
        start = int(random.integers(len(words) - count + 1))
        yield " ".join(words[start : start + count])
