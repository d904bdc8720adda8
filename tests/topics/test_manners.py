"""`TopicModel` in scikit-learn's manners, and what it refuses."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

import vocmine as vm
from tests.topics.made_up import FEW
from vocmine.errors import InputError
from vocmine.topics import hierarchy, merge
from vocmine.topics.compose import PLUGS


def test_params_untouched():
    reasons, stop = {"a": [], "b": ["x"]}, ["colivia"]
    model = vm.TopicModel(reasons=reasons, stop_words=stop)
    assert model.reasons is reasons
    assert model.stop_words is stop
    assert clone(model).get_params()["reasons"] == reasons
    assert set(PLUGS) <= set(model.get_params())


def test_unfitted_predict_says_so(made):
    for call in (
        lambda m: m.predict(made[0], embeddings=made[1]),
        lambda m: m.topics,
        lambda m: m.label(0),
        lambda m: m.predict_proba(made[0], embeddings=made[1]),
        hierarchy,
        lambda m: merge(m, [[0, 1]]),
    ):
        with pytest.raises(NotFittedError):
            call(vm.TopicModel())


def test_wrong_width_is_refused(fitted, made):
    with pytest.raises(InputError) as e:
        fitted.predict(made[0], embeddings=np.ones((len(made[0]), 5)))
    assert "facture" not in str(e.value)


@pytest.mark.parametrize("given", ["Ma facture", [1, 2], [None, "x"]])
def test_wrong_kind(fitted, given):
    with pytest.raises(InputError) as e:
        fitted.predict(given, embeddings=np.ones((2, 32)))
    assert "facture" not in str(e.value)


def test_no_text(fitted):
    assert fitted.predict([], embeddings=np.empty((0, 32))).tolist() == []
    assert fitted.transform([], embeddings=np.empty((0, 32))).empty
    assert fitted.predict_proba([], embeddings=np.empty((0, 32))).shape == (0, 3)
    with pytest.raises(InputError):
        vm.TopicModel(**FEW).fit([], embeddings=np.empty((0, 32)))


@pytest.mark.parametrize("n", [0, -1, 1])
def test_bad_n_topics(made, n):
    with pytest.raises(InputError):
        vm.TopicModel(n, n_runs=2).fit(made[0], embeddings=made[1])


def test_unknown_language(made):
    model = vm.TopicModel(**FEW).fit(made[0], embeddings=made[1], languages=["sw"] * len(made[0]))
    assert len(model.labels_) == len(made[0])
    assert model.predict(["Hola"], embeddings=np.eye(1, 32), languages=["es"]).shape == (1,)
