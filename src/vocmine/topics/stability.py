"""Whether the same topics come back when the rows, their order and the seed change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import combinations, count
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vocmine.errors import InputError
from vocmine.stats import Interval, resample

OUTLIER: Final = -1
Rows: TypeAlias = NDArray[np.intp]
Labels: TypeAlias = "ArrayLike | pd.Series[int]"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two partitions agree on the rows that both have.

    Attributes
    ----------
    ari, nmi : float
        Adjusted Rand index (0 by chance, 1 alike) and normalised mutual information (0 to 1), the rows without a
        topic (label −1) being a cluster of their own. NaN without rows.
    ari_assigned, nmi_assigned : float
        The same on the rows that have a topic in both. NaN without such rows.
    n_rows, n_assigned : int
        Rows that both have, and those of them that have a topic in both.
    """

    ari: float
    nmi: float
    ari_assigned: float
    nmi_assigned: float
    n_rows: int
    n_assigned: int


@dataclass(frozen=True, slots=True)
class Stability:
    """How far the topics of several perturbed runs agree.

    Attributes
    ----------
    ari : Interval
        Mean adjusted Rand index of the pairs of runs, outliers being a cluster of their own, with its 95 % interval.
    sd : float
        Standard deviation over the pairs; NaN with a single pair.
    pairs : pandas.DataFrame
        One row a pair of runs: ``first``, ``second`` (runs), then the fields of `Agreement`.
    topics : pandas.Series
        For each topic of the first run (index ``topic_id``, without −1) the mean Jaccard similarity with its best
        match in each other run, 0 to 1: above 0.75 it stays, below 0.5 it dissolves (Hennig 2007).
    """

    ari: Interval
    sd: float
    pairs: pd.DataFrame
    topics: pd.Series[float]

    def __str__(self) -> str:
        return f"ARI {self.ari}, sd {self.sd:.3f} over {len(self.pairs)} pairs of runs"


def agreement(first: Labels, second: Labels) -> Agreement:
    """Compare two partitions of the same rows.

    Parameters
    ----------
    first, second : array-like of int, shape (n_rows,), or pandas.Series of int
        Topic of each row, −1 for none. Arrays go together by position; Series by their index, and need not have the
        same rows.

    Raises
    ------
    InputError
        If labels are not whole numbers, arrays differ in length, or an index has a row twice.

    References
    ----------
    L. Hubert and P. Arabie, Comparing partitions, Journal of Classification 2, 1985.

    Examples
    --------
    >>> found = agreement([0, 0, 1, 1, -1], [7, 7, 3, 3, 3])
    >>> round(found.ari, 2), found.ari_assigned
    (0.55, 1.0)
    """
    one, other = _common(first, second)
    assigned = (one != OUTLIER) & (other != OUTLIER)
    return Agreement(
        *_scores(one, other), *_scores(one[assigned], other[assigned]), n_rows=len(one), n_assigned=int(assigned.sum())
    )


def perturbations(n: int, *, share: float = 0.9, seed: int) -> Iterator[Rows]:
    """Yield subsamples of `n` rows in random order, without end.

    Parameters
    ----------
    n : int
        Number of rows, at least 1.
    share : float, default 0.9
        Share of the rows in each subsample, above 0 and up to 1 (which only shuffles).
    seed : int
        Seed of the drawing.

    Yields
    ------
    ndarray of int, shape (round(share * n),)
        Distinct row positions; at least one.

    Raises
    ------
    InputError
        If there is no row, or the share is not possible.

    Examples
    --------
    >>> len(next(perturbations(50, seed=0)))
    45
    """
    if n < 1:
        raise InputError(f"got n={n}, expected at least one row; check the filter that came before")
    if not 0 < share <= 1:
        raise InputError(f"got share={share}, expected above 0 and up to 1, such as 0.9")
    random = np.random.default_rng(seed)
    size = max(1, round(share * n))
    return (random.permutation(n)[:size] for _ in count())


