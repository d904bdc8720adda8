"""A head of one's own: on a model in our format it is one head more, on another's model a file more."""

import json

import numpy as np
import pytest

from tests.inference.tiny_huggingface import TEXTS, write_classifier, write_encoder
from vocmine.errors import ModelFormatError
from vocmine.inference import Engine, Head, HeadedModel, Model
from vocmine.inference.headed import HEAD_FILE, attach_head, read_head

HEAD = Head("sentiment", ("positive", "negative"), input="features")
OURS = ["bonjour le colis", "merci", "toujours pas reçu"]


def linear(model, seed=0):
    random = np.random.default_rng(seed)
    return random.normal(size=(2, model.feature_size)), random.normal(size=2)


def probabilities(model, texts):
    return Engine(model, device="cpu").encode(texts).probabilities["sentiment"]


def expected(model, texts, weight, bias):
    logits = Engine(model, device="cpu").encode(texts, features=True).features @ weight.T + bias
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


@pytest.fixture(scope="module", params=["camembert", "distilbert"])
def foreign(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("theirs")
    write = write_classifier if request.param == "camembert" else write_encoder
    return Model.from_pretrained(write(folder, request.param))


def test_the_head_reads_the_features(tiny_model, foreign):
    for model, texts in ((tiny_model, OURS), (foreign, TEXTS)):
        weight, bias = linear(model)
        headed = attach_head(model, HEAD, weight, bias)
        np.testing.assert_allclose(probabilities(headed, texts), expected(model, texts, weight, bias), atol=1e-5)
        np.testing.assert_array_equal(read_head(headed, "sentiment")[0], weight.astype(np.float32))


def test_saved_then_loaded_it_is_the_same_model(tiny_model, foreign, tmp_path):
    for model, texts in ((tiny_model, OURS), (foreign, TEXTS)):
        headed = attach_head(model, HEAD, *linear(model))
        headed.save_pretrained(tmp_path / headed.manifest.name)
        loaded = Model.from_pretrained(tmp_path / headed.manifest.name)
        assert type(loaded) is type(headed)
        assert loaded.model_id == headed.model_id
        assert loaded.heads == headed.heads
        assert np.array_equal(probabilities(loaded, texts), probabilities(headed, texts))


def test_the_id_tells_heads_apart(tiny_model, foreign):
    for model in (tiny_model, foreign):
        ids = {attach_head(model, HEAD, *linear(model, seed)).model_id for seed in (0, 0, 1)}
        assert len(ids) == 2
        assert model.model_id not in ids


def test_another_head_takes_the_place_of_the_first(tiny_model, foreign):
    for model in (tiny_model, foreign):
        second = attach_head(attach_head(model, HEAD, *linear(model, 1)), HEAD, *linear(model))
        assert second.model_id == attach_head(model, HEAD, *linear(model)).model_id


def test_trained_layers_of_our_format_are_kept_in_float32_and_other_heads_are_not_kept(tiny_model, tmp_path):
    layer = {
        name: tiny_model.tensor(name) * np.float32(1.5)
        for name in tiny_model.config.tensor_shapes()
        if name.startswith("encoder.layer.1.")
    }
    headed = attach_head(tiny_model, HEAD, *linear(tiny_model), trained=layer)
    assert headed.manifest.weights.precision == "float32"
    assert [head.name for head in headed.heads] == ["sentiment"]
    assert all(np.array_equal(headed.tensor(name), array) for name, array in layer.items())
    assert all(
        np.array_equal(headed.tensor(name), tiny_model.tensor(name))
        for name in tiny_model.config.tensor_shapes().keys() - layer
    )
    headed.save_pretrained(tmp_path)
    assert np.array_equal(probabilities(Model.from_pretrained(tmp_path), OURS), probabilities(headed, OURS))


def test_trained_weights_of_a_foreign_model_are_kept_in_its_folder(foreign, tmp_path):
    name, before = next((n, p.detach().numpy()) for n, p in foreign.module.named_parameters() if "layer.1." in n)
    headed = attach_head(foreign, HEAD, *linear(foreign), trained={name: before + np.float32(1)})
    headed.save_pretrained(tmp_path)
    loaded = Model.from_pretrained(tmp_path)
    assert isinstance(loaded, HeadedModel)
    assert np.array_equal(loaded.base.module.state_dict()[name].numpy(), before + np.float32(1))
    assert np.array_equal(foreign.module.state_dict()[name].numpy(), before)
    assert np.array_equal(probabilities(loaded, TEXTS), probabilities(headed, TEXTS))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: data | {"format_version": 9}, "version 9, expected 'vocmine-head' version 1"),
        (lambda data: data | {"sha256": "0"}, "is not the one that"),
        (lambda data: {name: data[name] for name in data if name != "head"}, "cannot be read"),
        (lambda data: data | {"head": {**data["head"], "labels": ["a", "b", "c"]}}, "not of shape"),
    ],
)
def test_an_altered_head_is_refused(foreign, tmp_path, spoil, message):
    attach_head(foreign, HEAD, *linear(foreign)).save_pretrained(tmp_path)
    file = tmp_path / HEAD_FILE
    file.write_text(json.dumps(spoil(json.loads(file.read_text()))))
    with pytest.raises(ModelFormatError, match=message):
        Model.from_pretrained(tmp_path)
