"""From need to request, to problem, to complaint; praise and nothing beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocmine.schema import SCALE, SENTIMENTS, SIGNALS
from vocmine.signals.scale import cues_of_scale, scale


def of(text, signals=(), frustration=0, sentiment="neutral"):
    (cues,) = cues_of_scale([text])
    return scale(signals, frustration, sentiment, cues)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Quels sont vos horaires ?", "need"),
        ("est-ce que c'est ouvert le lundi", "need"),
        ("Je voudrais un duplicata de ma facture, s'il vous plaît.", "request"),
        ("j'appelle pour changer mon adresse", "request"),
        ("Ma box est en panne.", "problem"),
        ("Bonne journée à toute l'équipe.", "none"),
    ],
)
def test_a_calm_contact_is_what_its_words_show(text, expected):
    assert of(text) == expected


def test_what_a_need_can_turn_into():
    assert of("Où est mon colis ?") == "need"
    assert of("Mon colis n'est toujours pas là.", ["unresolved"], 1, "negative") == "problem"
    assert (
        of("Mon colis n'est toujours pas là, quelle attente.", ["unresolved", "waiting"], 1, "negative") == "complaint"
    )
    assert of("C'est honteux.", ["unresolved", "anger"], 2, "negative") == "complaint"


def test_trouble_that_is_only_asked_about_is_a_need():
    assert of("En cas de panne, qui paie ?") == "need"


def test_praise_needs_a_kind_word_and_nothing_else():
    assert of("Merci, service impeccable.", sentiment="positive") == "praise"
    assert of("C'est réglé, merci.", ["resolved"], sentiment="positive") == "problem"


def test_burdens_told_with_good_humour_are_no_complaint():
    assert scale(["waiting"], 0, "positive", []) == "problem"
    assert scale(["waiting"], 1, "negative", []) == "complaint"


@given(
    st.sets(st.sampled_from(SIGNALS)),
    st.integers(0, 3),
    st.sampled_from([*SENTIMENTS, None]),
    st.sets(st.sampled_from(["problem", "request", "need"])),
)
def test_every_contact_has_its_place_and_a_furious_one_complains(signals, frustration, sentiment, cues):
    found = scale(signals, frustration, sentiment, cues)
    assert found in SCALE
    assert found == "complaint" or (frustration < 2 and "anger" not in signals)
