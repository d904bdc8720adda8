"""The temperature undoes confidence that is out of place, and leaves the rest alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import log_softmax, softmax

from vocmine.errors import InputError
from vocmine.evaluation import calibration_error, cooled, negative_log_likelihood, temperature

LABELS = ("negative", "neutral", "positive")


def calibrated(n=6000, seed=0):
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (n, 3))
    return logits, np.array([random.choice(3, p=row) for row in softmax(logits, axis=1)])


def test_calibrated_logits_keep_their_temperature():
    logits, labels = calibrated()
    assert temperature(logits, labels) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("heat", [0.4, 2.5])
def test_heat_is_found_and_undone(heat):
    logits, labels = calibrated()
    found = temperature(logits * heat, labels)
    assert found == pytest.approx(heat * temperature(logits, labels), rel=1e-3)
    truth = [LABELS[k] for k in labels]
    heated = softmax(logits * heat, axis=1)
    for figure in (negative_log_likelihood, calibration_error):
        assert (
            figure(truth, cooled(heated, found), LABELS, draws=1).value < figure(truth, heated, LABELS, draws=1).value
        )


def test_logits_and_log_probabilities_are_the_same_thing():
    logits, labels = calibrated(300)
    assert temperature(log_softmax(logits, axis=1), labels) == pytest.approx(temperature(logits, labels), rel=1e-4)


def test_a_weight_of_two_is_a_text_given_twice():
    logits, labels = calibrated(200)
    weights = np.where(np.arange(200) < 50, 2, 1)
    twice = np.concatenate([np.arange(200), np.arange(50)])
    assert temperature(logits, labels, weights) == pytest.approx(temperature(logits[twice], labels[twice]), rel=1e-4)


def test_labels_told_apart_without_error_are_made_sure_within_the_range():
    found = temperature(np.eye(3), np.arange(3))
    assert 0.05 <= found < 0.1


@settings(max_examples=40)
@given(
    arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(2, 5)), elements=st.floats(-8, 8)),
    st.floats(0.2, 5),
)
def test_cooling_divides_the_logits(logits, heat):
    assert cooled(softmax(logits, axis=1), heat) == pytest.approx(softmax(logits / heat, axis=1), abs=1e-9)


def test_cooling_keeps_impossible_labels_impossible_and_missing_rows_missing():
    assert cooled([[1.0, 0.0]], 3.0).tolist() == [[1.0, 0.0]]
    assert np.isnan(cooled([[np.nan, np.nan]], 3.0)).all()


@pytest.mark.parametrize(
    ("logits", "labels", "message"),
    [
        ([[1.0, 2.0]], [0, 1], "expected \\(n, labels\\)"),
        ([[1.0, 2.0]], [2], "expected whole numbers from 0 to 1"),
        ([[1.0, 2.0]], [0.5], "expected whole numbers from 0 to 1"),
        ([[-np.inf, 0.0]], [0], "not finite at a true label"),
        (np.empty((0, 2)), np.empty(0, dtype=int), "with n at least 1"),
    ],
)
def test_what_has_no_temperature_is_refused(logits, labels, message):
    with pytest.raises(InputError, match=message):
        temperature(logits, labels)


def test_a_temperature_is_above_zero():
    with pytest.raises(InputError, match="got temperature=0"):
        cooled([[0.5, 0.5]], 0)
