"""Heads are read by what they say, in whatever order their labels stand; a model that lacks one is named."""

from types import SimpleNamespace

import numpy as np
import pytest

from vocmine.errors import ModelError
from vocmine.inference import Head
from vocmine.schema import ASPECTS
from vocmine.sentiment.heads import heads_read, in_order

FOUR = Head("sentiment", ("mixed", "negative", "neutral", "positive"))
ASPECT_HEADS = tuple(Head(name, ("negative", "absent", "positive")) for name in ASPECTS)


def model(*heads):
    return SimpleNamespace(heads=heads, model_id="tiny@1.0:0a1b2c3d")


def test_aspects_are_read_where_they_are_asked_for():
    every = model(*ASPECT_HEADS, FOUR, Head("satisfaction", ("positive", "neutral", "negative")))
    assert list(heads_read(every, aspects=False)) == ["sentiment", "satisfaction"]
    assert list(heads_read(every, aspects=True)) == ["sentiment", "satisfaction", *ASPECTS]


@pytest.mark.parametrize(
    "other",
    [
        Head("satisfaction", ("yes", "no")),
        Head("satisfaction", ("negative", "neutral", "positive"), kind="multi_label"),
    ],
)
def test_satisfaction_of_other_labels_is_not_ours(other):
    assert list(heads_read(model(FOUR, other), aspects=False)) == ["sentiment"]


@pytest.mark.parametrize(
    ("heads", "message"),
    [
        ((), "has no 'sentiment' head of one label a text, it has none; give a model that does"),
        ((Head("sentiment", ("a", "b")),), "tells a, b apart, expected negative, neutral, positive, mixed"),
        ((FOUR, *ASPECT_HEADS[1:]), "has no head for accessibility with labels absent, negative, positive; give"),
        ((FOUR,), "has no head for accessibility, information, .*, or leave aspects out"),
    ],
)
def test_a_model_that_lacks_a_head_is_refused_with_what_to_do(heads, message):
    with pytest.raises(ModelError, match=message):
        heads_read(model(*heads), aspects=True)


def test_labels_come_in_the_librarys_order():
    given = np.array([(0.1, 0.2, 0.3, 0.4), (np.nan,) * 4], dtype=np.float32)
    np.testing.assert_allclose(in_order(FOUR, given), [(0.2, 0.3, 0.4, 0.1), (np.nan,) * 4], rtol=1e-6)
    np.testing.assert_allclose(in_order(ASPECT_HEADS[0], given[:1, 1:] / 0.9), [(1 / 3, 2 / 9, 4 / 9)], rtol=1e-6)
    assert in_order(FOUR, given)[0].sum() == pytest.approx(1, abs=1e-15)
