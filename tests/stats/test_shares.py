"""Shares corrected by labels."""

import sys
from pathlib import Path

import numpy as np
import pytest

from vocmine.errors import InputError
from vocmine.stats.shares import corrected_shares

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from outcomes_audit import run


def test_a_perfect_classifier_leaves_its_shares_and_is_surer_than_labels_alone():
    predicted = np.repeat([0, 1, 2], [700, 200, 100])
    labelled = np.where(np.arange(1000) % 10 == 0, predicted, -1)
    found = corrected_shares(predicted, labelled, n_classes=3)
    assert [one.value for one in found] == pytest.approx([0.7, 0.2, 0.1])
    assert found[1].high - found[1].low < 0.6 * 2 * 1.96 * np.sqrt(0.2 * 0.8 / 100)


def test_errors_are_taken_back():
    truth = np.repeat([0, 1], 5000)
    rng = np.random.default_rng(0)
    predicted = np.where((truth == 1) & (rng.random(10_000) < 0.4), 0, truth)  # two in five of the second are missed
    labelled = np.full(10_000, -1)
    drawn = np.concatenate([rng.choice(np.flatnonzero(predicted == one), 200, replace=False) for one in (0, 1)])
    labelled[drawn] = truth[drawn]
    found = corrected_shares(predicted, labelled, n_classes=2)[1]
    assert (predicted == 1).mean() < found.low < 0.5 < found.high


def test_strata_that_nobody_read_join_their_class():
    predicted = np.repeat([0, 1], 100)
    strata = np.arange(200) % 4 + 4 * predicted
    labelled = np.full(200, -1)
    labelled[[0, 4, 100, 104]] = [0, 0, 1, 0]
    found = corrected_shares(predicted, labelled, n_classes=2, strata=strata)
    assert found[0].value == pytest.approx(0.75)


def test_a_class_that_was_never_seen_still_may_be_there():
    found = corrected_shares(np.zeros(1000, dtype=int), np.r_[np.zeros(50, dtype=int), np.full(950, -1)], n_classes=2)
    assert found[1].value == 0
    assert 0.01 < found[1].high < 0.15


def test_intervals_hold_where_errors_differ_by_channel_and_month():
    found = run(60, seed=7)
    assert 0.925 <= found["corrected"]["coverage"][0] <= 0.98
    assert found["raw"]["coverage"][0] < 0.5
    assert found["corrected"]["mean width"] < found["labels alone"]["mean width"]


def test_without_labels_there_is_nothing_to_correct_with():
    with pytest.raises(InputError, match="got no label"):
        corrected_shares(np.zeros(3, dtype=int), np.full(3, -1), n_classes=1)
    with pytest.raises(InputError, match="got 3 predictions, 2 labels"):
        corrected_shares(np.zeros(3, dtype=int), np.zeros(2, dtype=int), n_classes=1)
