"""A sentence-transformers folder's own files: how token vectors become one vector a text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from vocmine.errors import ModelFormatError
from vocmine.inference.files import read_json, require_safetensors

MODULES_FILE: Final = "modules.json"
_MODULE_FOLDER: Final = re.compile(r"\d+_\w+", re.ASCII)
_PROMPTS_FILE: Final = "config_sentence_transformers.json"
POOLINGS: Final = ("cls", "max", "mean", "mean_sqrt_len_tokens")
# sentence-transformers wrote one switch a pooling before it wrote their names; the order is that of concatenation.
_SWITCHES: Final = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
_ACTIVATIONS: Final = {"Identity": "identity", "Tanh": "tanh", "ReLU": "relu", "GELU": "gelu"}


@dataclass(frozen=True)
class Dense:
    """A linear layer after pooling: `activation(weight @ x + bias)`.

    Attributes
    ----------
    weight : float32 array of shape (out, in)
    bias : float32 array of shape (out,)
    activation : str
        ``identity``, ``tanh``, ``relu`` or ``gelu``.
    """

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    activation: str


@dataclass(frozen=True)
class Pooling:
    """How an encoder's token vectors become one vector a text.

    Attributes
    ----------
    modes : tuple of str
        Of `POOLINGS`; the vectors of several are put end to end.
    dense : tuple of Dense
    encoder : str
        Where the encoder lies in the folder.
    prefix : str
        The default prompt, put before every text.
    max_tokens : int, optional
        Longest text, in tokens, where the folder says one.
    lower_case : bool
        Texts are lower-cased first.
    """

    modes: tuple[str, ...] = ("mean",)
    dense: tuple[Dense, ...] = ()
    encoder: str = ""
    prefix: str = ""
    max_tokens: int | None = None
    lower_case: bool = False

    def width(self, hidden: int) -> int:
        """Return the width of the vectors, from that of the token vectors.

        Examples
        --------
        >>> Pooling(modes=("cls", "mean")).width(384)
        768
        """
        return self.dense[-1].weight.shape[0] if self.dense else hidden * len(self.modes)


def read_pooling(folder: Path) -> Pooling:
    """Read the modules of a sentence-transformers folder.

    Parameters
    ----------
    folder : Path
        Holds a `modules.json`: Transformer, Pooling, then any number of Dense, then Normalize or not.

    Raises
    ------
    ModelFormatError
        A module, a pooling or an activation is none of those known, or a file is missing or unreadable.
    """
    try:
        modules = [(str(entry["type"]).rpartition(".")[2], str(entry["path"])) for entry in _entries(folder)]
        kinds = [kind for kind, _ in modules]
        # Embeddings are brought to length 1 in any case: with or without Normalize.
        middle = kinds[2:-1] if kinds[-1:] == ["Normalize"] else kinds[2:]
        if kinds[:2] != ["Transformer", "Pooling"] or any(kind != "Dense" for kind in middle):
            raise ModelFormatError(
                f"{MODULES_FILE} lists {', '.join(kinds) or 'nothing'}, expected Transformer, Pooling, then Dense and "
                "Normalize or not: choose a model made of these"
            )
        if strange := [path for _, path in modules if path and not _MODULE_FOLDER.fullmatch(path)]:
            raise ModelFormatError(
                f"{MODULES_FILE} names folders {', '.join(strange)}, expected ones such as 1_Pooling: save it again"
            )
        encoder = modules[0][1]
        prompts = read_json(folder / _PROMPTS_FILE) if (folder / _PROMPTS_FILE).is_file() else {}
        prefix = _default_prompt(prompts)
        limits = _encoder_settings(folder / encoder)
        longest = limits.get("max_seq_length")
        return Pooling(
            modes=_modes(read_json(folder / modules[1][1] / "config.json"), prefix),
            dense=tuple(_dense(folder / path) for kind, path in modules if kind == "Dense"),
            encoder=encoder,
            prefix=prefix,
            max_tokens=int(str(longest)) if longest else None,
            lower_case=bool(limits.get("do_lower_case")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelFormatError(
            f"the modules of {folder.name!r} cannot be read ({type(error).__name__}: {error}), expected those that "
            "sentence-transformers writes: save the model again, or fetch it anew"
        ) from error


def _entries(folder: Path) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = json.loads((folder / MODULES_FILE).read_text(encoding="utf-8"))
    return sorted(entries, key=lambda entry: int(str(entry["idx"])))


def _encoder_settings(folder: Path) -> Mapping[str, object]:
    """Read the settings beside the encoder; their file was once called after the architecture."""
    return next((read_json(path) for path in sorted(folder.glob("sentence_*config.json"))), {})


def _default_prompt(settings: Mapping[str, object]) -> str:
    name, prompts = settings.get("default_prompt_name"), settings.get("prompts")
    return str(prompts[name]) if name and isinstance(prompts, Mapping) else ""


def _modes(settings: Mapping[str, object], prefix: str) -> tuple[str, ...]:
    said = settings.get("pooling_mode") or [name for switch, name in _SWITCHES.items() if settings.get(switch)]
    modes = (said,) if isinstance(said, str) else tuple(map(str, said)) if isinstance(said, list) else ()
    if unknown := [mode for mode in modes if mode not in POOLINGS]:
        raise ModelFormatError(f"pooling is {', '.join(unknown)}, expected {', '.join(POOLINGS)}: choose another model")
    if prefix and not settings.get("include_prompt", True):
        raise ModelFormatError(
            "the folder has a default prompt and leaves it out of the pooling, expected it pooled with the text: "
            "choose another model, or set default_prompt_name to null"
        )
    return modes or ("mean",)


def _dense(folder: Path) -> Dense:
    settings = read_json(folder / "config.json")
    named = str(settings.get("activation_function", "torch.nn.modules.activation.Tanh")).rpartition(".")[2]
    places = {settings.get(key) for key in ("module_input_name", "module_output_name")}
    if named not in _ACTIVATIONS or settings.get("use_residual") or not places <= {None, "sentence_embedding"}:
        raise ModelFormatError(
            f"Dense layer {folder.name!r} has activation {named}, residual {bool(settings.get('use_residual'))}, "
            f"expected one of {', '.join(_ACTIVATIONS)} on the sentence's vector, no residual: choose another model"
        )
    require_safetensors(folder)
    tensors = load_file(folder / "model.safetensors")
    weight = tensors["linear.weight"].astype(np.float32)
    bias = tensors.get("linear.bias", np.zeros(len(weight))).astype(np.float32)
    return Dense(weight, bias, _ACTIVATIONS[named])
