"""What a turn or contact is worth follows from its segments, whatever their order and company."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vocmine.sentiment import roll_up

NEGATIVE, NEUTRAL, POSITIVE = (0.9, 0.08, 0.02), (0.05, 0.9, 0.05), (0.02, 0.08, 0.9)


def rolled(segments, groups=None, n_groups=1, lengths=None):
    probabilities = np.array(segments, dtype=float).reshape(-1, 3)
    groups = np.zeros(len(probabilities), dtype=np.int64) if groups is None else np.array(groups)
    lengths = np.full(len(probabilities), 80) if lengths is None else np.array(lengths)
    return roll_up(probabilities, lengths, groups, n_groups)


def distributions(n):
    weights = arrays(float, (n, 3), elements=st.floats(0.01, 1))
    return weights.map(lambda w: w / w.sum(axis=1, keepdims=True))


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ([NEGATIVE], "negative"),
        ([NEUTRAL], "neutral"),
        ([POSITIVE], "positive"),
        ([NEGATIVE, POSITIVE], "mixed"),
        ([NEUTRAL, NEUTRAL, NEGATIVE, NEGATIVE], "negative"),
        ([NEUTRAL] * 12 + [NEGATIVE], "neutral"),
        ([NEGATIVE] * 9 + [POSITIVE], "negative"),
    ],
)
def test_sentiment_of_a_group(segments, expected):
    assert rolled(segments).sentiment == [expected]


def test_facts_around_a_complaint_do_not_hide_it():
    assert rolled([NEUTRAL, NEUTRAL, NEGATIVE]).probabilities[0, 0] > 1 / 3


@given(distributions(6), st.permutations(range(6)))
def test_the_order_of_segments_does_not_matter(probabilities, order):
    groups = np.array([0, 0, 1, 1, 1, 3])
    lengths = np.array([10, 200, 30, 44, 5, 60])
    straight = roll_up(probabilities, lengths, groups, 4)
    shuffled = roll_up(probabilities[order], lengths[order], groups[order], 4)
    np.testing.assert_allclose(straight.probabilities, shuffled.probabilities)
    assert straight.sentiment == shuffled.sentiment


@given(distributions(5))
def test_probabilities_sum_to_one(probabilities):
    found = rolled(probabilities, groups=[0, 0, 1, 1, 1], n_groups=2)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)


@given(distributions(1))
def test_a_lone_segment_keeps_its_probabilities(probabilities):
    np.testing.assert_allclose(rolled(probabilities).probabilities, probabilities)


def test_what_was_not_scored_counts_for_nothing():
    found = rolled([NEGATIVE, (np.nan,) * 3, POSITIVE], groups=[0, 0, -1], n_groups=2)
    assert found.sentiment == ["negative", None]
    assert found.n_segments.tolist() == [1, 0]
    assert np.isnan(found.probabilities[1]).all()


def test_nothing_at_all():
    assert rolled([], n_groups=0).sentiment == []
