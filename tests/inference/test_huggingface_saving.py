"""A Hugging Face model saved and read again is the same, under the same identity."""

import numpy as np
import pytest

from tests.inference.tiny_huggingface import ARCHITECTURES, TEXTS, theirs, write_tokenizer
from vocmine.errors import ModelFormatError
from vocmine.inference import Engine, Model
from vocmine.inference.run import softmax

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")


@pytest.mark.parametrize("labels", [None, {"négatif": "positive", "neutre": "neutral", "positif": "negative"}])
def test_save_then_load_is_the_identity(classifiers, tmp_path, labels):
    model = Model.from_pretrained(classifiers["camembert"], labels=labels)
    model.save_pretrained(tmp_path / "saved")
    again = Model.from_pretrained(tmp_path / "saved")
    assert (again.model_id, again.heads) == (model.model_id, model.heads)
    here, there = (Engine(each, device="cpu").encode(TEXTS) for each in (model, again))
    assert (here.probabilities["sentiment"] == there.probabilities["sentiment"]).all()


def test_a_folder_saved_over_itself_is_the_same(folder):
    before = Model.from_pretrained(folder)
    before.save_pretrained(folder)
    assert Model.from_pretrained(folder).model_id == before.model_id


def test_the_identity_changes_with_the_map_the_weights_and_the_tokenizer(folder):
    ids = {Model.from_pretrained(folder).model_id}
    meant = {"négatif": "positive", "neutre": "neutral", "positif": "negative"}
    ids.add(Model.from_pretrained(folder, labels=meant).model_id)
    write_tokenizer(folder, ARCHITECTURES["camembert"], model_max_length=511)
    ids.add(Model.from_pretrained(folder).model_id)
    module = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    with torch.no_grad():
        module.classifier.out_proj.bias += 1
    module.save_pretrained(folder)
    ids.add(Model.from_pretrained(folder).model_id)
    assert len(ids) == 4


def test_files_that_no_result_depends_on_are_neither_copied_nor_counted(folder, tmp_path):
    before = Model.from_pretrained(folder).model_id
    (folder / "README.md").write_text("card")
    (folder / "training_args.bin").write_bytes(b"pickle")
    model = Model.from_pretrained(folder)
    model.save_pretrained(tmp_path / "saved")
    assert model.model_id == before
    assert not {"README.md", "training_args.bin"} & {path.name for path in (tmp_path / "saved").iterdir()}


def test_files_that_changed_since_are_not_saved(folder, tmp_path):
    model = Model.from_pretrained(folder)
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelFormatError, match=r"tokenizer\.json of model 'camembert' is gone or has changed"):
        model.save_pretrained(tmp_path / "saved")


def test_weights_in_shards_are_read_and_copied(classifiers, folder, tmp_path):
    module = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    module.save_pretrained(folder, max_shard_size="20KB")
    model = Model.from_pretrained(folder)
    model.save_pretrained(tmp_path / "saved")
    again = Model.from_pretrained(tmp_path / "saved")
    assert model.manifest.weights.file == "model.safetensors.index.json"
    assert again.model_id == model.model_id
    found = Engine(again, device="cpu").encode(TEXTS).probabilities["sentiment"]
    assert np.allclose(found, softmax(theirs(classifiers["camembert"], TEXTS)[0]), atol=1e-5)
