"""How good a topic's terms are, and how the rows share themselves out among the topics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, repeat
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vocmine.errors import InputError

# Added to a joint probability before its logarithm is taken, as in Röder et al. (2015) and in gensim.
EPSILON: Final = 1e-12
OUTLIER: Final = -1
# Counted together, so that memory does not grow with the corpus.
DOCUMENTS_AT_ONCE: Final = 2_000


def npmi(
    topics_terms: Sequence[Sequence[str]], token_lists: Sequence[Sequence[str]], *, window: int = 10
) -> NDArray[np.float64]:
    """Return how often the terms of each topic stand near each other, beyond chance.

    The mean normalised pointwise mutual information of the topic's pairs of terms, from the share of sliding windows
    that hold them: gensim's ``c_npmi``.

    Parameters
    ----------
    topics_terms : sequence of sequence of str
        Terms of each topic. A term given twice in one topic counts once.
    token_lists : sequence of sequence of str
        Tokens of each document, in order, made as the terms were. A term of several words is found only where the
        document holds it as one token.
    window : int, default 10
        Length of the sliding window, in tokens. A shorter document is one window.

    Returns
    -------
    ndarray of float64, shape (n_topics,)
        −1 (never together) to 1 (only ever together). A term that occurs in no document is left out, as gensim leaves
        out what its dictionary lacks (see `known_share`); NaN where fewer than two terms remain.

    Raises
    ------
    InputError
        If `window` is below 1, or a topic or document is a text rather than a sequence of tokens.

    Notes
    -----
    gensim takes a word out of the window as soon as its first occurrence there leaves, even where the word occurs
    again further on. So it is done here, for figures to be compared with published ones.

    References
    ----------
    G. Bouma, Normalized (pointwise) mutual information in collocation extraction, GSCL 2009.
    M. Röder, A. Both and A. Hinneburg, Exploring the space of topic coherence measures, WSDM 2015.

    Examples
    --------
    >>> mails = [["colis", "perdu"], ["colis", "perdu"], ["facture", "double"], ["facture", "perdu"]]
    >>> npmi([["colis", "perdu"], ["colis", "double"]], mails).round(2).tolist()
    [0.42, -0.92]
    """
    return _coherence(topics_terms, token_lists, window, _mean_of_pairs)


def c_v(
    topics_terms: Sequence[Sequence[str]], token_lists: Sequence[Sequence[str]], *, window: int = 110
) -> NDArray[np.float64]:
    """Return how alike the company is that the terms of each topic keep.

    The mean cosine between each term and the whole topic, each seen as its normalised pointwise mutual information
    with every term of the topic: gensim's ``c_v``. Of the measures of Röder et al. it follows human judgement best.

    Parameters
    ----------
    topics_terms, token_lists, window
        As in `npmi`; the window is wide, so that most mails are one window.

    Returns
    -------
    ndarray of float64, shape (n_topics,)
        Most often 0 to 1, more is better. NaN where fewer than two terms occur in the documents.

    Raises
    ------
    InputError
        As in `npmi`.

    References
    ----------
    M. Röder, A. Both and A. Hinneburg, Exploring the space of topic coherence measures, WSDM 2015.

    Examples
    --------
    >>> mails = [["colis", "perdu"], ["colis", "perdu"], ["facture", "double"], ["facture", "perdu"]]
    >>> c_v([["colis", "perdu"], ["colis", "double"]], mails).round(2).tolist()
    [0.92, 0.04]
    """
    return _coherence(topics_terms, token_lists, window, _cosine_with_topic)


def known_share(topics_terms: Sequence[Sequence[str]], token_lists: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """Return the share of each topic's terms that occur in the documents: `npmi` and `c_v` speak for these alone.

    Parameters
    ----------
    topics_terms, token_lists
        As in `npmi`.

    Returns
    -------
    ndarray of float64, shape (n_topics,)
        0 to 1; NaN for a topic without terms. Below 1, the documents were not cut into tokens as the terms were.

    Raises
    ------
    InputError
        As in `npmi`.

    Examples
    --------
    >>> known_share([["colis", "pas reçu"]], [["colis", "pas", "reçu"]]).tolist()
    [0.5]
    """
    topics = _distinct_terms(topics_terms)
    _check_tokens(token_lists, "a document")
    seen = set(chain.from_iterable(token_lists))
    return np.array([np.mean([term in seen for term in terms]) if terms else np.nan for terms in topics])


def diversity(topics_terms: Sequence[Sequence[str]], n: int = 10) -> float:
    """Return the share of distinct terms among the first `n` of all topics.

    Parameters
    ----------
    topics_terms : sequence of sequence of str
        Terms of each topic, the most telling first.
    n : int, default 10
        Terms taken from each topic.

    Returns
    -------
    float
        1 where no term is in two topics; near 0 where all topics are alike; NaN without terms.

    Raises
    ------
    InputError
        If `n` is below 1, or a topic is a text rather than a sequence of terms.

    References
    ----------
    A. B. Dieng, F. J. R. Ruiz and D. M. Blei, Topic modeling in embedding spaces, TACL 8, 2020 (there with n = 25).

    Examples
    --------
    >>> diversity([["colis", "retard"], ["facture", "retard"]])
    0.75
    """
    if n < 1:
        raise InputError(f"got n={n}, expected at least one term a topic; 10 is usual")
    _check_tokens(topics_terms, "a topic")
    terms = [term for topic in topics_terms for term in topic[:n]]
    return len(set(terms)) / len(terms) if terms else float("nan")


def outlier_share(labels: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the share of the rows without a topic (label −1).

    Parameters
    ----------
    labels : array-like of int, shape (n_rows,)
        Topic of each row.
    weights : array-like of float, shape (n_rows,), optional
        What each row counts for, such as its number of duplicates; 1 by default.

    Returns
    -------
    float
        0 to 1; NaN without rows.

    Raises
    ------
    InputError
        If labels and weights do not go together, or a weight is negative or not a number.

    Examples
    --------
    >>> outlier_share([0, 0, 1, -1])
    0.25
    """
    topics, sizes = _sizes(labels, weights)
    return _share(float(sizes[topics == OUTLIER].sum()), float(sizes.sum()))


