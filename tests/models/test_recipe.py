"""The parts of the recipe that need no encoder: the head's arithmetic, the figures, the sentences."""

import importlib
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

RECIPE = Path(__file__).parents[2] / "models" / "recipe"


@pytest.fixture(scope="module", autouse=True)
def _recipe_can_be_imported():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(RECIPE))
        yield


@pytest.fixture
def heads():
    return importlib.import_module("heads")


@pytest.fixture
def scores():
    return importlib.import_module("scores")


@pytest.fixture
def languages():
    return importlib.import_module("languages")


def blobs(heads, n=300, hidden=12, gap=1.0):
    random = np.random.default_rng(0)
    labels = random.integers(3, size=n)
    centres = random.normal(0, gap, (3, hidden))
    embeddings = (centres[labels] + random.normal(0, 1, (n, hidden))).astype(np.float32)
    return heads.Examples.of("blobs", embeddings, labels, weight=1.0)


def test_a_head_learns_what_can_be_learnt(heads):
    examples = blobs(heads)
    predicted = heads.fit(examples, 1.0).logits(examples.embeddings).argmax(axis=1)
    assert (predicted == examples.labels).mean() > 0.9


def test_the_centring_is_folded_into_the_head(heads):
    examples = blobs(heads)
    moved = heads.Examples.of("blobs", examples.embeddings * 3 + 5, examples.labels, weight=1.0)
    there, here = heads.fit(moved, 1.0).logits(moved.embeddings), heads.fit(examples, 1.0).logits(examples.embeddings)
    assert np.allclose(there, here, atol=1e-2)


def test_no_example_is_scored_by_a_head_that_saw_it(heads):
    random = np.random.default_rng(0)
    noise = random.normal(size=(120, 200)).astype(np.float32)
    examples = heads.Examples.of("noise", noise, random.integers(3, size=120), weight=1.0)
    seen = heads.fit(examples, 1e3).logits(noise).argmax(axis=1)
    unseen = heads.cross_fit(examples, 1e3).argmax(axis=1)
    assert (seen == examples.labels).mean() > 0.95
    assert (unseen == examples.labels).mean() < 0.5


def test_classes_weigh_alike_within_a_source_whatever_their_number(heads):
    labels = np.array([0] * 8 + [1] * 2)
    examples = heads.Examples.of("lopsided", np.ones((10, 3), np.float32), labels, weight=2.0)
    assert examples.weights.sum() == pytest.approx(20)
    assert examples.weights[labels == 0].sum() == pytest.approx(examples.weights[labels == 1].sum())


def test_texts_without_an_embedding_are_left_out(heads):
    embeddings = np.array([[1.0, 2.0], [np.nan, np.nan]], dtype=np.float32)
    assert len(heads.Examples.of("source", embeddings, np.array([0, 1]), weight=1.0).labels) == 1


@pytest.mark.parametrize("heat", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_confidence_that_is_out_of_place(heads, heat):
    examples = blobs(heads, n=900)
    calibrated = heads.cross_fit(examples, 1.0)
    calibrated = calibrated / heads.best_temperature(calibrated, examples)
    assert heads.best_temperature(calibrated * heat, examples) == pytest.approx(heat, rel=0.02)


def test_cooling_divides_the_logits(heads):
    examples = blobs(heads)
    head = heads.fit(examples, 1.0)
    assert np.allclose(head.cooled(2.0).logits(examples.embeddings) * 2, head.logits(examples.embeddings), atol=1e-5)


def test_the_calibration_error_is_the_gap_between_confidence_and_accuracy(scores):
    certain = np.array([[50.0, 0.0], [50.0, 0.0]])
    assert scores.calibration_error(certain, np.array([0, 0])) == pytest.approx(0)
    assert scores.calibration_error(certain, np.array([0, 1])) == pytest.approx(0.5)


def test_the_interval_holds_the_figure_and_narrows_with_more_texts(scores):
    random = np.random.default_rng(0)
    labels = random.integers(3, size=400)
    logits = np.eye(3)[labels] + random.normal(0, 0.7, (400, 3))
    few, many = (scores.score(logits[:n], labels[:n], resamples=200) for n in (40, 400))
    for of in (few, many):
        assert of["interval_95"][0] <= of["macro_f1"] <= of["interval_95"][1]
    assert np.diff(many["interval_95"]) < np.diff(few["interval_95"])


def test_words_are_varied_as_customers_write_them(languages):
    assert {"énervé", "Énervé", "ÉNERVÉ", "enerve", "ENERVE", "l'énervé", "qu’énervé"} <= set(
        languages.variants("énervé", "fr")
    )
    assert "straße" in set(languages.variants("strasse", "de"))


def test_the_written_sentences_are_many_different_and_of_every_kind():
    frame = pd.read_csv(RECIPE / "written_sentences.tsv", sep="\t", quoting=3)
    assert list(frame.columns) == ["text", "label", "channel", "language", "domain"]
    assert len(frame) >= 600
    assert not frame["text"].duplicated().any()
    assert not frame.isna().any().any()
    assert set(frame["channel"]) == {"phone", "email", "chat", "social"}
    assert {"fr-FR", "fr-CA", "fr-BE", "fr-CH", "en", "de", "es", "it", "pt"} == set(frame["language"])
    counts = Counter(frame["label"])
    assert set(counts) == {"negative", "neutral", "positive"}
    assert min(counts.values()) > 0.2 * len(frame)
