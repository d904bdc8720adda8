"""A BERT encoder as an ONNX graph, built from the numbers that a model is shipped with.

The vectors of tokens come in, those of the last layer go out. There is no mask: a batch holds texts of one length, so
that no position is computed for nothing and a text's numbers do not depend on its neighbours.

In int8, each row of activations (the vector of one token) has a scale of its own, found while running. One scale for
the whole batch, which is what ONNX Runtime's dynamic quantisation takes, would let the neighbours move a text's
numbers, and loses ten times as much; a scale fixed beforehand loses more still. A few channels are far larger than the
others and would leave these few of the levels: they are split, as in Zhao et al.

References
----------
R. Zhao et al., Improving neural network quantization without retraining using outlier channel splitting, ICML 2019.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from vocmine.inference.quantised import quantise

if TYPE_CHECKING:
    from vocmine.inference.manifest import Head
    from vocmine.inference.pretrained import Model

Array = NDArray[np.generic]

_FUSED: Final = "com.microsoft"
"""Operators of ONNX Runtime's own: attention, products of int8, GELU, each in one pass."""
_OPSETS: Final = (("", 18), (_FUSED, 1))
_IR_VERSION: Final = 9
_GELU_LEAST: Final = 0.17
"""GELU goes no lower than this below zero, and nearly all of its levels can stand for what is above."""

Channels = NDArray[np.intp]


def encoder_graph(model: Model, levels: int | None, split: Mapping[str, Channels] | None = None) -> ModelProto:
    """Build the graph of a model's encoder.

    Parameters
    ----------
    model : Model
    levels : int, optional
        Compute the products in int8, activations running from -levels to levels; in float32 if None. 127 where the
        processor adds up products of bytes exactly; 63 where it adds pairs of them in 16 bits, which more would
        overflow.
    split : mapping of str to int array, optional
        Normalisation → channels of its output that int8 products read in parts, a channel standing as many times as it
        has parts beyond the first.

    Returns
    -------
    onnx.ModelProto
        From ``vectors``, what `WordTable` gives for the token ids, to ``hidden``, the vectors of the last layer; both
        float32 of shape (texts, tokens, hidden), and to ``tokens.<head>``, the logits that each head which reads tokens
        gives to each, of shape (texts, tokens, labels). The results of normalisations bear the names of these.
    """
    return _Builder(model, levels, split or {}).build()


