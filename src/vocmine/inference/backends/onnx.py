"""The forward pass in ONNX Runtime, on the CPU: float32, and int8 at two to three times its speed.

Its importing takes a tenth of the time and of the memory that PyTorch's does, and PyTorch is not needed.
"""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto
from onnxruntime.capi import onnxruntime_pybind11_state as raised

from vocmine.inference.backends import Forward, in_order, joined
from vocmine.inference.backends.evidence import around_words, read_tokens, words_of
from vocmine.inference.backends.graph import encoder_graph
from vocmine.inference.backends.outliers import split_channels
from vocmine.inference.backends.words import WordTable
from vocmine.inference.memory import give_memory_back
from vocmine.inference.pretrained import Model

_ALL_LEVELS: Final = 127
_LEVELS_WITHOUT_VNNI: Final = 63
_LEAST_NORM: Final = 1e-12  # as in PyTorch
_RAISED: Final = (raised.Fail, raised.RuntimeException, raised.EPFail, raised.EngineError)
_UNFUSED: Final = ["SkipLayerNormFusion", "BiasGeluFusion"]
"""Rewritings of the graph that make it slower: their operators take longer than the two that each joins."""


class OnnxBackend:
    """Run a `Model` in ONNX Runtime, several batches at once.

    Parameters
    ----------
    model : Model
    precision : str
        ``float32`` or ``int8``.
    threads : int
        Batches that may run at once, one thread each.

    Attributes
    ----------
    dtype : str
        The precision; ``int8, 7-bit activations`` on an x86 processor without VNNI.
    """

    device = "cpu"
    pads = False

    def __init__(self, model: Model, precision: str, threads: int) -> None:
        levels = _exact_levels() if precision == "int8" else None
        self.dtype = precision if levels in {None, _ALL_LEVELS} else f"{precision}, 7-bit activations"
        self.at_once = threads
        self._look_up = WordTable(model)
        split = split_channels(model, levels) if levels else None
        self._session = session(encoder_graph(model, levels, split))
        give_memory_back()
        self._heads = {
            head.name: (head.input, model.tensor(f"heads.{head.name}.weight"), model.tensor(f"heads.{head.name}.bias"))
            for head in model.heads
            if not head.layers
        }
        self._token_heads = [head.name for head in model.heads if head.layers]
        self._ends = around_words(model)

    def move(self, device: str) -> None:
        """Do nothing: there is only the CPU."""
        if device != self.device:
            raise RuntimeError(f"this model runs on the CPU, not on {device}")

    def release(self) -> None:
        """Do nothing: memory held for reuse is given back with the session."""

    def forward(self, ids: NDArray[np.int32], mask: NDArray[np.bool_]) -> Forward:
        """Encode one batch; see `Backend.forward`. Texts of different lengths are computed apart."""
        lengths = mask.sum(axis=1)
        found, order = [], []
        for length in np.unique(lengths):
            rows = np.flatnonzero(lengths == length)
            found.append(self._encode(ids[rows, :length]))
            order.append(rows)
        return in_order(joined(found), np.concatenate(order))

    def _encode(self, ids: NDArray[np.int32]) -> Forward:
        """Encode texts of one length."""
        try:
            hidden, *tokens = self._session.run(None, {"vectors": self._look_up(ids)})
        except _RAISED as error:
            raise RuntimeError(str(error)) from error
        features = np.asarray(hidden.sum(axis=1) / np.float32(ids.shape[1]), dtype=np.float32)
        told = self._read(features)
        words = words_of(np.ones(ids.shape, dtype=np.bool_), self._ends)
        by_text = {name: read_tokens(values, words) for name, values in zip(self._token_heads, tokens, strict=True)}
        logits = told.logits | {name: pooled for name, (pooled, _) in by_text.items()}
        return told._replace(logits=logits, evidence={name: shown for name, (_, shown) in by_text.items()})

    def _read(self, features: NDArray[np.float32]) -> Forward:
        """Let the heads read. A product by `einsum` gives a row the same bits whatever the others, BLAS does not."""
        norm = np.sqrt(np.square(features).sum(axis=1, keepdims=True))
        inputs = {"embedding": features / np.maximum(norm, _LEAST_NORM), "features": features}
        logits = {
            name: np.einsum("bh,lh->bl", inputs[read], weight) + bias
            for name, (read, weight, bias) in self._heads.items()
        }
        return Forward(inputs["embedding"], features, logits)


def session(graph: ModelProto) -> onnxruntime.InferenceSession:
    """Make a graph ready to run, in the thread that runs it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Every length has a layout of its own, and keeping them all would cost memory.
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    made = onnxruntime.InferenceSession(
        graph.SerializeToString(), options, providers=["CPUExecutionProvider"], disabled_optimizers=_UNFUSED
    )
    made._model_bytes = None  # noqa: SLF001  # another copy of the weights, for falling back on other providers
    return made


def _exact_levels() -> int:
    """Return the largest activation whose products this processor adds up exactly.

    Without VNNI, an x86 processor adds two products of bytes in 16 bits: beyond 63 levels either side they overflow.
    """
    if platform.machine().lower() not in {"x86_64", "amd64"}:
        return _ALL_LEVELS
    flags = Path("/proc/cpuinfo")
    there = flags.is_file() and "vnni" in flags.read_text(encoding="utf-8")
    return _ALL_LEVELS if there else _LEVELS_WITHOUT_VNNI
