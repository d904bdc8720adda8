"""Folding: what a comparison does not look at is gone, and every character stays where it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocmine.text.folding import fold


@given(st.text())
def test_any_text_keeps_its_length(text):
    assert len(fold(text)) == len(text)


@given(st.text())
def test_a_folded_text_folds_to_itself(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÉTÉ À L’ÎLE", "ete a l'ile"),
        ("Où ça ?", "ou ca ?"),
        ("cœur", "cœur"),
        ("100\u202f€", "100 €"),
        ("rendez‑vous", "rendez-vous"),
        ("une\nligne", "une\nligne"),
        ("", ""),
    ],
)
def test_accents_capitals_and_typography_go(text, folded):
    assert fold(text) == folded
