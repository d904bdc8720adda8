"""What cannot be run faithfully is refused with what to do, before any text is scored."""

import json
import os
import shutil

import numpy as np
import pytest

from tests.inference.tiny_huggingface import ARCHITECTURES, TEXTS, write_encoder, write_tokenizer
from vocmine.errors import ModelFormatError
from vocmine.inference import Engine, Model

transformers = pytest.importorskip("transformers")


def test_pickled_weights_are_refused_with_how_to_convert_them(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelFormatError, match=r"no model\.safetensors but pytorch_model\.bin.*safe_serialization"):
        Model.from_pretrained(folder)


def test_a_folder_without_weights_is_refused(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelFormatError, match=r"has no model\.safetensors: convert"):
        Model.from_pretrained(folder)


def test_weights_cut_short_are_refused(folder):
    os.truncate(folder / "model.safetensors", 1_000)
    with pytest.raises(ModelFormatError, match=r"model\.safetensors cannot be read"):
        Model.from_pretrained(folder)


def test_weights_without_the_classifier_are_not_filled_with_random_numbers(folder, tmp_path):
    bare = write_encoder(tmp_path / "bare", "camembert")
    shutil.copy(bare / "model.safetensors", folder)
    with pytest.raises(ModelFormatError, match=r"lack 4 tensors .*random numbers"):
        Model.from_pretrained(folder)


def test_quantised_weights_are_not_taken_for_numbers(folder):
    from safetensors.numpy import load_file, save_file

    tensors = {name: array.astype(np.int8) for name, array in load_file(folder / "model.safetensors").items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelFormatError, match=r"holds I8 weights and 'camembert' has no manifest\.json"):
        Model.from_pretrained(folder)


def test_a_folder_without_tokenizer_is_refused(folder):
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelFormatError, match="'camembert' has no tokenizer"):
        Model.from_pretrained(folder)


def test_a_tokenizer_that_cannot_be_read_is_refused(folder):
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelFormatError, match="tokenizer of 'camembert' cannot be loaded"):
        Model.from_pretrained(folder)


def test_a_tokenizer_without_a_fast_form_is_refused(folder):
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.txt").write_text("merci")
    settings = {"tokenizer_class": "ByT5Tokenizer"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    with pytest.raises(ModelFormatError, match=r"ByT5Tokenizer of 'camembert' has no fast form"):
        Model.from_pretrained(folder)


def test_another_models_tokenizer_is_refused(folder):
    write_tokenizer(folder, ARCHITECTURES["roberta"])
    with pytest.raises(ModelFormatError, match="the tokenizer is another model's"):
        Model.from_pretrained(folder)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"auto_map": {"AutoModel": "modeling.Custom"}}, "needs Python code of its own, which is never run"),
        ({"is_encoder_decoder": True}, "has a decoder"),
        ({"model_type": "unheard-of"}, "transformers cannot load 'camembert'"),
        ({"hidden_size": 16}, "in another shape"),
    ],
)
def test_a_configuration_that_cannot_be_run_faithfully_is_refused(folder, changes, said):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | changes))
    with pytest.raises(ModelFormatError, match=said):
        Model.from_pretrained(folder)


def test_an_adapter_beside_the_weights_is_refused_and_not_left_out(folder):
    (folder / "adapter_config.json").write_text("{}")
    with pytest.raises(ModelFormatError, match="has an adapter"):
        Model.from_pretrained(folder)


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_configuration_that_is_no_object_is_refused(folder, text):
    (folder / "config.json").write_text(text)
    with pytest.raises(ModelFormatError, match=r"config\.json"):
        Model.from_pretrained(folder)


def test_a_sentencepiece_file_alone_is_converted(tmp_path):
    sentencepiece = pytest.importorskip("sentencepiece")
    folder = write_encoder(tmp_path / "xlm-roberta", "xlm-roberta", vocab_size=200)
    (folder / "tokenizer.json").unlink()
    (tmp_path / "texts.txt").write_text("\n".join(TEXTS * 4), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(tmp_path / "texts.txt"),
        model_prefix=str(folder / "sentencepiece.bpe"),
        vocab_size=100,
        bos_id=1,
        eos_id=2,
        unk_id=0,
        pad_id=-1,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    (folder / "sentencepiece.bpe.vocab").unlink()
    model = Model.from_pretrained(folder)
    expected = transformers.AutoTokenizer.from_pretrained(folder)(TEXTS)["input_ids"]
    assert [model.tokenizer.encode(text).ids for text in TEXTS] == expected
    assert Engine(model, device="cpu").encode(TEXTS).rejected == {}


def test_tokens_that_the_model_has_no_vector_for_are_read_as_text(camembert):
    # transformers' CamemBERT tokenizer adds some of its own beyond the vocabulary.
    rows = camembert.module.get_input_embeddings().num_embeddings
    ids = camembert.tokenizer.encode("<s>NOTUSED merci </s>NOTUSED").ids
    assert max(ids) < rows
    assert Engine(camembert, device="cpu").encode(["<s>NOTUSED merci"]).rejected == {}


def test_loading_leaves_the_settings_of_transformers_alone(classifiers, capfd):
    from transformers.utils import logging

    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    Model.from_pretrained(classifiers["camembert"])
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
    assert capfd.readouterr().err == ""
