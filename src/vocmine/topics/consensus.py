"""Vectors come in; many seeded clusterings of parts of them agree on topics, and each topic's centre goes out."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.linalg import svds
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from vocmine.errors import InputError
from vocmine.topics.neighbours import Floats, neighbour_graph, side_by_side, spectral_coordinates, unit_rows

_PART: Final = 0.8
"""Share of the vectors that each clustering sees."""
_FEWEST: Final = 0.5
"""Each clustering looks for as many clusters as asked for, or fewer, down to this share: splits that only one number
of clusters calls for do not come through."""
_REFINEMENTS: Final = 30
_MOST_SEED: Final = 2**31 - 1


class ConsensusClustering(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Clusters that many clusterings agree on, whatever the order of the rows, the seed and the number of threads.

    Vectors are linked to their nearest neighbours. Each of `n_runs` clusterings takes part of the vectors and cuts
    their graph into clusters; vectors often put together end in the same cluster. Each cluster is then its centre, the
    mean direction of its vectors, and each vector belongs to the nearest centre, new ones like those fitted.

    It can be given to BERTopic as its ``hdbscan_model``.

    Parameters
    ----------
    n_clusters : int, default 20
    n_runs : int, default 60
        Clusterings that are put together.
    n_neighbors : int, default 30
        Neighbours to which each vector is linked.
    outlier_share : float, default 0.1
        Share of the vectors, those nearest to no centre, that get no cluster: label -1. From 0 to 0.9.
    max_rows : int, default 10_000
        Where there are more distinct vectors, so many of them, drawn at random, make the clusters.
    random_state : int, default 0

    Attributes
    ----------
    centres_ : float32 array of shape (n_clusters_found, n_dimensions)
        Largest cluster first; their length is 1. A cluster that loses all its vectors to its neighbours goes.
    labels_ : int array of shape (n,)
    threshold_ : float
        A vector whose standing (`standing`) is lower gets no cluster.
    agreement_ : float
        How well the clusterings agree with the consensus: mean share, over the vectors, of the clusterings that put
        them where the consensus does, 0 to 1.

    References
    ----------
    A. Strehl, J. Ghosh, Cluster ensembles, JMLR 3, 2002; X. Fern, C. Brodley, Solving cluster ensemble problems by
    bipartite graph partitioning, ICML 2004.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> points = np.repeat(np.eye(4, 16), 30, axis=0) + rng.normal(0, 0.05, (120, 16))
    >>> labels = ConsensusClustering(n_clusters=4, outlier_share=0).fit_predict(points)
    >>> np.bincount(labels).tolist()
    [30, 30, 30, 30]
    """

    def __init__(
        self,
        n_clusters: int = 20,
        *,
        n_runs: int = 60,
        n_neighbors: int = 30,
        outlier_share: float = 0.1,
        max_rows: int = 10_000,
        random_state: int = 0,
    ) -> None:
        self.n_clusters = n_clusters
        self.n_runs = n_runs
        self.n_neighbors = n_neighbors
        self.outlier_share = outlier_share
        self.max_rows = max_rows
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> Self:  # noqa: ARG002, N803 - scikit-learn's signature
        """Find the clusters.

        Raises
        ------
        InputError
            If there are fewer distinct vectors than clusters, or a parameter is out of its range.
        """
        given = np.asarray(X, dtype=np.float32)
        self._check(given)
        points = unit_rows(given).astype(np.float32)
        rng = np.random.default_rng(self.random_state)
        # Equal vectors are one; and in an order of their own, they make the same clusters however they were given.
        distinct = np.unique(points, axis=0)
        if len(distinct) < max(self.n_clusters, 3):
            raise InputError(
                f"got {len(distinct)} distinct vectors for {self.n_clusters} clusters; expected as many at least, and 3"
            )
        if len(distinct) > self.max_rows:
            distinct = distinct[np.sort(rng.permutation(len(distinct))[: self.max_rows])]
        graph = neighbour_graph(distinct, min(self.n_neighbors, len(distinct) - 1))
        votes = self._votes(graph, rng)
        labels = _agreed(votes, self.n_clusters, int(rng.integers(_MOST_SEED)))
        self.agreement_ = _agreement(votes, labels)
        self.centres_ = _refined(distinct, labels)
        self.threshold_ = -np.inf
        kept = standing(points, self.centres_)
        if self.outlier_share:
            self.threshold_ = float(np.quantile(kept, self.outlier_share))
        self.labels_ = self.predict(points)
        return self

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:  # noqa: N803
        """Return the cluster of each vector, or -1; int array of shape (n,)."""
        points = unit_rows(np.asarray(X, dtype=np.float32)).astype(np.float32)
        labels = (points @ self.centres_.T).argmax(axis=1).astype(np.int64)
        return np.where(standing(points, self.centres_) < self.threshold_, -1, labels)

    def _check(self, points: Floats) -> None:
        if points.ndim != 2 or not np.isfinite(points).all():
            raise InputError(f"got an array of shape {points.shape}, expected finite vectors, one a row")
        if not 0 <= self.outlier_share <= 0.9:
            raise InputError(f"outlier_share is {self.outlier_share}, expected 0 to 0.9")
        if self.n_clusters < 2 or self.n_runs < 1:
            raise InputError(
                f"got {self.n_clusters} clusters and {self.n_runs} runs, expected 2 or more clusters and a run"
            )

    def _votes(self, graph: sp.csr_array, rng: np.random.Generator) -> sp.csr_array:
        """Cluster parts of the graph; a column for each cluster of each run, 1 where a vector is in it."""
        size = graph.shape[0]
        runs = [
            (
                np.sort(rng.permutation(size)[: max(round(_PART * size), min(size, 3))]),
                max(2, round(rng.uniform(_FEWEST, 1) * self.n_clusters)),
                int(rng.integers(_MOST_SEED)),
            )
            for _ in range(self.n_runs)
        ]

        def cluster(run: tuple[NDArray[np.int64], int, int]) -> sp.csr_array:
            rows, wanted, seed = run
            count = min(wanted, len(rows) - 1)
            labels = _k_means(spectral_coordinates(graph[rows][:, rows], count), count, seed, n_init=3)
            return sp.csr_array((np.ones(len(rows)), (rows, labels)), shape=(size, count))

        with side_by_side() as map_, _fewer_places():
            return sp.csr_array(sp.hstack(map_(cluster, runs)))


