"""The encoder in ONNX Runtime against PyTorch's, and what int8 costs."""

from dataclasses import replace

import numpy as np
import pytest
from onnxruntime.capi import onnxruntime_pybind11_state as raised

from tests.inference.conftest import tiny_config, tiny_manifest, tiny_tensors, tiny_tokenizer
from vocmine.inference import Engine, Model
from vocmine.inference.backends import onnx
from vocmine.inference.backends.graph import encoder_graph
from vocmine.inference.backends.onnx import OnnxBackend, session
from vocmine.inference.backends.outliers import split_channels
from vocmine.inference.backends.torch import TorchBackend
from vocmine.inference.backends.words import WordTable
from vocmine.inference.faults import reason
from vocmine.inference.run import pad

IDS = [np.array(ids, dtype=np.int32) for ids in ([0, 16, 4, 2], [0, 16, 7, 2], [0, 16, 5, 6, 9, 10, 11, 2])]
ALL = np.arange(len(IDS))


@pytest.fixture(scope="module")
def expected(tiny_model):
    return TorchBackend(tiny_model, "cpu").forward(*pad(IDS, ALL, 1))


def with_another_token():
    """A tokenizer that knows a word more than the model."""
    tokenizer = tiny_tokenizer()
    tokenizer.add_tokens(["inconnu"])
    return tokenizer


def with_large_channels(model):
    """The model, two of whose channels are thirty times as large after each normalisation, and read as much less."""
    stored = dict(model.stored)
    for name in [name for name in stored if "LayerNorm" in name]:
        stored[name] = stored[name] * np.where(np.isin(np.arange(32), [3, 17]), 30, 1).astype(np.float32)
    return replace(model, stored=stored)


def test_float32_gives_what_pytorch_gives(tiny_model, expected):
    found = OnnxBackend(tiny_model, "float32", 1).forward(*pad(IDS, ALL, 1))
    assert np.allclose(found.features, expected.features, atol=1e-5)
    assert np.allclose(found.embedding, expected.embedding, atol=1e-5)
    assert found.logits.keys() == expected.logits.keys()
    assert all(np.allclose(found.logits[name], expected.logits[name], atol=1e-5) for name in found.logits)


def test_weights_that_are_not_stored_in_int8_are_computed_as_they_are(tiny_model):
    exact = {name: tiny_model.tensor(name) for name in tiny_model.tensor_shapes()}
    found, wanted = (
        OnnxBackend(model, "float32", 1).forward(*pad(IDS, ALL, 1)).features
        for model in (replace(tiny_model, stored=exact), tiny_model)
    )
    assert np.allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize(("levels", "least"), [(127, 0.999), (63, 0.997)])
def test_int8_is_close_to_float32(tiny_model, expected, monkeypatch, levels, least):
    monkeypatch.setattr(onnx, "_exact_levels", lambda: levels)
    found = OnnxBackend(tiny_model, "int8", 1).forward(*pad(IDS, ALL, 1))
    assert (found.embedding * expected.embedding).sum(axis=1).min() > least
    assert not np.array_equal(found.embedding, expected.embedding)


def test_the_precision_says_when_activations_have_fewer_levels(tiny_model, monkeypatch):
    monkeypatch.setattr(onnx, "_exact_levels", lambda: 63)
    assert OnnxBackend(tiny_model, "int8", 1).dtype == "int8, 7-bit activations"
    assert OnnxBackend(tiny_model, "float32", 1).dtype == "float32"


@pytest.mark.parametrize("levels", [127, 63])
def test_channels_far_larger_than_the_others_are_found_without_any_text(tiny_model, levels):
    split = split_channels(with_large_channels(tiny_model), levels)
    assert len(split) == 5  # two layers of two normalisations, and that of the embeddings
    assert all(set(channels) == {3, 17} for channels in split.values())


def test_reading_large_channels_in_parts_halves_what_int8_costs():
    model = Model.from_pretrained("embedded")
    ids = np.random.default_rng(1).integers(5, 50_000, (4, 40), dtype=np.int32)
    wanted, whole, in_parts = (
        session(encoder_graph(model, *how)).run(["hidden"], {"vectors": WordTable(model)(ids)})[0]
        for how in ((None,), (127,), (127, split_channels(model, 127)))
    )
    assert np.abs(in_parts - wanted).mean() < 0.6 * np.abs(whole - wanted).mean()


def test_texts_of_different_lengths_may_share_a_batch(tiny_model):
    backend = OnnxBackend(tiny_model, "int8", 1)
    together = backend.forward(*pad(IDS, ALL, 1))
    for place in ALL:
        alone = backend.forward(*pad(IDS, np.array([place]), 1))
        assert np.array_equal(alone.embedding[0], together.embedding[place])


def test_memory_that_the_runtime_does_not_get_is_a_fault_that_the_engine_answers(tiny_model):
    class Full:
        def run(self, *_):
            raise raised.RuntimeException("Failed to allocate memory for requested buffer of size 4096")

    backend = OnnxBackend(tiny_model, "float32", 1)
    backend._session = Full()
    with pytest.raises(RuntimeError, match="Failed to allocate") as error:
        backend._encode(IDS[0][None])
    assert reason(error.value) == "out_of_memory"


def test_a_token_that_does_not_exist_is_a_bug_and_goes_up(tiny_model):
    engine = Engine(tiny_model, backend=OnnxBackend(tiny_model, "float32", 1))
    engine.model = replace(tiny_model, tokenizer=with_another_token())
    with pytest.raises(IndexError):
        engine.encode(["inconnu"])


def test_it_stays_on_the_cpu(tiny_model):
    backend = OnnxBackend(tiny_model, "float32", 1)
    backend.move("cpu")
    with pytest.raises(RuntimeError, match="not on cuda:0"):
        backend.move("cuda:0")


def test_the_model_that_comes_with_the_package_agrees_with_itself_in_int8():
    model = Model.from_pretrained("embedded")
    texts = [
        "Merci, tout est réglé !",
        "Toujours pas remboursé depuis trois semaines, c'est honteux.",
        "Où est mon colis ?",
    ]
    one, other = (Engine(model, "cpu", precision=precision).encode(texts) for precision in ("float32", "int8"))
    assert np.array_equal(one.embeddings, other.embeddings)  # made by the embedder, which knows no precision
    for name, probabilities in one.probabilities.items():
        assert np.allclose(probabilities, other.probabilities[name], atol=0.05)


def test_a_model_can_be_made_of_any_size():
    small = Model.assemble(
        tiny_manifest(), replace(tiny_config(), num_attention_heads=2), tiny_tokenizer(), tiny_tensors()
    )
    found = OnnxBackend(small, "float32", 1).forward(*pad(IDS, ALL, 1)).features
    assert np.allclose(found, TorchBackend(small, "cpu").forward(*pad(IDS, ALL, 1)).features, atol=1e-5)
