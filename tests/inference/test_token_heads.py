"""Heads that read tokens: one logit a text, the words that show it, and the same numbers wherever they are computed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inference.conftest import HIDDEN, tiny_config, tiny_manifest, tiny_tensors, tiny_tokenizer
from vocmine.errors import ModelFormatError
from vocmine.inference import Engine, Head, Manifest, Model, words_at
from vocmine.inference.backends.evidence import around_words, read_tokens, words_of
from vocmine.inference.backends.onnx import OnnxBackend
from vocmine.inference.backends.torch import TorchBackend
from vocmine.inference.run import pad

LABELS = ("late", "angry", "thanks")
TEXTS = ["le colis pas reçu", "merci", "bonjour la facture toujours pas reçu !", "le service été", "colis"]
BACKENDS = {
    "onnx": lambda model: OnnxBackend(model, "float32", 1),
    "onnx int8": lambda model: OnnxBackend(model, "int8", 1),
    "torch": lambda model: TorchBackend(model, "cpu"),
}


def with_token_head(hidden: int) -> Model:
    random = np.random.default_rng(7)
    head = Head("signals", LABELS, "multi_label", "tokens", layers=(1, 2), hidden=hidden)
    stored = tiny_tensors()
    stored["heads.signals.weight"] = random.normal(0, 1, (3, 2 * HIDDEN + hidden)).astype(np.float32)
    stored["heads.signals.bias"] = random.normal(-2, 1, 3).astype(np.float32)
    if hidden:
        stored["heads.signals.inner.weight"] = random.normal(0, 0.3, (hidden, 2 * HIDDEN)).astype(np.float32)
        stored["heads.signals.inner.bias"] = random.normal(0, 1, hidden).astype(np.float32)
    manifest = replace(tiny_manifest(), heads=(*tiny_manifest().heads, head))
    return Model.assemble(manifest, tiny_config(), tiny_tokenizer(), stored)


@pytest.fixture(scope="module", params=[0, 8], ids=["linear", "hidden layer"])
def model(request):
    return with_token_head(request.param)


def ids_of(model):
    return [np.array(model.tokenizer.encode(f"query: {text}").ids, dtype=np.int32) for text in TEXTS]


def test_both_backends_say_the_same_and_show_the_same_words(model):
    batch = pad(ids_of(model), np.arange(len(TEXTS)), 1)
    one, other = (BACKENDS[name](model).forward(*batch) for name in ("onnx", "torch"))
    assert one.logits.keys() == other.logits.keys() == {head.name for head in model.heads}
    np.testing.assert_allclose(one.logits["signals"], other.logits["signals"], atol=2e-4)
    np.testing.assert_array_equal(one.evidence["signals"], other.evidence["signals"])


@pytest.mark.parametrize("name", ["onnx", "onnx int8"])
def test_a_text_has_the_same_bits_in_any_batch(model, name):
    engine = Engine(model, backend=BACKENDS[name](model))
    together = engine.encode(TEXTS)
    for row, text in enumerate(TEXTS):
        alone = engine.encode([text])
        assert np.array_equal(alone.probabilities["signals"][0], together.probabilities["signals"][row])
        assert np.array_equal(alone.evidence["signals"][0], together.evidence["signals"][row])


def test_each_label_has_a_probability_of_its_own_and_a_run_of_tokens(model):
    encoding = Engine(model, device="cpu").encode([*TEXTS, ""])
    assert encoding.probabilities["signals"].shape == (len(TEXTS) + 1, 3)
    assert encoding.evidence["signals"].shape == (len(TEXTS) + 1, 3, 2)
    first, last = np.moveaxis(encoding.evidence["signals"][:-1], 2, 0)
    assert (first < last).all()
    assert np.isnan(encoding.evidence["signals"][-1]).all()


def test_the_prefix_and_special_tokens_show_nothing(model):
    before, after = around_words(model)
    assert (before, after) == (2, 1)
    encoding = Engine(model, device="cpu").encode(TEXTS)
    lengths = encoding.n_tokens[:, None]
    assert (encoding.evidence["signals"][:, :, 0] >= before).all()
    assert (encoding.evidence["signals"][:, :, 1] <= lengths - after).all()


def test_the_evidence_is_whole_words_of_the_text(model):
    text = "bonjour la facture toujours pas reçu !"
    start, end = words_at(model, text, 4, 6)
    assert text[start:end] == "facture toujours"


def test_it_comes_back_from_the_cache(model, tmp_path):
    engine = Engine(model, device="cpu", cache=tmp_path)
    computed, kept = engine.encode(TEXTS), engine.encode(TEXTS)
    assert kept.stats.n_cached == len(TEXTS)
    np.testing.assert_array_equal(kept.evidence["signals"], computed.evidence["signals"])


def test_saved_then_loaded_it_is_the_same_model(model, tmp_path):
    with_decisions = replace(model, manifest=replace(model.manifest, decisions={"angry": {"threshold": 0.4}}))
    with_decisions.save_pretrained(tmp_path)
    loaded = Model.from_pretrained(tmp_path)
    assert loaded.manifest == with_decisions.manifest
    assert loaded.model_id == with_decisions.model_id != model.model_id


def test_a_manifest_without_what_came_later_keeps_its_identity():
    text = tiny_manifest().to_json()
    assert "decisions" not in text
    assert "layers" not in text
    assert Manifest.from_json(text).model_id == tiny_manifest().model_id


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "single_label", "input": "tokens", "layers": (1,)},
        {"kind": "multi_label", "input": "tokens"},
        {"kind": "multi_label", "input": "features", "layers": (1,)},
    ],
)
def test_a_head_on_tokens_names_its_layers_and_has_many_labels(wrong):
    with pytest.raises(ModelFormatError, match="'multi_label' on 'tokens' of some layers"):
        Head("signals", LABELS, **wrong)


def test_a_layer_that_does_not_exist_is_refused():
    model = with_token_head(0)
    head = replace(model.heads[-1], layers=(1, 3))
    with pytest.raises(ModelFormatError, match="none of 1 to 2"):
        replace(model, manifest=replace(model.manifest, heads=(head,)))


def logits_of(values):
    return np.array(values, dtype=np.float32)[None, :, None]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([-9, 2, 3, -9], (1, 3)),
        ([3, -9, -9, -9, -9, 2.5], (0, 6)),  # four tokens further below, between two that are not
        ([3, -9, -9, -9, -9, -9, 2.5], (0, 1)),
        ([-9, -9, 5], (2, 3)),
        ([1, 1, 1], (0, 3)),
    ],
)
def test_evidence_is_the_run_around_the_greatest_logit(values, expected):
    _, evidence = read_tokens(logits_of(values), np.ones((1, len(values)), dtype=bool))
    assert tuple(evidence[0]) == expected


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-20, 20, width=32), min_size=1, max_size=12), st.integers(0, 5))
def test_padding_changes_nothing(values, padding):
    real = np.arange(len(values) + padding)[None, :] < len(values)
    padded = np.concatenate([logits_of(values), np.full((1, padding, 1), 9, np.float32)], axis=1)
    alone = read_tokens(logits_of(values), real[:, : len(values)])
    with_padding = read_tokens(padded, real)
    assert all(np.array_equal(one, other) for one, other in zip(alone, with_padding, strict=True))
    np.testing.assert_allclose(
        alone[0][0, 0], np.logaddexp.reduce(np.array(values, dtype=np.float64)), rtol=1e-5, atol=1e-5
    )


def test_a_text_without_words_is_all_words():
    assert words_of(np.array([[True, True, True, False]]), (2, 1)).tolist() == [[True, True, True, False]]
