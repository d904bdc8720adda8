"""The linear head: as smooth as held-out texts want it, and as sure."""

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from vocmine.sentiment.probe import GRID, Examples, fit_probe, hold_out, split


def examples(n=400, n_labels=3, noise=1.0, seed=0):
    """Features of unequal scales; as many as labels tell them apart, the others nothing."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(n, 20))
    labels = (features[:, :n_labels] + noise * random.normal(size=(n, n_labels))).argmax(axis=1)
    return Examples(features * np.geomspace(0.01, 100, 20) + 3, labels, np.ones(n), np.arange(n))


@pytest.mark.parametrize("n_labels", [2, 3])
def test_it_is_scikit_learns_regression_on_standardised_features(n_labels):
    given = examples(n_labels=n_labels)
    probe = fit_probe(given, n_labels, 0.3, seed=0)
    scaler = StandardScaler().fit(given.features)
    theirs = LogisticRegression(C=0.3, max_iter=1000, tol=1e-8).fit(scaler.transform(given.features), given.labels)
    ours = softmax(probe.logits(given.features) * probe.temperature, axis=1)
    np.testing.assert_allclose(ours, theirs.predict_proba(scaler.transform(given.features)), atol=2e-3)


def test_weights_are_as_good_as_repetition():
    given = examples(60)
    twice = np.r_[np.arange(60), np.arange(30)]
    repeated = fit_probe(given.at(twice), 3, 0.1, seed=0)
    weighed = fit_probe(given._replace(weights=np.r_[np.full(30, 2.0), np.ones(30)]), 3, 0.1, seed=0)
    logits = [probe.logits(given.features) * probe.temperature for probe in (repeated, weighed)]
    np.testing.assert_allclose(*logits, atol=5e-3)


def test_the_penalty_follows_the_noise():
    clear, doubtful = (fit_probe(examples(noise=noise), 3, None, seed=0) for noise in (0.1, 3.0))
    assert clear.C > doubtful.C
    assert {clear.C, doubtful.C} <= set(GRID)


def test_the_temperature_makes_unseen_probabilities_better():
    noisy, unseen = examples(100, noise=3.0), examples(1000, noise=3.0, seed=1)
    probe = fit_probe(noisy, 3, 100.0, seed=0)
    assert probe.temperature > 1.5
    calibrated = probe.logits(unseen.features)
    losses = [
        log_loss(unseen.labels, softmax(logits, axis=1)) for logits in (calibrated, calibrated * probe.temperature)
    ]
    assert losses[0] < losses[1]


def test_a_few_texts_told_apart_do_not_make_it_certain():
    labels = np.arange(20) % 2
    plain = np.outer(labels, np.ones(5)) + np.random.default_rng(0).normal(0, 0.01, (20, 5))
    probe = fit_probe(Examples(plain, labels, np.ones(20), np.arange(20)), 2, 1.0, seed=0)
    sure = softmax(probe.logits(plain), axis=1).max(axis=1)
    assert sure.mean() == pytest.approx(21 / 22, abs=0.02)


def test_equal_texts_stay_in_one_fold():
    texts = np.repeat(np.arange(20), 3)
    labels = texts % 2
    seen = np.zeros(60, dtype=int)
    for train, test in split(texts, labels, folds=5, seed=0):
        assert not set(texts[train]) & set(texts[test])
        assert set(labels[train]) == {0, 1}
        seen += test
    assert (seen == 1).all()


def test_a_label_with_one_text_alone_leaves_nothing_to_hold_out():
    assert list(split(np.arange(4), np.array([0, 0, 0, 1]), folds=5, seed=0)) == []
    probe = fit_probe(examples(3).at(np.array([0, 1]))._replace(labels=np.array([0, 1])), 2, None, seed=0)
    assert (probe.temperature, probe.C) == (1.0, 0.01)


def test_a_feature_that_never_changes_is_harmless():
    given = examples(50)
    given.features[:, 0] = 1.0
    assert np.isfinite(fit_probe(given, 3, 0.1, seed=0).weight).all()


@pytest.mark.parametrize("share", [0.1, 0.25, 0.99])
def test_what_is_held_out_leaves_a_text_of_each_label(share):
    texts = np.arange(100)
    labels = np.r_[np.zeros(90, dtype=int), np.ones(10, dtype=int)]
    held_out = hold_out(texts, labels, share, seed=0)
    assert set(labels[~held_out]) == {0, 1}
    assert held_out.sum() == min(round(90 * share), 89) + min(round(10 * share), 9)
