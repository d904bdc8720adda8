"""A fitted topic model as a folder: JSON, Parquet and safetensors."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from vocmine.errors import ModelFormatError, ModelNotFoundError
from vocmine.schema import LINEAGE, TOPICS
from vocmine.topics.features import Features
from vocmine.topics.novelty import Usage
from vocmine.topics.roots import Roots
from vocmine.topics.rule import Rule
from vocmine.topics.state import State

_FORMAT: Final = "vocmine-topics"
_VERSION: Final = 1
_MANIFEST: Final = "topics.json"
_TENSORS: Final = "topics.safetensors"
_FILES: Final = (_TENSORS, "topics.parquet", "lineage.parquet")
_TABLES: Final = {"topics": TOPICS, "lineage": LINEAGE}


def save_state(folder: str | os.PathLike[str], state: State, parameters: Mapping[str, object]) -> None:
    """Write a fitted model; the manifest last, so that a folder half written is none."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    (target / _MANIFEST).unlink(missing_ok=True)
    rule, features = state.rule, state.rule.features
    tensors = {
        "centres": rule.centres,
        "owners": rule.owners,
        "language_centres": features.centres,
        "rarity": features.rarity,
        "directions": features.directions,
        "reference": state.reference,
        "births": state.births,
    }
    save_file({name: np.ascontiguousarray(values) for name, values in tensors.items()}, target / _TENSORS)
    pq.write_table(state.table, target / "topics.parquet")
    pq.write_table(state.lineage, target / "lineage.parquet")
    manifest = {
        "format": _FORMAT,
        "format_version": _VERSION,
        "parameters": _plain(parameters),
        "embedder": state.embedder,
        "threshold": None if np.isneginf(rule.threshold) else rule.threshold,
        "founders": rule.founders,
        "languages": features.languages,
        "words": list(features.columns),
        "own_words": list(features.own),
        "roots": features.roots.known,
        "spellings": features.roots.accented,
        "usage": {"contacts": state.usage.contacts, "said": dict(state.usage.said)},
        "choice": None if state.choice is None else state.choice.reset_index().to_dict("list"),
    }
    manifest["files"] = {name: _digest(target / name) for name in _FILES}
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (target / _MANIFEST).write_text(text + "\n", encoding="utf-8")


def load_state(folder: str | os.PathLike[str]) -> tuple[State, dict[str, Any]]:
    """Read what `save_state` wrote: the model, and the parameters it was made with.

    Raises
    ------
    ModelNotFoundError
        If the folder holds no topic model.
    ModelFormatError
        If it is incomplete, altered, or of another version.
    """
    source = Path(folder)
    manifest = _manifest(source)
    try:
        _check_files(source, manifest["files"])
        tensors = load_file(source / _TENSORS)
        tables = {name: _table(source / f"{name}.parquet", schema) for name, schema in _TABLES.items()}
        features = Features(
            languages=tuple(manifest["languages"]),
            centres=tensors["language_centres"],
            roots=Roots(_mapping(manifest["roots"]), _mapping(manifest["spellings"])),
            columns={word: column for column, word in enumerate(manifest["words"])},
            rarity=tensors["rarity"],
            directions=tensors["directions"],
            own=tuple(manifest["own_words"]),
        )
        threshold = -np.inf if manifest["threshold"] is None else float(manifest["threshold"])
        choice = manifest["choice"]
        state = State(
            rule=Rule(features, tensors["centres"], tensors["owners"], threshold, int(manifest["founders"])),
            table=tables["topics"],
            lineage=tables["lineage"],
            reference=tensors["reference"],
            births=tensors["births"],
            usage=Usage(manifest["usage"]["contacts"], _mapping(manifest["usage"]["said"])),
            embedder=manifest["embedder"],
            choice=None if choice is None else pd.DataFrame(choice).set_index("n_topics"),
        )
        _check(state.rule, state.births)
        return state, dict(manifest["parameters"])
    except (KeyError, TypeError, ValueError, OSError, SafetensorError, pa.ArrowException) as error:
        raise ModelFormatError(
            f"the topic model in {source} is not whole ({type(error).__name__}); save it again"
        ) from error


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _check_files(folder: Path, digests: Mapping[str, str]) -> None:
    """See that the files are those that were saved; ValueError where they are not."""
    if {name: _digest(folder / name) for name in _FILES} != digests:
        raise ValueError


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _check(rule: Rule, births: NDArray[np.float32]) -> None:
    """See that tensors and words go together; ValueError where they do not."""
    features = rule.features
    words = len(features.columns)
    width = features.centres.shape[1] + features.directions.shape[1]
    got = (rule.centres.shape, births.shape, len(features.rarity), len(features.directions), len(features.centres))
    if got != ((len(rule.owners), width), (len(rule.owners), width), words, words, len(features.languages) + 1):
        raise ValueError


def _plain(parameters: Mapping[str, object]) -> dict[str, object]:
    reasons = parameters["reasons"]
    examples = {name: list(texts) for name, texts in reasons.items()} if isinstance(reasons, Mapping) else None
    return {**parameters, "reasons": examples, "stop_words": list(parameters["stop_words"])}  # type: ignore[call-overload]


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / _MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ModelNotFoundError(f"no {_MANIFEST} in {folder}; give the folder that TopicModel.save wrote") from None
    except ValueError:
        raise ModelFormatError(f"{path} is not JSON; save the topic model again") from None
    got = (manifest.get("format"), manifest.get("format_version")) if isinstance(manifest, dict) else manifest
    if got != (_FORMAT, _VERSION):
        raise ModelFormatError(f"got format {got} in {path}, expected {(_FORMAT, _VERSION)}; fit the topic model again")
    return dict(manifest)


def _table(path: Path, schema: pa.Schema) -> pa.Table:
    table = pq.read_table(path)
    if not table.schema.equals(schema):
        raise ModelFormatError(f"{path} is not as vocmine.schema says; save the topic model again")
    return table
