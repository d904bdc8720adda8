"""What a topic is called: one language, no word twice, nothing that the order of the rows decides; and its quotes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.topics.made_up import SAID
from vocmine.errors import InputError
from vocmine.text.folding import fold
from vocmine.text.words import lemma, words
from vocmine.topics.labels import describe
from vocmine.topics.quotes import quotes

TEXTS = [text for said in SAID.values() for text in said]
TOPICS = np.repeat(np.arange(len(SAID)), [len(said) for said in SAID.values()])
ENGLISH = ["the bill is wrong", "my bill doubled", "this bill is too high", "bill of March never sent"]
SPANISH = ["la factura es alta", "mi factura se ha duplicado", "factura equivocada", "una factura doble"]


def names(description):
    return [name for name, _ in description.terms]


def test_a_topic_is_called_by_what_its_texts_share_and_others_do_not():
    found = describe(TEXTS, TOPICS)
    assert [description.topic for description in found] == [0, 1, 2]
    for reason, description in zip(SAID, found, strict=True):
        assert reason in description.label
        assert reason in " ".join(names(description))
        assert description.language == "fr"


def test_negations_and_compounds_name_topics():
    texts = ["colis pas reçu", "Colis toujours pas reçu hier", "mon colis : pas reçu"]
    texts += ["mot de passe oublié", "mot de passe refusé", "changer mon mot de passe"]
    missing, password = describe(texts, np.repeat([0, 1], 3))
    assert "pas reçu" in missing.label
    assert "mot de passe" in password.label


def test_spellings_are_one_term_with_its_accents():
    texts = ["prelevement contesté", "Prélèvements refusés", "le prélèvement de mars", "un prelevement inconnu"]
    (found,) = describe(texts, np.zeros(4, dtype=int))
    assert "prélèvement" in found.label
    assert "prelevement" not in names(found)


def test_an_elision_without_its_apostrophe_is_no_term():
    texts = ["lappli se ferme", "l'appli se ferme", "L’appli se ferme seule", "appli fermée"]
    (found,) = describe(texts, np.zeros(4, dtype=int))
    assert "lappli" not in " ".join(names(found))
    assert "appli" in found.label


@pytest.mark.parametrize("repeated", [1, 3])
def test_no_list_holds_a_stop_word_or_two_inflections_of_one(repeated):
    texts = [*TEXTS, "factures, facture, facturation", "les cartes et la carte", "livraisons livrées, livré"] * repeated
    for found in describe(texts, np.array([*TOPICS, 0, 2, 1] * repeated)):
        listed = [{lemma(word.lemma, "fr") for word in words(name) if word.use == "matter"} for name in names(found)]
        assert all(listed)
        assert sum(map(len, listed)) == len(set.union(*listed))
        assert all(weight > 0 for _, weight in found.terms)


def test_terms_are_of_the_corpus_language_where_a_tenth_of_the_texts_are():
    texts = [*TEXTS, *ENGLISH]
    languages = ["fr"] * len(TEXTS) + ["en"] * len(ENGLISH)
    bills, *_ = describe(texts, np.array([*TOPICS, *[0] * len(ENGLISH)]), languages=languages)
    assert bills.language == "fr"
    assert "bill" not in " ".join(names(bills))


def test_a_topic_told_in_another_language_is_called_in_it():
    texts = [*TEXTS, *ENGLISH, *SPANISH]
    languages = ["fr"] * len(TEXTS) + ["en"] * len(ENGLISH) + ["es"] * len(SPANISH)
    found = describe(texts, np.array([*TOPICS, *[7] * len(ENGLISH), *[8] * len(SPANISH)]), languages=languages)
    assert [(each.topic, each.language) for each in found[3:]] == [(7, "en"), (8, "es")]
    assert "bill" in found[3].label
    assert "factura" in found[4].label
    assert "bill" not in " ".join(name for each in found[:3] for name in names(each))


def test_languages_unknown_count_as_the_main_one():
    known = describe(TEXTS, TOPICS)
    assert describe(TEXTS, TOPICS, languages=["zz", *["fr"] * (len(TEXTS) - 1)]) == known
    assert describe(TEXTS, TOPICS, languages=["zz"] * len(TEXTS)) == known


def test_topics_told_alike_are_called_apart():
    texts = ["ma facture est fausse", "la facture est fausse", "facture fausse"] * 3
    labels = [found.label for found in describe(texts, np.repeat([0, 1, 2], 3))]
    assert len(set(labels)) == 3


def test_a_companys_name_is_no_term():
    texts = [f"Livrexpo {text}" for text in TEXTS]
    found = describe(texts, TOPICS, stop_words=("Livrexpo",))
    assert "livrexpo" not in fold(" ".join(name for each in found for name in [each.label, *names(each)]))


def test_a_copy_counts_by_its_weight():
    texts = ["facture fausse", "facture illisible", "colis perdu"]
    topics = np.array([0, 0, 1])
    heavy, _ = describe(texts, topics, weights=np.array([1.0, 9.0, 1.0]))
    assert "illisible" in heavy.label
    light, _ = describe(texts, topics, weights=np.array([9.0, 1.0, 1.0]))
    assert "fausse" in light.label


def test_texts_without_a_topic_or_without_words_name_nothing():
    assert describe([], np.array([], dtype=int)) == []
    assert describe(["colis perdu"], np.array([-1])) == []
    (empty,) = describe(["merci", "bonjour"], np.array([4, 4]))
    assert (empty.topic, empty.label, empty.terms) == (4, "4", ())


def test_terms_are_as_many_as_asked_for():
    assert all(len(found.terms) <= 2 for found in describe(TEXTS, TOPICS, n_terms=2))


def test_topics_that_do_not_go_with_texts_are_refused_without_their_words():
    with pytest.raises(InputError, match="got 1 topics for 2 texts") as caught:
        describe(["Mme Leblanc attend", "colis"], np.array([0]))
    assert "Leblanc" not in str(caught.value)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(TEXTS))))
def test_the_order_of_the_rows_decides_nothing(order):
    turned = describe([TEXTS[row] for row in order], TOPICS[order])
    for here, there in zip(describe(TEXTS, TOPICS), turned, strict=True):
        assert (here.topic, here.label, here.language, names(here)) == (
            there.topic,
            there.label,
            there.language,
            names(there),
        )


def test_quotes_are_the_closest_texts_word_for_word():
    closeness = np.linspace(0, 1, len(TEXTS))
    chosen = quotes(TEXTS, TOPICS, closeness, n=2)
    assert chosen == {0: [4, 3], 1: [9, 8], 2: [14, 13]}
    assert quotes(TEXTS, np.full(len(TEXTS), -1), closeness) == {}


def test_quotes_are_no_copies_of_one_another():
    texts = ["Ma facture de mars a doublé", "MA FACTURE de mars a doublé !", "Un montant que je ne comprends pas"]
    assert quotes(texts, np.zeros(3, dtype=int), np.array([0.9, 0.8, 0.1]))[0] == [0, 2]


def test_quotes_are_neither_long_nor_bare_where_others_are_there():
    texts = ["facture", "Ma facture de mars a doublé", "La facture " + "longue " * 60]
    assert quotes(texts, np.zeros(3, dtype=int), np.array([0.9, 0.1, 0.8]))[0] == [1, 0, 2]
    assert quotes(texts[:1], np.array([5]), np.array([0.5])) == {5: [0]}
