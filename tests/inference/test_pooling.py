"""A sentence-transformers folder gives what sentence-transformers gives."""

import json
import shutil

import numpy as np
import pytest

from tests.inference.tiny_huggingface import HIDDEN, TEXTS, write_encoder
from vocmine.errors import ModelFormatError
from vocmine.inference import Engine, Model

torch = pytest.importorskip("torch")
sentence_transformers = pytest.importorskip("sentence_transformers")
modules = pytest.importorskip("sentence_transformers.sentence_transformer.modules", reason="modules of version 6")


@pytest.fixture(scope="session")
def encoder(tmp_path_factory):
    return write_encoder(tmp_path_factory.mktemp("encoders") / "camembert", "camembert")


def save(encoder, folder, *after, modes="mean", **settings):
    """Write a folder as sentence-transformers does, and give its own model."""
    pooling = modules.Pooling(HIDDEN, pooling_mode=modes)
    model = sentence_transformers.SentenceTransformer(
        modules=[modules.Transformer(str(encoder)), pooling, *after], device="cpu", **settings
    )
    model.save(str(folder))
    return model


def dense(activation, outputs=8, inputs=HIDDEN):
    torch.manual_seed(1)
    return modules.Dense(inputs, outputs, activation_function=activation)


def normalise():
    return modules.Normalize()


def encode(folder):
    model = Model.from_pretrained(folder)
    return model, Engine(model, device="cpu", token_budget=40).encode(TEXTS, features=True)


@pytest.mark.parametrize("modes", ["mean", "cls", "max", "mean_sqrt_len_tokens", ("cls", "mean")], ids=str)
def test_each_pooling_is_theirs(encoder, tmp_path, modes):
    expected = save(encoder, tmp_path / "st", modes=modes).encode(TEXTS)
    model, encoding = encode(tmp_path / "st")
    assert model.heads == ()
    assert model.feature_size == expected.shape[1]
    assert np.allclose(encoding.features, expected, atol=1e-5)
    assert np.allclose(encoding.embeddings, expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-5)


def test_with_a_normalise_module_their_vectors_are_our_embeddings(encoder, tmp_path):
    expected = save(encoder, tmp_path / "st", normalise()).encode(TEXTS)
    _, encoding = encode(tmp_path / "st")
    assert np.allclose(encoding.embeddings, expected, atol=1e-5)
    assert not np.allclose(encoding.features, expected, atol=1e-2)


@pytest.mark.parametrize("activation", [torch.nn.Tanh(), torch.nn.Identity(), torch.nn.ReLU(), torch.nn.GELU()])
def test_dense_layers_are_theirs(encoder, tmp_path, activation):
    layers = [dense(activation, 8), dense(torch.nn.Identity(), 6, 8), normalise()]
    expected = save(encoder, tmp_path / "st", *layers).encode(TEXTS)
    model, encoding = encode(tmp_path / "st")
    assert model.embedding_size == 6
    assert np.allclose(encoding.embeddings, expected, atol=1e-5)


def test_the_default_prompt_is_put_before_every_text(encoder, tmp_path):
    prompts = {"requête": "Avis : ", "document": "Dossier : "}
    expected = save(encoder, tmp_path / "st", prompts=prompts, default_prompt_name="requête").encode(TEXTS)
    model, encoding = encode(tmp_path / "st")
    assert model.manifest.prefix == "Avis : "
    assert np.allclose(encoding.features, expected, atol=1e-5)


def test_prompts_that_are_not_the_default_are_not_used(encoder, tmp_path):
    save(encoder, tmp_path / "st", prompts={"requête": "Avis : "})
    assert Model.from_pretrained(tmp_path / "st").manifest.prefix == ""


def settle(folder, **changes):
    path = folder / "sentence_bert_config.json"
    path.write_text(json.dumps((json.loads(path.read_text()) if path.exists() else {}) | changes))


def test_the_longest_text_is_the_one_that_the_folder_says(encoder, tmp_path):
    save(encoder, tmp_path / "st")
    settle(tmp_path / "st", max_seq_length=12)
    model, encoding = encode(tmp_path / "st")
    lengths = [len(model.tokenizer.encode(text).ids) for text in TEXTS]
    assert model.manifest.max_tokens == 12
    assert list(encoding.rejected) == [row for row, length in enumerate(lengths) if length > 12]


def test_the_longest_text_is_the_one_that_they_save(encoder, tmp_path):
    theirs = save(encoder, tmp_path / "longer")
    theirs.max_seq_length = 12
    theirs.save(str(tmp_path / "st"))
    assert Model.from_pretrained(tmp_path / "st").manifest.max_tokens == 12