class _Builder:
    """Adds operators one after the other; each method returns the name of its result."""

    def __init__(self, model: Model, levels: int | None, split: Mapping[str, Channels]) -> None:
        self._model = model
        self._levels = levels
        self._split = split
        self._activated: set[str] = set()
        self._nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}

    def build(self) -> ModelProto:
        config = self._model.config
        hidden = self._op("Reshape", "vectors", self._rows(config.hidden_size))
        hidden = self._normalise(hidden, "embeddings.LayerNorm")
        layers = []
        for rank in range(config.num_hidden_layers):
            hidden = self._layer(hidden, f"encoder.layer.{rank}")
            layers.append(hidden)
        given = {"hidden": (hidden, config.hidden_size)}
        given |= {
            f"tokens.{head.name}": (self._read(head, layers), len(head.labels))
            for head in self._model.heads
            if head.layers
        }
        for name, (result, width) in given.items():
            self._nodes.append(helper.make_node("Reshape", [result, self._by_text(width)], [name]))
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [_vectors("vectors", config.hidden_size)],
            [_vectors(name, width) for name, (_, width) in given.items()],
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid(*opset) for opset in _OPSETS]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)

    def _layer(self, hidden: str, name: str) -> str:
        seen = self._product(self._attend(hidden, name), f"{name}.attention.output.dense")
        hidden = self._normalise(self._op("Add", seen, hidden), f"{name}.attention.output.LayerNorm")
        read = self._product(self._activate(hidden, f"{name}.intermediate.dense"), f"{name}.output.dense")
        return self._normalise(self._op("Add", read, hidden), f"{name}.output.LayerNorm")

    def _read(self, head: Head, layers: list[str]) -> str:
        """Let a head read each token, in float32: the vectors of its layers, and its hidden layer."""
        name = f"heads.{head.name}"
        vectors = [layers[layer - 1] for layer in head.layers]
        if head.hidden:
            inner = self._side_by_side(vectors, f"{name}.inner")
            vectors.append(self._op("Gelu", inner, domain=_FUSED))
        return self._side_by_side(vectors, name)

    def _side_by_side(self, vectors: list[str], name: str) -> str:
        """Multiply vectors that stand side by side by one matrix: each by its part of it, added up."""
        whole, width = self._model.tensor(f"{name}.weight"), self._model.config.hidden_size
        parts = np.split(whole, [width * (rank + 1) for rank in range(len(vectors) - 1)], axis=1)
        product = self._stored(f"{name}.bias")
        for rank, (vector, part) in enumerate(zip(vectors, parts, strict=True)):
            product = self._op("Add", self._op("MatMul", vector, self._constant(f"{name}.{rank}", part.T)), product)
        return product

    def _attend(self, hidden: str, name: str) -> str:
        config = self._model.config
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        joint = self._op("Reshape", self._product(hidden, *parts), self._by_text(3 * config.hidden_size))
        queries, keys, values = (f"{joint}.{part}" for part in ("query", "key", "value"))
        self._nodes.append(helper.make_node("Split", [joint], [queries, keys, values], axis=-1, num_outputs=3))
        seen = self._op(
            "MultiHeadAttention", queries, keys, values, domain=_FUSED, num_heads=config.num_attention_heads
        )
        return self._op("Reshape", seen, self._rows(config.hidden_size))

    def _activate(self, hidden: str, name: str) -> str:
        """Widen and let through; in int8 by the tangent form of GELU, off by less than the rounding and faster."""
        if self._levels is None:
            return self._op("Gelu", self._product(hidden, name), domain=_FUSED)
        wide = self._product(hidden, name, bias=False)
        activated = self._op("FastGelu", wide, self._stored(f"{name}.bias"), domain=_FUSED)
        self._activated.add(activated)
        return activated

    def _product(self, x: str, *names: str, bias: bool = True) -> str:
        """Multiply rows by one weight matrix, or by several side by side."""
        product = self._float_product(x, names) if self._levels is None else self._int_product(x, names, self._levels)
        if not bias:
            return product
        joined = np.concatenate([self._model.tensor(f"{name}.bias") for name in names])
        return self._op("Add", product, self._constant(f"{names[0]}.bias", joined))

    def _float_product(self, x: str, names: tuple[str, ...]) -> str:
        joined = np.concatenate([self._model.tensor(f"{name}.weight") for name in names])
        return self._op("MatMul", x, self._constant(f"{names[0]}.weight", joined.T))

    def _int_product(self, x: str, names: tuple[str, ...], levels: int) -> str:
        """Round each row to its own scale, multiply integers, and scale back by row and by output channel."""
        parts = [self._quantised(f"{name}.weight") for name in names]
        codes = np.concatenate([part for part, _ in parts])
        if (repeated := self._split.get(x)) is not None:
            x, codes = self._in_parts(x, repeated), np.concatenate([codes, codes[:, repeated]], axis=1)
        rounded, scale, centre = self._rounded(x, levels)
        product = self._op(
            "MatMulIntegerToFloat",
            rounded,
            self._constant(f"{names[0]}.weight", codes.T),
            self._number("one", 1),
            self._constant(f"{names[0]}.scale", np.concatenate([part for _, part in parts])),
            centre,
            self._constant("zero", np.array(0, dtype=np.int8)),
            domain=_FUSED,
        )
        return self._op("Mul", product, self._op("Unsqueeze", scale, self._constant("last", np.array([-1]))))

    def _in_parts(self, x: str, repeated: Channels) -> str:
        """Divide each channel by the number of its parts, and append the parts beyond the first."""
        counts = 1 + np.bincount(repeated, minlength=self._model.config.hidden_size)
        divided = self._op("Mul", x, self._constant(f"{x}.share", (1 / counts).astype(np.float32)))
        return self._op(
            "Concat", divided, self._op("Gather", divided, self._constant(f"{x}.parts", repeated), axis=1), axis=1
        )

    def _rounded(self, x: str, levels: int) -> tuple[str, str, str]:
        """Round rows to bytes; return these, the scale of each row, and the byte that stands for zero."""
        last = self._constant("last", np.array([-1]))
        if x in self._activated:
            zero = (levels + 1) // 4
            above = 2 * levels + 1 - zero
            least = _GELU_LEAST * above / zero
            largest = self._op("ReduceMax", x, last, keepdims=0)
        else:
            zero, above = levels + 1, levels
            least = float(np.finfo(np.float32).tiny) * levels  # a row of zeros has a scale too
            largest = self._op("ReduceMax", self._op("Abs", x), last, keepdims=0)
        largest = self._op("Max", largest, self._number(f"least.{zero}", least))
        scale = self._op("Mul", largest, self._number(f"unit.{zero}", 1 / above))
        centre = self._constant(f"centre.{zero}", np.array(zero, dtype=np.uint8))
        centres = self._op("Expand", centre, self._op("Shape", scale))
        return self._op("QuantizeLinear", x, scale, centres, axis=0), scale, centre

    def _normalise(self, x: str, name: str) -> str:
        inputs = [x, self._stored(f"{name}.weight"), self._stored(f"{name}.bias")]
        epsilon = self._model.config.layer_norm_eps
        self._nodes.append(helper.make_node("LayerNormalization", inputs, [name], axis=-1, epsilon=epsilon))
        return name

    def _quantised(self, name: str) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """Codes and scales as they are shipped; of weights that are not shipped in int8, rounded now."""
        scale = self._model.stored.get(f"{name}.scale")
        if scale is None:
            return quantise(self._model.tensor(name))
        return self._model.stored[name].astype(np.int8, copy=False), scale.astype(np.float32, copy=False)

    def _rows(self, width: int) -> str:
        """Shape of a row a token."""
        return self._constant(f"rows.{width}", np.array([-1, width]))

    def _by_text(self, width: int) -> str:
        """Shape of the texts, with the tokens of each."""
        shape = self._op("Shape", "vectors", end=2)
        return self._op("Concat", shape, self._constant(f"width.{width}", np.array([width])), axis=0)

    def _stored(self, name: str) -> str:
        return self._constant(name, self._model.tensor(name))

    def _number(self, name: str, value: float) -> str:
        return self._constant(name, np.array(value, dtype=np.float32))

    def _constant(self, name: str, values: Array) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def _op(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        result = f"{kind}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [result], domain=domain, **attributes))
        return result


def _vectors(name: str, width: int) -> ValueInfoProto:
    """Describe a tensor of so many numbers a token."""
    shape: list[str | int | None] = ["texts", "tokens", width]
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
