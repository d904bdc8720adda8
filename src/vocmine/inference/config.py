"""The shape of the encoder: `config.json`, in the words of transformers' `BertConfig`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from vocmine.errors import ModelFormatError

_FIXED = {"architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu"}


@dataclass(frozen=True)
class EncoderConfig:
    """Shape of a BERT encoder with exact GELU and layer normalisation after each block.

    Attributes
    ----------
    hidden_size, intermediate_size : int
        Width of the token vectors, and of the feed-forward layer.
    num_hidden_layers, num_attention_heads : int
    vocab_size : int
        Number of tokens the tokenizer may produce.
    max_position_embeddings : int
        Longest text, in tokens, special tokens included.
    type_vocab_size : int
    layer_norm_eps : float
    pad_token_id : int
    """

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    vocab_size: int
    max_position_embeddings: int
    type_vocab_size: int
    layer_norm_eps: float
    pad_token_id: int

    @classmethod
    def from_json(cls, text: str) -> EncoderConfig:
        """Read the text of a `config.json`.

        Raises
        ------
        ModelFormatError
            The text is not JSON, is of another architecture, or misses a size.
        """
        try:
            data = json.loads(text)
            found = {key: data.get(key) for key in ("model_type", "hidden_act")}
            if found != {key: _FIXED[key] for key in found}:
                raise ModelFormatError(
                    f"config.json describes {found}, expected a BERT encoder with exact GELU (model_type 'bert', "
                    "hidden_act 'gelu'): convert the model, or choose another"
                )
            sizes = {name: int(data[name]) for name in cls.__annotations__ if name != "layer_norm_eps"}
            return cls(**sizes, layer_norm_eps=float(data["layer_norm_eps"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelFormatError(
                f"config.json cannot be read ({type(error).__name__}: {error}), expected the sizes of a BertConfig: "
                "save the model again, or fetch it anew"
            ) from error

    def tensor_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the tensors that such an encoder has, named as in `BertModel`, with their shapes."""
        hidden, wide = self.hidden_size, self.intermediate_size
        shapes: dict[str, tuple[int, ...]] = {
            "embeddings.word_embeddings.weight": (self.vocab_size, hidden),
            "embeddings.position_embeddings.weight": (self.max_position_embeddings, hidden),
            "embeddings.token_type_embeddings.weight": (self.type_vocab_size, hidden),
        }
        products = {f"attention.self.{part}": (hidden, hidden) for part in ("query", "key", "value")} | {
            "attention.output.dense": (hidden, hidden),
            "intermediate.dense": (wide, hidden),
            "output.dense": (hidden, wide),
        }
        norms = ["embeddings.LayerNorm"]
        for layer in (f"encoder.layer.{index}" for index in range(self.num_hidden_layers)):
            for name, shape in products.items():
                shapes |= {f"{layer}.{name}.weight": shape, f"{layer}.{name}.bias": shape[:1]}
            norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
        return shapes | {f"{name}.{kind}": (hidden,) for name in norms for kind in ("weight", "bias")}

    def to_json(self) -> str:
        """Write the text of a `config.json` that transformers' `BertConfig` reads too."""
        return json.dumps(_FIXED | asdict(self), indent=2, sort_keys=True) + "\n"
