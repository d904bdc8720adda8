"""An analysis comes in; its contacts in blocks of days, each with the topics known before it, go out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from sklearn.base import clone

from vocmine.analysis import Analysis
from vocmine.errors import InputError
from vocmine.issues.counts import local_times
from vocmine.topics import TopicModel

_OF_TOPICS: Final = ("topics", "assignments", "contact_topics", "lineage")


class Block(NamedTuple):
    """Contacts of some days, with topics of the model as it was before them; `topics` is the model after them."""

    analysis: Analysis
    last: pd.Timestamp
    topics: TopicModel | None


def replayed(analysis: Analysis, topics: TopicModel | None, warm_up: int, every: int) -> Iterator[Block]:
    """Yield an analysis in blocks of local days, in order.

    The first block is the one that the topics are found in. A block without contacts is skipped.

    Parameters
    ----------
    analysis : Analysis
        Without topics.
    topics : TopicModel, optional
        Parameters of the model; without it blocks have no topics.
    warm_up, every : int
        Days of the first block, and of the others.

    Raises
    ------
    InputError
        If there are fewer days than `warm_up`.
    """
    if warm_up < 1 or every < 1:
        raise InputError(f"warm_up is {warm_up} and every is {every}, expected days: 1 or more")
    days = local_times(analysis.corpus.to_pandas("contacts")).normalize().dropna()
    if not len(days) or (days.max() - days.min()).days < warm_up:
        raise InputError(f"got contacts of {days.nunique()} days, expected more than warm_up={warm_up}")
    first, last = days.min(), days.max()
    ends = pd.date_range(first + pd.Timedelta(days=warm_up), last + pd.Timedelta(days=every), freq=f"{every}D")
    model, start = None, first
    for end in ends:
        block, end_of_block = _between(analysis, start, end), min(end - pd.Timedelta(days=1), last)
        start = end
        if not len(block):
            continue
        if topics is None:
            yield Block(block, end_of_block, None)
            continue
        known = clone(topics).fit(block) if model is None else model
        block = known.assign(block)
        model = known if model is None else known.update(block)
        yield Block(block, end_of_block, model)


def without_topics(analysis: Analysis) -> Analysis:
    """Return the analysis as it was before topics were assigned."""
    tables = {name: table for name, table in analysis.tables.items() if name not in _OF_TOPICS}
    return Analysis(analysis.corpus, tables, analysis.embeddings, analysis.embedder)


def _between(analysis: Analysis, start: pd.Timestamp, end: pd.Timestamp) -> Analysis:
    """Return the contacts from one local day to another, which is left out."""
    days = local_times(analysis.corpus.to_pandas("contacts"))
    return analysis.filter(np.asarray((days >= start) & (days < end)))
