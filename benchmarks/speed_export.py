"""The embedded model as other libraries load it: the same encoder weights, the same tokenizer, a classifier on top.

What differs from ours: a `BertForSequenceClassification` classifies the first token's vector, through a pooling layer
(here the identity), where our heads read the mean of the token vectors and the vector of a second embedder. The work
of the encoder, which is nearly all of it, is the same.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from vocmine.inference import Model

HEAD = "sentiment"


def save_transformers(model: Model, folder: Path) -> Path:
    """Write a folder that transformers, sentence-transformers and CTranslate2's converter read, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = next(head.labels for head in model.heads if head.name == HEAD)
    sizes = json.loads(model.config.to_json())
    config = sizes | {
        "architectures": ["BertForSequenceClassification"],
        "id2label": dict(enumerate(labels)),
        "label2id": {label: rank for rank, label in enumerate(labels)},
        "position_embedding_type": "absolute",  # CTranslate2's converter asks for it
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "tokenizer.json").write_bytes(model.tokenizer_file)
    (folder / "tokenizer_config.json").write_text(json.dumps(_tokenizer_config(model)), encoding="utf-8")
    save_file(tensors(model), folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def tensors(model: Model) -> dict[str, NDArray[np.float32]]:
    """Return the weights by their names in `BertForSequenceClassification`."""
    hidden = model.config.hidden_size
    encoder = {f"bert.{name}": model.tensor(name) for name in model.config.tensor_shapes()}
    return encoder | {
        "bert.pooler.dense.weight": np.eye(hidden, dtype=np.float32),
        "bert.pooler.dense.bias": np.zeros(hidden, dtype=np.float32),
        "classifier.weight": model.tensor(f"heads.{HEAD}.weight"),
        "classifier.bias": model.tensor(f"heads.{HEAD}.bias"),
    }


def _tokenizer_config(model: Model) -> dict[str, object]:
    token = {rank: model.tokenizer.id_to_token(rank) for rank in (model.pad_token_id, model.unknown_token_id or 0)}
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": model.manifest.max_tokens,
        "model_input_names": ["input_ids", "attention_mask"],
        "pad_token": token[model.pad_token_id],
        "unk_token": token[model.unknown_token_id or 0],
    }
