"""Models small enough to encode a thousand texts in a second, with random weights from a fixed seed."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from tests.inference.tiny_huggingface import ARCHITECTURES, write_classifier
from vocmine.inference import EncoderConfig, Head, Manifest, Model, quantise

HIDDEN, WIDE, LAYERS, HEADS, WINDOW = 32, 64, 2, 4, 24
WORDS = ("le", "la", "facture", "colis", "merci", "toujours", "pas", "reçu", "bonjour", "service", "!", "été", "query:")
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def tiny_tokenizer() -> Tokenizer:
    ids = {word: index for index, word in enumerate((*SPECIAL, *WORDS))}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", ids["<s>"]), ("</s>", ids["</s>"])]
    )
    return tokenizer


def tiny_config() -> EncoderConfig:
    return EncoderConfig(
        hidden_size=HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=WIDE,
        vocab_size=len(SPECIAL) + len(WORDS),
        max_position_embeddings=WINDOW,
        type_vocab_size=2,
        layer_norm_eps=1e-12,
        pad_token_id=1,
    )


def tiny_tensors() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    shapes = tiny_config().tensor_shapes()
    for head in tiny_manifest().heads:
        labels = len(head.labels)
        shapes |= {f"heads.{head.name}.weight": (labels, HIDDEN), f"heads.{head.name}.bias": (labels,)}
    stored: dict[str, np.ndarray] = {}
    for name, shape in shapes.items():
        values = random.normal(1 if "LayerNorm.weight" in name else 0, 0.3, shape).astype(np.float32)
        if name.startswith("encoder") and len(shape) == 2:
            stored[name], stored[f"{name}.scale"] = quantise(values)
        else:
            stored[name] = values.astype(np.float16) if "position" in name else values
    return stored


def tiny_manifest() -> Manifest:
    return Manifest(
        name="tiny",
        version="1.0",
        max_tokens=WINDOW,
        prefix="query: ",
        languages=("fr",),
        heads=(
            Head("sentiment", ("negative", "neutral", "positive")),
            Head("urgency", ("low", "high")),
            Head("motives", ("price", "delay"), kind="multi_label", input="features"),
        ),
        licence="MIT",
    )


@pytest.fixture(scope="session")
def tiny_model() -> Model:
    return Model.assemble(tiny_manifest(), tiny_config(), tiny_tokenizer(), tiny_tensors())


@pytest.fixture(scope="session")
def classifiers(tmp_path_factory):
    root = tmp_path_factory.mktemp("classifiers")
    return {name: write_classifier(root / name, name) for name in ARCHITECTURES}


@pytest.fixture(scope="session")
def camembert(classifiers):
    return Model.from_pretrained(classifiers["camembert"])


@pytest.fixture
def folder(classifiers, tmp_path):
    """A CamemBERT folder to spoil."""
    return shutil.copytree(classifiers["camembert"], tmp_path / "camembert")
