"""Noise is the same for the same text, stays close to it, and never leaves nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocmine.errors import InputError
from vocmine.evaluation.noise import NOISE, _chance, _homophones, _spoil, word_errors

ACCOUNT = (
    "Bonjour, cela fait trois semaines que j'attends le remboursement de ma facture. J'ai appelé deux fois, "
    "la conseillère a été très aimable mais personne ne m'a rappelée, et c'est à moi de tout recommencer."
)


@pytest.mark.parametrize(
    ("noise", "text", "expected"),
    [
        ("lower", "Merci à TOUTE l’équipe", "merci à toute l’équipe"),
        ("capitals", "Merci à toute l’équipe", "MERCI À TOUTE L’ÉQUIPE"),
        ("no_accents", "Ça m’a coûté ma sœur, à Noël", "Ca m’a coute ma soeur, a Noel"),
        ("no_accents", "é as two code points: e\u0301", "e as two code points: e"),
        ("no_accents", "हिन्दी, й и ё, العَرَبِيَّة", "हिन्दी, й и ё, العَرَبِيَّة"),
    ],
)
def test_plain_noise_does_what_it_says(noise, text, expected):
    assert NOISE[noise](text) == expected


@settings(max_examples=200)
@given(st.sampled_from(sorted(NOISE)), st.text(max_size=80))
def test_noise_is_the_same_for_the_same_text_and_never_leaves_nothing(noise, text):
    noisy = NOISE[noise](text)
    assert noisy == NOISE[noise](text)
    assert bool(noisy.strip()) == bool(text.strip())


@settings(max_examples=100)
@given(st.lists(st.sampled_from(re.findall(r"[\w']+|[.,]", ACCOUNT)), max_size=30).map(" ".join), st.integers(0, 99))
def test_even_with_an_error_in_every_word_something_stays(text, seed):
    assert bool(word_errors(text, 1.0, seed).strip()) == bool(text.strip())


def test_no_rate_is_no_error_and_a_seed_is_a_choice_of_errors():
    assert word_errors(ACCOUNT, 0.0) == ACCOUNT
    assert len({word_errors(ACCOUNT, seed=seed) for seed in range(20)}) > 15


def test_the_rate_holds_on_average_even_for_texts_of_few_words():
    texts = [f"Colis numéro {number} toujours pas livré" for number in range(1500)]
    changed = sum(word_errors(text) != text for text in texts)
    assert changed / len(texts) == pytest.approx(0.75, abs=0.04)  # 5 words, .15 each: never more than one


def test_what_stands_between_words_stays_where_errors_are_in_words():
    marks = re.sub(r"[\w'’ ]", "", ACCOUNT)
    assert all(re.sub(r"[\w'’ ]", "", word_errors(ACCOUNT, seed=seed)) == marks for seed in range(50))


def every_error(before, word, after=""):
    found = set()
    for seed in range(400):
        pieces = [before, word, after]
        _spoil(pieces, 1, _chance(word, seed))
        found.add(pieces[1])
    return found


@pytest.mark.parametrize(
    ("word", "among"),
    [
        ("ces", {"ses", "c'est", "sais", "ces ces"}),
        ("C’est", {"Ces", "Ses", "Cest"}),
        ("MAIS", {"MES", "MET"}),
        ("appelé", {"appeler", "appelez", "appelée", "apelé", "appleé"}),
        ("attendait", {"attendais", "attendaient", "atte ndait"}),
        ("factures", {"facture", "fact ures", "facrures"}),
        ("facture", {"factures", "facure"}),
        ("rappellent", {"rappelle", "rappelles"}),
    ],
)
def test_errors_are_those_of_french(word, among):
    assert among <= every_error("", word)


def test_homophones_go_both_ways():
    for word, others in _homophones().items():
        assert word not in others
        assert all(word in _homophones()[other] for other in others)


@pytest.mark.parametrize("rate", [-0.1, 1.5])
def test_a_rate_is_a_share(rate):
    with pytest.raises(InputError, match="expected a share from 0 to 1"):
        word_errors("Bonjour", rate)