def largest_share(labels: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the share of the largest topic among the rows that have a topic.

    Rows without a topic (label −1) count neither above nor below the line, so that a model does not look more even
    for leaving rows out.

    Parameters
    ----------
    labels, weights
        As in `outlier_share`.

    Returns
    -------
    float
        0 to 1; NaN where no row has a topic.

    Raises
    ------
    InputError
        As in `outlier_share`.

    Examples
    --------
    >>> largest_share([0, 0, 0, 1, -1, -1])
    0.75
    """
    topics, sizes = _sizes(labels, weights)
    sizes = sizes[topics != OUTLIER]
    return _share(float(sizes.max(initial=0.0)), float(sizes.sum()))


def _coherence(
    topics_terms: Sequence[Sequence[str]],
    token_lists: Sequence[Sequence[str]],
    window: int,
    measure: Callable[[NDArray[np.float64]], float],
) -> NDArray[np.float64]:
    if window < 1:
        raise InputError(f"got window={window}, expected at least one token; 10 and 110 are usual")
    topics = _distinct_terms(topics_terms)
    _check_tokens(token_lists, "a document")
    columns = {term: column for column, term in enumerate(dict.fromkeys(chain.from_iterable(topics)))}
    together, n_windows = _count_windows(token_lists, columns, window)
    occurs = together.diagonal() > 0
    values = np.full(len(topics), np.nan)
    for topic, terms in enumerate(topics):
        known = [columns[term] for term in terms if occurs[columns[term]]]
        if len(known) > 1:
            values[topic] = measure(_pairwise_npmi(together[np.ix_(known, known)] / n_windows))
    return values


def _distinct_terms(topics_terms: Sequence[Sequence[str]]) -> list[list[str]]:
    _check_tokens(topics_terms, "a topic")
    return [list(dict.fromkeys(terms)) for terms in topics_terms]


def _check_tokens(lists: Sequence[Sequence[str]], what: str) -> None:
    for position, tokens in enumerate(lists):
        if isinstance(tokens, str):
            raise InputError(f"got a text as {what} (position {position}), expected a sequence of tokens; cut it first")


def _count_windows(
    token_lists: Sequence[Sequence[str]], columns: Mapping[str, int], window: int
) -> tuple[NDArray[np.float64], int]:
    """Return the windows that hold each pair of terms (on the diagonal: each term), and the number of windows."""
    together, n_windows = np.zeros((len(columns), len(columns))), 0
    for start in range(0, len(token_lists), DOCUMENTS_AT_ONCE):
        documents = token_lists[start : start + DOCUMENTS_AT_ONCE]
        lengths = np.fromiter(map(len, documents), dtype=np.int64, count=len(documents))
        codes = np.fromiter(map(columns.get, chain.from_iterable(documents), repeat(-1)), np.int64, lengths.sum())
        # A document without a token is one empty window.
        windows = np.maximum(lengths - window + 1, 1)
        n_windows += int(windows.sum())
        together += _together(*_presences(codes, lengths, windows, window), len(columns))
    return together, n_windows


def _presences(
    codes: NDArray[np.int64], lengths: NDArray[np.int64], windows: NDArray[np.int64], window: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return for each occurrence of a term its column and the windows, first to last, in which it makes it present.

    Windows are numbered throughout the documents, as tokens are: window `w` of a document begins at its token `w`.
    """
    at = np.flatnonzero(codes >= 0)
    code = codes[at]
    document = np.repeat(np.arange(len(lengths)), lengths)[at]
    begins, shift = (np.cumsum(of) - of for of in (lengths, windows))
    enters = np.maximum(at - window + 1, begins[document])
    # The first occurrence in the window where this one enters: gensim lets the word go with it (see `npmi`).
    order = np.sort(code * len(codes) + at)
    leaves = order[np.searchsorted(order, code * len(codes) + enters)] % len(codes)
    last = np.minimum(leaves, (begins + windows - 1)[document])
    offset = (shift - begins)[document]
    return code, enters + offset, last + offset


def _together(
    code: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64], n_terms: int
) -> NDArray[np.float64]:
    """Return the number of windows that hold both terms of each pair, shape (n_terms, n_terms).

    Neighbouring windows that hold the same terms are counted as one run with its length: long documents cost little.
    """
    from scipy.sparse import csr_array

    bounds = np.unique(np.concatenate([first, last + 1]))
    runs = np.searchsorted(bounds, first)
    n_runs = np.searchsorted(bounds, last + 1) - runs
    row = np.arange(n_runs.sum()) + np.repeat(runs - np.cumsum(n_runs) + n_runs, n_runs)
    holds = csr_array((np.ones(len(row)), (row, np.repeat(code, n_runs))), shape=(len(bounds), n_terms))
    holds.sum_duplicates()
    holds.data[:] = 1.0
    lengths = np.diff(bounds, append=bounds[-1:])
    counts: NDArray[np.float64] = (holds.T @ holds.multiply(lengths[:, None]).tocsr()).toarray()
    return counts


