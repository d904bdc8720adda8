"""Whatever the body: no error, nothing lost, nothing emptied, and time in proportion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocmine.text.email import clean_email

PIECES = [
    "a", "a\n", "> ", ">\n", "--\n", "____\n", " ", "\u00a0", "É\n", "Paul\n", "Paul Roy\n\n", "?\n", "=> a\n", '"a\n',
    "merci ", "merci de votre retour ", "cordialement, ", "cordialement\n", "bonjour\n", "Bonjour, ", "Madame, ",
    "Je vous prie agréer ", "je vous prie, mes ", "je vous prie d'agréer, mes salutations ", "dans l'attente de ",
    "De : ", "De : a@b.fr\nÀ : b\n", "de : a\n", "Le 12/03/2025 à 10:20, a écrit :\n", "Le 12\n", "<", "a@b ", "a@b.c ",
    "-----Message d'origine-----\n", "----- ",
    "message du 1 ", "(See attached file: ", "(See attached file: x\n", "[cid:",
    "ce message\n\n", "ce message confidentiel erreur\n", "envoyé de mon iPhone\n", "0", "01 ", "rue ", "A. ", "PS\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_what_is_removed_and_what_is_kept_make_up_the_body(body):
    cleaned = clean_email(body)
    ends = [0, *(place for removed in cleaned.removed for place in (removed.start, removed.end)), len(body)]
    assert ends == sorted(ends)
    kept = "".join(body[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True))
    assert kept.split() == cleaned.text.split() or "".join(kept.split()) == "".join(cleaned.text.split())


@given(st.text(alphabet="ab>:- \n,.@É<1", max_size=60))
def test_a_body_with_words_is_never_emptied(body):
    assert any(map(str.isalnum, clean_email(body).text)) == any(map(str.isalnum, body))


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_made_of_formulas_alone_it_is_not_emptied_either(body):
    assert any(map(str.isalnum, clean_email(body).text)) == any(map(str.isalnum, body))


@pytest.mark.parametrize("piece", PIECES)
def test_the_same_words_a_hundred_thousand_times_are_no_trap(piece):
    body = piece * (100_000 // len(piece))
    assert clean_email(body).raw == body
