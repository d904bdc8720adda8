"""Units and where they were placed come in; the tables of topics go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.schema import ASSIGNMENTS, CONTACT_TOPICS, TOPICS
from vocmine.topics.labels import Description
from vocmine.topics.rule import Placed
from vocmine.topics.units import Units

NONE: Final = -1
NONE_LABEL: Final = "divers"


def topic_table(
    described: Sequence[Description],
    quotes: Mapping[int, Sequence[str]],
    counts: pd.DataFrame,
    *,
    known: Mapping[int, Mapping[str, object]] | None = None,
) -> pa.Table:
    """Make the table of topics, the row of -1 last.

    Parameters
    ----------
    described : sequence of Description
        One a topic.
    quotes : mapping of int to sequence of str
    counts : pandas.DataFrame
        As `counted` returns.
    known : mapping of int to mapping, optional
        Columns of topics that are told by something else: ``born``, ``status``, ``parent``, ``merged_into``.
    """
    rows = [
        {
            "topic_id": found.topic,
            "label": found.label,
            "terms": [name for name, _ in found.terms],
            "weights": [weight for _, weight in found.terms],
            "language": found.language,
            "quotes": list(quotes.get(found.topic, ())),
            "status": "active",
            **(known or {}).get(found.topic, {}),
        }
        for found in described
    ]
    none = {"topic_id": NONE, "label": NONE_LABEL, "terms": [], "weights": [], "quotes": [], "status": "active"}
    sizes = counts.to_dict("index")
    empty = {"contacts": 0, "segments": 0, "share": 0.0}
    full = [row | sizes.get(row["topic_id"], empty) for row in [*rows, none]]
    return pa.Table.from_pylist(full, schema=TOPICS)


def recounted(table: pa.Table, counts: pd.DataFrame) -> pa.Table:
    """Return a table of topics with the counts of other units."""
    rows, sizes = table.to_pylist(), counts.to_dict("index")
    empty = {"contacts": 0, "segments": 0, "share": 0.0}
    return pa.Table.from_pylist([row | sizes.get(row["topic_id"], empty) for row in rows], schema=TOPICS)


def counted(units: Units, topics: NDArray[np.int64], n_contacts: int) -> pd.DataFrame:
    """Count what is about each topic; rows ``contacts``, ``segments`` and ``share`` by topic."""
    frame = pd.DataFrame({"topic_id": topics, "contact": units.contacts})
    main = pd.Series(main_topics(units, topics, np.ones(len(units)), n_contacts))
    by_topic = frame.groupby("topic_id")["contact"].agg(contacts="nunique", segments="size")
    share = main.value_counts(normalize=True).rename("share")
    joined = by_topic.join(share, how="outer").fillna(0)
    joined.index = joined.index.astype(int)
    joined.loc[NONE] = joined.loc[NONE] if NONE in joined.index else 0
    joined.loc[NONE, "contacts"] = int((main == NONE).sum())
    return pd.DataFrame(joined.astype({"contacts": int, "segments": int}))


def main_topics(
    units: Units, topics: NDArray[np.int64], probabilities: NDArray[np.floating], n_contacts: int
) -> NDArray[np.int64]:
    """Return the topic of most of what is said in each contact, -1 where nothing has one; shape (n_contacts,)."""
    main = np.full(n_contacts, NONE, dtype=np.int64)
    weighed = _weighed(units, topics, probabilities)
    first = weighed.drop_duplicates("contact")
    main[first["contact"].to_numpy()] = first["topic_id"].to_numpy()
    return main


def assignments(segments: pa.Table, units: Units, placed: Placed) -> pa.Table:
    """Say of each segment which topic it is about, or why it has none."""
    topics = np.full(segments.num_rows, NONE, dtype=np.int64)
    topics[units.rows] = placed.topics
    probabilities = np.zeros(segments.num_rows)
    probabilities[units.rows] = placed.probabilities
    absent = np.ones(segments.num_rows, dtype=bool)
    absent[units.rows] = False
    keys = segments.select(["contact_id", "turn", "segment"])
    columns = [
        *keys.combine_chunks().columns,
        pa.array(topics, type=pa.int32(), mask=absent),
        pa.array(probabilities, type=pa.float64(), mask=absent),
        pa.array(units.reasons, type=pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=ASSIGNMENTS)


def contact_topics(contacts: pa.Table, units: Units, placed: Placed, labels: Mapping[int, str]) -> pa.Table:
    """Say of each contact which topics it speaks of, the main one first."""
    n_contacts = contacts.num_rows
    main = main_topics(units, placed.topics, placed.probabilities, n_contacts)
    spoken: list[list[int]] = [[] for _ in range(n_contacts)]
    weighed = _weighed(units, placed.topics, placed.probabilities)
    for contact, topic in zip(weighed["contact"], weighed["topic_id"], strict=True):
        spoken[contact].append(topic)
    columns = [
        contacts["contact_id"].combine_chunks(),
        pa.array(main, type=pa.int32()),
        pa.array([labels[topic] for topic in main.tolist()], type=pa.string()),
        pa.array(spoken, type=pa.list_(pa.int32())),
    ]
    return pa.Table.from_arrays(columns, schema=CONTACT_TOPICS)


def _weighed(units: Units, topics: NDArray[np.int64], probabilities: NDArray[np.floating]) -> pd.DataFrame:
    """Weigh the topics of each contact by how much is said of them and how surely; the heaviest first."""
    said = np.array([len(text) for text in units.texts], dtype=np.float64)
    frame = pd.DataFrame({"contact": units.contacts, "topic_id": topics, "weight": said * probabilities})
    sums = frame[frame["topic_id"] != NONE].groupby(["contact", "topic_id"], as_index=False)["weight"].sum()
    return pd.DataFrame(sums).sort_values(
        ["contact", "weight", "topic_id"], ascending=[True, False, True], kind="stable"
    )
