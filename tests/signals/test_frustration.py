"""Frustration from signals and sentiment: levels that stand in order, and grow with what speaks for them."""

from __future__ import annotations

import numpy as np
import pytest

from vocmine.schema import SIGNALS
from vocmine.signals.combine import rules_alone
from vocmine.signals.frustration import FEATURES, LEVELS, NAME, at_least, features, intensity, level

DECISION = rules_alone()[NAME]
CALM = np.array([[0.05, 0.85, 0.05, 0.05]])


def reached(**signals):
    """Return the probabilities of 1, 2 and 3 or more of a calm text with these probabilities of signals."""
    p = np.array([[signals.get(name, 0.01) for name in SIGNALS]])
    return at_least(features(p, CALM, np.zeros((1, 2))), DECISION)[0]


@pytest.mark.parametrize(
    ("text", "capitals", "exclamations"),
    [
        ("Bonjour, merci.", 0, 0),
        ("C’est HONTEUX !", 1, 1),
        ("RENDEZ-MOI mon ARGENT !!! Vite ?!", 2, 2),
        ("VOUS VOUS MOQUEZ DE MOI", 0, 0),  # All in capitals: its author always writes so.
        ("La SNCF et EDF m’ont écrit.", 1, 0),
        ("HONTEUX " * 9 + "et nul ! ! ! ! !", 3, 3),
        ("", 0, 0),
    ],
)
def test_capitals_and_exclamation_marks_are_counted_up_to_three(text, capitals, exclamations):
    assert intensity([text]).tolist() == [[capitals, exclamations]]


def test_features_have_a_column_each_and_sentiment_may_be_unknown():
    found = features(np.full((2, len(SIGNALS)), 0.5), np.full((2, 4), np.nan), np.zeros((2, 2)))
    assert found.shape == (2, len(FEATURES))
    assert np.isfinite(found).all()


def test_intensity_alone_is_no_frustration():
    quiet, loud = (features(np.zeros((1, len(SIGNALS))), CALM, np.full((1, 2), marks)) for marks in (0.0, 3.0))
    np.testing.assert_array_equal(quiet, loud)


def test_higher_levels_are_never_likelier():
    random = np.random.default_rng(0)
    given = features(
        random.random((200, len(SIGNALS))), random.dirichlet(np.ones(4), 200), random.integers(0, 4, (200, 2))
    )
    assert (np.diff(at_least(given, DECISION), axis=1) <= 0).all()


@pytest.mark.parametrize("signal", ["anger", "unresolved", "harm", "distrust"])
def test_frustration_grows_with_signals_against_the_organisation(signal):
    steps = [reached(**{signal: p}) for p in (0.1, 0.5, 0.9)]
    assert (np.diff(steps, axis=0) > 0).all()


def test_a_level_is_reached_with_those_below_it_alone():
    edges = {f"threshold_{rank}": 0.5 for rank in range(1, LEVELS + 1)}
    p = np.array([[0.4, 0.3, 0.1], [0.9, 0.4, 0.3], [0.9, 0.8, 0.2], [0.9, 0.8, 0.7], [0.4, 0.8, 0.9]])
    assert level(p, edges).tolist() == [0, 1, 2, 3, 0]


def test_the_level_grows_with_the_probability():
    p = np.linspace(0, 1, 50)
    found = level(np.column_stack([p, p**2, p**3]), DECISION)
    assert (np.diff(found) >= 0).all()
    assert {found[0], found[-1]} == {0, 3}
