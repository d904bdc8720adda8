"""Words: elisions and inversions cut, masks and numbers left out, each word with its place, its lemma and its use."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vocmine.text.words import LANGUAGES, is_word, lemma, words

CUT = {
    "L’appli n'affiche pas l'historique": "l' appli n' affiche pas l' historique",
    "Jusqu'à quand ? Lorsqu'elle appelle, puisqu'il faut": "jusqu' à quand lorsqu' elle appelle puisqu' il faut",
    "Quelqu'un de la presqu'île viendra d'abord aujourd'hui": "quelqu'un de la presqu'île viendra d'abord aujourd'hui",
    "Qu'y a-t-il sur ma facture ?": "qu' y a sur ma facture",
    "Pourriez-vous vérifier ? Puis-je venir ?": "pourriez vérifier puis venir",
    "Dites-le-moi, c'est-à-dire rappelez-nous": "dites c' est-à-dire rappelez",
    "Mon rendez-vous là-bas, celui-ci, peut-être": "mon rendez-vous là-bas celui-ci peut-être",
    "Prendre rendez vous": "prendre rendez vous",
    "Un rendez\u2011vous manqué": "un rendez-vous manqué",
    "Mot de passe oublié, cartes grises, heures creuses": "mot de passe oublié cartes grises heures creuses",
    "[NOM] a payé 45,90€ le 12/03/2026": "a payé le",
    "Écrire à camille.durand@example.fr ou <ADRESSE>": "écrire à ou",
    "Un courriel d'camille.durand@example.fr": "un courriel",
    "@Marque voyez https://example.fr/aide?page=2 #panne": "voyez",
    "COLIS PERDU": "colis perdu",
    "'' -- ' - […] 3 ?": "",
    "": "",
}
USES = {
    ("facture", "fr"): "matter",
    ("pas", "fr"): "negation",
    ("n'", "fr"): "negation",
    ("jamais", "fr"): "negation",
    ("bonjour", "fr"): "general",
    ("merci", "fr"): "general",
    ("les", "fr"): "general",
    ("qu'", "fr"): "general",
    ("peut-être", "fr"): "general",
    ("là-bas", "fr"): "general",
    ("d'abord", "fr"): "general",
    ("rendez-vous", "fr"): "matter",
    ("prud'hommes", "fr"): "matter",
    ("bill", "en"): "matter",
    ("not", "en"): "negation",
    ("the", "en"): "general",
    ("factura", "es"): "matter",
    ("nicht", "de"): "negation",
}
any_text = st.one_of(st.text(max_size=60), st.text("al'’-t @.[]<>é3İ\n", max_size=60))


def surfaces(text, language="fr"):
    return [word.surface for word in words(text, language)]


@pytest.mark.parametrize("text", CUT)
def test_a_text_is_cut_into_its_words(text):
    assert " ".join(surfaces(text)) == CUT[text]


@pytest.mark.parametrize(("word", "language"), USES)
def test_a_word_has_its_use(word, language):
    found = words(word + "avoir" if word.endswith("'") else word, language)[0]
    assert (found.surface, found.use) == (word, USES[word, language])


@pytest.mark.parametrize(
    ("inflected", "expected"),
    [("prélèvements", "prélèvement"), ("factures", "facture"), ("reçue", "recevoir"), ("chevaux", "cheval")],
)
def test_inflections_have_one_lemma(inflected, expected):
    assert lemma(inflected, "fr") == expected


def test_no_phrase_goes_across_punctuation_numbers_or_masks():
    text = "Colis perdu, livreur absent 3 jours [NOM] facture (en double)"
    assert [word.surface for word in words(text) if word.breaks_before] == [
        "colis",
        "livreur",
        "jours",
        "facture",
        "en",
    ]


def test_an_elision_without_its_apostrophe_is_no_word():
    assert not is_word("lappli")
    assert is_word("agent")


def test_pronouns_are_cut_off_in_french_only():
    assert surfaces("check-on", "en") == ["check-on"]
    assert surfaces("vient-on", "fr") == ["vient"]


def test_other_languages_are_read_as_french():
    assert words("L'appli ne marche pas", "eu") == words("L'appli ne marche pas", "fr")


@settings(deadline=None)
@given(any_text, st.sampled_from(LANGUAGES))
@example("İl‘a", "fr")  # a capital whose small letter is two characters
def test_places_point_at_the_words(text, language):
    found = words(text, language)
    for word in found:
        there = text[word.start : word.end].replace("’", "'").replace("‘", "'").replace("\u2011", "-")
        assert len(there) == len(word.surface) > 0
        assert there.lower() == word.surface.lower()
    assert all(left.end <= right.start for left, right in pairwise(found))


@settings(deadline=None)
@given(any_text, any_text)
def test_a_line_is_cut_alike_whatever_precedes_it(before, text):
    alone, after = surfaces(text), surfaces(f"{before}\n{text}")
    assert after[len(after) - len(alone) :] == alone


@pytest.mark.parametrize("joint", ["'", "-", "l'", "-t-il"])
def test_words_joined_without_end_are_cut(joint):
    found = words("l'a" + joint * 1000)
    assert max(len(word.surface) for word in found) < 60
    assert found[0].surface == "l'"
