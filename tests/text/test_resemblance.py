"""Texts in nearly the same words are found, whatever their number."""

import pytest

from vocmine.text.resemblance import Resembling, folded_words, jaccard, shingles

WORDS = folded_words("Mon colis est perdu depuis lundi et personne ne répond ni au téléphone ni par courrier depuis")


def test_words_are_folded_and_numbers_stand_apart():
    assert folded_words("N°A12, DÉÇUE… l’été à 9h30 !") == ["n", "a", "12", "decue", "l", "ete", "a", "9", "h", "30"]


@pytest.mark.parametrize(("words", "n"), [([], 1), (["ok"], 1), (["a", "b", "c"], 1), (["a", "b", "c", "d"], 2)])
def test_shingles_are_sequences_of_three_words(words, n):
    assert len(shingles(words)) == n


def test_shingles_are_distinct_and_sorted():
    found = shingles(["non", "non", "non", "non", "merci"])
    assert len(found) == 2
    assert found[0] < found[1]


def test_jaccard_counts_what_both_hold():
    assert jaccard(shingles(["a", "b", "c", "d"]), shingles(["b", "c", "d", "e"])) == pytest.approx(1 / 3)
    assert jaccard(shingles(WORDS), shingles(WORDS)) == 1


def test_what_resembles_comes_in_the_order_of_numbers():
    seen = Resembling(0.8)
    for number, end in ((7, "merci"), (3, "svp"), (5, "hier")):
        seen.add(number, shingles([*WORDS, end]))
    found = list(seen.find(shingles(WORDS)))
    assert [each.of for each in found] == [3, 5, 7]
    assert all(each.similarity >= 0.8 for each in found)


def test_what_is_below_the_threshold_is_not_found():
    seen = Resembling(0.95)
    seen.add(0, shingles([*WORDS, "merci"]))
    assert list(seen.find(shingles(WORDS))) == []


def test_of_a_crowd_the_first_are_kept():
    seen = Resembling(0.99)
    for number in range(200):
        seen.add(number, shingles([*WORDS, str(number)]))
    assert [each.of for each in seen.find(shingles([*WORDS, "3"]))] == [3]
    assert list(seen.find(shingles([*WORDS, "199"]))) == []
