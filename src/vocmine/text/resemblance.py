"""Texts that say the same in nearly the same words: shingles, their Jaccard index, and a search that stays linear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from vocmine.text.folding import fold

if TYPE_CHECKING:
    import datasketch

Shingles: TypeAlias = NDArray[np.uint32]
"""The word sequences of a text, hashed; sorted, each once."""

_WORD: Final = re.compile(r"\d+|[^\W\d_]+")
_SHINGLE: Final = 3  # words: two texts on one subject share words, not sequences of three
_BANDS: Final = 12
_ROWS: Final = 5  # with 12 bands: of pairs at .9 two in 100,000 are missed, at .8 one in a hundred, at .7 one in ten
_SEED: Final = 0
_CROWD: Final = 50  # candidates from which a text is known to be formulaic, and no longer kept for comparison


class Resemblance(NamedTuple):
    """The text that another resembles.

    Attributes
    ----------
    of : int
        Its number.
    similarity : float
        Jaccard index of the shingles of both, 0 to 1.
    """

    of: int
    similarity: float


def folded_words(text: str) -> list[str]:
    """Return the words and numbers of a text, in lower case and without accents.

    Examples
    --------
    >>> folded_words("N° A12 : où est ma commande ?")
    ['n', 'a', '12', 'ou', 'est', 'ma', 'commande']
    """
    return _WORD.findall(fold(text))


def shingles(words: Sequence[str]) -> Shingles:
    """Return the sequences of three words of a text, hashed; of fewer words, the one sequence that they make.

    Returns
    -------
    ndarray of uint32, shape (n_shingles,)
        CRC-32 of each distinct sequence, sorted: 4 bytes instead of a string, and one pair in 4 billion confused.

    Examples
    --------
    >>> len(shingles(["je", "n", "ai", "rien"]))
    2
    """
    last = max(len(words) - _SHINGLE, 0)
    sequences = {" ".join(words[start : start + _SHINGLE]) for start in range(last + 1)}
    return np.array(sorted(crc32(each.encode("utf-8", "surrogatepass")) for each in sequences), dtype=np.uint32)


def jaccard(one: Shingles, other: Shingles) -> float:
    """Return the share of the shingles of two texts that both hold, 0 to 1."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


class Resembling:
    """Texts seen so far, and the ones that a new text resembles.

    Candidates come from MinHash and locality-sensitive hashing and are checked exactly: what is found does resemble;
    something at the threshold itself may be missed. The seed is fixed.

    Parameters
    ----------
    threshold : float
        Jaccard index from which texts resemble each other, above 0, at most 1.

    References
    ----------
    A. Z. Broder (1997), On the resemblance and containment of documents, SEQUENCES. The implementation is datasketch.

    Examples
    --------
    >>> seen = Resembling(0.8)
    >>> words = folded_words("Mon colis est perdu et personne ne répond à mes appels depuis lundi")
    >>> seen.add(0, shingles(words))
    >>> list(seen.find(shingles([*words, "merci"])))
    [Resemblance(of=0, similarity=0.9166666666666666)]
    """

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold
        self._shingles: dict[int, Shingles] = {}
        self._last: tuple[Shingles, datasketch.MinHash, list[int]] | None = None

    def find(self, text: Shingles) -> Iterator[Resemblance]:
        """Find the texts added that a text resembles, in the order of their numbers."""
        for number in self._candidates(text)[1]:
            similarity = jaccard(text, self._shingles[number])
            if similarity >= self.threshold:
                yield Resemblance(number, similarity)

    def add(self, number: int, text: Shingles) -> None:
        """Add a text, unless it looks like so many others that comparing with it tells nothing more."""
        signature, candidates = self._candidates(text)
        if len(candidates) < _CROWD:
            self._shingles[number] = text
            self._index.insert(number, signature, check_duplication=False)

    def _candidates(self, text: Shingles) -> tuple[datasketch.MinHash, list[int]]:
        """Return the signature of a text and those that share a band with it; asked twice, it is computed once."""
        if self._last is None or self._last[0] is not text:
            signature = self._blank.copy()
            signature.update_batch(text.tolist())
            self._last = text, signature, sorted(self._index.query(signature))
        return self._last[1], self._last[2]

    @cached_property
    def _blank(self) -> datasketch.MinHash:
        from datasketch import MinHash

        return MinHash(num_perm=_BANDS * _ROWS, seed=_SEED, hashfunc=int)

    @cached_property
    def _index(self) -> datasketch.MinHashLSH:
        from datasketch import MinHashLSH

        return MinHashLSH(params=(_BANDS, _ROWS), num_perm=_BANDS * _ROWS)
