"""Vectors of topics: embeddings centred on their language, the words beside them, and a place for words that burst."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.topics.made_up import texts_and_vectors
from vocmine.errors import InputError
from vocmine.topics.features import Features

TEXTS, POINTS, OWNER = texts_and_vectors(12)
FRENCH = ["fr"] * len(TEXTS)


@pytest.fixture(scope="module")
def features():
    return Features.fit(POINTS, TEXTS, FRENCH)


def test_vectors_have_length_one_and_hold_meaning_and_words(features):
    vectors = features.transform(POINTS, TEXTS, FRENCH)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), POINTS.shape[1] + features.directions.shape[1])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_texts_of_a_reason_stand_together(features):
    cosines = features.transform(POINTS, TEXTS, FRENCH)
    cosines = cosines @ cosines.T
    same = OWNER[:, None] == OWNER
    assert cosines[same].mean() > 0.4
    assert cosines[~same].mean() < 0


def test_words_part_what_embeddings_do_not():
    alike = np.ones((len(TEXTS), 4), dtype=np.float32)
    vectors = (fitted := Features.fit(alike, TEXTS, FRENCH)).transform(alike, TEXTS, FRENCH)
    assert fitted.columns
    cosines = vectors @ vectors.T
    assert cosines[OWNER[:, None] == OWNER].mean() > cosines[OWNER[:, None] != OWNER].mean() + 0.05


def test_a_language_is_no_distance_between_those_who_say_the_same():
    languages = np.where(np.arange(len(TEXTS)) % 2, "en", "fr")
    moved = POINTS + np.where(languages == "en", 3.0, 0.0)[:, None] * np.eye(1, POINTS.shape[1], 20)
    wordless = [""] * len(TEXTS)
    features = Features.fit(moved, wordless, languages.tolist())
    assert features.languages == ("en", "fr")
    vectors = features.transform(moved, wordless, languages.tolist())
    cosines = vectors @ vectors.T
    english, french = languages == "en", languages == "fr"
    same = OWNER[:, None] == OWNER
    across = english[:, None] & french
    assert cosines[same & across].mean() > 0.3
    assert cosines[~same & across].mean() < 0.1


def test_a_language_never_seen_is_centred_on_all(features):
    unseen = features.transform(POINTS[:1], ["merci"], ["nl"])
    centred = POINTS[0] / np.linalg.norm(POINTS[0]) - features.centres[-1]
    np.testing.assert_allclose(unseen[0, : POINTS.shape[1]], centred / np.linalg.norm(centred), atol=1e-5)


def test_the_length_of_an_embedding_is_of_no_account(features):
    scaled = POINTS * np.linspace(0.5, 20, len(POINTS), dtype=np.float32)[:, None]
    np.testing.assert_allclose(
        features.transform(scaled, TEXTS, FRENCH), features.transform(POINTS, TEXTS, FRENCH), atol=1e-5
    )


def test_rare_words_and_those_of_everybody_tell_nothing_apart():
    texts = [f"forfait {word}" for word in ["dirigeable", *["réseau"] * 3, *["facture"] * 16]]
    features = Features.fit(np.eye(20, dtype=np.float32), texts, ["fr"] * 20)
    assert set(features.columns) == {"reseau"}


def test_inflections_have_one_column(features):
    assert "montant" in features.columns
    assert "montants" not in features.columns
    one, many = (features.transform(POINTS[:1], [text], ["fr"]) for text in ("le montant", "les montants"))
    np.testing.assert_array_equal(one, many)


def test_nothing_becomes_nothing(features):
    width = POINTS.shape[1] + features.directions.shape[1]
    assert features.transform(np.empty((0, POINTS.shape[1]), np.float32), [], []).shape == (0, width)


@pytest.mark.parametrize("texts", [[""] * 5, ["merci"] * 5, ["facture"]])
def test_texts_without_words_have_embeddings_alone(texts):
    points = np.eye(len(texts), 6, dtype=np.float32)
    features = Features.fit(points, texts, ["fr"] * len(texts))
    assert features.directions.shape[1] == 0
    assert features.transform(points, texts, ["fr"] * len(texts)).shape == (len(texts), 6)


@pytest.mark.parametrize(("rows", "width"), [(2, 8), (3, 32)])
def test_other_embeddings_are_refused_without_a_word_of_the_texts(features, rows, width):
    with pytest.raises(InputError, match=rf"shape \({rows}, {width}\), expected \(2, 32\)") as caught:
        features.transform(np.ones((rows, width), np.float32), ["Mme Leblanc", "colis"], ["fr"] * 2)
    assert "Leblanc" not in str(caught.value)


def test_a_word_that_bursts_gets_a_dimension_of_its_own(features):
    wider = features.extended(["esim", "colis"])
    assert wider.own == ("esim", "colis")
    assert "esim" not in features.columns
    texts = ["Mon esim", "Mon colis", "Ma carte bancaire"]
    before = features.transform(POINTS[:3], texts, ["fr"] * 3)
    after = wider.transform(POINTS[:3], texts, ["fr"] * 3)
    assert after.shape[1] == before.shape[1] + 2
    assert (after[:, -2:] > 0).tolist() == [[True, False], [False, True], [False, False]]
    np.testing.assert_allclose(after[2, :-2], before[2], atol=1e-6)


def test_a_dimension_is_added_beside_those_there_were(features):
    twice = features.extended(["esim"]).extended(["parrainage"])
    assert twice.own == ("esim", "parrainage")
    assert (twice.transform(POINTS[:1], ["le parrainage"], ["fr"])[0, -2:] > 0).tolist() == [False, True]


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(TEXTS))))
def test_a_text_has_its_vector_whatever_stands_beside_it(order):
    features = Features.fit(POINTS, TEXTS, FRENCH)
    turned = features.transform(POINTS[order], [TEXTS[row] for row in order], FRENCH)
    np.testing.assert_allclose(turned, features.transform(POINTS, TEXTS, FRENCH)[order], atol=1e-6)
