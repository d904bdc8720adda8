"""The word lists of signals, read as cues."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from vocmine.schema import SIGNALS
from vocmine.signals.cues import CANCELS, PSEUDO, classes, cues_of
from vocmine.signals.heard import PHRASINGS, STYLE_CUES
from vocmine.text.folding import fold
from vocmine.text.qualifiers import QUALIFIERS

LISTS = (*SIGNALS, *STYLE_CUES, *PHRASINGS)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_there_and_its_patterns_are_read_by_both_engines(name):
    for cue in cues_of(name):
        assert PSEUDO <= cue.strength <= 3
        assert cue.cancelled_by <= set(QUALIFIERS)
        re.compile(cue.pattern)
        pc.match_substring_regex(pa.array([""]), cue.pattern)


@pytest.mark.parametrize("name", LISTS)
def test_patterns_are_written_as_folded_text_is(name):
    """A capital or an accent in a pattern would never match."""
    for cue in cues_of(name):
        literal = re.sub(r"\\.|\(\?P<\w+>", "", cue.pattern)
        assert literal == fold(literal)


@pytest.mark.parametrize("name", LISTS)
def test_no_pattern_matches_a_text_without_words(name):
    for cue in cues_of(name):
        assert re.search(cue.pattern, "") is None
        assert re.search(cue.pattern, " . , ! ") is None


def test_classes_are_put_in_wherever_they_are_named():
    assert all("{" not in re.sub(r"\{\d*,?\d*\}", "", pattern) for pattern in classes().values())


def test_a_conditional_threat_is_a_threat():
    assert frozenset(QUALIFIERS) - CANCELS == {"conditional"}
