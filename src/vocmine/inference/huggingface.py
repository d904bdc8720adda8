"""`HuggingFaceModel`: somebody else's model folder, run by the same engine as our own.

A sequence-classification folder becomes an encoder with one head, a sentence-transformers folder or a bare encoder
becomes one without. Code that comes with a model is never run, and pickles are never opened.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, TypedDict

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from vocmine.errors import InputError, ModelFormatError
from vocmine.inference.device import choose_precision
from vocmine.inference.files import (
    INDEX_FILE,
    SETTINGS_FILE,
    WEIGHTS_FILE,
    model_files,
    read_json,
    require_safetensors,
    sha256,
)
from vocmine.inference.labels import LabelMap
from vocmine.inference.manifest import Head, Manifest, Weights
from vocmine.inference.pooling import MODULES_FILE, Pooling, read_pooling

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

    from vocmine.inference.backends import Backend

_CONFIG_FILE: Final = "config.json"


def is_huggingface(folder: Path) -> bool:
    """Tell whether a folder has the files of a Hugging Face model, or of a sentence-transformers one."""
    return (folder / _CONFIG_FILE).is_file() or (folder / MODULES_FILE).is_file()


@dataclass(frozen=True, eq=False)
class HuggingFaceModel:
    """A model of transformers or sentence-transformers, with the attributes that the engine asks of a `Model`.

    Build one with `Model.from_pretrained`.

    Attributes
    ----------
    manifest : Manifest
        Made from the folder: name, revision, default prompt, longest text, head, SHA-256 of every file that counts.
    tokenizer : tokenizers.Tokenizer
        Neither truncates nor pads.
    module : transformers.PreTrainedModel
        In float32, on the CPU; a forward hook on its encoder keeps the token vectors.
    pooling : Pooling
        The mean of the token vectors, unless a sentence-transformers folder says otherwise.
    labels : LabelMap or None
        What its classifier's labels count for; None where it has no classifier.
    folder : Path
        Where its files are.
    pad_token_id : int
    unknown_token_id : int or None

    Notes
    -----
    The embedding is the pooled vector at length 1; the features are the same before. Sentence-transformers' own
    `encode` gives the first where the folder has a Normalize module, and the second where it has none.
    """

    manifest: Manifest
    tokenizer: Tokenizer
    module: PreTrainedModel
    pooling: Pooling
    labels: LabelMap | None
    folder: Path
    pad_token_id: int
    unknown_token_id: int | None

    def __repr__(self) -> str:
        heads = ", ".join(head.name for head in self.heads) or "none"
        return f"HuggingFaceModel({self.model_id}, heads {heads})"

    @property
    def heads(self) -> tuple[Head, ...]:
        """The classifier as a head, ``sentiment`` if its labels are polarities; none for an encoder."""
        return self.manifest.heads

    @property
    def model_id(self) -> str:
        """``name@revision:hash``; the hash covers the manifest, through it every file, and the label map."""
        signed = self.manifest.to_json() + json.dumps(self._label_map())
        return f"{self.manifest.name}@{self.manifest.version}:{hashlib.sha256(signed.encode()).hexdigest()[:8]}"

    @property
    def embedding_size(self) -> int:
        """Width of the embedding."""
        return self.pooling.width(int(self.module.config.hidden_size))

    @property
    def feature_size(self) -> int:
        """Width of the features, which are the embedding before it is brought to length 1."""
        return self.embedding_size

    @property
    def embedder(self) -> None:
        """None: the encoder makes the embeddings."""

    @property
    def embedder_weights(self) -> dict[str, NDArray[np.float32]]:
        """Empty: there is no embedder to read."""
        return {}

    def backend(self, device: str, precision: str = "auto", threads: int | None = None) -> Backend:
        """Load the model on a device; int8 is for models in vocmine's own format."""
        from vocmine.inference.backends.transformers import TransformersBackend

        return TransformersBackend(self, device, choose_precision(device, precision), threads)

    def save_pretrained(self, folder: str | Path) -> None:
        """Copy the model's files, so that `Model.from_pretrained` reads the same model back.

        Its name, revision and label map go beside them in a `vocmine.json`.

        Raises
        ------
        ModelFormatError
            A file is gone or has changed since the model was read.
        """
        target = Path(folder)
        for name, expected in self.manifest.hashes.items():
            copy = target / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if not (self.folder / name).is_file() or sha256(self.folder / name) != expected:
                raise ModelFormatError(
                    f"{name} of model {self.folder.name!r} is gone or has changed since it was read: read it again"
                )
            if not (copy.exists() and copy.samefile(self.folder / name)):
                shutil.copyfile(self.folder / name, copy)
        settings = {"name": self.manifest.name, "revision": self.manifest.version, "labels": self._label_map()}
        (target / SETTINGS_FILE).write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def _label_map(self) -> dict[str, str] | None:
        return dict(zip(self.labels.own, self.labels.meant, strict=True)) if self.labels else None