def standing(points: Floats, centres: Floats) -> NDArray[np.float32]:
    """Say how clearly each vector belongs to its cluster: its cosine with the centre, less half of the next best."""
    cosines = points @ centres.T
    if cosines.shape[1] == 1:
        return cosines[:, 0]
    best = np.partition(cosines, -2, axis=1)[:, -2:]
    return np.asarray(best[:, 1] - best[:, 0] / 2, dtype=np.float32)


def _agreed(votes: sp.csr_array, n_clusters: int, seed: int) -> NDArray[np.int64]:
    """Cut the graph between vectors and the clusters they were put in."""
    per_row = np.maximum(np.asarray(votes.sum(axis=1)).ravel(), 1)
    per_cluster = np.maximum(np.asarray(votes.sum(axis=0)).ravel(), 1)
    scaled = sp.diags_array(per_row**-0.5) @ votes @ sp.diags_array(per_cluster**-0.5)
    count = min(n_clusters, min(scaled.shape) - 1)
    left, _, _ = svds(sp.csr_array(scaled), k=count, v0=np.ones(min(scaled.shape)))
    with side_by_side() as map_, _fewer_places():
        return map_(lambda _: _k_means(unit_rows(left), n_clusters, seed, n_init=30), [0])[0]


@contextmanager
def _fewer_places() -> Iterator[None]:
    """Say nothing where vectors stand in fewer places than there are clusters: some clusters are then empty."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def _k_means(points: NDArray[np.floating], n_clusters: int, seed: int, *, n_init: int) -> NDArray[np.int64]:
    return np.asarray(KMeans(n_clusters, n_init=n_init, random_state=seed).fit_predict(points), dtype=np.int64)


def _agreement(votes: sp.csr_array, labels: NDArray[np.int64]) -> float:
    """Share of the votes that fall on the cluster which most of the vector's own cluster was put in."""
    own = sp.csr_array((np.ones(len(labels)), (labels, np.arange(len(labels)))))
    together = sp.csr_array(own @ votes).toarray()  # how many vectors of each cluster each cluster of a run holds
    sizes = np.asarray(votes.sum(axis=0)).ravel()
    return float(together.max(axis=0).sum() / sizes.sum())


def _refined(points: Floats, labels: NDArray[np.int64]) -> Floats:
    """Move each vector to its nearest centre and each centre to its vectors' mean, until nothing moves."""
    for _ in range(_REFINEMENTS):
        members = sp.csr_array((np.ones(len(labels), dtype=np.float32), (labels, np.arange(len(labels)))))
        centres = unit_rows(members @ points).astype(np.float32)
        moved = (points @ centres.T).argmax(axis=1)
        if np.array_equal(moved, labels):
            break
        _, labels = np.unique(moved, return_inverse=True)  # a cluster without vectors goes
    members = sp.csr_array((np.ones(len(labels), dtype=np.float32), (labels, np.arange(len(labels)))))
    order = np.argsort(-np.bincount(labels), kind="stable")
    return np.asarray(unit_rows(members @ points)[order], dtype=np.float32)
