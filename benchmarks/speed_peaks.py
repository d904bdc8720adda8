"""How fast the machine multiplies matrices, and how much of that a run makes use of.

A peak is the best of several libraries, at the shapes of the encoder's own products and at a large square; operations
are multiplications and additions, counted apart. Every library is held to the threads that the contestants have.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from vocmine.inference import EncoderConfig

SHAPES = ((512, 384, 1536), (512, 1536, 384), (2048, 2048, 2048))
"""Rows, inner, columns."""
_SECONDS = 0.15
"""Time given to each library at each shape; the best repetition counts."""

Product = Callable[[], object]


def operations(config: EncoderConfig, lengths: NDArray[np.intp]) -> float:
    """Count the operations that texts need, padding excluded.

    Of the encoder: the products with its weights, and the two of attention (queries with keys, shares with values).
    What is left out (look-up, normalisation, softmax, heads) is under 1 %.

    Parameters
    ----------
    config : EncoderConfig
    lengths : int array of shape (texts,)
        Tokens of each text.

    Returns
    -------
    float
        Multiplications and additions.
    """
    tokens = lengths.astype(np.float64)
    hidden, wide = config.hidden_size, config.intermediate_size
    a_token = 2 * (4 * hidden * hidden + 2 * hidden * wide)
    a_pair = 2 * 2 * hidden
    return float(config.num_hidden_layers * (a_token * tokens.sum() + a_pair * (tokens**2).sum()))


@dataclass(frozen=True)
class Peak:
    """The best that was found: operations a second, by which library, at which shape."""

    rate: float
    library: str
    shape: tuple[int, int, int]


class Peaks:
    """The products of every library, made once and timed again in each round.

    Parameters
    ----------
    threads : int
    shapes : sequence of (int, int, int)
    """

    def __init__(self, threads: int, shapes: tuple[tuple[int, int, int], ...] = SHAPES) -> None:
        self._threads = threads
        self._products = {
            precision: [
                (library, shape, product)
                for shape in shapes
                for make in makers
                for library, product in made(make, shape, threads)
            ]
            for precision, makers in (
                ("float32", (torch_float32, numpy_float32, onnx_float32)),
                ("int8", (torch_int8, onnx_int8)),
            )
        }

    def measure(self) -> dict[str, Peak]:
        """Return the peak of each precision, ``float32`` and ``int8``."""
        with threadpool_limits(self._threads):
            return {
                precision: max(
                    (Peak(rate(product, shape), library, shape) for library, shape, product in products),
                    key=lambda peak: peak.rate,
                )
                for precision, products in self._products.items()
            }


def rate(product: Product, shape: tuple[int, int, int], seconds: float = _SECONDS) -> float:
    """Return the operations a second of the best repetition."""
    product()
    best, end = np.inf, time.perf_counter() + seconds
    while (begun := time.perf_counter()) < end:
        product()
        best = min(best, time.perf_counter() - begun)
    rows, inner, columns = shape
    return 2 * rows * inner * columns / best


Maker = Callable[[tuple[int, int, int], int], tuple[str, Product]]


def made(make: Maker, shape: tuple[int, int, int], threads: int) -> Iterator[tuple[str, Product]]:
    """Yield the product of a library, or nothing if it has none on this machine."""
    with suppress(NotImplementedError, RuntimeError):
        library, product = make(shape, threads)
        product()
        yield library, product


def torch_float32(shape: tuple[int, int, int], threads: int) -> tuple[str, Product]:
    """PyTorch: oneDNN or its BLAS."""
    torch.set_num_threads(threads)
    rows, inner, columns = shape
    left, right, out = torch.rand(rows, inner), torch.rand(inner, columns), torch.empty(rows, columns)
    return "torch", lambda: torch.mm(left, right, out=out)


def torch_int8(shape: tuple[int, int, int], threads: int) -> tuple[str, Product]:
    """PyTorch: signed by signed, into int32."""
    torch.set_num_threads(threads)
    rows, inner, columns = shape
    left, right = (torch.ones(size, dtype=torch.int8) for size in ((rows, inner), (inner, columns)))
    return "torch", lambda: torch._int_mm(left, right)  # noqa: SLF001, the only product of int8 that torch has


def numpy_float32(shape: tuple[int, int, int], _threads: int) -> tuple[str, Product]:
    """NumPy: its own BLAS."""
    rows, inner, columns = shape
    random = np.random.default_rng(0)
    left, right = (random.random(size, dtype=np.float32) for size in ((rows, inner), (inner, columns)))
    out = np.empty((rows, columns), dtype=np.float32)
    return "numpy", lambda: np.matmul(left, right, out=out)


def onnx_float32(shape: tuple[int, int, int], threads: int) -> tuple[str, Product]:
    """ONNX Runtime: its MLAS."""
    return "onnxruntime", _onnx("MatMul", TensorProto.FLOAT, TensorProto.FLOAT, shape, threads)


def onnx_int8(shape: tuple[int, int, int], threads: int) -> tuple[str, Product]:
    """ONNX Runtime: unsigned activations by signed weights, into int32."""
    return "onnxruntime", _onnx("MatMulInteger", TensorProto.UINT8, TensorProto.INT32, shape, threads)


def _onnx(operator: str, left: int, out: int, shape: tuple[int, int, int], threads: int) -> Product:
    """Return a graph of one product, the right side being a constant that may be packed once."""
    rows, inner, columns = shape
    kind = np.float32 if left == TensorProto.FLOAT else np.int8
    graph = helper.make_graph(
        [helper.make_node(operator, ["left", "right"], ["out"])],
        "product",
        [helper.make_tensor_value_info("left", left, (rows, inner))],
        [helper.make_tensor_value_info("out", out, (rows, columns))],
        [numpy_helper.from_array(np.ones((inner, columns), dtype=kind), "right")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    feed = {"left": np.ones((rows, inner), dtype=helper.tensor_dtype_to_np_dtype(left))}
    return lambda: session.run(None, feed)
