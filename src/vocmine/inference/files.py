"""The files of a Hugging Face model folder: which ones count, their hashes, and which weights are never opened."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from safetensors import SafetensorError, safe_open

from vocmine.errors import ModelFormatError

WEIGHTS_FILE: Final = "model.safetensors"
INDEX_FILE: Final = "model.safetensors.index.json"
SETTINGS_FILE: Final = "vocmine.json"
"""What cannot be told from the files of a saved Hugging Face model: its name, revision and label map."""

FILE_PATTERNS: Final = (
    "config.json",
    WEIGHTS_FILE,
    INDEX_FILE,
    "model-*-of-*.safetensors",
    "tokenizer*.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.*",
    "merges.txt",
    "*.model",
    "modules.json",
    "config_sentence_transformers.json",
    "sentence_*config.json",
)
"""Files that the results may depend on; all others of a folder are left alone."""

MODULE_FOLDERS: Final = "[0-9]*_*"
"""Subfolders that sentence-transformers writes, one a module."""

_PICKLES: Final = ("*.bin", "*.pt", "*.pth", "*.ckpt")
_FLOATS: Final = frozenset({"F64", "F32", "F16", "BF16"})


def model_files(folder: Path) -> dict[str, str]:
    """Return the files that the results depend on: path in the folder → SHA-256."""
    prefixes = ("", f"{MODULE_FOLDERS}/")
    paths = {path for prefix in prefixes for pattern in FILE_PATTERNS for path in folder.glob(prefix + pattern)}
    return {path.relative_to(folder).as_posix(): sha256(path) for path in sorted(paths) if path.is_file()}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_json(path: Path) -> dict[str, object]:
    """Read a JSON object.

    Raises
    ------
    ModelFormatError
        The file is missing, or holds something else.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFormatError(
            f"{path.name} in {path.parent.name!r} cannot be read ({type(error).__name__}), expected a JSON object: "
            "fetch the model anew"
        ) from error
    if not isinstance(data, dict):
        raise ModelFormatError(f"{path.name} holds a {type(data).__name__}, expected an object: fetch the model anew")
    return data


def require_safetensors(folder: Path) -> None:
    """Refuse a folder whose weights are not floating-point safetensors.

    Raises
    ------
    ModelFormatError
        There are none, there are pickles only (opening one runs whatever code it holds), or they are quantised.
    """
    shards = [path for pattern in (WEIGHTS_FILE, "model-*-of-*.safetensors") for path in sorted(folder.glob(pattern))]
    if not shards:
        pickles = sorted(path.name for pattern in _PICKLES for path in folder.glob(pattern))
        raise ModelFormatError(
            f"{folder.name!r} has no {WEIGHTS_FILE}"
            + (f" but {', '.join(pickles)}, and opening a pickle can run any code" if pickles else "")
            + ": convert the weights where you trust them, with transformers' from_pretrained(folder) and then "
            "save_pretrained(folder, safe_serialization=True)"
        )
    for path in shards:
        _require_floats(path, folder)


def _require_floats(path: Path, folder: Path) -> None:
    try:
        with safe_open(path, framework="numpy") as tensors:
            # Buffers such as position_ids are whole numbers and are no weights.
            kinds = {tensors.get_slice(name).get_dtype() for name in tensors.keys() if not name.endswith("_ids")}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise ModelFormatError(f"{path.name} cannot be read ({error}): fetch the model anew") from error
    if strange := sorted(kinds - _FLOATS):
        raise ModelFormatError(
            f"{path.name} holds {', '.join(strange)} weights and {folder.name!r} has no manifest.json that explains "
            "them, expected floating-point weights: choose a model that is not quantised, or fetch the folder anew"
        )
