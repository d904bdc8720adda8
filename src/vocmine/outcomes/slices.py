"""Which contacts a question is about: a topic or any columns come in, a name and one truth value a contact go out."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.analysis import Analysis
from vocmine.errors import ColumnError, InputError
from vocmine.outcomes.taxonomy import Taxonomy
from vocmine.text.folding import fold

_MONTH: Final = 30.4


class Slice(NamedTuple):
    """Contacts that belong together.

    Attributes
    ----------
    name : str
        What they are about, as the report shows it.
    rows : bool array of shape (n_contacts,)
        In the order of ``analysis.contacts``.
    topic_id : int or None
    """

    name: str
    rows: NDArray[np.bool_]
    topic_id: int | None = None


def months_of(contacts: pd.DataFrame) -> float:
    """Return how many months the contacts span, 1 or more."""
    times = contacts["started_at"].dropna()
    return max((times.max() - times.min()).days / _MONTH, 1.0) if len(times) else 1.0


def topic_slice(analysis: Analysis, topic: str | int, contacts: pd.DataFrame | None = None) -> Slice:
    """Return the contacts that speak of a topic, be it their main one or not.

    Parameters
    ----------
    analysis : Analysis
        With topics.
    topic : str or int
        Its id, its label, or a part of the label that no other has.
    contacts : DataFrame, optional
        ``analysis.contacts``, where it is at hand: each call makes a copy of it.

    Raises
    ------
    NotScoredError
        If no topics were assigned.
    InputError
        If there is no such topic, or several.
    """
    topics = analysis.topics
    if isinstance(topic, str):
        labels = topics["label"].map(fold)
        found = topics.loc[labels == fold(topic), "topic_id"].tolist()
        found = found or topics.loc[labels.str.contains(fold(topic), regex=False), "topic_id"].tolist()
    else:
        found = topics.loc[topics["topic_id"] == topic, "topic_id"].tolist()
    if len(found) != 1:
        known = ", ".join(f"{row.topic_id} « {row.label} »" for row in topics.head(12).itertuples())
        raise InputError(f"got topic {topic!r}, expected the id or the label of one topic; there are {known}")
    place = int(found[0])
    name = str(topics.loc[topics["topic_id"] == place, "label"].iloc[0])
    contacts = analysis.contacts if contacts is None else contacts
    if place < 0:
        return Slice(name, (contacts["topic_id"] == place).to_numpy(), place)
    return Slice(name, contacts["topics"].map(lambda own: place in own).to_numpy(dtype=bool), place)


def column_slice(contacts: pd.DataFrame, **equal: object) -> Slice:
    """Return the contacts whose columns have the values given; of a list, any of them.

    Raises
    ------
    ColumnError
        If there is no such column.
    InputError
        If no contact passes.
    """
    rows = np.ones(len(contacts), dtype=bool)
    names = []
    for column, value in equal.items():
        if column not in contacts.columns:
            raise ColumnError(f"got column {column!r}, expected one of {', '.join(map(str, contacts.columns))}")
        wanted = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
        rows &= contacts[column].isin(wanted).to_numpy()
        labels = Taxonomy.default().causes if column == "cause" else {}
        names.append(", ".join(labels[str(one)].label if str(one) in labels else str(one) for one in wanted))
    if not rows.any():
        raise InputError(f"no contact has {equal}; check the values against those of analysis.contacts")
    return Slice(" · ".join(names) or "tous les contacts", rows)
