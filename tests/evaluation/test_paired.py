"""Two models on the same texts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, cohen_kappa_score

from vocmine.errors import InputError
from vocmine.evaluation import mcnemar, paired_difference

LABELS = ("negative", "neutral", "positive")
METRICS = ("macro_f1", "accuracy", "negative_log_likelihood", "brier", "calibration_error")


def of_model(n=120, skill=0.7, seed=0):
    random = np.random.default_rng(seed)
    truth = random.integers(3, size=n)
    guess = np.where(random.random(n) < skill, truth, random.integers(3, size=n))
    return [LABELS[k] for k in truth], [LABELS[k] for k in guess]


def certain(predicted):
    return np.array([[0.8 if label == name else 0.1 for name in LABELS] for label in predicted])


@pytest.mark.parametrize("metric", METRICS)
def test_a_model_does_not_differ_from_itself(metric):
    truth, predicted = of_model()
    given = predicted if metric in METRICS[:2] else certain(predicted)
    assert paired_difference(metric, truth, given, given, labels=LABELS, draws=50) == (0, 0, 0, 1)


@pytest.mark.parametrize("metric", METRICS)
def test_a_plain_difference_is_found_and_turns_with_its_sides(metric):
    truth, poor = of_model(skill=0.2)
    sides = (truth, poor) if metric in METRICS[:2] else (certain(truth), certain(poor))
    there = paired_difference(metric, truth, *sides, labels=LABELS, draws=300)
    back = paired_difference(metric, truth, *reversed(sides), labels=LABELS, draws=300)
    assert there.p == back.p == pytest.approx(2 / 301)
    assert (there.low > 0) == (back.high < 0)
    assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))


def test_pairing_tells_apart_what_two_intervals_would_not():
    truth = ["oui", "non"] * 50
    shared = [("non" if k % 3 else label) for k, label in enumerate(truth)]
    better = ["oui" if k in {2, 4, 8, 10, 14, 16, 20, 22} else label for k, label in enumerate(shared)]
    found = paired_difference("accuracy", truth, better, shared)
    assert found.value == pytest.approx(0.08)
    assert found.low > 0
    assert found.p < 0.05


def test_a_metric_of_ones_own_is_resampled_alike():
    truth, a = of_model(seed=1)
    b = of_model(seed=2)[1]
    mine = paired_difference(accuracy_score, truth, a, b, draws=50)
    assert mine == pytest.approx(paired_difference("accuracy", truth, a, b, draws=50))
    assert paired_difference(cohen_kappa_score, truth, truth, a, draws=20).value > 0


@pytest.mark.parametrize(
    ("metric", "truth", "labels", "message"),
    [
        ("f2", ["negative"], None, "got metric='f2', expected one of macro_f1"),
        ("brier", ["negative"], None, "got no labels"),
        ("accuracy", ["negative", "neutral"], None, "got 2 labels and 1 predictions"),
        (accuracy_score, ["negative", "neutral"], None, "got 2 labels and 1 predictions"),
    ],
)
def test_what_cannot_be_compared_is_refused(metric, truth, labels, message):
    with pytest.raises(InputError, match=message):
        paired_difference(metric, truth, ["negative"], ["negative"], labels=labels)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_mcnemar_is_the_binomial_test_of_the_texts_that_differ(hits):
    truth = ["oui"] * len(hits)
    a, b = (["oui" if hit[side] else "non" for hit in hits] for side in (0, 1))
    only_a, only_b = (sum(hit[side] > hit[1 - side] for hit in hits) for side in (0, 1))
    p = binomtest(only_a, only_a + only_b).pvalue if only_a + only_b else 1
    assert mcnemar(truth, a, b) == (only_a, only_b, pytest.approx(p))
