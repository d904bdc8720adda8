"""A new head on a model: in the model itself where the format is ours, beside its files where it is not.

`HeadedModel` is a Hugging Face model with such a head, and with what was trained of its weights. Its folder is the
model's own, and one file more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as dump_tensors
from tokenizers import Tokenizer

from vocmine.errors import ModelFormatError
from vocmine.inference.backends import Backend, Forward
from vocmine.inference.files import read_json
from vocmine.inference.huggingface import HuggingFaceModel, read_huggingface
from vocmine.inference.manifest import Head, Manifest

if TYPE_CHECKING:
    from vocmine.inference.pretrained import Model

HEAD_FILE: Final = "vocmine_head.json"
_TENSORS_FILE: Final = "vocmine_head.safetensors"
_FORMAT: Final = "vocmine-head"
_FORMAT_VERSION: Final = 1

Array = NDArray[np.generic]


@dataclass(frozen=True, eq=False)
class HeadedModel:
    """A Hugging Face model under a linear head of its user's own, which takes the place of its classifier.

    Attributes
    ----------
    base : HuggingFaceModel
        Its module holds the trained weights.
    head : Head
        Reads the features.
    version : str
        The base's, and how the head came about.
    tensors : mapping of str to array
        ``weight`` [labels, width] and ``bias`` [labels] of the head, and each weight of the module that was trained,
        under ``module.`` and its name.
    """

    base: HuggingFaceModel
    head: Head
    version: str
    tensors: Mapping[str, Array]

    def __post_init__(self) -> None:
        labels = len(self.head.labels)
        for name, shape in {"weight": (labels, self.feature_size), "bias": (labels,)}.items():
            if name not in self.tensors or self.tensors[name].shape != shape:
                raise ModelFormatError(
                    f"the {name} of head {self.head.name!r} is missing or not of shape {shape}: it is not this "
                    "model's, save both again"
                )

    def __repr__(self) -> str:
        return f"HeadedModel({self.model_id}, heads {self.head.name})"

    @cached_property
    def manifest(self) -> Manifest:
        """The base's, with this head, and the hash of its tensors among those of the files."""
        files = {**(self.base.manifest.files or {}), _TENSORS_FILE: hashlib.sha256(self._data()).hexdigest()}
        return replace(self.base.manifest, version=self.version, heads=self.heads, files=files)

    @property
    def tokenizer(self) -> Tokenizer:
        """Neither truncates nor pads."""
        return self.base.tokenizer

    @property
    def heads(self) -> tuple[Head, ...]:
        """The one head."""
        return (self.head,)

    @property
    def model_id(self) -> str:
        """``name@version:hash``; the hash covers the base's files, the head and what was trained."""
        return self.manifest.model_id

    @property
    def embedding_size(self) -> int:
        """Width of the embedding."""
        return self.base.embedding_size

    @property
    def feature_size(self) -> int:
        """Width of the features."""
        return self.base.feature_size

    @property
    def pad_token_id(self) -> int:
        """Token that fills short texts up in a batch."""
        return self.base.pad_token_id

    @property
    def unknown_token_id(self) -> int | None:
        """Token that stands for what the vocabulary does not know, if there is one."""
        return self.base.unknown_token_id

    @property
    def embedder(self) -> None:
        """None: the encoder makes the embeddings."""

    @property
    def embedder_weights(self) -> dict[str, NDArray[np.float32]]:
        """Empty: there is no embedder to read."""
        return {}

    def backend(self, device: str, precision: str = "auto", threads: int | None = None) -> Backend:
        """Load the model on a device."""
        return _HeadedBackend(self, self.base.backend(device, precision, threads))

    def save_pretrained(self, folder: str | Path) -> None:
        """Write the model as a folder that `Model.from_pretrained` reads back as the same model.

        Raises
        ------
        ModelFormatError
            A file of the base is gone or has changed since it was read.
        """
        self.base.save_pretrained(folder)
        data = self._data()
        described = {
            "format": _FORMAT,
            "format_version": _FORMAT_VERSION,
            "version": self.version,
            "head": asdict(self.head),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        (Path(folder) / _TENSORS_FILE).write_bytes(data)
        (Path(folder) / HEAD_FILE).write_text(
            json.dumps(described, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )

    def _data(self) -> bytes:
        return bytes(dump_tensors({name: np.ascontiguousarray(array) for name, array in self.tensors.items()}))


class _HeadedBackend:
    """The base's backend, its features read by the head."""

    def __init__(self, model: HeadedModel, base: Backend) -> None:
        self._name = model.head.name
        self._weight, self._bias = (model.tensors[name].astype(np.float32) for name in ("weight", "bias"))
        self._base = base

    @property
    def device(self) -> str:
        return self._base.device

    @property
    def dtype(self) -> str:
        return self._base.dtype

    @property
    def at_once(self) -> int:
        return self._base.at_once

    @property
    def pads(self) -> bool:
        return self._base.pads

    def forward(self, ids: NDArray[np.int32], mask: NDArray[np.bool_]) -> Forward:
        embedding, features, *_ = self._base.forward(ids, mask)
        return Forward(embedding, features, {self._name: features @ self._weight.T + self._bias})

    def move(self, device: str) -> None:
        self._base.move(device)

    def release(self) -> None:
        self._base.release()


def attach_head(
    model: Model | HuggingFaceModel | HeadedModel,
    head: Head,
    weight: NDArray[np.floating],
    bias: NDArray[np.floating],
    *,
    trained: Mapping[str, NDArray[np.float32]] | None = None,
    trained_on: str = "",
) -> Model | HeadedModel:
    """Return the model with a head more, or another one of that name.

    Parameters
    ----------
    model : Model, HuggingFaceModel or HeadedModel
        One in our own format keeps its other heads, unless the encoder was trained: what they read has changed. One of
        Hugging Face keeps none.
    head : Head
        Reads the features.
    weight : float array of shape (labels, width)
    bias : float array of shape (labels,)
    trained : mapping of str to array, optional
        Weights of the encoder that were trained with the head, as `tune` gives them.
    trained_on : str
        Goes into the manifest of our own format.

    Notes
    -----
    What was trained is stored in float32, beside the int8 of the layers that were not. The embedding stays what it was
    where the model has an embedder beside its encoder; otherwise it changes with the encoder.
    """
    version = f"{model.manifest.version.partition('+')[0]}+{'encoder' if trained else 'head'}"
    tensors = {"weight": weight.astype(np.float32), "bias": bias.astype(np.float32)}
    trained = dict(trained or {})
    if isinstance(model, (HuggingFaceModel, HeadedModel)):
        before: Mapping[str, Array] = {} if isinstance(model, HuggingFaceModel) else model.tensors
        named = {f"module.{name}": array for name, array in trained.items()}
        base = _with_weights(model if isinstance(model, HuggingFaceModel) else model.base, named)
        return HeadedModel(base, head, version, {**before, **named, **tensors})
    others = () if trained else tuple(other for other in model.heads if other.name != head.name)
    sources = tuple(source for source in model.manifest.trained_on if not source.startswith(f"{head.name}:"))
    manifest = replace(
        model.manifest,
        version=version,
        heads=(*others, head),
        trained_on=(*sources, f"{head.name}: {trained_on}"),
        recipe="vocmine.SentimentClassifier",
    )
    if trained:
        manifest = replace(manifest, weights=replace(manifest.weights, precision="float32"))
    named = {f"heads.{head.name}.{name}": array for name, array in tensors.items()}
    stored = {name: array for name, array in model.stored.items() if name.removesuffix(".scale") not in trained}
    return _rebuilt(model, manifest, {**stored, **trained, **named})


def read_head(model: Model | HeadedModel, name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the weight [labels, width] and the bias [labels] of a head."""
    if isinstance(model, HeadedModel):
        return model.tensors["weight"].astype(np.float32), model.tensors["bias"].astype(np.float32)
    return model.tensor(f"heads.{name}.weight"), model.tensor(f"heads.{name}.bias")


def _rebuilt(model: Model, manifest: Manifest, stored: Mapping[str, Array]) -> Model:
    """Return a model of our own format with other weights and the same configuration and tokenizer."""
    made = type(model).assemble(manifest, model.config, model.tokenizer, stored)
    # The tokenizer's text stays that of its file: written from memory, its numbers may differ in the last digit.
    files = {**(made.manifest.files or {}), **(model.manifest.files or {})}
    return replace(made, manifest=replace(made.manifest, files=files), tokenizer_file=model.tokenizer_file)


def read_headed(folder: Path) -> HeadedModel:
    """Read a folder that `HeadedModel.save_pretrained` wrote.

    Raises
    ------
    ModelFormatError
        A file is missing, altered, or of a format that this version does not read.
    """
    described = read_json(folder / HEAD_FILE)
    if (found := (described.get("format"), described.get("format_version"))) != (_FORMAT, _FORMAT_VERSION):
        raise ModelFormatError(
            f"{HEAD_FILE} is {found[0]!r} version {found[1]!r}, expected {_FORMAT!r} version {_FORMAT_VERSION}: "
            "update vocmine, or save the model again"
        )
    try:
        data = (folder / _TENSORS_FILE).read_bytes()
        if hashlib.sha256(data).hexdigest() != described["sha256"]:
            raise ModelFormatError(f"{_TENSORS_FILE} is not the one that {HEAD_FILE} was written with: save both again")
        tensors = load_tensors(data)
        head = Head.read(dict(described["head"]))  # type: ignore[call-overload]
    except (OSError, KeyError, TypeError, ValueError, SafetensorError) as error:
        raise ModelFormatError(
            f"the head in {folder.name!r} cannot be read ({type(error).__name__}: {error}): save the model again"
        ) from error
    base = read_huggingface(folder)
    return HeadedModel(_with_weights(base, tensors), head, str(described.get("version")), tensors)


def _with_weights(base: HuggingFaceModel, tensors: Mapping[str, Array]) -> HuggingFaceModel:
    """Return the model with the weights that were trained, those under ``module.``; others stay."""
    trained = {name.removeprefix("module."): array for name, array in tensors.items() if name.startswith("module.")}
    if not trained:
        return base
    from vocmine.inference.backends.trainable import loaded

    return replace(base, module=loaded(base.module, trained))
