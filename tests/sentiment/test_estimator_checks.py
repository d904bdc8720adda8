"""scikit-learn's own checks of an estimator, as far as they go with texts.

`check_estimator` runs none but cloning on an estimator that takes no numbers, so each check that needs no matrix is
called by its name. Left out, with the reason:

- all that feed numbers to `fit` (training, data types, sparse and memory-mapped input, pickling, idempotence, subsets,
  one feature, NaN, empty data): their input is refused before anything is checked; those that have a meaning for texts
  are written out below;
- `check_fit_score_takes_y`: it wants the second argument to be called y, ours says `labels`, and scikit-learn's own
  tools pass it by place;
- `check_n_features_in*`: texts have no number of features;
- `check_sample_weight_equivalence*`: folds are of distinct texts, so that a weight of 2 and a row twice may be held out
  with other texts.
"""

import copy
import pickle

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils import estimator_checks, get_tags

from tests.sentiment.tiny_texts import texts_and_labels
from vocmine.sentiment import SentimentClassifier

TEXTS, LABELS = texts_and_labels(20)

WITHOUT_MATRIX = (
    "check_estimator_cloneable",
    "check_estimator_tags_renamed",
    "check_valid_tag_types",
    "check_estimator_repr",
    "check_no_attributes_set_in_init",
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_mixin_order",
    "check_parameters_default_constructible",
    "check_get_params_invariance",
    "check_set_params",
    "check_estimators_unfitted",
    "check_requires_y_none",
)


@pytest.fixture
def classifier(tiny_model):
    return SentimentClassifier(tiny_model, device="cpu", random_state=0, C=0.1)


@pytest.mark.parametrize("name", WITHOUT_MATRIX)
def test_scikit_learns_check(classifier, name):
    getattr(estimator_checks, name)("SentimentClassifier", classifier)


def test_the_tags_say_that_texts_come_in(classifier):
    tags = get_tags(classifier)
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    assert tags.estimator_type == "classifier"


def test_fit_gives_the_estimator_back_and_leaves_its_parameters_alone(classifier):
    before = classifier.get_params()
    assert classifier.fit(TEXTS, LABELS) is classifier
    assert all(value is before[name] for name, value in classifier.get_params().items())


def test_fitted_names_end_in_an_underscore_or_begin_with_one(classifier):
    public = {name for name in vars(classifier.fit(TEXTS, LABELS)) if not name.startswith("_")}
    assert {name for name in public if not name.endswith("_")} == set(classifier.get_params())


def test_predicting_changes_nothing_that_is_public(classifier):
    classifier.fit(TEXTS, LABELS)
    before = copy.copy(vars(classifier))
    classifier.predict_proba(TEXTS)
    assert all(vars(classifier)[name] is value for name, value in before.items())


def test_fitting_twice_gives_the_same(classifier):
    first = classifier.fit(TEXTS, LABELS).predict_proba(TEXTS)
    assert np.array_equal(classifier.fit(TEXTS, LABELS).predict_proba(TEXTS), first)


def test_a_clone_is_not_fitted_and_learns_the_same(classifier):
    first = classifier.fit(TEXTS, LABELS).predict_proba(TEXTS)
    cloned = clone(classifier)
    assert not hasattr(cloned, "classes_")
    np.testing.assert_allclose(cloned.fit(TEXTS, LABELS).predict_proba(TEXTS), first, atol=1e-6)


def test_the_order_and_the_company_of_texts_do_not_matter(classifier):
    classifier.fit(TEXTS, LABELS)
    whole = classifier.predict_proba(TEXTS)
    order = np.random.default_rng(0).permutation(len(TEXTS))[:7]
    np.testing.assert_allclose(classifier.predict_proba([TEXTS[i] for i in order]), whole[order], atol=1e-5)


@pytest.mark.parametrize("by", [pickle, joblib])
def test_it_can_be_pickled_fitted_and_not(classifier, by, tmp_path):
    def again(estimator):
        with (tmp_path / "file").open("wb") as file:
            by.dump(estimator, file)
        with (tmp_path / "file").open("rb") as file:
            return by.load(file)

    assert again(classifier).tune == "head"
    classifier.fit(TEXTS, LABELS)
    assert np.array_equal(again(classifier).predict_proba(TEXTS), classifier.predict_proba(TEXTS))


@pytest.mark.parametrize("kind", [list, tuple, np.array, lambda values: np.array(values, dtype=object)])
def test_lists_tuples_and_arrays_are_alike(classifier, kind):
    expected = clone(classifier).fit(TEXTS, LABELS).predict(TEXTS)
    assert np.array_equal(classifier.fit(kind(TEXTS), kind(LABELS)).predict(kind(TEXTS)), expected)
