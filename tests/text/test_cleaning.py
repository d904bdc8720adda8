"""Taking words out of a text, and finding one's way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocmine.text.cleaning import Removed, remove


def cleaned(raw: str, *words: str):
    """Remove the first occurrence of each of the words."""
    return remove(raw, [Removed(raw.index(word), raw.index(word) + len(word), "filler", "test") for word in words])


@pytest.mark.parametrize(
    ("raw", "words", "kept"),
    [
        ("Je euh j’attends", ["euh"], "Je j’attends"),
        ("euh j’attends", ["euh"], "j’attends"),
        ("J’attends, euh", [", euh"], "J’attends"),
        ("fac- facture", ["fac- "], "facture"),
        ("Bonjour,\n\nRien reçu.\n\nCordialement\nLéa", ["Bonjour,", "Cordialement\nLéa"], "Rien reçu."),
        ("Un.\n\n> Deux.\n\nTrois.", ["> Deux."], "Un.\n\nTrois."),
        ("Un.\n> Deux.\nTrois.", ["> Deux."], "Un.\nTrois."),
        ("Un euh ben deux", ["euh", "ben"], "Un deux"),
        ("Ha-ha", ["-"], "Haha"),
        ("Bonjour", ["Bonjour"], ""),
    ],
)
def test_the_gap_closes(raw, words, kept):
    assert cleaned(raw, *words).text == kept


def test_nothing_removed_changes_nothing():
    assert remove(" Deux  espaces ", []).text == " Deux  espaces "


def test_spans_that_overlap_share_nothing():
    result = remove("abcdef", [Removed(1, 4, "quote", "x"), Removed(2, 5, "footer", "y")])
    assert result.text == "af"
    assert [(each.start, each.end, each.kind) for each in result.removed] == [(1, 4, "quote"), (4, 5, "footer")]


texts = st.text(alphabet=" \nabcé", max_size=40)


@st.composite
def removals(draw):
    raw = draw(texts)
    places = st.integers(0, len(raw))
    pairs = draw(st.lists(st.tuples(places, places), max_size=5))
    return raw, [Removed(min(pair), max(pair), "filler", "test") for pair in pairs]


@given(removals())
def test_every_word_is_kept_or_told_removed(case):
    raw, spans = case
    result = remove(raw, spans)
    gone = "".join(raw[span.start : span.end] for span in result.removed)
    assert sorted((result.text + gone).replace(" ", "").replace("\n", "")) == sorted(
        raw.replace(" ", "").replace("\n", "")
    )


@given(removals())
def test_each_character_kept_leads_back_to_itself(case):
    raw, spans = case
    result = remove(raw, spans)
    for place, character in enumerate(result.text):
        if not character.isspace():
            start, end = result.to_raw(place, place + 1)
            assert raw[start:end] == character
            assert result.from_raw(start, end) == (place, place + 1)
