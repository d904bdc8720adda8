"""The manifest of a model folder: what the model is, what it was trained on, and the hashes of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from vocmine.errors import ModelFormatError

FORMAT: Final = "vocmine-model"
FORMAT_VERSION: Final = 1
MANIFEST_FILE: Final = "manifest.json"
_LATER: Final[Mapping[str, object]] = {"lower_capitals": False, "embedder": "", "decisions": None}
"""Fields that came with version 0.2, and what folders written before stand for: it is left out of the text, so that
their models keep their identity."""
_LATER_IN_HEAD: Final[Mapping[str, object]] = {"threshold": 0.5, "embedder": False, "layers": (), "hidden": 0}
HEAD_KINDS: Final = ("single_label", "multi_label")
HEAD_INPUTS: Final = ("embedding", "features", "tokens", "model")


@dataclass(frozen=True)
class Head:
    """A linear classifier on what the encoder gives.

    Attributes
    ----------
    name : str
        Such as ``sentiment``.
    labels : tuple of str
        In the order of the probabilities.
    kind : str
        ``single_label``: the probabilities of the labels sum to 1. ``multi_label``: each label has its own, whatever
        the others.
    input : str
        ``embedding``: the L2-normalised mean of the token vectors. ``features``: what `Forward.features` holds.
        ``tokens``: the vectors of the tokens, each by itself; a text's logit is the log of the sum of the exponentials
        of its tokens', and the run of tokens around the greatest is its evidence. ``model``: whatever the classifier of
        a Hugging Face model reads.
    embedder : bool
        The head reads the vector of the model's embedder besides: what that says, linearly, is added to its logits.
    threshold : float
        Of a head that says whether something is spoken of (its first label is ``absent``): the probability of that,
        1 − p(absent), from which it is said.
    layers : tuple of int
        With ``input="tokens"``: the layers, counted from 1, whose vectors it reads side by side.
    hidden : int
        With ``input="tokens"``: units of a hidden layer (GELU) that the head reads besides these vectors; 0 for none.
    """

    name: str
    labels: tuple[str, ...]
    kind: str = "single_label"
    input: str = "embedding"
    threshold: float = 0.5
    embedder: bool = False
    layers: tuple[int, ...] = ()
    hidden: int = 0

    def __post_init__(self) -> None:
        if self.kind not in HEAD_KINDS or self.input not in HEAD_INPUTS:
            raise ModelFormatError(
                f"head {self.name!r} is {self.kind!r} on {self.input!r}, this version reads {' or '.join(HEAD_KINDS)} "
                f"on {' or '.join(HEAD_INPUTS)}: update vocmine, or choose another model"
            )
        if self.embedder and self.kind != "single_label":
            raise ModelFormatError(
                f"head {self.name!r} is {self.kind!r} and reads the embedder, this version reads 'single_label' there: "
                "update vocmine, or choose another model"
            )
        if (self.input == "tokens") != bool(self.layers) or (self.layers and self.kind != "multi_label"):
            raise ModelFormatError(
                f"head {self.name!r} is {self.kind!r} on {self.input!r} of layers {self.layers}, expected "
                "'multi_label' on 'tokens' of some layers, or no layers: update vocmine, or choose another model"
            )
        if not 0 <= self.threshold <= 1:
            raise ModelFormatError(
                f"head {self.name!r} has threshold {self.threshold}, expected a probability: fetch the model anew"
            )

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Head:
        """Build one from what JSON gives back of it."""
        given: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in fields.items()}
        return cls(**given)


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
        ``mean`` over all tokens, special ones included; a Hugging Face model may have another.
    max_tokens : int
        Longest text, in tokens, prefix and special tokens included.
    languages : tuple of str
        ISO 639-1 codes of the languages that the vocabulary was chosen for.
    lower_capitals : bool
        A text all in capitals is read in lower case: tokenizers know few words in capitals.
    embedder : str
        What makes the embeddings, one of `vocmine.inference.embedder.SIZES`; empty where it is the encoder itself.
    heads : tuple of Head
    weights : Weights
    decisions : mapping of str to mapping of str to float, optional
        Coefficients and thresholds of what is decided on top of the heads, by its name.
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
    lower_capitals: bool = False
    embedder: str = ""
    heads: tuple[Head, ...] = ()
    weights: Weights = Weights()
    files: Mapping[str, str] | None = None
    decisions: Mapping[str, Mapping[str, float]] | None = None
    trained_on: tuple[str, ...] = ()
    recipe: str = ""
    licence: str = ""

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
        fields = _without(asdict(self), _LATER) | {"files": dict(self.files or {})}
        fields["heads"] = [_without(head, _LATER_IN_HEAD) for head in fields["heads"]]
        data = {"format": FORMAT, "format_version": FORMAT_VERSION, **fields}
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
            fields = {name: data[name] for name in cls.__annotations__ if name in data or name not in _LATER}
            fields["heads"] = tuple(Head.read(head) for head in data["heads"])
            fields["weights"] = Weights(**data["weights"])
            fields |= {name: tuple(data[name]) for name in ("languages", "trained_on")}
            return cls(**fields)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelFormatError(
                f"manifest.json cannot be read ({type(error).__name__}: {error}), expected the fields of a "
                f"{FORMAT} manifest, version {FORMAT_VERSION}: save the model again, or fetch it anew"
            ) from error


def _without(fields: Mapping[str, Any], later: Mapping[str, object]) -> dict[str, Any]:
    """Leave out what says nothing more than its absence."""
    return {name: value for name, value in fields.items() if name not in later or value != later[name]}


def _check_format(data: Mapping[str, object]) -> None:
    found = (data.get("format"), data.get("format_version"))
    if found != (FORMAT, FORMAT_VERSION):
        raise ModelFormatError(
            f"manifest.json is {found[0]!r} version {found[1]!r}, expected {FORMAT!r} version {FORMAT_VERSION}: "
            + ("update vocmine" if isinstance(found[1], int) and found[1] > FORMAT_VERSION else "fetch the model anew")
        )
