"""Terms: what a text is about, phrases and negations kept, the inflections and spellings of a word merged."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from vocmine.errors import InputError
from vocmine.text.words import words
from vocmine.topics.roots import Roots
from vocmine.topics.terms import TermVectorizer, terms_of

PHRASES = {
    "Prélèvement en double": {"prélèvement", "double", "prélèvement en double"},
    "Colis pas reçu": {"colis", "reçu", "pas reçu"},
    "Le colis n'a pas encore été livré": {"colis", "livré", "pas encore été livré"},
    "La carte de la banque bloquée": {
        "carte",
        "banque",
        "bloquée",
        "carte de la banque",
        "carte de la banque bloquée",
        "banque bloquée",
    },
    "Colis, facture": {"colis", "facture"},
    "Facture [NOM] colis": {"facture", "colis"},
    "Un réseau plus instable": {"réseau", "instable"},
    "Rien reçu": {"reçu"},
    "L’abonnement résilié": {"abonnement", "résilié", "abonnement résilié"},
    "Bonjour, merci à vous": set(),
    "": set(),
}
MAILS = [
    "Deux prélèvements en double sur ma facture",
    "prelevement en double, facture trop élevée",
    "Le prélèvement de la facture n'est pas passé",
    "Prélèvement en double",
    "Colis pas reçu, le livreur est absent",
    "colis toujours pas reçus",
    "Pas reçu le colis",
    "Mes colis abîmés par le livreur",
    "lappli ne charge pas l'appli est lente",
    "La carte bancaire est bloquée",
    "Les cartes bancaires sont bloquées",
]


def names(text):
    cut = words(text)
    return {term.surface for term in terms_of(cut, Roots.of([cut]))}


def roots(*texts):
    return Roots.of([words(text) for text in texts])


@pytest.mark.parametrize("text", PHRASES)
def test_a_text_has_its_terms(text):
    assert names(text) == PHRASES[text]


def test_a_phrase_is_no_longer_than_asked_for():
    cut = words("Carte bancaire bloquée hier")
    found = list(terms_of(cut, Roots.of([cut]), longest=1))
    assert [term.surface for term in found] == [term.surface for term in found if term.n_words == 1]
    assert {term.n_words for term in terms_of(cut, Roots.of([cut]))} == {1, 2, 3}


@pytest.mark.parametrize(
    "forms",
    [
        ("prélèvement", "prélèvements", "prelevement", "prelevements"),
        ("bloqué", "bloquée", "bloqués", "bloquées"),
        ("facture", "factures"),
        ("livebox", "liveboxs"),
        ("agence", "lagence"),
    ],
)
def test_inflections_and_spellings_have_one_root(forms):
    learnt = roots(*forms)
    assert len({learnt.root(form, words(form)[0].lemma) for form in forms}) == 1


@pytest.mark.parametrize("pair", [("facture", "fracture"), ("carte", "charte"), ("lot", "slot")])
def test_different_words_keep_their_roots(pair):
    learnt = roots(*pair)
    assert len({learnt.root(form, words(form)[0].lemma) for form in pair}) == 2


def test_a_word_never_seen_has_a_root():
    learnt = roots("facture", "appli")
    assert learnt.root("factures", "facture") == learnt.root("facture", "facture")
    assert learnt.root("lappli", "lappli") == learnt.root("appli", words("appli")[0].lemma)
    assert learnt.written("colis") == "colis"


def test_accents_come_back_where_one_writer_in_ten_writes_them():
    seldom, often = ["prelevement"] * 19, ["prelevement"] * 9
    assert roots(*often, "prélèvement").written("prelevement") == "prélèvement"
    assert roots(*seldom, "prélèvement").written("prelevement") == "prelevement"


def test_each_inflection_counts_for_its_term():
    vectorizer = TermVectorizer(min_count=2)
    counts = vectorizer.fit_transform(MAILS)
    totals = dict(zip(vectorizer.get_feature_names_out(), np.asarray(counts.sum(axis=0)).ravel(), strict=True))
    assert totals["prélèvement"] == 4
    assert totals["facture"] == totals["prélèvement en double"] == 3
    assert totals["pas reçu"] == 3
    assert totals["livreur"] == 2
    assert totals["colis"] == 4
    assert "prélèvements" not in totals


def test_no_term_is_a_stop_word_nor_a_piece_of_one():
    found = TermVectorizer(min_count=1).fit(MAILS).get_feature_names_out()
    assert not {"le", "la", "l'", "l", "est", "mes", "sur", "ma", "n", "pas", "ne"} & set(found)
    assert not [name for name in found if name.startswith(("l'", "d'", "n'")) or name.endswith("'")]


def test_terms_are_those_fitted_when_other_texts_come():
    vectorizer = TermVectorizer(min_count=1).fit(MAILS)
    again = vectorizer.transform(MAILS)
    assert (again != vectorizer.fit_transform(MAILS)).nnz == 0
    unknown = vectorizer.transform(["dirigeable gonflable", ""])
    assert unknown.shape == (2, len(vectorizer.vocabulary_))
    assert unknown.nnz == 0
    assert vectorizer.transform([]).shape == (0, len(vectorizer.vocabulary_))


def test_nothing_fitted_has_no_terms():
    assert TermVectorizer().fit_transform([]).shape == (0, 0)
    assert TermVectorizer().fit_transform(["", "merci"]).shape == (2, 0)
    with pytest.raises(NotFittedError):
        TermVectorizer().transform(["colis"])


def test_terms_are_as_many_as_asked_for_the_most_frequent_first():
    assert TermVectorizer(min_count=1, max_terms=3).fit(MAILS).get_feature_names_out().size == 3
    assert set(TermVectorizer(min_count=4).fit(MAILS).vocabulary_) == {"prélèvement", "colis"}


def test_a_companys_own_words_are_left_out():
    texts = ["Ma Livrexpo ne marche pas", "livrexpo en panne", "LIVREXPO : panne"]
    found = TermVectorizer(min_count=1, stop_words=("Livrexpo",)).fit(texts).get_feature_names_out()
    assert "panne" in found
    assert not [name for name in found if "livrexpo" in name]


def test_stop_words_of_every_language_are_left_out():
    texts = ["the bill is wrong", "la facture est fausse"]
    both = TermVectorizer(("fr", "en"), min_count=1, longest=1).fit(texts).get_feature_names_out()
    assert {"bill", "facture"} <= set(both)
    assert not {"the", "is", "la"} & set(both)


def test_one_text_in_the_place_of_many_is_refused_without_its_words():
    with pytest.raises(InputError, match="got one text") as caught:
        TermVectorizer().fit("Mme Leblanc attend")
    assert "Leblanc" not in str(caught.value)


def test_parameters_are_left_as_they_were_given():
    vectorizer = TermVectorizer(("fr", "en"), longest=2, min_count=1, stop_words=("Livrexpo",))
    assert clone(vectorizer.fit(MAILS)).get_params()["languages"] == ("fr", "en")
    assert clone(vectorizer).get_params()["stop_words"] == ("Livrexpo",)


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(len(MAILS))))
def test_the_order_of_texts_changes_no_term_and_no_count(order):
    straight, turned = TermVectorizer(min_count=1), TermVectorizer(min_count=1)
    counts = straight.fit_transform(MAILS)
    again = turned.fit_transform([MAILS[row] for row in order])
    assert turned.vocabulary_ == straight.vocabulary_
    assert (again != counts[order]).nnz == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("aà'lpm -.[]3", max_size=30), max_size=6))
def test_any_text_is_counted(texts):
    counts = TermVectorizer(min_count=1).fit_transform(texts)
    assert counts.shape[0] == len(texts)
    assert (counts.data > 0).all()
