"""The words shown: cues joined with what is heard in the same place."""

from __future__ import annotations

import pytest

from vocmine.signals.rules import Hit
from vocmine.signals.shown import LEARNED, joined


def cue(start, end):
    return Hit("anger", start, end, 3, "anger said", frozenset(), affirmed=True)


@pytest.mark.parametrize(
    ("cues", "heard", "expected"),
    [
        ([], [], []),
        ([(5, 9)], [], [((5, 9), "anger said")]),
        ([], [(5, 9)], [((5, 9), LEARNED)]),
        ([(5, 9)], [(7, 14)], [((5, 14), "anger said")]),
        ([(5, 9)], [(20, 24)], [((5, 9), "anger said"), ((20, 24), LEARNED)]),
        ([(5, 9)], [(9, 14)], [((5, 9), "anger said"), ((9, 14), LEARNED)]),  # Side by side is not the same place.
        ([(5, 9)], [(0, 900)], [((5, 9), "anger said")]),  # So many words are no evidence beside a cue.
    ],
)
def test_what_stands_in_the_same_place_is_one_span(cues, heard, expected):
    assert list(joined([cue(*span) for span in cues], heard)) == expected


def test_what_is_given_stays_as_it_is():
    heard = [(0, 4), (6, 9)]
    list(joined([cue(0, 3)], heard))
    assert heard == [(0, 4), (6, 9)]
