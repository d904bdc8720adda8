"""Figures of probabilities agree with scikit-learn, and the calibration error is the gap it says it is."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss

from vocmine.errors import InputError
from vocmine.evaluation import brier, calibration_error, negative_log_likelihood

LABELS = ("negative", "neutral", "positive")
FIGURES = (negative_log_likelihood, brier, calibration_error)


def drawn(n, seed=0, sharpness=1.0):
    """Texts whose true labels are drawn from the very probabilities: a calibrated model, where sharpness is 1."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (n, 3))
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    said = np.exp(sharpness * logits) / np.exp(sharpness * logits).sum(axis=1, keepdims=True)
    return [LABELS[random.choice(3, p=row)] for row in true], said


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 80))
def test_likelihood_and_brier_score_are_those_of_scikit_learn(seed, n):
    truth, probabilities = drawn(n, seed)
    nll = negative_log_likelihood(truth, probabilities, LABELS, draws=2).value
    assert nll == pytest.approx(log_loss(truth, probabilities, labels=LABELS))
    one_sided = brier_score_loss([label == "neutral" for label in truth], probabilities[:, 1])
    pair = np.stack([1 - probabilities[:, 1], probabilities[:, 1]], axis=1)
    two = ["neutral" if label == "neutral" else "other" for label in truth]
    assert brier(two, pair, ("other", "neutral"), draws=2).value == pytest.approx(2 * one_sided)


def test_a_certain_error_costs_much_but_not_all():
    assert negative_log_likelihood(["negative"], [[0, 0, 1]], LABELS, draws=2).value == pytest.approx(15 * math.log(10))


def test_who_always_says_i_do_not_know_has_the_logarithm_of_the_number_of_labels():
    third = np.full((6, 3), 1 / 3)
    assert negative_log_likelihood(["neutral"] * 6, third, LABELS, draws=2).value == pytest.approx(math.log(3))


def test_the_calibration_error_is_computed_by_hand_on_bins_of_equal_mass():
    confidence = np.linspace(0.5, 0.99, 45)
    right = np.arange(45) % 3 > 0  # of every three texts in a bin, two are right
    truth = ["oui" if hit else "non" for hit in right]
    probabilities = np.stack([confidence, 1 - confidence], axis=1)
    by_hand = np.mean([abs(confidence[k : k + 3].mean() - 2 / 3) for k in range(0, 45, 3)])
    assert calibration_error(truth, probabilities, ("oui", "non"), draws=2).value == pytest.approx(by_hand)


def test_equal_confidences_share_a_bin_whatever_the_order_of_the_texts():
    probabilities = [[0.7, 0.3]] * 30
    for truth in (["oui"] * 21 + ["non"] * 9, ["non"] * 9 + ["oui"] * 21):
        assert calibration_error(truth, probabilities, ("oui", "non"), draws=2).value == pytest.approx(0)


def test_a_calibrated_model_has_a_small_error_and_one_too_sure_a_large_one():
    calibrated = calibration_error(*drawn(3000), LABELS, draws=100)
    too_sure = calibration_error(*drawn(3000, sharpness=4.0), LABELS, draws=100)
    assert calibrated.high < 0.05
    assert too_sure.low > 0.1


@pytest.mark.parametrize("figure", FIGURES)
def test_the_interval_holds_the_figure_and_is_the_same_for_the_same_seed(figure):
    truth, probabilities = drawn(60)
    found = figure(truth, probabilities, LABELS, draws=200, seed=3)
    assert found.low <= found.value <= found.high
    assert found == figure(truth, probabilities, LABELS, draws=200, seed=3)


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize(
    ("truth", "probabilities", "message"),
    [
        (["negative"], [[0.5, 0.5]], "expected \\(1, 3\\)"),
        (["mixed"], [[0.2, 0.3, 0.5]], "got the true labels 'mixed', which have no probability"),
        (["negative"], [[2.0, -1.0, 0.0]], "got 1 rows that are no probabilities"),
        (["negative"], [[math.nan] * 3], "got 1 rows that are no probabilities"),
        ([None], [[0.2, 0.3, 0.5]], "got 1 texts without a true label"),
    ],
)
def test_what_does_not_go_together_is_refused(figure, truth, probabilities, message):
    with pytest.raises(InputError, match=message):
        figure(truth, probabilities, LABELS)
