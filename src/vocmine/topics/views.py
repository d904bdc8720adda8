"""What is asked of a topic model, as tables; and what changes it, as new models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.cluster.hierarchy import linkage
from sklearn.utils.validation import check_is_fitted

from vocmine.analysis import Analysis
from vocmine.errors import InputError, NotScoredError
from vocmine.schema import LINEAGE, TOPICS
from vocmine.stats.intervals import wilson
from vocmine.text.words import words
from vocmine.topics.embedding import embedder_of
from vocmine.topics.model import TopicModel
from vocmine.topics.neighbours import unit_rows
from vocmine.topics.state import State

_TERMS: Final = 10


def merge(model: TopicModel, groups: Sequence[Sequence[int]]) -> TopicModel:
    """Return a model in which the topics of each group are one, under the id and the label of the group's first.

    Each text goes to the group if it went to one of its topics. Counts are the sums of the topics' own, and a contact
    that spoke of two counts twice, until `TopicModel.assign` counts again.

    Raises
    ------
    InputError
        If a topic is not there, is named twice, or a group has fewer than two.
    """
    check_is_fitted(model)
    state = model.state_
    standing = set(state.rule.topics.tolist())
    flat = [topic for group in groups for topic in group]
    if any(len(group) < 2 for group in groups) or len(flat) != len(set(flat)) or not set(flat) <= standing:
        raise InputError(
            f"got groups of topics {[list(group) for group in groups]}, expected two or more of each, once"
        )
    into = {topic: group[0] for group in groups for topic in group[1:]}
    owners = np.array([into.get(topic, topic) for topic in state.rule.owners.tolist()])
    rows = {row["topic_id"]: row for row in state.table.to_pylist()}
    for group in groups:
        rows[group[0]] |= _together([rows[topic] for topic in group])
        for topic in group[1:]:
            rows[topic] |= {"status": "merged", "merged_into": group[0], "contacts": 0, "segments": 0, "share": 0.0}
    for row in rows.values():  # what was merged into a topic that is merged now
        row["merged_into"] = into.get(row["merged_into"], row["merged_into"])
    lineage = _noted(state, [(topic, "merged", target) for topic, target in into.items()], rows)
    table = pa.Table.from_pylist(list(rows.values()), schema=TOPICS)
    return _with(model, replace(state, rule=replace(state.rule, owners=owners), table=table, lineage=lineage))


def rename(model: TopicModel, labels: Mapping[int, str]) -> TopicModel:
    """Return a model with other labels for some topics.

    Raises
    ------
    InputError
        If a topic is not there, or two topics would have one label.
    """
    check_is_fitted(model)
    state = model.state_
    rows = {row["topic_id"]: row for row in state.table.to_pylist()}
    if not labels.keys() <= rows.keys():
        raise InputError(f"got topics {sorted(labels)}, expected some of {sorted(rows)}")
    for topic, label in labels.items():
        rows[topic]["label"] = label
    names = [row["label"] for row in rows.values() if row["merged_into"] is None]
    if not all(name.strip() for name in labels.values()):
        raise InputError("got a blank label; say what the topic is about")
    if len(set(names)) < len(names):
        raise InputError("two topics would have the same label; give each its own, or merge them")
    lineage = _noted(state, [(topic, "renamed", None) for topic in labels], rows)
    return _with(model, replace(state, table=pa.Table.from_pylist(list(rows.values()), schema=TOPICS), lineage=lineage))


def hierarchy(model: TopicModel) -> pd.DataFrame:
    """Say which topics are near one another, from pairs up to all.

    Returns
    -------
    pandas.DataFrame
        One row a group, the nearest first: ``topics`` (ids), ``label`` (of its two largest topics), ``distance``
        (mean distance between the centres of its two halves, 1 less the cosine), ``left`` and ``right`` (ids of its
        halves).
    """
    check_is_fitted(model)
    state = model.state_
    ids = state.rule.topics.tolist()
    if len(ids) < 2:
        raise InputError(f"got a model of {len(ids)} topic, expected two or more")
    owners = state.rule.owners
    centres = unit_rows(np.stack([state.rule.centres[owners == topic].mean(axis=0) for topic in ids]))
    sizes = dict(zip(state.table["topic_id"].to_pylist(), state.table["segments"].to_pylist(), strict=True))
    groups: list[list[int]] = [[topic] for topic in ids]
    rows = []
    for left, right, distance, _ in linkage(centres, method="average", metric="cosine"):
        halves = groups[int(left)], groups[int(right)]
        both = sorted(halves[0] + halves[1])
        groups.append(both)
        largest = sorted(both, key=lambda topic: (-sizes[topic], topic))[:2]
        label = " · ".join(state.labels[topic] for topic in largest)
        rows.append({"topics": both, "label": label, "distance": distance, "left": halves[0], "right": halves[1]})
    return pd.DataFrame(rows)


def over_time(analysis: Analysis, freq: str = "W") -> pd.DataFrame:
    """Count the contacts that speak of each topic, by local day, week or month.

    Parameters
    ----------
    analysis : Analysis
        With topics.
    freq : {"D", "W", "M"}
        Day, week from Monday, month.

    Returns
    -------
    pandas.DataFrame
        One row a period and topic, without gaps: ``period`` (its first day), ``topic_id``, ``topic``, ``contacts``,
        ``total`` (contacts of the period), ``share`` with ``low`` and ``high`` (95 % Wilson interval; empty where the
        period has no contact). Contacts without a date are left out.

    Raises
    ------
    NotScoredError
        If the analysis has no topics.
    InputError
        If `freq` is none of these, or no contact has a date.
    """
    if "contact_topics" not in analysis.tables:
        raise NotScoredError("got an analysis without topics; assign some: vm.TopicModel().fit(a).assign(a)")
    if freq not in {"D", "W", "M"}:
        raise InputError(f"got freq {freq!r}, expected 'D', 'W' or 'M'")
    contacts = analysis.contacts[["started_at", "timezone", "topics"]].dropna(subset=["started_at"])
    if contacts.empty:
        raise InputError("no contact has a date; name the column of dates when reading, at=")
    period = _periods(contacts, freq)
    every = pd.period_range(period.min(), period.max(), freq=freq)
    totals = period.value_counts().reindex(every, fill_value=0)
    spoken = contacts.assign(period=period).explode("topics").dropna(subset=["topics"])
    counts = spoken.groupby(["period", "topics"]).size()
    labels = dict(
        zip(
            analysis.tables["topics"]["topic_id"].to_pylist(),
            analysis.tables["topics"]["label"].to_pylist(),
            strict=True,
        )
    )
    stands = analysis.tables["topics"]["merged_into"].to_pylist()
    topics = sorted(topic for topic, into in zip(labels, stands, strict=True) if topic >= 0 and into is None)
    full = counts.reindex(pd.MultiIndex.from_product([every, topics]), fill_value=0)
    frame = pd.DataFrame(
        {"period": [key[0].start_time for key in full.index], "topic_id": [key[1] for key in full.index]}
    )
    frame["topic"] = [labels[topic] for topic in frame["topic_id"]]
    frame["contacts"] = full.to_numpy()
    frame["total"] = totals.to_numpy().repeat(len(topics))
    some = frame["total"] > 0
    bounds = [wilson(n, total) if total else None for n, total in zip(frame["contacts"], frame["total"], strict=True)]
    frame["share"] = (frame["contacts"] / frame["total"]).where(some)
    frame["low"] = [np.nan if bound is None else bound.low for bound in bounds]
    frame["high"] = [np.nan if bound is None else bound.high for bound in bounds]
    return frame


def _periods(contacts: pd.DataFrame, freq: str) -> pd.Series:
    """Return the period in which each contact began, where it did."""
    parts = contacts.groupby("timezone", sort=False)["started_at"]
    days = pd.concat([part.dt.tz_convert(str(zone)).dt.tz_localize(None) for zone, part in parts])
    return pd.Series(days.reindex(contacts.index).dt.to_period(freq))


def explain(model: TopicModel, text: str, *, language: str = "fr") -> pd.DataFrame:
    """Say which words of a text put it where it is.

    Each word is taken away in turn; what the text's nearness to its topic loses is the word's part.

    Returns
    -------
    pandas.DataFrame
        One row a word that says what the text is about, the greatest part first: ``word``, ``start``, ``end`` (code
        points), ``topic_id`` and ``topic`` (those of the text), ``part`` (cosine lost without the word).
    """
    check_is_fitted(model)
    rule = model.state_.rule
    matter = [word for word in words(text, language) if word.use == "matter"]
    without = [text[: word.start] + text[word.end :] for word in matter]
    texts = [text, *without]
    embedded = embedder_of(model.embedding_model)(texts)
    cosines = rule.cosines(rule.features.transform(embedded, texts, [language] * len(texts)))
    nearest = int(cosines[0].argmax())
    topic = int(rule.topics[nearest])
    frame = pd.DataFrame(
        {
            "word": [text[word.start : word.end] for word in matter],
            "start": [word.start for word in matter],
            "end": [word.end for word in matter],
            "topic_id": topic,
            "topic": model.label(topic),
            "part": cosines[0, nearest] - cosines[1:, nearest],
        }
    )
    return frame.sort_values("part", ascending=False, kind="stable", ignore_index=True)


def _together(rows: Sequence[Mapping[str, object]]) -> dict[str, object]:
    weighed: dict[str, float] = {}
    for row in rows:
        for name, weight in zip(row["terms"], row["weights"], strict=True):  # type: ignore[call-overload]
            weighed[name] = weighed.get(name, 0) + weight
    first = sorted(weighed, key=lambda name: -weighed[name])[:_TERMS]
    return {
        "terms": first,
        "weights": [weighed[name] for name in first],
        **{name: sum(row[name] for row in rows) for name in ("contacts", "segments", "share")},  # type: ignore[misc]
    }


def _noted(
    state: State, events: Sequence[tuple[int, str, int | None]], rows: Mapping[int, Mapping[str, object]]
) -> pa.Table:
    """Add events to the lineage, in the update that it stands at."""
    last = max(state.lineage["update"].to_pylist(), default=0)
    noted = [
        {
            "update": last,
            "topic_id": topic,
            "event": event,
            "label": rows[topic]["label"],
            "segments": rows[topic]["segments"],
            "share": 0.0,
            "into": into,
        }
        for topic, event, into in events
    ]
    return pa.concat_tables([state.lineage, pa.Table.from_pylist(noted, schema=LINEAGE)])


def _with(model: TopicModel, state: State) -> TopicModel:
    other = copy(model)
    other.state_ = state
    return other
