"""`Model`: an encoder, its tokenizer and its heads, read from a folder and written to one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as dump_tensors
from tokenizers import Tokenizer

from vocmine.errors import ModelFormatError, ModelNotFoundError
from vocmine.inference.config import EncoderConfig
from vocmine.inference.manifest import MANIFEST_FILE, Head, Manifest
from vocmine.inference.quantised import dequantise

_CONFIG_FILE: Final = "config.json"
_TOKENIZER_FILE: Final = "tokenizer.json"
_PACKAGE: Final = Path(__file__).resolve().parents[1]
# In a wheel the shipped models lie inside the package; in a checkout, beside src/.
_SHELVES: Final = (_PACKAGE / "_models", _PACKAGE.parents[1] / "models")

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Model:
    """An encoder with named heads, as stored: weights in int8 until a backend asks for them.

    Build one with `from_pretrained`, or with `assemble` from its parts.

    Attributes
    ----------
    manifest : Manifest
    config : EncoderConfig
    tokenizer : tokenizers.Tokenizer
        Its truncation and padding are switched off: the engine rejects what is too long, and pads by batch.
    tokenizer_json : str
        The tokenizer as in the file; written again from memory, its numbers may differ in the last digit.
    stored : mapping of str to array
        Tensors as in the file; ``X.weight`` in int8 goes with ``X.weight.scale``.

    Raises
    ------
    ModelFormatError
        A tensor is missing, or not of the shape that the configuration and the heads call for.

    Examples
    --------
    >>> model = Model.from_pretrained("embedded")
    >>> [head.name for head in model.heads]
    ['sentiment']
    """

    manifest: Manifest
    config: EncoderConfig
    tokenizer: Tokenizer
    tokenizer_json: str
    stored: Mapping[str, Array]

    def __post_init__(self) -> None:
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        found = {name: array.shape for name, array in self.stored.items()}
        for name, shape in self.tensor_shapes().items():
            if found.get(name) != shape:
                raise ModelFormatError(
                    f"tensor {name!r} has shape {found.get(name)}, expected {shape}: the weights are not those of the "
                    "configuration and heads, fetch the model anew"
                )

    def tensor_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the tensors of the encoder and of the heads, with their shapes."""
        heads = {f"heads.{head.name}": (len(head.labels), self.config.hidden_size) for head in self.heads}
        return (
            self.config.tensor_shapes()
            | {f"{name}.weight": shape for name, shape in heads.items()}
            | {f"{name}.bias": shape[:1] for name, shape in heads.items()}
        )

    def __repr__(self) -> str:
        return f"Model({self.model_id}, heads {', '.join(head.name for head in self.heads) or 'none'})"

    @property
    def heads(self) -> tuple[Head, ...]:
        """Heads, in the manifest's order."""
        return self.manifest.heads

    @property
    def model_id(self) -> str:
        """``name@version:hash``: what every score made by this model is signed with."""
        return self.manifest.model_id

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return one tensor of `tensor_shapes` in float32, dequantised where it is stored in int8."""
        array = self.stored[name]
        scale = self.stored.get(f"{name}.scale")
        if scale is not None:
            return dequantise(array.astype(np.int8, copy=False), scale.astype(np.float32, copy=False))
        return array.astype(np.float32)

    @classmethod
    def assemble(
        cls, manifest: Manifest, config: EncoderConfig, tokenizer: Tokenizer, stored: Mapping[str, Array]
    ) -> Model:
        """Build a model from its parts, and write the hashes of its files into its manifest.

        Parameters
        ----------
        manifest : Manifest
            Its hashes are replaced.
        config : EncoderConfig
        tokenizer : tokenizers.Tokenizer
        stored : mapping of str to array
            int8, float16 or float32 tensors, named as in transformers' `BertModel`, and ``heads.<name>.weight``
            [labels, hidden] and ``heads.<name>.bias`` [labels] for each head.
        """
        model = cls(manifest, config, tokenizer, tokenizer.to_str(), stored)
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in model._files().items()}
        weights = replace(manifest.weights, sha256=hashes.pop(manifest.weights.file))
        return replace(model, manifest=replace(manifest, weights=weights, files=hashes))

    @classmethod
    def from_pretrained(cls, name_or_path: str | Path = "embedded") -> Model:
        """Read a model folder.

        Parameters
        ----------
        name_or_path : str or Path
            A name that `available_models` lists, or the path of a folder.

        Raises
        ------
        ModelNotFoundError
            No shipped model of that name, and no folder at that path.
        ModelFormatError
            A file is missing, altered, or of a format that this version does not read.
        """
        folder = available_models().get(str(name_or_path), Path(name_or_path))
        if not folder.is_dir():
            raise ModelNotFoundError(
                f"no model {str(name_or_path)!r}: expected one of {', '.join(available_models()) or 'none shipped'}, "
                "or the path of a model folder"
            )
        manifest = Manifest.from_json(_read(folder, MANIFEST_FILE).decode())
        files = {name: _read(folder, name, sha256) for name, sha256 in manifest.hashes.items()}
        if missing := {_CONFIG_FILE, _TOKENIZER_FILE} - files.keys():
            raise ModelFormatError(f"the manifest gives no hash for {', '.join(sorted(missing))}: fetch the model anew")
        try:
            tokenizer_json = files[_TOKENIZER_FILE].decode()
            tokenizer = Tokenizer.from_str(tokenizer_json)
            stored = load_tensors(files[manifest.weights.file])
        except (SafetensorError, ValueError) as error:
            raise ModelFormatError(f"the files of {folder.name!r} cannot be read ({error}): fetch it anew") from error
        return cls(manifest, EncoderConfig.from_json(files[_CONFIG_FILE].decode()), tokenizer, tokenizer_json, stored)

    def save_pretrained(self, folder: str | Path) -> None:
        """Write the model as a folder that `from_pretrained` reads back as the same model, byte for byte."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        for name, data in self._files().items():
            (target / name).write_bytes(data)
        (target / MANIFEST_FILE).write_text(self.manifest.to_json(), encoding="utf-8")

    def _files(self) -> dict[str, bytes]:
        """Serialise everything but the manifest; deterministic, so that hashes are."""
        return {
            self.manifest.weights.file: dump_tensors(
                {name: np.ascontiguousarray(a) for name, a in self.stored.items()}
            ),
            _CONFIG_FILE: self.config.to_json().encode(),
            _TOKENIZER_FILE: self.tokenizer_json.encode(),
        }


def available_models() -> dict[str, Path]:
    """Return the models that come with the library: name → folder.

    Examples
    --------
    >>> "embedded" in available_models()
    True
    """
    return {
        manifest.parent.name: manifest.parent
        for shelf in reversed(_SHELVES)
        for manifest in sorted(shelf.glob(f"*/{MANIFEST_FILE}"))
    }


def _read(folder: Path, name: str, sha256: str | None = None) -> bytes:
    try:
        data = (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise ModelFormatError(
            f"model folder {folder.name!r} has no {name}: the folder is incomplete, fetch it anew"
        ) from error
    if sha256 is not None and (found := hashlib.sha256(data).hexdigest()) != sha256:
        raise ModelFormatError(
            f"{name} of model {folder.name!r} has SHA-256 {found[:12]}…, the manifest says {sha256[:12]}…: "
            "the file was altered or cut short, fetch the model anew"
        )
    return data
