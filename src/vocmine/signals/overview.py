"""`signal_table`: how many contacts carry each signal, and what is known of its quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vocmine.schema import SIGNALS
from vocmine.signals.evidence import EVIDENCE
from vocmine.stats import wilson

if TYPE_CHECKING:
    from vocmine.analysis import Analysis


def signal_table(analysis: Analysis) -> pd.DataFrame:
    """Count each signal.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    DataFrame
        A row a signal, the most frequent first: `signal`, `contacts` that carry it, `scored` (contacts that were looked
        through), `share` with `low` and `high` (95 % Wilson interval), `evidence` (``real`` or ``written``: what its
        quality was measured on). Without signals in the analysis, counts of 0.
    """
    told = analysis.tables["contact_scores"]["signals"]
    scored = len(told) - told.null_count
    counts = pd.Series([name for found in told.to_pylist() for name in found or ()], dtype=object).value_counts()
    rows = []
    for signal in SIGNALS:
        n = int(counts.get(signal, 0))
        share = wilson(n, scored)
        rows.append((signal, n, scored, share.value, share.low, share.high, EVIDENCE[signal]))
    columns = ["signal", "contacts", "scored", "share", "low", "high", "evidence"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        "contacts", ascending=False, kind="stable", ignore_index=True
    )
