"""What our topics are compared with: documents come in, the topics of other methods go out, on the same embeddings.

`k` is the number of topics asked for. HDBSCAN takes none: it gets the `min_cluster_size` whose number of topics is
nearest to k, except where BERTopic merges topics down to k, and in « BERTopic, defaults », which ignores k. NMF,
KeyNMF and S³ weigh each document by every topic; it goes to the heaviest. A document that a method calls noise, or no
word of which it knows, has topic −1.

Peers get what serves them: BERTopic ``language="multilingual"`` (its default deletes accented letters), and whatever
reads words the French vectorizer, except the three lines that show BERTopic's own.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import lru_cache, partial
from importlib import import_module
from time import perf_counter
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from topics_data import Documents, embed

N_TERMS = 10
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’]")
_WORD = r"\b\w(?:['’]?\w)+\b"

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Labels = NDArray[np.intp]


@dataclass(frozen=True)
class Topics:
    """What a method finds.

    Attributes
    ----------
    labels : int array of shape (n,)
        Topic of each document, −1 for none.
    terms : list of list of str
        Of each topic, ten or fewer, best first. A topic may be left without documents.
    """

    labels: Labels
    terms: list[list[str]]


Peer = Callable[[Documents, int, int], Topics]
"""From documents, number of topics asked for and seed."""


class Clusterer(Protocol):
    """A clustering of scikit-learn's manners."""

    def fit_predict(self, vectors: Floats) -> Labels:
        """Return the cluster of each row, −1 for none."""
        ...


@dataclass(frozen=True, eq=False)
class Layout:
    """Documents in five dimensions, and the wall seconds that it took; fits where BERTopic wants a `umap_model`."""

    vectors: Floats = field(repr=False)
    seconds: float

    def fit_transform(self, embeddings: Floats, y: object = None) -> Floats:
        """Return what was reduced before."""
        del embeddings, y
        return self.vectors


@lru_cache(maxsize=2)
def layout(documents: Documents, seed: int) -> Layout:
    """Reduce embeddings by UMAP as BERTopic does by default, once for all peers that cluster there."""
    umap = import_module("umap")
    begun = perf_counter()
    reducer = umap.UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed, n_jobs=1)
    return Layout(reducer.fit_transform(documents.embeddings), perf_counter() - begun)


def timed(peer: Peer, documents: Documents, k: int, seed: int) -> tuple[Topics, float]:
    """Find topics; return them and the wall seconds, those of a layout that was kept included.

    UMAP compiles in its first call of a process, and again in its first on 4,096 texts or more: let one go before.
    A seed holds it to one thread.
    """
    before, begun = layout.cache_info(), perf_counter()
    topics = peer(documents, k, seed)
    seconds, after = perf_counter() - begun, layout.cache_info()
    kept = after.hits > before.hits and after.misses == before.misses
    return topics, seconds + (layout(documents, seed).seconds if kept else 0.0)


def bertopic(
    documents: Documents, k: int, seed: int, *, size: int | None = None, merged: bool = False, french: bool = False
) -> Topics:
    """Run BERTopic with UMAP and HDBSCAN.

    Parameters
    ----------
    documents, k, seed
    size : int, optional
        `min_cluster_size`; by default the one that gives the number of topics nearest to k.
    merged : bool
        Have it merge topics down to k.
    french : bool
        Take terms from the French vectorizer.
    """
    clusters = _hdbscan(size or size_for(layout(documents, seed).vectors, k))
    return _bertopic(documents, seed, clusters, french=french, nr_topics=k + 1 if merged else None)


def bertopic_kmeans(documents: Documents, k: int, seed: int) -> Topics:
    """Run BERTopic with UMAP and k-means, and the French vectorizer."""
    return _bertopic(documents, seed, KMeans(k, random_state=seed), french=True)


def key_nmf(documents: Documents, k: int, seed: int) -> Topics:
    """Run turftopic's KeyNMF: keywords by their likeness to the document, then NMF."""
    return _turftopic("KeyNMF", documents, k, seed)


def s3(documents: Documents, k: int, seed: int) -> Topics:
    """Run turftopic's S³: independent components of the embeddings; their positive sides are the topics."""
    return _turftopic("SemanticSignalSeparation", documents, k, seed)


def nmf(documents: Documents, k: int, seed: int) -> Topics:
    """Factorise TF-IDF."""
    vectorizer = french_vectorizer(documents.texts)
    model = NMF(k, random_state=seed, max_iter=500)
    weights = model.fit_transform(TfidfTransformer().fit_transform(vectorizer.fit_transform(documents.texts)))
    return Topics(heaviest(weights), best_terms(model.components_, vectorizer.get_feature_names_out()))


def k_means(documents: Documents, k: int, seed: int) -> Topics:
    """Cluster the embeddings themselves, best of ten starts; terms by c-TF-IDF."""
    labels = KMeans(k, n_init=10, random_state=seed).fit_predict(documents.embeddings)
    vectorizer = french_vectorizer(documents.texts)
    counts = csr_matrix(np.eye(k)[labels].T @ vectorizer.fit_transform(documents.texts))
    weights = import_module("bertopic.vectorizers").ClassTfidfTransformer().fit_transform(counts).toarray()
    return Topics(labels.astype(np.intp), best_terms(weights, vectorizer.get_feature_names_out()))


