"""Our engine among the contestants: everything is in its time, from texts to probabilities in the caller's order."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from speed_contestant import Contestant, Floats, Run, by_length, by_tokens
from speed_texts import Sample

from vocmine.errors import InputError
from vocmine.inference import Engine, Model
from vocmine.inference.backends.torch import TorchBackend

WHOLE = "vocmine"
ALONE = "vocmine, encoder alone"


def ours(model: Model, threads: int) -> list[Contestant]:
    """Make our engine, everything included; and with heads that read the encoder alone, as other libraries do."""
    alone = without_embedder(model)
    on_torch = TorchBackend(alone, "cpu", threads=threads)
    engines = [
        (name, precision, by_length, Engine(some, "cpu", precision=precision, threads=threads))
        for name, some in ((WHOLE, model), (ALONE, alone))
        for precision in ("float32", "int8")
    ]
    engines.append((f"{ALONE}, on torch", "float32", by_tokens, Engine(alone, backend=on_torch)))

    def bind(sample: Sample, engine: Engine) -> Run:
        def run() -> None:
            if engine.encode(sample.texts, embeddings=False).rejected:
                raise InputError("texts were rejected, expected all to be scored: the times would not compare")

        return run

    return [Contestant(name, precision, partial(bind, engine=engine), cut) for name, precision, cut, engine in engines]


def without_embedder(model: Model) -> Model:
    """Return the model with heads that read the encoder alone: other answers, and the same work of the encoder."""
    heads = tuple(replace(head, embedder=False) for head in model.heads)
    return replace(model, manifest=replace(model.manifest, heads=heads, embedder=""))


def reference(model: Model, sample: Sample) -> Floats:
    """Return the mean of the token vectors of each text by our own encoder in float32, on PyTorch."""
    alone = without_embedder(model)
    features = Engine(alone, backend=TorchBackend(alone, "cpu")).encode(sample.texts, features=True).features
    return np.zeros((0, 0), dtype=np.float32) if features is None else features


def agreement(found: Floats, expected: Floats) -> float:
    """Return the least cosine between vectors that should be the same."""
    products = (found * expected).sum(axis=1)
    return float((products / np.linalg.norm(found, axis=1) / np.linalg.norm(expected, axis=1)).min())
