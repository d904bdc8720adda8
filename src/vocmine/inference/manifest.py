"""The manifest of a model folder: what the model is, what it was trained on, and the hashes of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from vocmine.errors import ModelFormatError

FORMAT: Final = "vocmine-model"
FORMAT_VERSION: Final = 1
MANIFEST_FILE: Final = "manifest.json"


@dataclass(frozen=True)
class Head:
    """A linear classifier on the embedding.

    Attributes
    ----------
    name : str
        Such as ``sentiment``.
    labels : tuple of str
        In the order of the probabilities.
    kind : str
        ``single_label``: the probabilities of the labels sum to 1.
    input : str
        ``embedding``: the L2-normalised mean of the token vectors.
    """

    name: str
    labels: tuple[str, ...]
    kind: str = "single_label"
    input: str = "embedding"

    def __post_init__(self) -> None:
        if (self.kind, self.input) != ("single_label", "embedding"):
            raise ModelFormatError(
                f"head {self.name!r} is {self.kind!r} on {self.input!r}, this version reads 'single_label' on "
                "'embedding': update vocmine, or choose another model"
            )


@dataclass(frozen=True)
class Weights:
    """The file of weights: its name, SHA-256 and precision (``int8_per_channel`` or ``float32``)."""

    file: str = "model.safetensors"
    sha256: str = ""
    precision: str = "int8_per_channel"


@dataclass(frozen=True)
class Manifest:
    """What a model folder holds.

    Attributes
    ----------
    name, version : str
    prefix : str
        Put before every text, in training and in use.
    pooling : str
        ``mean`` over all tokens, special ones included.
    max_tokens : int
        Longest text, in tokens, prefix and special tokens included.
    languages : tuple of str
        ISO 639-1 codes of the languages that the vocabulary was chosen for.
    heads : tuple of Head
    weights : Weights
    files : mapping of str to str
        SHA-256 of each other file that the results depend on.
    trained_on : tuple of str
        Data behind the heads.
    recipe : str
        Command that rebuilds the folder.
    licence : str
    """

    name: str
    version: str
    max_tokens: int
    prefix: str = ""
    pooling: str = "mean"
    languages: tuple[str, ...] = ()
    heads: tuple[Head, ...] = ()
    weights: Weights = Weights()
    files: Mapping[str, str] | None = None
    trained_on: tuple[str, ...] = ()
    recipe: str = ""
    licence: str = ""

    def __post_init__(self) -> None:
        if self.pooling != "mean":
            raise ModelFormatError(
                f"pooling is {self.pooling!r}, this version reads 'mean': update vocmine, or choose another model"
            )

    @property
    def model_id(self) -> str:
        """``name@version:hash``; the hash covers the manifest, and through it every file."""
        return f"{self.name}@{self.version}:{hashlib.sha256(self.to_json().encode()).hexdigest()[:8]}"

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of every file but the manifest."""
        return {self.weights.file: self.weights.sha256, **(self.files or {})}

    def to_json(self) -> str:
        """Write the text of a `manifest.json`; the same manifest always gives the same text."""
        data = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self), "files": dict(self.files or {})}
        return json.dumps(data, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read the text of a `manifest.json`.

        Raises
        ------
        ModelFormatError
            The text is not JSON, of another format or version, or misses a field.
        """
        try:
            data = json.loads(text)
            _check_format(data)
            fields = {name: data[name] for name in cls.__annotations__}
            fields["heads"] = tuple(Head(**(head | {"labels": tuple(head["labels"])})) for head in data["heads"])
            fields["weights"] = Weights(**data["weights"])
            fields |= {name: tuple(data[name]) for name in ("languages", "trained_on")}
            return cls(**fields)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelFormatError(
                f"manifest.json cannot be read ({type(error).__name__}: {error}), expected the fields of a "
                f"{FORMAT} manifest, version {FORMAT_VERSION}: save the model again, or fetch it anew"
            ) from error


def _check_format(data: Mapping[str, object]) -> None:
    found = (data.get("format"), data.get("format_version"))
    if found != (FORMAT, FORMAT_VERSION):
        raise ModelFormatError(
            f"manifest.json is {found[0]!r} version {found[1]!r}, expected {FORMAT!r} version {FORMAT_VERSION}: "
            + ("update vocmine" if isinstance(found[1], int) and found[1] > FORMAT_VERSION else "fetch the model anew")
        )