PEERS: Mapping[str, Peer] = {
    "BERTopic, defaults": partial(bertopic, size=10),
    "BERTopic": bertopic,
    "BERTopic, nr_topics": partial(bertopic, size=10, merged=True),
    "BERTopic, French": partial(bertopic, french=True),
    "BERTopic, nr_topics, French": partial(bertopic, size=10, merged=True, french=True),
    "BERTopic, k-means, French": bertopic_kmeans,
    "KeyNMF": key_nmf,
    "S³": s3,
    "NMF": nmf,
    "k-means": k_means,
}


def french_vectorizer(texts: list[str]) -> CountVectorizer:
    """Return a counter of words and pairs of words of two texts or more, without stop words and elisions.

    The vocabulary is settled here: BERTopic would count `min_df` over topics, and drop every word of one topic alone.

    Examples
    --------
    >>> texts = ["L’avis d'échéance", "l'avis d’échéance d'aujourd'hui", "aujourd'hui"]
    >>> french_vectorizer(texts).get_feature_names_out().tolist()
    ['avis', 'avis échéance', 'échéance']
    """
    split = CountVectorizer(preprocessor=_without_elisions, token_pattern=_WORD).build_analyzer()
    stop_words = sorted({part for word in import_module("stopwordsiso").stopwords("fr") for part in split(word)})
    make = partial(
        CountVectorizer,
        preprocessor=_without_elisions,
        token_pattern=_WORD,
        stop_words=stop_words,
        ngram_range=(1, 2),
    )
    return make(vocabulary=make(min_df=2).fit(texts).get_feature_names_out())


def size_for(vectors: Floats, k: int) -> int:
    """Return the `min_cluster_size`, among thirty up to n / k, that gives the number of topics nearest to k.

    They are all tried: the number of topics does not always fall as the size grows.
    """
    sizes: list[int] = np.unique(np.geomspace(2, max(2, len(vectors) / k), 30).astype(int)).tolist()
    found = {size: int(_hdbscan(size).fit_predict(vectors).max()) + 1 for size in sizes}
    return min(sizes, key=lambda size: abs(found[size] - k))


def heaviest(weights: Doubles) -> Labels:
    """Return the topic of greatest weight of each document, −1 where none is above 0.

    Examples
    --------
    >>> heaviest(np.array([[0.2, 0.7], [0.0, 0.0]])).tolist()
    [1, -1]
    """
    return np.where(weights.max(axis=1) > 0, weights.argmax(axis=1), -1)


def best_terms(weights: Doubles, vocabulary: NDArray[np.str_]) -> list[list[str]]:
    """Return the terms of greatest weight above 0 of each topic.

    Parameters
    ----------
    weights : array of shape (topics, terms)
    vocabulary : array of shape (terms,)
    """
    orders = np.argsort(-weights, axis=1, kind="stable")[:, :N_TERMS]
    return [[str(vocabulary[at]) for at in order if row[at] > 0] for row, order in zip(weights, orders, strict=True)]


class _Encoder:
    """Embeds words for turftopic as the library embeds texts."""

    def encode(self, sentences: Iterable[str]) -> Floats:
        """Return one vector a text."""
        return embed(list(map(str, sentences)))


def _turftopic(name: str, documents: Documents, k: int, seed: int) -> Topics:
    make = getattr(import_module("turftopic"), name)
    model = make(k, encoder=_Encoder(), vectorizer=french_vectorizer(documents.texts), random_state=seed)
    with redirect_stdout(io.StringIO()):  # it reports its progress
        weights = model.fit_transform(documents.texts, embeddings=documents.embeddings)
    return Topics(heaviest(weights), best_terms(model.components_, model.get_vocab()))


def _bertopic(
    documents: Documents, seed: int, clusters: Clusterer, *, french: bool, nr_topics: int | None = None
) -> Topics:
    model = import_module("bertopic").BERTopic(
        language="multilingual",
        umap_model=layout(documents, seed),
        hdbscan_model=clusters,
        vectorizer_model=french_vectorizer(documents.texts) if french else None,
        nr_topics=nr_topics,
    )
    labels = np.array(model.fit_transform(documents.texts, documents.embeddings)[0], dtype=np.intp)
    terms = {topic: [word for word, _ in words if word] for topic, words in model.get_topics().items()}
    return Topics(labels, [terms[topic] for topic in range(labels.max() + 1)])


def _hdbscan(size: int) -> Clusterer:
    """Return HDBSCAN as BERTopic makes it."""
    make = import_module("hdbscan").HDBSCAN
    found: Clusterer = make(min_cluster_size=size, metric="euclidean", prediction_data=True)
    return found


def _without_elisions(text: str) -> str:
    return _ELISION.sub(" ", text.lower())
