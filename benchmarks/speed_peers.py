"""Other libraries, on the embedded model's own encoder weights.

They get the texts as the encoder reads them (prefix, lowered capitals). The pipelines and sentence-transformers
tokenise within the time, and cut batches in their own way. ONNX Runtime (with the graph of our own engine), CTranslate2
and dynamic int8 get token ids, already in the batches that our engine makes: what is left in their time is the forward
pass and the mean of the token vectors.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from speed_contestant import BATCH, Contestant, Floats, Run, by_characters, by_length, in_order, one_by_one
from speed_export import save_transformers
from speed_texts import Sample
from transformers import AutoModel, logging, pipeline

from vocmine.inference import Model
from vocmine.inference.backends.onnx import OnnxBackend
from vocmine.inference.batching import Rows


def all_peers(model: Model, folder: Path, threads: int) -> list[Contestant]:
    """Return those that can run here; what is not installed is left out, and said to be.

    Parameters
    ----------
    model : Model
    folder : Path
        Where the model is written for them.
    threads : int
        Of each of them.
    """
    torch.set_num_threads(threads)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    bert = save_transformers(model, folder / "bert")
    makers: Sequence[Callable[[], list[Contestant]]] = (
        partial(pipelines, bert),
        partial(sentence_transformers, bert),
        partial(onnx_runtime, model, threads),
        partial(ctranslate2, bert, folder / "ctranslate2", threads),
        partial(dynamic_int8, bert),
    )
    return [each for make in makers for each in made(make)]


def made(make: Callable[[], list[Contestant]]) -> list[Contestant]:
    """Return what a maker makes, or nothing and a word about it."""
    try:
        return make()
    except ImportError as error:
        print(f"LEFT OUT: {error}", flush=True)
        return []


def pipelines(bert: Path) -> list[Contestant]:
    """Make the `pipeline` of transformers, as it comes, and with batches."""
    classify = pipeline("text-classification", model=str(bert), device="cpu", top_k=None)

    def bind(sample: Sample, batch_size: int) -> Run:
        def run() -> None:
            classify(sample.read, batch_size=batch_size)

        return run

    return [
        Contestant("transformers pipeline", "float32", partial(bind, batch_size=1), one_by_one),
        Contestant(f"transformers pipeline, batch {BATCH}", "float32", partial(bind, batch_size=BATCH), in_order),
    ]


def sentence_transformers(bert: Path) -> list[Contestant]:
    """Make the `encode` of sentence-transformers, with the mean of the token vectors."""
    library = import_module("sentence_transformers")
    modules = import_module("sentence_transformers.sentence_transformer.modules")
    transformer = modules.Transformer(str(bert))
    pooling = modules.Pooling(transformer.get_embedding_dimension(), "mean")
    encoder = library.SentenceTransformer(modules=[transformer, pooling], device="cpu")

    def bind(sample: Sample) -> Run:
        return lambda: np.asarray(encoder.encode(sample.read, batch_size=BATCH, show_progress_bar=False))

    return [Contestant(f"sentence-transformers, batch {BATCH}", "float32", bind, by_characters)]


def onnx_runtime(model: Model, threads: int) -> list[Contestant]:
    """Make a bare loop around the session of our engine, batches being shared out among threads as it does."""

    def bind(sample: Sample, precision: str) -> Run:
        encode = OnnxBackend(model, precision, threads)._encode  # noqa: SLF001, the session and nothing around it
        cut = [(rows, stack(sample, rows)) for rows in by_length(sample)]
        pool = ThreadPoolExecutor(threads)

        def run() -> Floats:
            found = empty(sample)
            for (rows, _), vectors in zip(cut, pool.map(encode, (ids for _, ids in cut)), strict=True):
                found[rows] = vectors.features
            return found

        return run

    return [
        Contestant("ONNX Runtime", precision, partial(bind, precision=precision), by_length)
        for precision in ("float32", "int8")
    ]


def ctranslate2(bert: Path, folder: Path, threads: int) -> list[Contestant]:
    """Make the encoder of CTranslate2, from token ids."""
    library = import_module("ctranslate2")
    library.converters.TransformersConverter(str(bert)).convert(str(folder), force=True)

    def bind(sample: Sample, precision: str) -> Run:
        encoder = library.Encoder(str(folder), device="cpu", compute_type=precision, intra_threads=threads)
        cut = [(rows, [sample.ids[row].tolist() for row in rows]) for rows in by_length(sample)]

        def run() -> Floats:
            found = empty(sample)
            for rows, ids in cut:
                found[rows] = np.array(encoder.forward_batch(ids).last_hidden_state).mean(axis=1)
            return found

        return run

    return [
        Contestant("CTranslate2", precision, partial(bind, precision=precision), by_length)
        for precision in ("float32", "int8")
    ]


def dynamic_int8(bert: Path) -> list[Contestant]:
    """Make the `BertModel` of transformers with PyTorch's dynamic quantisation, from token ids."""
    quantize_dynamic = import_module("torch.ao.quantization").quantize_dynamic
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that its successor is another package
        encoder = quantize_dynamic(
            AutoModel.from_pretrained(str(bert), add_pooling_layer=False).eval(), {torch.nn.Linear}, torch.qint8
        )

    def bind(sample: Sample) -> Run:
        cut = [(rows, torch.from_numpy(stack(sample, rows))) for rows in by_length(sample)]

        @torch.inference_mode()
        def run() -> Floats:
            found = empty(sample)
            for rows, ids in cut:
                found[rows] = encoder(input_ids=ids).last_hidden_state.mean(dim=1).numpy()
            return found

        return run

    return [Contestant("torch dynamic int8", "int8", bind, by_length)]


def empty(sample: Sample) -> Floats:
    """Return room for what a sample gives."""
    return np.empty((len(sample.ids), 384), dtype=np.float32)


def stack(sample: Sample, rows: Rows) -> NDArray[np.int32]:
    """Lay texts of one length out as a rectangle."""
    return np.stack([sample.ids[row] for row in rows])
