"""`ConsensusClustering`: the order of rows, copies and threads change nothing; what does not fit is refused."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score

from tests.topics.made_up import texts_and_vectors
from vocmine.errors import InputError
from vocmine.topics import ConsensusClustering


@pytest.fixture(scope="module")
def points():
    return texts_and_vectors()[1]


@pytest.fixture(scope="module")
def fitted(points):
    return ConsensusClustering(3, n_runs=8).fit(points)


def test_finds_the_groups(fitted):
    owner = texts_and_vectors()[2]
    inside = fitted.labels_ >= 0
    assert adjusted_rand_score(owner[inside], fitted.labels_[inside]) > 0.95
    assert fitted.agreement_ > 0.7


@pytest.mark.parametrize("seed", [1, 2])
def test_order_and_copies_change_nothing(points, fitted, seed):
    order = np.random.default_rng(seed).permutation(len(points))
    assert np.array_equal(clone(fitted).fit(points[order]).centres_, fitted.centres_)
    copied = clone(fitted).fit(np.concatenate([points, points[order[:50]]]))
    assert np.array_equal(copied.centres_, fitted.centres_)


def test_new_vectors_go_where_the_fitted_ones_went(points, fitted):
    assert np.array_equal(fitted.predict(points), fitted.labels_)
    assert np.array_equal(fitted.predict(points * 7), fitted.labels_)
    assert np.linalg.norm(fitted.centres_, axis=1) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("share", [0, 0.05, 0.3])
def test_outliers_are_the_share_asked_for(points, share):
    labels = ConsensusClustering(3, n_runs=4, outlier_share=share).fit_predict(points)
    assert (labels < 0).mean() == pytest.approx(share, abs=0.01)


def test_larger_clusters_come_first():
    rng = np.random.default_rng(0)
    uneven = np.repeat(np.eye(3, 16), [10, 60, 30], axis=0) + rng.normal(0, 0.05, (100, 16))
    labels = ConsensusClustering(3, n_runs=8, outlier_share=0).fit_predict(uneven)
    assert np.bincount(labels).tolist() == [60, 30, 10]


def test_a_sample_makes_the_clusters_and_all_get_one(points):
    model = ConsensusClustering(3, n_runs=4, max_rows=60, outlier_share=0)
    first = model.fit(points).centres_
    assert len(model.labels_) == len(points)
    assert adjusted_rand_score(texts_and_vectors()[2], model.labels_) > 0.95
    assert np.array_equal(clone(model).fit(points[::-1]).centres_, first)


@pytest.mark.parametrize(
    ("vectors", "options", "message"),
    [
        (np.eye(2, 8), {"n_clusters": 5}, "got 2 distinct vectors for 5 clusters"),
        (np.ones((50, 8)), {"n_clusters": 2}, "got 1 distinct"),
        (np.full((50, 8), np.nan), {"n_clusters": 2}, "expected finite vectors"),
        (np.ones(8), {"n_clusters": 2}, r"shape \(8,\)"),
        (np.zeros((0, 8)), {"n_clusters": 2}, "got 0 distinct"),
        (np.eye(9), {"n_clusters": 1}, "expected 2 or more"),
        (np.eye(9), {"n_clusters": 2, "outlier_share": 0.95}, "expected 0 to 0.9"),
        (np.eye(9), {"n_clusters": 2, "outlier_share": -0.1}, "expected 0 to 0.9"),
        (np.eye(9), {"n_clusters": 2, "n_runs": 0}, " runs"),
    ],
)
def test_what_does_not_fit_is_refused(vectors, options, message):
    with pytest.raises(InputError, match=message):
        ConsensusClustering(**{"n_runs": 2, **options}).fit(vectors)


@pytest.mark.parametrize("rows", [3, 4, 6])
def test_very_few_vectors_make_clusters_all_the_same(rows):
    labels = ConsensusClustering(2, n_runs=4, outlier_share=0).fit_predict(np.eye(rows, 8) + 0.1 * np.eye(rows, 8, 1))
    assert len(labels) == rows
    assert labels.min() == 0
