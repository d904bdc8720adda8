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

from vocmine.errors import InputError, ModelFormatError
from vocmine.inference.backends import Backend
from vocmine.inference.config import EncoderConfig
from vocmine.inference.device import choose_precision, usable_cores
from vocmine.inference.embedder import CENTRE, SIZES, Embedder, make_embedder
from vocmine.inference.headed import HEAD_FILE, HeadedModel, read_headed
from vocmine.inference.hub import fetch
from vocmine.inference.huggingface import HuggingFaceModel, is_huggingface, read_huggingface
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
    tokenizer_file : bytes
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
    >>> [head.name for head in model.heads][:2]
    ['sentiment', 'satisfaction']
    """

    manifest: Manifest
    config: EncoderConfig
    tokenizer: Tokenizer
    tokenizer_file: bytes
    stored: Mapping[str, Array]

    def __post_init__(self) -> None:
        unread = {head.input for head in self.heads} - {"embedding", "features", "tokens"}
        if self.manifest.pooling != "mean" or unread:
            raise ModelFormatError(
                f"pooling is {self.manifest.pooling!r} and heads read {', '.join(unread) or 'it'}, this version reads "
                "'mean' and its embedding, features or tokens: update vocmine, or choose another model"
            )
        if self.manifest.embedder not in {"", *SIZES}:
            raise ModelFormatError(
                f"the embedder is {self.manifest.embedder!r}, this version has {', '.join(SIZES)}: update vocmine, or "
                "choose another model"
            )
        if any(not 1 <= layer <= self.config.num_hidden_layers for head in self.heads for layer in head.layers):
            depth = self.config.num_hidden_layers
            raise ModelFormatError(f"a head reads a layer that is none of 1 to {depth}: fetch the model anew")
        if not self.manifest.embedder and any(head.embedder for head in self.heads):
            raise ModelFormatError("a head reads an embedder, and the manifest names none: fetch the model anew")
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
        """Return the tensors of the encoder, of the heads and of the embedder, with their shapes."""
        hidden = self.config.hidden_size
        read = {head.name: hidden * max(1, len(head.layers)) for head in self.heads}
        heads = {f"heads.{head.name}": (len(head.labels), read[head.name] + head.hidden) for head in self.heads}
        heads |= {f"heads.{head.name}.inner": (head.hidden, read[head.name]) for head in self.heads if head.hidden}
        return (
            self.config.tensor_shapes()
            | {f"{name}.weight": shape for name, shape in heads.items()}
            | {f"{name}.bias": shape[:1] for name, shape in heads.items()}
            | {
                f"heads.{head.name}.embedder": (len(head.labels), self.embedding_size)
                for head in self.heads
                if head.embedder
            }
            | ({CENTRE: (SIZES[self.manifest.embedder],)} if self.manifest.embedder else {})
        )

    def __repr__(self) -> str:
        return f"Model({self.model_id}, heads {', '.join(head.name for head in self.heads) or 'none'})"

    @property
    def heads(self) -> tuple[Head, ...]:
        """Heads, in the manifest's order."""
        return self.manifest.heads

    @property
    def embedding_size(self) -> int:
        """Width of the embedding."""
        return SIZES.get(self.manifest.embedder, self.config.hidden_size)

    @property
    def embedder_weights(self) -> dict[str, NDArray[np.float32]]:
        """What heads add to their logits from the embedder's vector; head → float32 array of shape (labels, size)."""
        return {head.name: self.tensor(f"heads.{head.name}.embedder") for head in self.heads if head.embedder}

    @property
    def feature_size(self) -> int:
        """Width of the features that heads may read in place of the embedding."""
        return self.config.hidden_size

    @property
    def pad_token_id(self) -> int:
        """Token that fills short texts up in a batch."""
        return self.config.pad_token_id

    @property
    def unknown_token_id(self) -> int | None:
        """Token that stands for what the vocabulary does not know."""
        unknown: int | None = self.tokenizer.token_to_id("<unk>")
        return unknown

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

    @property
    def embedder(self) -> Embedder | None:
        """What makes the embeddings in the encoder's place, where the manifest names one."""
        return make_embedder(self.manifest.embedder, self.tensor(CENTRE)) if self.manifest.embedder else None

    def backend(self, device: str, precision: str = "auto", threads: int | None = None) -> Backend:
        """Load the model on a device: in ONNX Runtime on the CPU, in PyTorch elsewhere."""
        precision = choose_precision(device, precision)
        if device == "cpu":
            from vocmine.inference.backends.onnx import OnnxBackend

            return OnnxBackend(self, precision, threads or usable_cores())
        from vocmine.inference.backends.torch import TorchBackend

        return TorchBackend(self, device, precision, threads)

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
            [labels, hidden] and ``heads.<name>.bias`` [labels] for each head, and ``embedder.centre`` [width]
            where the manifest names an embedder.
        """
        model = cls(manifest, config, tokenizer, tokenizer.to_str().encode(), stored)
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in model._files().items()}
        weights = replace(manifest.weights, sha256=hashes.pop(manifest.weights.file))
        return replace(model, manifest=replace(manifest, weights=weights, files=hashes))

    @classmethod
    def from_pretrained(
        cls,
        name_or_path: str | Path = "embedded",
        *,
        revision: str | None = None,
        allow_network: bool = False,
        labels: Mapping[str, str] | None = None,
    ) -> Model | HuggingFaceModel | HeadedModel:
        """Read a model folder: our own, one of transformers, or one of sentence-transformers.

        Parameters
        ----------
        name_or_path : str or Path
            A name that `available_models` lists, the path of a folder, or an id on the Hugging Face hub.
        revision : str, optional
            Branch, tag or commit on the hub.
        allow_network : bool
            Fetch what is no folder from the hub. Nothing is fetched unless this is True.
        labels : mapping of str to str, optional
            Each label of a Hugging Face classifier → the label that it counts for, such as ``{"LABEL_0": "negative",
            "LABEL_1": "positive"}``. Needed where the names of its labels say nothing; see `LabelMap.read`.

        Returns
        -------
        Model or HuggingFaceModel or HeadedModel
            An `Engine` or a `Miner` runs either.

        Raises
        ------
        ModelNotFoundError
            No shipped model of that name, no folder at that path, and none fetched.
        ModelFormatError
            A file is missing, altered, or of a format that this version does not read.
        InputError
            A revision is given for a folder, or labels that do not fit the model.
        """
        folder = available_models().get(str(name_or_path), Path(name_or_path))
        name = None
        if not folder.is_dir():
            name = str(name_or_path)
            folder = fetch(name, revision, allow_network=allow_network, shipped=list(available_models()))
        elif revision is not None:
            raise InputError(f"revision is {revision!r} for the folder {folder.name!r}: leave it out, it is the hub's")
        if (folder / HEAD_FILE).is_file() and labels is None:
            return read_headed(folder)
        if not (folder / MANIFEST_FILE).is_file() and is_huggingface(folder):
            return read_huggingface(folder, name, revision, labels)
        if labels is not None:
            raise InputError("labels are given for a model in vocmine's format, which names its own: leave them out")
        return cls._from_folder(folder)

    @classmethod
    def _from_folder(cls, folder: Path) -> Model:
        """Read a folder in vocmine's own format."""
        manifest = Manifest.from_json(_read(folder, MANIFEST_FILE).decode())
        files = {name: _read(folder, name, sha256) for name, sha256 in manifest.hashes.items()}
        if missing := {_CONFIG_FILE, _TOKENIZER_FILE} - files.keys():
            raise ModelFormatError(f"the manifest gives no hash for {', '.join(sorted(missing))}: fetch the model anew")
        try:
            tokenizer = Tokenizer.from_buffer(files[_TOKENIZER_FILE])
            stored = load_tensors(files[manifest.weights.file])
        except (SafetensorError, ValueError) as error:
            raise ModelFormatError(f"the files of {folder.name!r} cannot be read ({error}): fetch it anew") from error
        config = EncoderConfig.from_json(files[_CONFIG_FILE].decode())
        return cls(manifest, config, tokenizer, files[_TOKENIZER_FILE], stored)

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
            _TOKENIZER_FILE: self.tokenizer_file,
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
