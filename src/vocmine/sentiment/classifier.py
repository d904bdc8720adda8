"""`SentimentClassifier`: a head of one's own, or a whole encoder, trained on one's own labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags, check_random_state
from sklearn.utils.validation import check_is_fitted

from vocmine.errors import InputError
from vocmine.inference import Engine, HuggingFaceModel, Model
from vocmine.inference.headed import HeadedModel, read_head
from vocmine.sentiment.checks import check_labels, check_parameters, check_texts, check_weights
from vocmine.sentiment.features import text_features
from vocmine.sentiment.fitting import AnyModel, Fitted, Labelled, Schooling, fit_encoder, fit_head, head_for
from vocmine.sentiment.saving import read_classifier, write_classifier


class SentimentClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Learn to label texts from examples, in scikit-learn's manners.

    Parameters
    ----------
    model : str, path, Model or HuggingFaceModel, default "embedded"
        What reads the texts: the model that comes with the package, a model folder, or a model already loaded.
    tune : {"head", "encoder"}, default "head"
        ``head`` trains a logistic regression on the model's features, which takes seconds. ``encoder`` goes on from
        there and trains the encoder's upper layers too, which takes minutes to hours.
    C : float, optional
        Inverse strength of the regression's penalty, on standardised features; by default chosen by cross-validation.
    epochs : int, default 3
        Most passes over the texts, with ``tune="encoder"``.
    learning_rate : float, default 1e-4
        Of the highest layer; lower layers learn more slowly, the head ten times as fast.
    layers : int, optional
        How many layers are trained, counted from the top; by default all.
    class_weight : "balanced" or dict, optional
        Weights of the classes, as in scikit-learn.
    validation_share : float, optional
        Share of the texts, between 0 and 1, that ``tune="encoder"`` holds out: it ends after two passes that read
        them no better, keeps the best weights, and calibrates the probabilities on them.
    device : str, default "auto"
        ``auto`` takes cuda, else mps, else cpu; an explicit device is taken or refused.
    random_state : int, RandomState or None
        For the folds and for training. The same number gives the same classifier on the same CPU.
    token_budget : int, optional
        Tokens a batch when encoding, padding included. By default it depends on the device.
    progress : bool, default False
        Show progress bars on standard error.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels, sorted: the order of the columns of `predict_proba`.
    model_ : Model or HeadedModel
        The model with the new head, ``sentiment`` if the labels are polarities in French or English, else ``labels``.
    coef_, intercept_ : float32 arrays of shape (n_classes, width) and (n_classes,)
        Of the head, calibrated: the softmax of what they give is `predict_proba`.
    C_ : float
        Inverse penalty, as given or as chosen.
    temperature_ : float
        What the logits were divided by; 1 where there was nothing to calibrate on.
    n_iter_ : int
        Passes kept of ``tune="encoder"``, or iterations of the regression.

    Notes
    -----
    Texts are repaired as those of a corpus are. A long text is cut into segments; its features are the mean of theirs,
    each weighing by its characters, when training and in use, so that its logits are the mean of theirs. `Miner` takes
    the same head to each segment and gathers its probabilities by its own roll-up, where polar segments weigh more and
    « mixed » is an answer: for a text of one segment both give the same probabilities.

    Probabilities of ``tune="head"`` are calibrated by a temperature, from heads that did not see the text (5 folds,
    equal texts in one; as many as the rarest class has texts, if fewer). With ``tune="encoder"`` they are calibrated
    on `validation_share`, and without one as they come; and the new model has no other head, as what they read has
    changed.

    Examples
    --------
    >>> texts = ["Livraison rapide, merci !", "Très bon accueil.", "Colis perdu.", "Personne ne répond, c'est honteux."]
    >>> classifier = SentimentClassifier(random_state=0).fit(texts, ["content", "content", "fâché", "fâché"])
    >>> classifier.predict(["Quelle honte, toujours rien !"]).tolist()
    ['fâché']
    """

    def __init__(
        self,
        model: str | Path | Model | HuggingFaceModel | HeadedModel = "embedded",
        *,
        tune: str = "head",
        C: float | None = None,  # noqa: N803 - scikit-learn's name
        epochs: int = 3,
        learning_rate: float = 1e-4,
        layers: int | None = None,
        class_weight: str | Mapping[object, float] | None = None,
        validation_share: float | None = None,
        device: str = "auto",
        random_state: int | np.random.RandomState | None = None,
        token_budget: int | None = None,
        progress: bool = False,
    ) -> None:
        self.model = model
        self.tune = tune
        self.C = C
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.layers = layers
        self.class_weight = class_weight
        self.validation_share = validation_share
        self.device = device
        self.random_state = random_state
        self.token_budget = token_budget
        self.progress = progress

    def __getstate__(self) -> dict[str, object]:
        """Leave the engine out: it holds threads, and whoever receives the copy makes its own."""
        return {name: value for name, value in super().__getstate__().items() if name != "_engine"}

    def __sklearn_tags__(self) -> Tags:
        """Say that texts come in."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags

    def fit(self, texts: Iterable[str], labels: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from labelled texts.

        Parameters
        ----------
        texts : sequence of str
            Each distinct segment is encoded once.
        labels : array of str, int or bool, shape (n_texts,)
            Two different ones at least.
        sample_weight : array of float, shape (n_texts,), optional

        Raises
        ------
        InputError
            Texts, labels or weights cannot be used, or a parameter is out of its range.
        ModelError
            The model cannot be loaded.
        DeviceError
            The device asked for is not there.
        """
        check_parameters(self.get_params(deep=False))
        classes, codes = check_labels(labels)
        repaired = check_texts(texts, n_labels=len(codes))
        weights = check_weights(sample_weight, self.class_weight, classes, codes)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        base = self._base()
        engine = self._engine_of(base)
        labelled = Labelled.read(repaired, classes, codes, weights, base, engine)
        if self.tune == "head":
            self._take(fit_head(labelled, self.C, seed), classes)
            # The head reads what this engine gives already: no need to load the model again.
            self._engine = engine
        else:
            how = Schooling(
                self.epochs, self.learning_rate, self.layers, self.validation_share, self.device, self.progress
            )
            self._take(fit_encoder(labelled, self.C, seed, how), classes)
        return self

    def predict(self, texts: Iterable[str]) -> NDArray[np.generic]:
        """Return the likeliest label of each text; shape (n_texts,).

        Raises
        ------
        NotFittedError
            Of scikit-learn: there has been no `fit`.
        InputError
            The texts cannot be used.
        """
        logits = self._logits(texts)
        return np.asarray(self.classes_[logits.argmax(axis=1)])

    def predict_proba(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Return the probability of each label; float64 array of shape (n_texts, n_classes).

        Raises
        ------
        NotFittedError
            Of scikit-learn: there has been no `fit`.
        InputError
            The texts cannot be used.
        """
        return np.asarray(softmax(self._logits(texts), axis=1))

    def save_pretrained(self, folder: str | Path) -> None:
        """Write the classifier as a folder, which is a model folder too: `Miner` reads it where labels are polarities.

        Raises
        ------
        NotFittedError
            Of scikit-learn: there has been no `fit`.
        """
        check_is_fitted(self, "model_")
        self.model_.save_pretrained(folder)
        found = Fitted(self.model_, self.C_, self.temperature_, self.n_iter_)
        write_classifier(Path(folder), found, self.classes_, self.get_params(deep=False))

    @classmethod
    def from_pretrained(
        cls, folder: str | Path, *, device: str = "auto", token_budget: int | None = None
    ) -> SentimentClassifier:
        """Read a folder that `save_pretrained` wrote: a classifier that gives the same predictions.

        Its parameters are those that it was made with, save for those given here; where its `model` had no name, it
        is the folder.

        Parameters
        ----------
        folder : str or Path
        device : str
        token_budget : int, optional
            As in the constructor.

        Raises
        ------
        ModelError
            A file is missing, altered, or of a format that this version does not read.
        """
        found, classes, parameters = read_classifier(Path(folder))
        classifier: SentimentClassifier = cls(device=device, token_budget=token_budget).set_params(**parameters)
        classifier._take(found, classes)
        return classifier

    def _base(self) -> AnyModel:
        model = Model.from_pretrained(self.model) if isinstance(self.model, (str, Path)) else self.model
        if not isinstance(model, (Model, HuggingFaceModel, HeadedModel)):
            raise InputError(
                f"model is {type(model).__name__}, expected a name, a folder, or what vm.Model.from_pretrained returns"
            )
        return model

    def _engine_of(self, model: AnyModel) -> Engine:
        return Engine(model, self.device, self.token_budget, progress=self.progress)

    def _take(self, found: Fitted, classes: NDArray[np.generic]) -> None:
        self.__dict__.pop("_engine", None)
        self.classes_ = classes
        self.model_, self.C_, self.temperature_, self.n_iter_ = found
        self.coef_, self.intercept_ = read_head(found.model, head_for(classes.tolist()).name)

    def _logits(self, texts: Iterable[str]) -> NDArray[np.float64]:
        check_is_fitted(self, "model_")
        if "_engine" not in self.__dict__:
            self._engine = self._engine_of(self.model_)
        features = text_features(check_texts(texts), self._engine)
        return np.asarray(features @ self.coef_.T.astype(np.float64) + self.intercept_)
