"""Units of topics: what customers say, less what says nothing; copies count and shape nothing."""

import numpy as np
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from vocmine.errors import InputError
from vocmine.topics.units import Units

AWAY = "Bonjour, je suis absente du bureau jusqu’au 28 mars. Ceci est une réponse automatique."
BILL = "Ma facture d'électricité a doublé entre janvier et mars sans explication"
CALL = [
    ("client", "Bonjour madame"),
    ("client", BILL),
    ("conseiller", "Votre facture comporte une régularisation du compteur"),
    ("client", "D'accord, c'est réglé"),
    ("client", "Facture illisible"),
    ("client", "Merci beaucoup, au revoir"),
]


def units_of(records, embeddings=None):
    return Units.of(analysed(records, embeddings=embeddings))


def call(turns=CALL, name="A1", **columns):
    return [{"id": name, "locuteur": who, "texte": said, "langue": "fr"} | columns for who, said in turns]


def test_customers_words_are_units_and_the_others_say_why_not():
    units = units_of(call())
    assert units.texts == [BILL]
    assert units.rows.tolist() == [1]
    assert units.reasons == ["courtesy", None, "agent", "courtesy", "courtesy", "courtesy"]
    assert len(units) == 1


def test_every_segment_is_a_unit_or_has_a_reason():
    units = units_of([*call(), {"id": "B1", "texte": "Colis perdu", "locuteur": "client"}])
    assert sorted(units.rows) == [row for row, reason in enumerate(units.reasons) if reason is None]


def test_a_few_words_are_a_unit_where_the_contact_says_no_more():
    units = units_of([{"id": "B1", "texte": "Facture illisible", "locuteur": "client"}])
    assert units.texts == ["Facture illisible"]
    assert units.shaping.tolist() == [False]
    assert units_of([{"id": "B2", "texte": BILL, "locuteur": "client"}]).shaping.tolist() == [True]


def test_the_same_word_said_thrice_is_one():
    units = units_of([{"id": "B1", "texte": "Facture, factures, FACTURE", "locuteur": "client"}])
    assert units.shaping.tolist() == [False]


@pytest.mark.parametrize("text", ["Bonjour", "Merci beaucoup !", "Oui", "06 12 34", "[NOM]", "👍"])
def test_courtesies_and_bare_answers_are_no_units(text):
    units = units_of([{"id": "B1", "texte": text, "locuteur": "client"}])
    assert (units.texts, units.reasons) == ([], ["courtesy"])


def test_unknown_speakers_count_where_nobody_is_named_the_customer():
    units = units_of([{"id": "B1", "texte": BILL}])
    assert units.texts == [BILL]


def test_messages_that_nobody_wrote_are_no_units():
    corpus = vm.Corpus.from_records(
        [
            {"id": "A1", "canal": "courriel", "texte": AWAY},
            {"id": "A2", "canal": "courriel", "texte": f"{BILL} et je demande un remboursement"},
        ]
    )
    units = Units.of(analysed(corpus.flag_duplicates()))
    assert units.reasons == ["automatic", None]
    assert Units.of(analysed(corpus)).reasons == [None, None]


def test_copies_count_and_shape_nothing():
    said = f"{BILL}, et personne ne répond au téléphone depuis la dernière relance de mon assurance habitation"
    records = [{"id": f"A{k}", "texte": said, "client": "P1", "date": "2026-03-02"} for k in range(3)]
    units = Units.of(analysed(vm.Corpus.from_records(records).flag_duplicates()))
    assert len(units) == 3
    assert units.shaping.tolist() == [True, False, False]


def test_segments_that_were_not_scored_are_no_units():
    vectors = np.ones((2, 4))
    vectors[0, 2] = np.nan
    records = [{"id": f"A{k}", "texte": BILL, "locuteur": "client"} for k in range(2)]
    units = units_of(records, vectors)
    assert units.reasons == ["unscored", None]
    assert np.isfinite(units.embeddings).all()


def test_units_know_their_contact_their_language_and_their_embedding():
    records = [
        {"id": "A1", "texte": "Votre colis est parti", "locuteur": "conseiller", "langue": "fr"},
        {"id": "A2", "texte": "The electricity bill doubled in March", "locuteur": "client", "langue": "en"},
        {"id": "A3", "texte": BILL, "locuteur": "client", "langue": "fr"},
    ]
    vectors = np.arange(12).reshape(3, 4)
    units = units_of(records, vectors)
    assert units.contacts.tolist() == [1, 2]
    assert units.languages == ["en", "fr"]
    np.testing.assert_array_equal(units.embeddings, vectors[1:])


def test_units_are_taken_in_the_order_given():
    units = Units.of_texts(["facture", "colis", "carte"], np.eye(3))
    taken = units.take(np.array([2, 0]))
    assert taken.texts == ["carte", "facture"]
    assert taken.rows.tolist() == taken.contacts.tolist() == [2, 0]
    np.testing.assert_array_equal(taken.embeddings, np.eye(3)[[2, 0]])


def test_a_corpus_where_nobody_speaks_has_no_units():
    assert len(units_of([{"id": "A1", "texte": "Je regarde", "locuteur": "conseiller"}])) == 0


def test_texts_are_taken_as_they_are():
    units = Units.of_texts(["merci", ""], np.eye(2))
    assert units.texts == ["merci", ""]
    assert units.shaping.all()
    assert units.languages == ["fr", "fr"]
    assert len(Units.of_texts([], np.empty((0, 3)))) == 0


@pytest.mark.parametrize(
    ("vectors", "languages", "message"),
    [
        (np.eye(3), None, r"got 2 texts, embeddings of shape \(3, 3\)"),
        (np.ones(2), None, r"shape \(2,\)"),
        (np.eye(2), ["fr"], "1 languages"),
        (np.full((2, 2), np.inf), None, "not finite"),
    ],
)
def test_texts_and_embeddings_go_together(vectors, languages, message):
    with pytest.raises(InputError, match=message) as caught:
        Units.of_texts(["Mme Leblanc attend", "colis"], vectors, languages)
    assert "Leblanc" not in str(caught.value)
