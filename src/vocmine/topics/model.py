"""`TopicModel`: an analysis comes in, contact reasons that stay put go out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Self, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted

from vocmine.analysis import Analysis
from vocmine.errors import InputError, ModelFormatError
from vocmine.topics.compose import PLUGS
from vocmine.topics.embedding import Embeds, embedder_of
from vocmine.topics.features import Features
from vocmine.topics.fitting import LabelModel, Settings, find_topics
from vocmine.topics.guided import reason_centres
from vocmine.topics.neighbours import Floats
from vocmine.topics.rule import Placed, shares
from vocmine.topics.saved import load_state, save_state
from vocmine.topics.state import State
from vocmine.topics.tables import assignments, contact_topics, counted, recounted
from vocmine.topics.units import Units
from vocmine.topics.update import updated


class TopicModel(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Contact reasons: found in what customers say, or given, and the same whatever the order of the rows.

    BERTopic is inside, composed of components that can each be replaced: `bertopic_` draws all its figures. By default
    the vectors are embeddings centred by language beside the words of the texts; `ConsensusClustering` makes the
    topics; each text belongs to the nearest topic's centre, those fitted as those to come; and those near to none, or
    torn between two, are « divers », in a share that is set.

    Parameters
    ----------
    n_topics : int, optional
        By default the number is chosen by stability and coherence; `choice_` shows what was tried. With `reasons`, how
        many to find besides, none by default.
    seed : int, default 0
    outlier_share : float, default 0.1
        Share of the texts that get no topic, 0 to 0.9.
    reasons : mapping of str to sequence of str, optional
        Contact reasons of one's own: name → examples of what customers say, or none.
    stop_words : sequence of str
        Words that tell nothing, such as the company's name.
    max_rows : int, default 10_000
        Distinct texts that make the topics; where there are more, so many are drawn, and all get their topics.
    n_runs : int, default 60
        Clusterings put together.
    label_model : callable, optional
        Names each topic from its terms and quotes, in the place of the terms: a language model of one's own.
    embedding_model : "embedded", path or object with ``encode``
        Embeds reasons and texts that come without embeddings: the model that comes with the package, a model folder,
        or anything with sentence-transformers' ``encode``. An analysis brings its own embeddings.
    umap_model, hdbscan_model, vectorizer_model, ctfidf_model, representation_model : object, optional
        BERTopic's components. With a clustering of one's own, `labels_` are its clusters, and texts to come belong
        to the nearest of their centres.

    Attributes
    ----------
    topics : pandas.DataFrame
        One row a topic, see `vocmine.schema.TOPICS`; -1 is « divers ».
    labels_ : int array of shape (n_units,)
        Topic of each text fitted, or each unit of the analysis.
    bertopic_ : BERTopic
        The model inside, after `fit`; not kept by `save`.
    choice_ : pandas.DataFrame or None
        Numbers of topics tried, with their stability and coherence.
    lineage : pandas.DataFrame
        What became of the topics from update to update, see `vocmine.schema.LINEAGE`.

    References
    ----------
    M. Grootendorst, BERTopic: Neural topic modeling with a class-based TF-IDF procedure, arXiv:2203.05794.

    Examples
    --------
    >>> import vocmine as vm
    >>> said = ["Ma facture a doublé", "Je ne comprends pas ma facture", "Colis jamais reçu", "Mon colis est perdu"]
    >>> topics = vm.TopicModel(reasons={"facture": [], "livraison de colis": []}, outlier_share=0).fit(said)
    >>> [topics.label(topic) for topic in topics.predict(["Pourquoi ma facture est-elle si élevée ?"])]
    ['facture']
    """

    def __init__(
        self,
        n_topics: int | None = None,
        *,
        seed: int = 0,
        outlier_share: float = 0.1,
        reasons: Mapping[str, Sequence[str]] | None = None,
        stop_words: Sequence[str] = (),
        max_rows: int = 10_000,
        n_runs: int = 60,
        label_model: LabelModel | None = None,
        embedding_model: str | os.PathLike[str] | Embeds = "embedded",
        umap_model: object | None = None,
        hdbscan_model: object | None = None,
        vectorizer_model: object | None = None,
        ctfidf_model: object | None = None,
        representation_model: object | None = None,
    ) -> None:
        self.n_topics = n_topics
        self.seed = seed
        self.outlier_share = outlier_share
        self.reasons = reasons
        self.stop_words = stop_words
        self.max_rows = max_rows
        self.n_runs = n_runs
        self.label_model = label_model
        self.embedding_model = embedding_model
        self.umap_model = umap_model
        self.hdbscan_model = hdbscan_model
        self.vectorizer_model = vectorizer_model
        self.ctfidf_model = ctfidf_model
        self.representation_model = representation_model

    def fit(
        self,
        X: Analysis | Sequence[str],  # noqa: N803 - scikit-learn's name
        y: object = None,  # noqa: ARG002
        *,
        embeddings: Floats | None = None,
        languages: Sequence[str] | None = None,
    ) -> Self:
        """Find the topics of what customers say.

        Parameters
        ----------
        X : Analysis or sequence of str
            An analysis, whose customers' segments are the units; or texts, each a unit.
        y : ignored
        embeddings : float32 array of shape (n_texts, n_dimensions), optional
            Of texts; by default `embedding_model` makes them.
        languages : sequence of str, optional
            ISO 639-1 code of each text, French by default.

        Raises
        ------
        InputError
            If there are too few distinct texts for the number of topics, or a parameter is out of its range.
        """
        if not 0 <= self.outlier_share <= 0.9:
            raise InputError(f"outlier_share is {self.outlier_share}, expected 0 to 0.9")
        units = self._units(X, embeddings, languages)
        embedder = X.embedder if isinstance(X, Analysis) else ""
        found = find_topics(units, self._settings, embedder=embedder, span=_span(X), given=self._given)
        self.state_, self.bertopic_, self.labels_ = found.state, found.bertopic, found.labels
        self.choice_ = found.state.choice
        return self

    def fit_predict(self, X: Analysis | Sequence[str], y: object = None, **options: object) -> NDArray[np.int64]:  # noqa: N803
        """Fit, and return the topic of each unit."""
        return self.fit(X, y, **options).labels_  # type: ignore[arg-type]

    def predict(
        self,
        X: Analysis | Sequence[str],  # noqa: N803
        *,
        embeddings: Floats | None = None,
        languages: Sequence[str] | None = None,
    ) -> NDArray[np.int64]:
        """Return the topic of each text, or of each unit of an analysis, -1 for none; int array of shape (n_units,)."""
        return self.place(self._units(X, embeddings, languages)).topics

    def predict_proba(
        self,
        X: Analysis | Sequence[str],  # noqa: N803
        *,
        embeddings: Floats | None = None,
        languages: Sequence[str] | None = None,
    ) -> Floats:
        """Return each topic's share of the evidence; float32 array of shape (n_units, n_topics), rows sum to 1.

        Columns stand in the order of the ids, -1 left out.
        """
        check_is_fitted(self, "state_")
        rule = self.state_.rule
        return shares(rule.cosines(rule.vectors(self._units(X, embeddings, languages))))

    def transform(
        self,
        X: Analysis | Sequence[str],  # noqa: N803
        *,
        embeddings: Floats | None = None,
        languages: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Return the topic of each unit with its probability, one row a unit: ``topic_id``, ``topic``, ``probability``.

        Of texts, the index is their rank; of an analysis, the row of the segment.
        """
        units = self._units(X, embeddings, languages)
        placed = self.place(units)
        names = [self.state_.labels[topic] for topic in placed.topics.tolist()]
        columns = {"topic_id": placed.topics, "topic": names, "probability": placed.probabilities}
        return pd.DataFrame(columns, index=pd.Index(units.rows))

    def assign(self, analysis: Analysis) -> Analysis:
        """Return the analysis with its topics: tables ``topics``, ``assignments``, ``contact_topics`` and ``lineage``.

        `Analysis.contacts` then has ``topic_id`` (-1 for none), ``topic`` and ``topics``.
        """
        units = self._units(analysis, None, None)
        placed = self.place(units)
        counts = counted(units, placed.topics, analysis.corpus.contacts.num_rows)
        return analysis.with_tables(
            topics=recounted(self.state_.table, counts),
            assignments=assignments(analysis.tables["segments"], units, placed),
            contact_topics=contact_topics(analysis.corpus.contacts, units, placed, self.state_.labels),
            lineage=self.state_.lineage,
        )

    def update(self, analysis: Analysis) -> Self:
        """Return the model after new contacts, such as a month's: ids kept, new topics born, silent ones marked.

        A group of new texts that stands where few texts stood before is a new topic. A topic that nobody speaks of is
        ``dead``, and ``active`` again when somebody does. Other topics do not move.
        """
        units = self._units(analysis, None, None)
        return self._with(updated(self.state_, units, self._settings, span=_span(analysis)))

    def label(self, topic: int) -> str:
        """Return a topic's label."""
        check_is_fitted(self, "state_")
        if topic not in self.state_.labels:
            raise InputError(f"got topic {topic}, expected one of {sorted(self.state_.labels)}")
        return self.state_.labels[topic]

    @property
    def topics(self) -> pd.DataFrame:
        """One row a topic; a copy."""
        check_is_fitted(self, "state_")
        frame = self.state_.table.to_pandas()
        for name in ("terms", "weights", "quotes"):
            frame[name] = self.state_.table[name].to_pylist()
        return cast("pd.DataFrame", frame)

    @property
    def lineage(self) -> pd.DataFrame:
        """What became of the topics; a copy."""
        check_is_fitted(self, "state_")
        return cast("pd.DataFrame", self.state_.lineage.to_pandas())

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Write the model to a folder: JSON, Parquet and safetensors, no pickle.

        The same predictions come back with `load`. Components given by the user, and `bertopic_`, do not; it has a
        `save` of its own.
        """
        check_is_fitted(self, "state_")
        names = ("n_topics", "seed", "outlier_share", "reasons", "stop_words", "max_rows", "n_runs")
        save_state(folder, self.state_, {name: getattr(self, name) for name in names})

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        ModelNotFoundError
            If nothing is there.
        ModelFormatError
            If what is there is incomplete, altered or of another version.
        """
        state, parameters = load_state(folder)
        try:
            model = cls(**parameters)
        except TypeError as error:
            raise ModelFormatError(
                f"the topic model in {os.fspath(folder)} has parameters of another version"
            ) from error
        model.state_, model.choice_ = state, state.choice
        return model

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "state_")

    def _with(self, state: State) -> Self:
        other = copy(self)
        other.state_ = state
        return other

    @property
    def _settings(self) -> Settings:
        return Settings(
            n_topics=self.n_topics,
            seed=self.seed,
            outlier_share=self.outlier_share,
            max_rows=self.max_rows,
            n_runs=self.n_runs,
            stop_words=tuple(self.stop_words),
            label_model=self.label_model,
            parts={name: getattr(self, name) for name in PLUGS},
        )

    @property
    def _given(self) -> Callable[[Features, Floats], tuple[list[str], Floats]] | None:
        if self.reasons is None:
            return None
        reasons, embed = self.reasons, embedder_of(self.embedding_model)
        return lambda features, vectors: (list(reasons), reason_centres(reasons, embed, features, vectors))

    def place(self, units: Units) -> Placed:
        """Give units their topics; see `vocmine.topics.units.Units`."""
        check_is_fitted(self, "state_")
        return self.state_.rule.place(self.state_.rule.vectors(units))

    def _units(
        self, given: Analysis | Sequence[str], embeddings: Floats | None, languages: Sequence[str] | None
    ) -> Units:
        if isinstance(given, Analysis):
            return Units.of(given)
        if isinstance(given, str) or not all(isinstance(text, str) for text in given):
            raise InputError(f"got {type(given).__name__}, expected an Analysis or a sequence of texts")
        if embeddings is None:
            embeddings = embedder_of(self.embedding_model)(list(given))
        return Units.of_texts(given, embeddings, languages)


def _span(given: Analysis | Sequence[str]) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    if not isinstance(given, Analysis):
        return None, None
    times = given.corpus.contacts["started_at"].to_pandas().dropna()
    return (times.min(), times.max()) if len(times) else (None, None)
