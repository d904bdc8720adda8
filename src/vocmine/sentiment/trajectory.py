"""The course of a customer's sentiment over a conversation."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CLEARLY_NEGATIVE = -0.4
"""Valence at or below which the customer is clearly unhappy."""
AT_EASE = -0.1
"""Valence at or above which an unhappy customer has calmed down."""


class Trajectory(NamedTuple):
    """Course of each contact; every array has shape (n_contacts,) and NaN where there is nothing to say.

    A valence is the probability of positive less that of negative, -1 to 1. `recovered` is 1 where the lowest turn is
    clearly unhappy and the last one at ease, 0 otherwise; it and `shift` need two scored turns.
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    lowest: NDArray[np.float64]
    shift: NDArray[np.float64]
    recovered: NDArray[np.float64]


def trajectory(valence: NDArray[np.float64], contact: NDArray[np.int64], n_contacts: int) -> Trajectory:
    """Follow the customer's turns of each contact.

    Parameters
    ----------
    valence : ndarray, shape (n_turns,)
        Valence of the customer's turns, in the order they were said; NaN where not scored.
    contact : ndarray, shape (n_turns,)
        Contact of each turn, 0 to ``n_contacts - 1``.
    n_contacts : int
        Number of contacts.

    Examples
    --------
    >>> call = trajectory(np.array([-0.8, -0.2, 0.7]), np.array([0, 0, 0]), 1)
    >>> float(call.shift[0]), bool(call.recovered[0])
    (1.5, True)
    """
    scored = np.isfinite(valence)
    valence, contact = valence[scored], contact[scored]
    start, end, lowest = (np.full(n_contacts, np.nan) for _ in range(3))
    # The last assignment to a position wins: reversed, the first turn of a contact does.
    start[contact[::-1]] = valence[::-1]
    end[contact] = valence
    lowest[contact] = np.inf
    np.minimum.at(lowest, contact, valence)
    several = np.bincount(contact, minlength=n_contacts) > 1
    shift = np.where(several, end - start, np.nan)
    recovered = np.where(several, (lowest <= CLEARLY_NEGATIVE) & (end >= AT_EASE), np.nan)
    return Trajectory(start, end, lowest, shift, recovered)
