"""What a turn or contact is worth follows from its segments, whatever their order and company."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import softmax

from vocmine.sentiment import pool, roll_up, roll_up_pooled

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


@given(arrays(float, (5, 4), elements=st.floats(-8, 8)), arrays(np.int64, 5, elements=st.integers(1, 200)))
def test_pooling_is_exact_for_a_linear_head(logits, tokens):
    """What is averaged are log-probabilities, which differ from the logits by a number of each segment's own."""
    groups = np.array([0, 0, 2, 2, 2])
    found = pool(softmax(logits, axis=1), tokens, groups, 3)
    for group in (0, 2):
        mean = np.average(logits[groups == group], axis=0, weights=tokens[groups == group])
        np.testing.assert_allclose(found[group], softmax(mean), atol=1e-9)
    assert np.isnan(found[1]).all()


def test_pooling_leaves_out_what_was_not_scored_or_does_not_count():
    segments = np.array([(0.7, 0.3), (np.nan, np.nan), (0.1, 0.9)])
    found = pool(segments, np.array([9, 0, 9]), np.array([0, 0, -1]), 2)
    np.testing.assert_allclose(found, [(0.7, 0.3), (np.nan, np.nan)])


def test_pooling_survives_a_probability_of_nothing():
    found = pool(np.array([(1.0, 0.0), (0.5, 0.5)], dtype=np.float32), np.array([5, 5]), np.array([0, 0]), 1)
    assert np.isfinite(found).all()
    assert found[0, 0] > 0.99


@pytest.mark.parametrize(
    ("four", "sentiment", "three"),
    [
        ((0.30, 0.05, 0.25, 0.40), "mixed", (0.50, 0.05, 0.45)),
        ((0.45, 0.05, 0.15, 0.35), "negative", (0.625, 0.05, 0.325)),
        ((0.10, 0.38, 0.18, 0.34), "neutral", (0.27, 0.38, 0.35)),
        ((0.10, 0.36, 0.20, 0.34), "positive", (0.27, 0.36, 0.37)),
    ],
)
def test_mixed_is_said_where_it_is_the_likeliest_and_shared_out_where_it_is_not(four, sentiment, three):
    found = roll_up_pooled(np.array([four]), np.array([20]), np.array([0]), 1)
    np.testing.assert_allclose(found.probabilities, [three])
    assert found.sentiment == [sentiment]
    assert found.confidence[0] == pytest.approx(max(four))


def test_groups_without_a_score_have_none():
    found = roll_up_pooled(np.full((1, 4), np.nan), np.array([0]), np.array([0]), 2)
    assert found.sentiment == [None, None]
    assert found.n_segments.tolist() == [0, 0]
    assert np.isnan(found.confidence).all()
