"""Rules and heads, weighed into one probability a signal."""

from __future__ import annotations

import numpy as np
import pytest

from vocmine.schema import SIGNALS
from vocmine.signals import frustration
from vocmine.signals.combine import (
    BY_STRENGTH,
    FEATURES,
    cue_features,
    features,
    gather,
    log_odds,
    probabilities,
    rules_alone,
    thresholds,
)
from vocmine.signals.heard import STYLE_CUES
from vocmine.signals.rules import Hit

NAMES = ("anger", "harm")
CUES = (*BY_STRENGTH.values(), "several", "cancelled")


def hit(signal="anger", strength=3, *, affirmed=True):
    return Hit(signal, 0, 5, strength, "why", frozenset(), affirmed)


def shown(*hits):
    """Return the names of the features that the cues of one text set, for anger."""
    return {name for name, value in zip(CUES, cue_features([hits], NAMES)[0, 0], strict=True) if value}


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        ((), set()),
        ((hit(),), {"sure"}),
        ((hit(strength=2),), {"likely"}),
        ((hit(strength=1),), {"hint"}),
        ((hit(strength=1), hit(strength=2)), {"likely"}),
        ((hit(), hit(strength=2)), {"sure", "several"}),
        ((hit(affirmed=False),), {"cancelled"}),
        ((hit(affirmed=False), hit(strength=2)), {"likely"}),
        ((hit("harm"),), set()),
        ((hit("style_empathic"),), set()),
    ],
)
def test_cues_are_told_by_the_strongest_that_is_affirmed(hits, expected):
    assert shown(*hits) == expected


def test_log_odds_undo_the_logistic_function_and_stop_at_twelve():
    x = np.array([-8.0, -1.0, 0.0, 2.0, 8.0])
    np.testing.assert_allclose(log_odds(1 / (1 + np.exp(-x))), x, atol=1e-6)
    assert log_odds(np.array([0.0, 1.0])).tolist() == [-12.0, 12.0]
    assert np.isnan(log_odds(np.array([np.nan]))).all()


def test_a_group_is_heard_at_least_as_well_as_its_best_segment():
    random = np.random.default_rng(0)
    logits, group = random.normal(0, 5, (40, 3)), random.integers(0, 5, 40)
    found = gather(logits, group, 5)
    best = np.stack([logits[group == one].max(axis=0) for one in range(5)])
    assert (found >= np.minimum(best, 12) - 1e-9).all()
    order = random.permutation(40)
    np.testing.assert_allclose(gather(logits[order], group[order], 5), found)


def test_groups_without_scored_segments_are_unknown():
    found = gather(np.array([[1.0], [np.nan]]), np.array([0, 1]), 3)
    assert np.isnan(found).ravel().tolist() == [False, True, True]


def test_features_have_a_column_each_and_what_was_not_heard_counts_as_nothing():
    found = features(np.full((2, 2), np.nan), cue_features([[], []], NAMES), np.array([np.nan, 0.5]), np.array([0, 90]))
    assert found.shape == (2, 2, len(FEATURES))
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found[0, :, FEATURES.index("learned")], -12)
    np.testing.assert_array_equal(found[:, :, FEATURES.index("negative")], 0)


def test_rules_alone_know_every_signal_style_and_frustration():
    assert set(rules_alone()) >= {*SIGNALS, *STYLE_CUES, frustration.NAME}


# The list of irony holds set phrases alone, none of them sure.
@pytest.mark.parametrize("signal", [signal for signal in SIGNALS if signal != "irony"])
def test_with_rules_alone_a_clear_cue_is_reported_and_weighs_more_than_a_denial(signal):
    cues = [[], [hit(signal, 1)], [hit(signal, 3, affirmed=False)], [hit(signal, 2)], [hit(signal, 3)]]
    nothing = np.full((len(cues), 1), np.nan)
    given = features(nothing, cue_features(cues, [signal]), nothing[:, 0], np.full(len(cues), 80))
    p = probabilities(given, [signal], rules_alone())[:, 0]
    reported = p >= thresholds([signal], rules_alone())
    assert not reported[0]
    assert reported[3:].any()
    assert max(p[0], p[2]) < p[3:].max()
