"""What transformers reads of a folder, checked: the module with all its weights, and the fast tokenizer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from tokenizers import Tokenizer, normalizers
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer, PreTrainedModel
from transformers.utils import logging

from vocmine.errors import ModelFormatError
from vocmine.inference.backends.transformers import keep_hidden
from vocmine.inference.files import read_json

_CLASSIFIER: Final = "ForSequenceClassification"
_TOKENIZER_FILES: Final = ("tokenizer.json", "*.model", "vocab.*")
_LOCALLY: Final = {"local_files_only": True, "trust_remote_code": False}


class LoadedTokenizer(NamedTuple):
    """A tokenizer and what the engine asks about it.

    Attributes
    ----------
    tokenizer : tokenizers.Tokenizer
    max_tokens : int
        Longest text, in tokens, that the tokenizer's own settings allow.
    pad_token_id : int
    unknown_token_id : int or None
    """

    tokenizer: Tokenizer
    max_tokens: int
    pad_token_id: int
    unknown_token_id: int | None


def load_module(folder: Path, *, headless: bool) -> tuple[PreTrainedModel, bool]:
    """Load a model in float32 on the CPU.

    Parameters
    ----------
    folder : Path
        Holds a `config.json` and safetensors.
    headless : bool
        Leave a classifier out.

    Returns
    -------
    module : transformers.PreTrainedModel
        Not training, its encoder hooked by `keep_hidden`.
    is_classifier : bool
        `architectures` of the configuration says that it classifies; a folder that does not say is an encoder.

    Raises
    ------
    ModelFormatError
        The model needs code of its own, is not an encoder, or its weights are not all there.
    """
    config = read_json(folder / "config.json")
    _check_kind(config, folder)
    architectures = config.get("architectures")
    named = [str(name) for name in architectures] if isinstance(architectures, list) else []
    is_classifier = not headless and any(name.endswith(_CLASSIFIER) for name in named)
    family = AutoModelForSequenceClassification if is_classifier else AutoModel
    try:
        with _quiet():
            module, report = family.from_pretrained(
                str(folder), use_safetensors=True, output_loading_info=True, ignore_mismatched_sizes=True, **_LOCALLY
            )
    except Exception as error:  # of many roots, other ones in each version
        raise ModelFormatError(
            f"transformers cannot load {folder.name!r} ({_first_line(error)}): update transformers, or choose another "
            "model"
        ) from error
    # A pooler that was never trained is left out of many encoders; nothing here reads it.
    absent = sorted(name for name in report["missing_keys"] if is_classifier or "pooler." not in name)
    if wrong := [*absent, *(str(key) for key in report["mismatched_keys"])]:
        raise ModelFormatError(
            f"the weights of {folder.name!r} lack {len(wrong)} tensors or have them in another shape ({wrong[0]} "
            "first), which would be filled with random numbers: fetch the model anew, or train its classifier first"
        )
    if (is_classifier and module.base_model is module) or not hasattr(module.config, "hidden_size"):
        raise ModelFormatError(
            f"{type(module).__name__} of {folder.name!r} does not show its encoder: choose another model"
        )
    module.base_model.register_forward_hook(keep_hidden)
    return module.float().eval(), is_classifier


def load_tokenizer(folder: Path, module: PreTrainedModel, *, lower_case: bool) -> LoadedTokenizer:
    """Load the fast tokenizer, converted by transformers where there is a SentencePiece file alone.

    Parameters
    ----------
    folder : Path
    module : transformers.PreTrainedModel
        The model that reads its tokens.
    lower_case : bool
        Lower-case texts first.

    Raises
    ------
    ModelFormatError
        There is none, it has no fast form, or it gives what the model has no place for.
    """
    if not any(True for pattern in _TOKENIZER_FILES for _ in folder.glob(pattern)):
        raise ModelFormatError(f"{folder.name!r} has no tokenizer ({', '.join(_TOKENIZER_FILES)}): fetch it anew")
    try:
        loaded = AutoTokenizer.from_pretrained(str(folder), use_fast=True, **_LOCALLY)
    except Exception as error:  # of many roots, tokenizers' own is a bare Exception
        raise ModelFormatError(
            f"the tokenizer of {folder.name!r} cannot be loaded ({_first_line(error)}): a SentencePiece one "
            "needs the packages sentencepiece and protobuf; else save the tokenizer again as tokenizer.json"
        ) from error
    backend = getattr(loaded, "backend_tokenizer", None)
    if not isinstance(backend, Tokenizer):
        raise ModelFormatError(
            f"{type(loaded).__name__} of {folder.name!r} has no fast form (tokenizer.json), expected one of the "
            "tokenizers library: choose another model, or convert its tokenizer"
        )
    if loaded.pad_token_id is None:
        raise ModelFormatError(f"the tokenizer of {folder.name!r} has no padding token: set one and save it again")
    tokenizer = _own(backend, rows=int(module.get_input_embeddings().num_embeddings), lower_case=lower_case)
    if any(tokenizer.encode("a").type_ids):
        raise ModelFormatError(f"the tokenizer of {folder.name!r} marks texts with token types: choose another model")
    return LoadedTokenizer(tokenizer, int(loaded.model_max_length), loaded.pad_token_id, loaded.unk_token_id)


def longest_text(module: PreTrainedModel) -> int:
    """Return how many tokens the model has positions for.

    RoBERTa and its kin (CamemBERT, XLM-R) count positions from the padding token's number + 1: 514 places for 512.
    """
    places = getattr(module.config, "max_position_embeddings", None) or _UNBOUNDED
    tables = (part for name, part in module.named_modules() if name.endswith("position_embeddings"))
    starts = [part.padding_idx + 1 for part in tables if getattr(part, "padding_idx", None) is not None]
    return int(places) - max(starts, default=0)


_UNBOUNDED: Final = 1_000_000


def _check_kind(config: Mapping[str, object], folder: Path) -> None:
    if "auto_map" in config:
        raise ModelFormatError(
            f"{folder.name!r} needs Python code of its own, which is never run: choose another model"
        )
    if config.get("is_encoder_decoder"):
        raise ModelFormatError(f"{folder.name!r} has a decoder, expected an encoder: choose another model")
    if (folder / "adapter_config.json").exists():
        raise ModelFormatError(f"{folder.name!r} has an adapter beside its weights: merge it into them and save again")


def _own(backend: Tokenizer, *, rows: int, lower_case: bool) -> Tokenizer:
    """Copy a tokenizer, without truncation, padding or added tokens that the model has no vector for."""
    described = json.loads(backend.to_str())
    described["added_tokens"] = [token for token in described["added_tokens"] if token["id"] < rows]
    tokenizer = Tokenizer.from_str(json.dumps(described))
    if (most := max(tokenizer.get_vocab().values())) >= rows:
        raise ModelFormatError(
            f"the tokenizer numbers tokens up to {most}, the model has {rows} vectors: the tokenizer is another "
            "model's, fetch both anew"
        )
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if lower_case:
        first = normalizers.Lowercase()
        tokenizer.normalizer = normalizers.Sequence([first, tokenizer.normalizer] if tokenizer.normalizer else [first])
    return tokenizer


def _first_line(error: Exception) -> str:
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers from drawing bars and from warning of what is checked here, and give the settings back."""
    bar, verbosity = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bar:
            logging.enable_progress_bar()
