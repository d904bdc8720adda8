"""Shares with their intervals, and the difference of two shares."""

from __future__ import annotations

from math import sqrt
from typing import TypedDict

import pandas as pd

from vocmine.schema import SENTIMENTS
from vocmine.stats import wilson


class Share(TypedDict):
    """`count` of `n`, as a share of 0 to 1 with its 95 % Wilson interval; `value` is None where `n` is 0."""

    count: int
    n: int
    value: float | None
    low: float
    high: float


class Difference(TypedDict):
    """Difference of two shares, -1 to 1, with its interval."""

    value: float
    low: float
    high: float


class Tally(TypedDict):
    """Sentiment of a group of contacts.

    `contacts` counts them all and `n` those that are scored; the shares are shares of `n`. `net` is the share of
    positive less that of negative, -1 to 1, None where nothing is scored.
    """

    contacts: int
    n: int
    shares: dict[str, Share]
    net: float | None


def share(count: int, n: int) -> Share:
    """Return a share with its interval.

    Examples
    --------
    >>> share(45, 60)["value"]
    0.75
    """
    value, low, high = wilson(count, n)
    return {"count": count, "n": n, "value": value if n else None, "low": low, "high": high}


def tally(sentiment: pd.Series) -> Tally:
    """Count the sentiment of contacts; nulls are contacts without score."""
    counts = sentiment.value_counts()
    n = int(counts.sum())
    shares = {name: share(int(counts.get(name, 0)), n) for name in SENTIMENTS}
    net = (shares["positive"]["count"] - shares["negative"]["count"]) / n if n else None
    return {"contacts": len(sentiment), "n": n, "shares": shares, "net": net}


def difference(first: Share, second: Share, *, level: float = 0.95) -> Difference:
    """Return the first share less the second, with Newcombe's interval.

    Both must be of at least one contact.

    References
    ----------
    R. G. Newcombe (1998), Interval estimation for the difference between independent proportions: comparison of
    eleven methods, Statistics in Medicine 17 (method 10).

    Examples
    --------
    >>> found = difference(share(56, 70), share(48, 80))
    >>> round(found["low"], 3), round(found["high"], 3)
    (0.052, 0.334)
    """
    p, p_low, p_high = wilson(first["count"], first["n"], level=level)
    q, q_low, q_high = wilson(second["count"], second["n"], level=level)
    below, above = sqrt((p - p_low) ** 2 + (q_high - q) ** 2), sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return {"value": p - q, "low": p - q - below, "high": p - q + above}
