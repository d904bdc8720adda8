"""Texts come in; one embedding and every head's probabilities for each text go out, in one forward pass.

`Model` reads and writes a model folder (manifest, configuration, tokenizer, int8 weights), and `HuggingFaceModel` runs
one of transformers or sentence-transformers; `Engine` runs a model on the
best device there is: distinct texts only, tokenised once, sorted by length, cut into batches by a budget of tokens, and
put back in the caller's order. What cannot be scored is rejected with a reason; nothing is truncated. This package is
the only place that names torch, and it does so when a model runs, not when it is imported.
"""

from __future__ import annotations

from vocmine.inference.backends import Backend, Forward
from vocmine.inference.cache import Cache
from vocmine.inference.config import EncoderConfig
from vocmine.inference.device import choose_device, choose_precision, usable_cores
from vocmine.inference.embedder import Embedder, UniversalSentenceEncoder
from vocmine.inference.engine import Engine
from vocmine.inference.headed import HeadedModel
from vocmine.inference.huggingface import HuggingFaceModel
from vocmine.inference.labels import LabelMap
from vocmine.inference.manifest import Head, Manifest, Weights
from vocmine.inference.pretrained import Model, available_models
from vocmine.inference.protocol import RunnableModel
from vocmine.inference.quantised import dequantise, quantise
from vocmine.inference.results import Encoding, EncodingStats, Plan
from vocmine.inference.tokens import words_at

__all__ = [
    "Backend",
    "Cache",
    "Embedder",
    "EncoderConfig",
    "Encoding",
    "EncodingStats",
    "Engine",
    "Forward",
    "Head",
    "HeadedModel",
    "HuggingFaceModel",
    "LabelMap",
    "Manifest",
    "Model",
    "Plan",
    "RunnableModel",
    "UniversalSentenceEncoder",
    "Weights",
    "available_models",
    "choose_device",
    "choose_precision",
    "dequantise",
    "quantise",
    "usable_cores",
    "words_at",
]
