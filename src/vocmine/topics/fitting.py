"""Units come in; topics with their rule, labels and quotes go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.errors import InputError
from vocmine.schema import LINEAGE
from vocmine.topics.choice import choose
from vocmine.topics.compose import compose, fitted
from vocmine.topics.consensus import ConsensusClustering
from vocmine.topics.features import Features
from vocmine.topics.labels import Description, describe
from vocmine.topics.neighbours import Floats, unit_rows
from vocmine.topics.novelty import holders, usage_of
from vocmine.topics.quotes import quotes
from vocmine.topics.rule import Placed, Rule
from vocmine.topics.state import State
from vocmine.topics.tables import counted, topic_table
from vocmine.topics.units import Units

if TYPE_CHECKING:
    from bertopic import BERTopic

_MOST_REFERENCE: Final = 4_000
_FEWEST_TERMS: Final = 3

LabelModel = Callable[[Sequence[str], Sequence[str]], str]


@dataclass(frozen=True, eq=False)
class Settings:
    """What a topic model was asked for; see `vocmine.TopicModel`."""

    n_topics: int | None
    seed: int
    outlier_share: float
    max_rows: int
    n_runs: int
    stop_words: tuple[str, ...]
    label_model: LabelModel | None
    parts: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Found:
    """Topics found.

    Attributes
    ----------
    state : State
    labels : int array of shape (n_units,)
        Topic of each unit.
    bertopic : BERTopic or None
        None where all topics were given.
    """

    state: State
    labels: NDArray[np.int64]
    bertopic: BERTopic | None


def find_topics(
    units: Units,
    settings: Settings,
    *,
    embedder: str = "",
    span: tuple[pd.Timestamp | None, pd.Timestamp | None] = (None, None),
    given: Callable[[Features, Floats], tuple[list[str], Floats]] | None = None,
) -> Found:
    """Find the topics of units.

    Parameters
    ----------
    units : Units
    settings : Settings
    embedder : str
        Model that made the embeddings.
    span : pair of timestamps
        First and last contact.
    given : callable, optional
        Gives the names and centres of reasons, from the features and the vectors.

    Raises
    ------
    InputError
        If there are too few distinct texts.
    """
    if settings.n_topics is not None and settings.n_topics < 2 and not (given and not settings.n_topics):
        raise InputError(f"got n_topics={settings.n_topics}, expected 2 or more, or None to have it chosen")
    if not len(units):
        raise InputError("got no text that could have a topic; see the column topic_reason of assignments for why")
    order = canonical_order(units)
    shaping = shaping_rows(units, order, settings)
    # Whatever is summed is summed in an order of its own, so that the order of the rows changes nothing at all.
    part = units.take(shaping)
    features = Features.fit(part.embeddings, part.texts, part.languages)
    vectors = features.transform(part.embeddings, part.texts, part.languages)
    names, centres = given(features, vectors) if given else ([], np.empty((0, vectors.shape[1]), np.float32))
    bertopic, choice, clusters = None, None, None
    if not names or settings.n_topics:
        free = _unlike_given(vectors, centres)
        clustered = _cluster(part.take(free), vectors[free], settings)
        bertopic, choice = clustered.bertopic, clustered.choice
        centres = np.concatenate([centres, clustered.centres])
        clusters = clustered.labels if settings.parts["hdbscan_model"] is not None and not names else None
    rule = _with_threshold(
        Rule(features, centres, np.arange(len(centres)), -np.inf, len(centres)), units, settings.outlier_share
    )
    own = None if clusters is None else dict(zip(part.texts, clusters, strict=True))
    return _described(units, part, vectors, rule, names, settings, embedder, span, bertopic, choice, own)


@dataclass(frozen=True, eq=False)
class _Clustered:
    bertopic: BERTopic
    choice: pd.DataFrame | None
    centres: Floats
    labels: list[int]


def _cluster(part: Units, vectors: Floats, settings: Settings) -> _Clustered:
    languages = [code for code, _ in Counter(part.languages).most_common()]
    choice, wanted = None, settings.n_topics or 2
    if settings.n_topics is None and settings.parts["hdbscan_model"] is None:
        choice = choose(vectors, part.texts, languages[0], seed=settings.seed)
        wanted = int(choice.index[choice["chosen"]][0])
    clustering = ConsensusClustering(
        wanted,
        n_runs=settings.n_runs,
        outlier_share=settings.outlier_share,
        max_rows=settings.max_rows,
        random_state=settings.seed,
    )
    bertopic = compose(clustering, languages, settings.stop_words, dict(settings.parts))
    labels = fitted(bertopic, part.texts, vectors)
    topics = np.array(labels)
    if settings.parts["hdbscan_model"] is None:
        # BERTopic numbers topics by size: each keeps the centre of its cluster.
        cluster_of = {topic: bertopic.hdbscan_model.labels_[labels.index(topic)] for topic in set(labels) - {-1}}
        centres = [bertopic.hdbscan_model.centres_[cluster_of[topic]] for topic in sorted(cluster_of)]
    else:
        centres = [vectors[topics == topic].mean(axis=0) for topic in sorted(set(labels) - {-1})]
    if not centres:
        raise InputError("the clustering found no topic; its smallest cluster is too large for so few texts")
    return _Clustered(bertopic, choice, unit_rows(np.stack(centres)).astype(np.float32), labels)


def canonical_order(units: Units) -> NDArray[np.int64]:
    """Return an order of the units that depends on what they are, not on how they were given."""
    keys = [
        (text, language, vector.tobytes())
        for text, language, vector in zip(units.texts, units.languages, units.embeddings, strict=True)
    ]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def shaping_rows(units: Units, order: NDArray[np.int64], settings: Settings) -> NDArray[np.int64]:
    """Choose the units that make the topics: each distinct text once, and no more than `max_rows`.

    Where every text is too short to make topics, all do.
    """
    first: dict[str, int] = {}
    for row in order.tolist():
        if units.shaping[row] or not units.shaping.any():
            first.setdefault(units.texts[row], row)
    rows = np.array(list(first.values()), dtype=np.int64)
    if len(rows) > settings.max_rows:
        rng = np.random.default_rng(settings.seed)
        rows = rows[np.sort(rng.permutation(len(rows))[: settings.max_rows])]
    return rows


def _unlike_given(vectors: Floats, centres: Floats) -> NDArray[np.int64]:
    """Leave to the topics to be found the half of the texts that the reasons given fit least."""
    if not len(centres):
        return np.arange(len(vectors))
    fit = (vectors @ centres.T).max(axis=1)
    return np.flatnonzero(fit <= np.median(fit))


def _with_threshold(rule: Rule, units: Units, outlier_share: float) -> Rule:
    """Set the standing under which the share asked for, of all units with their copies, has no topic."""
    if not outlier_share:
        return rule
    standing = rule.standing(rule.cosines(rule.vectors(units)))
    return replace(rule, threshold=float(np.quantile(standing, outlier_share)))


def _described(
    units: Units,
    part: Units,
    vectors: Floats,
    rule: Rule,
    names: list[str],
    settings: Settings,
    embedder: str,
    span: tuple[pd.Timestamp | None, pd.Timestamp | None],
    bertopic: BERTopic | None,
    choice: pd.DataFrame | None,
    own: Mapping[str, int] | None,
) -> Found:
    placed = rule.place(rule.vectors(units))
    labels = placed.topics
    if own is not None:
        labels = np.array([own.get(text, topic) for text, topic in zip(units.texts, labels, strict=True)])
    at = rule.place(vectors)
    at_topics = at.topics if own is None else np.array([own[text] for text in part.texts])
    described, quoted = named(part, Placed(at_topics, at.probabilities, at.closeness), rule, names, settings)
    n_contacts = int(units.contacts.max()) + 1
    counts = counted(units, labels, n_contacts)
    table = topic_table(described, quoted, counts)
    state = State(
        rule=rule,
        table=table,
        lineage=births(table, len(units), span),
        reference=reference(vectors, settings.seed),
        births=rule.centres,
        usage=usage_of(part, holders(part, rule.features)),
        embedder=embedder,
        choice=choice,
    )
    return Found(state, labels, bertopic)


def named(
    part: Units, at: Placed, rule: Rule, names: Sequence[str], settings: Settings
) -> tuple[list[Description], dict[int, list[str]]]:
    """Describe every topic of a rule: those given under their names."""
    found = {
        description.topic: description
        for description in describe(part.texts, at.topics, languages=part.languages, stop_words=settings.stop_words)
    }
    quoted = {
        topic: [part.texts[row] for row in rows] for topic, rows in quotes(part.texts, at.topics, at.closeness).items()
    }
    described = []
    for topic in rule.topics.tolist():
        own = found.get(topic, Description(topic, "", (), part.languages[0]))
        label = names[topic] if topic < len(names) else own.label
        if settings.label_model is not None and topic >= len(names):
            label = settings.label_model([name for name, _ in own.terms], quoted.get(topic, [])) or label
        described.append(Description(topic, label or f"{topic}", own.terms, own.language))
    return described, quoted


def births(table: pa.Table, n_units: int, span: tuple[pd.Timestamp | None, pd.Timestamp | None]) -> pa.Table:
    """Begin the lineage: every topic is born."""
    rows = [
        {
            "update": 0,
            "since": span[0],
            "until": span[1],
            "topic_id": row["topic_id"],
            "event": "born",
            "label": row["label"],
            "segments": row["segments"],
            "share": row["segments"] / n_units,
            "drift": 0.0,
        }
        for row in table.to_pylist()
        if row["topic_id"] >= 0
    ]
    return pa.Table.from_pylist(rows, schema=LINEAGE)


def reference(vectors: Floats, seed: int) -> NDArray[np.float16]:
    """Keep a sample of vectors, against which to tell what is new."""
    rows = np.random.default_rng(seed).permutation(len(vectors))[:_MOST_REFERENCE]
    return vectors[np.sort(rows)].astype(np.float16)
