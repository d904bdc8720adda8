"""What is gained by leaving the least certain texts unanswered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from vocmine.errors import InputError
from vocmine.evaluation.probabilities import checked

_STEPS: Final = 20


class RiskCoverage(NamedTuple):
    """A risk-coverage curve.

    Attributes
    ----------
    curve : DataFrame
        ``coverage`` (share of texts answered, 0 to 1), ``risk`` (share of errors among these, 0 to 1), ``threshold``
        (least confidence answered); 20 rows at most, the last one answering everything.
    area : float
        Mean risk over all coverages, 0 to 1: lower is better.
    """

    curve: pd.DataFrame
    area: float


def risk_coverage(truth: Sequence[str], probabilities: ArrayLike, labels: Sequence[str]) -> RiskCoverage:
    """Return the error rate among the texts of highest confidence, for each share of texts answered.

    Parameters
    ----------
    truth : sequence of str, shape (n_texts,)
        True labels, each among `labels`.
    probabilities : array of float, shape (n_texts, n_labels)
        The confidence of a text is its highest probability. Texts of equal confidence are answered together.
    labels : sequence of str, shape (n_labels,)

    Raises
    ------
    InputError
        As in `negative_log_likelihood`, or if there is no text.

    References
    ----------
    Y. Geifman and R. El-Yaniv, Selective classification for deep neural networks, NeurIPS 2017.

    Examples
    --------
    >>> curve, area = risk_coverage(["bien", "bien", "mal"], [[0.9, 0.1], [0.6, 0.4], [0.7, 0.3]], ["bien", "mal"])
    >>> curve["risk"].round(2).tolist(), round(area, 2)
    ([0.0, 0.5, 0.33], 0.28)
    """
    values, codes = checked(truth, probabilities, labels)
    if not len(codes):
        raise InputError("got no text, expected at least one; check the filter that came before")
    confidence, wrong = values.max(axis=1), values.argmax(axis=1) != codes
    order = np.argsort(-confidence, kind="stable")
    confidence, errors = confidence[order], np.cumsum(wrong[order])
    last = np.flatnonzero(np.append(confidence[1:] < confidence[:-1], True))
    coverage, risk = (last + 1) / len(codes), errors[last] / (last + 1)
    area = float(np.average(risk, weights=np.diff(last, prepend=-1)))
    shown = np.unique(np.searchsorted(coverage, np.arange(1, _STEPS + 1) / _STEPS - 1e-9))
    curve = {"coverage": coverage[shown], "risk": risk[shown], "threshold": confidence[last][shown]}
    return RiskCoverage(pd.DataFrame(curve), area)