def test_a_folder_that_lower_cases_is_followed(encoder, tmp_path):
    save(encoder, tmp_path / "st")
    settle(tmp_path / "st", do_lower_case=True)
    model = Model.from_pretrained(tmp_path / "st")
    assert model.tokenizer.encode("MERCI À TOUS").ids == model.tokenizer.encode("merci à tous").ids


def test_the_older_layout_is_read_too(encoder, tmp_path):
    modern = tmp_path / "modern"
    save(encoder, modern, modes="cls")
    older = tmp_path / "older"
    shutil.copytree(encoder, older / "0_Transformer")
    (older / "1_Pooling").mkdir()
    switches = {"word_embedding_dimension": HIDDEN, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (older / "1_Pooling" / "config.json").write_text(json.dumps(switches))
    kinds = [("0_Transformer", "Transformer"), ("1_Pooling", "Pooling")]
    entries = [
        {"idx": idx, "name": str(idx), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for idx, (path, kind) in enumerate(kinds)
    ]
    (older / "modules.json").write_text(json.dumps(entries))
    model, encoding = encode(older)
    assert model.manifest.weights.file == "0_Transformer/model.safetensors"
    assert np.allclose(encoding.embeddings, encode(modern)[1].embeddings, atol=1e-6)


def test_save_then_load_is_the_identity(encoder, tmp_path):
    save(encoder, tmp_path / "st", dense(torch.nn.Tanh()), normalise())
    model, encoding = encode(tmp_path / "st")
    model.save_pretrained(tmp_path / "saved")
    again, same = encode(tmp_path / "saved")
    assert again.model_id == model.model_id
    assert (same.embeddings == encoding.embeddings).all()


def test_the_identity_changes_with_the_pooling(encoder, tmp_path):
    save(encoder, tmp_path / "a" / "st", modes="cls")
    save(encoder, tmp_path / "b" / "st", modes="mean")
    assert (
        Model.from_pretrained(tmp_path / "a" / "st").model_id != Model.from_pretrained(tmp_path / "b" / "st").model_id
    )


def rewrite(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


class TestRefusals:
    @pytest.fixture
    def folder(self, encoder, tmp_path):
        save(encoder, tmp_path / "st", dense(torch.nn.Tanh()), normalise())
        return tmp_path / "st"

    def test_a_module_that_is_not_known(self, folder):
        entries = json.loads((folder / "modules.json").read_text())
        entries[2]["type"] = "sentence_transformers.models.LSTM"
        (folder / "modules.json").write_text(json.dumps(entries))
        with pytest.raises(ModelFormatError, match="lists Transformer, Pooling, LSTM, Normalize, expected"):
            Model.from_pretrained(folder)

    def test_a_module_outside_the_folders_that_are_copied_and_counted(self, folder):
        entries = json.loads((folder / "modules.json").read_text())
        entries[1]["path"] = "../1_Pooling"
        (folder / "modules.json").write_text(json.dumps(entries))
        with pytest.raises(ModelFormatError, match=r"names folders \.\./1_Pooling, expected ones such as 1_Pooling"):
            Model.from_pretrained(folder)

    @pytest.mark.parametrize("text", ["{", "[]", "[1]", '[{"idx": 0}]'])
    def test_modules_that_cannot_be_read(self, folder, text):
        (folder / "modules.json").write_text(text)
        with pytest.raises(ModelFormatError, match=r"cannot be read|lists nothing"):
            Model.from_pretrained(folder)

    def test_a_pooling_that_is_not_known(self, folder):
        rewrite(folder / "1_Pooling" / "config.json", pooling_mode="weightedmean")
        with pytest.raises(ModelFormatError, match="pooling is weightedmean, expected cls, max, mean"):
            Model.from_pretrained(folder)

    def test_a_prompt_that_is_left_out_of_the_pooling(self, folder):
        rewrite(folder / "1_Pooling" / "config.json", include_prompt=False)
        rewrite(folder / "config_sentence_transformers.json", prompts={"a": "Avis : "}, default_prompt_name="a")
        with pytest.raises(ModelFormatError, match="a default prompt and leaves it out of the pooling"):
            Model.from_pretrained(folder)

    @pytest.mark.parametrize(
        "changes", [{"activation_function": "torch.nn.modules.activation.Mish"}, {"use_residual": True}]
    )
    def test_a_dense_layer_that_is_not_known(self, folder, changes):
        rewrite(folder / "2_Dense" / "config.json", **changes)
        with pytest.raises(ModelFormatError, match="Dense layer '2_Dense' has activation"):
            Model.from_pretrained(folder)

    def test_a_dense_layer_in_a_pickle(self, folder):
        (folder / "2_Dense" / "model.safetensors").rename(folder / "2_Dense" / "pytorch_model.bin")
        with pytest.raises(ModelFormatError, match=r"'2_Dense' has no model\.safetensors but pytorch_model\.bin"):
            Model.from_pretrained(folder)