def read_huggingface(
    folder: Path, name: str | None = None, revision: str | None = None, labels: Mapping[str, str] | None = None
) -> HuggingFaceModel:
    """Read a folder of transformers or sentence-transformers.

    Parameters
    ----------
    folder : Path
    name, revision : str, optional
        What to call it: by default what its `vocmine.json` says, or the folder's name and ``0``.
    labels : mapping of str to str, optional
        Each of the classifier's labels → the label that it counts for; see `LabelMap.read`.

    Raises
    ------
    ModelFormatError
        A file is missing or unreadable, or the model is of a kind that cannot be run faithfully.
    InputError
        The label map does not fit, or there is no classifier to map the labels of.
    """
    from vocmine.inference.loading import load_module, load_tokenizer, longest_text

    modular = (folder / MODULES_FILE).is_file()
    pooling = read_pooling(folder) if modular else Pooling()
    encoder = folder / pooling.encoder
    require_safetensors(encoder)
    module, is_classifier = load_module(encoder, headless=modular)
    tokens = load_tokenizer(encoder, module, lower_case=pooling.lower_case)
    settings = read_json(folder / SETTINGS_FILE) if (folder / SETTINGS_FILE).is_file() else {}
    label_map = _label_map(module.config if is_classifier else None, labels, settings.get("labels"))
    manifest = Manifest(
        name=name or str(settings.get("name") or folder.resolve().name),
        version=revision or str(settings.get("revision") or "0"),
        prefix=pooling.prefix,
        pooling="+".join(pooling.modes),
        max_tokens=min(longest_text(module), tokens.max_tokens, pooling.max_tokens or tokens.max_tokens),
        heads=(Head(label_map.head_name, label_map.labels, _kind(module.config), "model"),) if label_map else (),
        **_hashes(folder, pooling.encoder),
    )
    return HuggingFaceModel(
        manifest, tokens.tokenizer, module, pooling, label_map, folder, tokens.pad_token_id, tokens.unknown_token_id
    )


def _label_map(config: PretrainedConfig | None, given: Mapping[str, str] | None, saved: object) -> LabelMap | None:
    """Map the classifier's labels as the caller says, as the saved folder says, or as their names say."""
    if config is None:
        if given is not None:
            raise InputError("labels are given for a model without a classifier: leave them out, or give a classifier")
        return None
    own = [str(config.id2label[place]) for place in range(config.num_labels)]
    if _kind(config) == "single_label" and (len(own) < 2 or config.problem_type == "regression"):
        raise ModelFormatError("the model gives a number and not labels (regression): choose a classifier")
    if given is None and isinstance(saved, Mapping):
        given = saved
    return LabelMap.read(own, given, exclusive=_kind(config) == "single_label")


def _kind(config: PretrainedConfig) -> str:
    return "multi_label" if config.problem_type == "multi_label_classification" else "single_label"


def _hashes(folder: Path, encoder: str) -> _Hashes:
    """Tell the encoder's weights, or the index of their shards, from the other files."""
    files = model_files(folder)
    weights = next(path for file in (WEIGHTS_FILE, INDEX_FILE) if (path := str(PurePosixPath(encoder, file))) in files)
    return {"weights": Weights(weights, files.pop(weights), "float32"), "files": files}


class _Hashes(TypedDict):
    weights: Weights
    files: dict[str, str]