def _pairwise_npmi(together: NDArray[np.float64]) -> NDArray[np.float64]:
    alone = together.diagonal()
    joint = np.log(together + EPSILON)
    # A pair that is in every window says nothing; the measure is then −1, as in gensim.
    return np.clip((joint - np.log(np.outer(alone, alone))) / -joint, -1.0, 1.0)


def _mean_of_pairs(pairs: NDArray[np.float64]) -> float:
    return float(pairs[~np.eye(len(pairs), dtype=bool)].mean())


def _cosine_with_topic(pairs: NDArray[np.float64]) -> float:
    topic = pairs.sum(axis=0)
    lengths = np.linalg.norm(pairs, axis=1) * np.linalg.norm(topic)
    return float(np.mean(pairs @ topic / np.maximum(lengths, EPSILON)))


def _sizes(labels: ArrayLike, weights: ArrayLike | None) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the distinct labels and the weight of each."""
    topic_of = np.asarray(labels)
    weight_of = np.ones(topic_of.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    if topic_of.ndim != 1 or topic_of.shape != weight_of.shape:
        raise InputError(f"got labels of shape {topic_of.shape} and weights of {weight_of.shape}, expected one a row")
    if not (np.isfinite(weight_of) & (weight_of >= 0)).all():
        raise InputError("got a negative or missing weight, expected numbers of 0 or more; fill in the missing ones")
    topics, rows = np.unique(topic_of, return_inverse=True)
    return topics, np.bincount(rows, weights=weight_of, minlength=len(topics)).astype(np.float64)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
