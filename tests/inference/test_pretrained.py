import json
from dataclasses import replace

import numpy as np
import pytest

from tests.inference.conftest import tiny_tokenizer
from vocmine.errors import InputError, ModelFormatError, ModelNotFoundError
from vocmine.inference import EncoderConfig, Head, Model


@pytest.fixture
def folder(tiny_model, tmp_path):
    tiny_model.save_pretrained(tmp_path / "tiny")
    return tmp_path / "tiny"


def test_save_then_load_is_the_identity(tiny_model, folder, tmp_path):
    loaded = Model.from_pretrained(folder)
    loaded.save_pretrained(tmp_path / "again")
    assert loaded.model_id == tiny_model.model_id
    assert loaded.config == tiny_model.config
    assert all((loaded.stored[name] == array).all() for name, array in tiny_model.stored.items())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()
    }


def test_float32_means_dequantised(tiny_model):
    name = "encoder.layer.0.output.dense.weight"
    restored = tiny_model.tensor(name)
    assert tiny_model.stored[name].dtype == np.int8
    assert restored.dtype == np.float32
    assert np.allclose(restored, tiny_model.stored[name] * tiny_model.stored[f"{name}.scale"][:, None])


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_an_altered_file_is_refused(folder, name):
    data = bytearray((folder / name).read_bytes())
    data[-10] ^= 1
    (folder / name).write_bytes(bytes(data))
    with pytest.raises(ModelFormatError, match=f"{name} .*altered or cut short"):
        Model.from_pretrained(folder)


@pytest.mark.parametrize("name", ["manifest.json", "model.safetensors", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelFormatError, match=f"has no {name}"):
        Model.from_pretrained(folder)


def test_a_manifest_without_the_tokenizers_hash_is_refused(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"]["tokenizer.json"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelFormatError, match=r"no hash for tokenizer\.json"):
        Model.from_pretrained(folder)


@pytest.mark.parametrize("name", ["heads.urgency.bias", "encoder.layer.1.output.dense.weight"])
def test_weights_that_lack_a_tensor_or_have_another_shape_are_refused(tiny_model, name):
    lacking = {key: array for key, array in tiny_model.stored.items() if key != name}
    with pytest.raises(ModelFormatError, match=f"tensor '{name}' has shape None"):
        replace(tiny_model, stored=lacking)
    with pytest.raises(ModelFormatError, match=rf"tensor '{name}' has shape \(1,"):
        replace(tiny_model, stored={**tiny_model.stored, name: tiny_model.stored[name][:1]})


@pytest.mark.parametrize(
    "changes",
    [{"pooling": "cls"}, {"heads": (Head("s", ("negative", "positive"), input="model"),)}],
    ids=["pool", "head"],
)
def test_what_only_a_hugging_face_model_has_is_refused_in_our_format(tiny_model, changes):
    with pytest.raises(ModelFormatError, match="this version reads 'mean' and its embedding, features or tokens"):
        replace(tiny_model, manifest=replace(tiny_model.manifest, **changes))


def test_what_is_for_other_models_is_refused(folder):
    with pytest.raises(InputError, match=r"labels are given for a model in vocmine's format.*leave them out"):
        Model.from_pretrained(folder, labels={"négatif": "negative"})
    with pytest.raises(InputError, match="revision is 'main' for the folder 'tiny': leave it out"):
        Model.from_pretrained(folder, revision="main")


def test_a_tokenizer_that_truncates_is_not_let_to(tiny_model, tmp_path):
    cutting = tiny_tokenizer()
    cutting.enable_truncation(4)
    cutting.enable_padding(length=6)
    Model.assemble(tiny_model.manifest, tiny_model.config, cutting, tiny_model.stored).save_pretrained(tmp_path)
    assert len(Model.from_pretrained(tmp_path).tokenizer.encode("merci " * 7).ids) == 9


def test_an_unknown_name_says_which_models_there_are():
    with pytest.raises(ModelNotFoundError, match=r"no model 'camembert-xxl'.*path of a model folder"):
        Model.from_pretrained("camembert-xxl")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model_type": "roberta"}, "expected a BERT encoder"),
        ({"hidden_act": "relu"}, "expected a BERT encoder"),
        ({"hidden_size": "wide"}, "cannot be read"),
        ({"vocab_size": None}, "cannot be read"),
    ],
)
def test_another_architecture_is_refused(tiny_model, changes, said):
    with pytest.raises(ModelFormatError, match=said):
        EncoderConfig.from_json(json.dumps(json.loads(tiny_model.config.to_json()) | changes))


def test_the_configuration_is_one_that_transformers_reads(tiny_model):
    transformers = pytest.importorskip("transformers")
    theirs = transformers.BertConfig(**json.loads(tiny_model.config.to_json()))
    assert (theirs.hidden_size, theirs.vocab_size) == (tiny_model.config.hidden_size, tiny_model.config.vocab_size)
