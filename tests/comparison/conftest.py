"""A model with labels that are no polarities."""

from dataclasses import replace

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from vocmine.inference import EncoderConfig, Head, Manifest, Model

WORDS = ("<s>", "<pad>", "</s>", "<unk>", "le", "la", "facture", "colis", "merci")


@pytest.fixture(scope="session")
def tiny_labels_model():
    config = EncoderConfig(
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        vocab_size=len(WORDS),
        max_position_embeddings=32,
        type_vocab_size=1,
        layer_norm_eps=1e-12,
        pad_token_id=1,
    )
    tokenizer = Tokenizer(models.WordLevel({word: k for k, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    manifest = Manifest(name="tiny", version="1.0", max_tokens=32, heads=(Head("urgency", ("low", "high")),))
    random = np.random.default_rng(0)
    shapes = config.tensor_shapes() | {"heads.urgency.weight": (2, 8), "heads.urgency.bias": (2,)}
    stored = {name: random.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    weights = replace(manifest.weights, precision="float32")
    return Model.assemble(replace(manifest, weights=weights), config, tokenizer, stored)
