"""Vectors come in, the graph of each one's nearest neighbours goes out, and the coordinates that the graph gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from os import cpu_count
from typing import Final, TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import eigsh
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

Floats = NDArray[np.float32]

_BLOCK: Final = 1_024
"""Rows compared at a time: 20 MB for 5,000 vectors."""
_BISECTIONS: Final = 40
_SMOOTHING: Final = 0.1
"""Share of the mean degree added to each, so that a lonely vector has no coordinate of its own."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@contextmanager
def side_by_side() -> Iterator[Callable[[Callable[[_Item], _Result], Iterable[_Item]], list[_Result]]]:
    """Give a map over threads, each of which computes alone.

    Sums made by several threads end in other last bits than those made by one. Here each result is one thread's, so
    that it is the same whatever the number of cores.
    """
    with threadpool_limits(limits=1), ThreadPoolExecutor(cpu_count()) as pool:
        yield lambda function, items: list(pool.map(function, items))


def nearest(points: Floats, n_neighbors: int) -> tuple[NDArray[np.int64], Floats]:
    """Find the nearest others of each vector by cosine, exactly.

    Parameters
    ----------
    points : float32 array of shape (n, n_dimensions)
        Vectors of length 1.
    n_neighbors : int
        Fewer than n.

    Returns
    -------
    neighbours : int array of shape (n, n_neighbors)
        Nearest first.
    cosines : float32 array of the same shape
    """

    def block(start: int) -> tuple[NDArray[np.int64], Floats]:
        rows = np.arange(start, min(start + _BLOCK, len(points)))
        cosines = points[rows] @ points.T
        cosines[np.arange(len(rows)), rows] = -np.inf
        found = np.argpartition(-cosines, n_neighbors - 1, axis=1)[:, :n_neighbors]
        order = np.argsort(-np.take_along_axis(cosines, found, axis=1), axis=1, kind="stable")
        found = np.take_along_axis(found, order, axis=1)
        return found, np.take_along_axis(cosines, found, axis=1)

    with side_by_side() as map_:
        blocks = map_(block, range(0, len(points), _BLOCK))
    return np.concatenate([found for found, _ in blocks]), np.concatenate([cosines for _, cosines in blocks])


def neighbour_graph(points: Floats, n_neighbors: int) -> sp.csr_array:
    """Link each vector to its neighbours, the more strongly the nearer they are as its own neighbourhood goes.

    Weights are those of UMAP's fuzzy sets: 1 for the nearest, and falling at a rate such that each vector has about
    the same sum of weights, whether it stands in a crowd or alone. A link holds if either end sees it.

    References
    ----------
    L. McInnes, J. Healy, J. Melville, UMAP, arXiv:1802.03426, section 3.1.

    Examples
    --------
    >>> angles = np.array([0.0, 0.1, 1.5, 1.6])
    >>> points = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    >>> neighbour_graph(points, 1).toarray().round().astype(int).tolist()
    [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]]
    """
    found, cosines = nearest(points, n_neighbors)
    distances = np.maximum(1 - cosines.astype(np.float64), 1e-6)
    beyond = distances - distances[:, :1]
    wanted = np.log2(max(n_neighbors, 2))
    low, high = np.full((len(points), 1), 1e-4), np.full((len(points), 1), 10.0)
    for _ in range(_BISECTIONS):
        scale = (low + high) / 2
        too_wide = np.exp(-beyond / scale).sum(axis=1, keepdims=True) > wanted
        low, high = np.where(too_wide, low, scale), np.where(too_wide, scale, high)
    weights = np.exp(-beyond / ((low + high) / 2))
    rows = np.repeat(np.arange(len(points)), n_neighbors)
    seen = sp.csr_array((weights.ravel(), (rows, found.ravel())), shape=(len(points), len(points)))
    return sp.csr_array(seen + seen.T - seen * seen.T)


def spectral_coordinates(graph: sp.csr_array, n_dimensions: int) -> NDArray[np.float64]:
    """Place the nodes of a graph so that those well linked stand in the same direction.

    The leading eigenvectors of the normalised graph, weighted by their eigenvalues, and rows of length 1.

    Returns
    -------
    float array of shape (n_nodes, n_dimensions)

    References
    ----------
    A. Ng, M. Jordan, Y. Weiss, On spectral clustering, NIPS 2001; T. Qin, K. Rohe, Regularized spectral clustering
    under the degree-corrected stochastic blockmodel, NIPS 2013, for the smoothing.
    """
    degree = np.asarray(graph.sum(axis=1)).ravel()
    scale = sp.diags_array(1 / np.sqrt(degree + _SMOOTHING * degree.mean()))
    start = np.ones(graph.shape[0])  # a fixed start: the same coordinates each time
    values, vectors = eigsh(sp.csr_array(scale @ graph @ scale), k=n_dimensions, which="LA", v0=start)
    order = np.argsort(-values, kind="stable")
    return np.asarray(unit_rows(vectors[:, order] * np.maximum(values[order], 0)), dtype=np.float64)


def unit_rows(points: NDArray[np.floating]) -> NDArray[np.floating]:
    """Bring each row to length 1; a row of zeros stays."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    return points / np.where(lengths > 0, lengths, 1)