def stability(
    fit: Callable[[Rows, int], ArrayLike],
    n_rows: int,
    *,
    share: float = 0.9,
    n_runs: int = 5,
    seed: int = 0,
) -> Stability:
    """Fit topics on several perturbed samples of the rows, each with its own seed, and compare what comes out.

    Parameters
    ----------
    fit : callable
        Takes row positions (shape (n_sample,), in random order) and a seed; returns the topic of each of these rows,
        in their order, or of all rows, −1 for none.
    n_rows : int
        Number of rows to draw from.
    share : float, default 0.9
        As in `perturbations`.
    n_runs : int, default 5
        Runs, at least 2; their seeds are ``seed``, ``seed + 1``, ...
    seed : int, default 0
        Seed of the drawing, of the first run and of the interval.

    Returns
    -------
    Stability
        Two runs are compared on the rows that both have labelled.

    Raises
    ------
    InputError
        If there are too few rows or runs, the share is not possible, or `fit` returns labels of another length.

    Notes
    -----
    The interval is the percentile bootstrap over runs, a run drawn twice not being compared with itself. With five
    runs it shows how far the runs differ; it is too narrow to be relied on near a threshold.

    References
    ----------
    C. Hennig, Cluster-wise assessment of cluster stability, Computational Statistics & Data Analysis 52, 2007.

    Examples
    --------
    >>> channel = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 2])
    >>> print(stability(lambda rows, seed: channel[rows], len(channel)))
    ARI 1.000 [1.000, 1.000], sd 0.000 over 10 pairs of runs
    """
    if n_runs < 2:
        raise InputError(f"got n_runs={n_runs}, expected at least two to compare; 5 is usual")
    samples = zip(range(n_runs), perturbations(n_rows, share=share, seed=seed), strict=False)
    runs = [_labelled(fit(rows, seed + run), rows, n_rows) for run, rows in samples]
    pairs = pd.DataFrame(
        [{"first": i, "second": j, **asdict(agreement(runs[i], runs[j]))} for i, j in combinations(range(n_runs), 2)]
    )
    if not pairs["n_rows"].all():
        raise InputError(f"got share={share} of {n_rows} rows: two runs have no row in common; raise the share")
    return Stability(_interval(pairs, n_runs, seed), float(pairs["ari"].std()), pairs, _topic_stability(runs))


def _labelled(labels: ArrayLike, rows: Rows, n_rows: int) -> pd.Series[int]:
    values = np.asarray(labels)
    if values.shape == rows.shape:
        return pd.Series(values, index=rows)
    if values.shape == (n_rows,):
        return pd.Series(values)
    raise InputError(f"got labels of shape {values.shape} from fit, expected ({len(rows)},) or ({n_rows},)")


def _common(first: Labels, second: Labels) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the labels of the rows that both have, in one order."""
    by_position = not (isinstance(first, pd.Series) and isinstance(second, pd.Series))
    one, other = (pd.Series(np.asarray(side)) if by_position else pd.Series(side) for side in (first, second))
    if by_position and len(one) != len(other):
        raise InputError(
            f"got {len(one)} and {len(other)} labels, expected as many; give Series to match rows by index"
        )
    for side in (one, other):
        if not side.index.is_unique:
            raise InputError("got an index with a row twice, expected each row once; reset the index")
        if not pd.api.types.is_integer_dtype(side.dtype) or side.hasnans:
            raise InputError(f"got missing labels, or of type {side.dtype}; expected whole numbers, -1 for no topic")
    rows = one.index.intersection(other.index)
    return np.asarray(one.loc[rows], dtype=np.int64), np.asarray(other.loc[rows], dtype=np.int64)


def _scores(first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[float, float]:
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    if not len(first):
        return float("nan"), float("nan")
    return float(adjusted_rand_score(first, second)), float(normalized_mutual_info_score(first, second))


def _interval(pairs: pd.DataFrame, n_runs: int, seed: int) -> Interval:
    """Return the mean index of the pairs with its percentile bootstrap interval over runs."""
    first, second, ari = (pairs[name].to_numpy() for name in ("first", "second", "ari"))

    def mean(runs: Rows) -> float:
        times = np.bincount(runs, minlength=n_runs)
        weights = times[first] * times[second]
        # One run drawn again and again makes no pair: such a draw says nothing.
        return float(weights @ ari / weights.sum()) if weights.any() else np.nan

    low, high = np.nanquantile(resample(mean, n_runs, seed=seed), [0.025, 0.975])
    return Interval(float(ari.mean()), float(low), float(high))


def _topic_stability(runs: list[pd.Series[int]]) -> pd.Series[float]:
    first, *others = runs
    matches = pd.DataFrame([_best_matches(first, other) for other in others])
    topics = sorted(set(first.unique()) - {OUTLIER})
    return matches.reindex(columns=topics).mean().rename("jaccard").rename_axis("topic_id")


def _best_matches(first: pd.Series[int], other: pd.Series[int]) -> pd.Series[float]:
    """Return the highest Jaccard similarity of each topic of the first run with one of the other, on common rows."""
    table = pd.crosstab(*_common(first, other))
    union = table.sum(axis=1).to_numpy()[:, None] + table.sum(axis=0).to_numpy() - table
    # Rows that the other run leaves without a topic are rows lost, not a match.
    jaccard = (table / union).drop(index=OUTLIER, columns=OUTLIER, errors="ignore")
    best: pd.Series[float] = jaccard.max(axis=1).fillna(0.0)
    return best
