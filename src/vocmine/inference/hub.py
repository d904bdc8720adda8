"""Names that are no folder: refused, or fetched from the Hugging Face hub where the caller allows the network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from vocmine.errors import ModelNotFoundError
from vocmine.inference.files import FILE_PATTERNS, MODULE_FOLDERS

_HUB_ID: Final = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?", re.ASCII)


def fetch(name: str, revision: str | None, *, allow_network: bool, shipped: list[str]) -> Path:
    """Return the folder of a model on the hub, fetched into the hub's cache unless it is there already.

    Parameters
    ----------
    name : str
        Such as ``organisation/model``.
    revision : str, optional
        Branch, tag or commit.
    allow_network : bool
        Nothing is looked for outside this machine, nor in the hub's cache, unless this is True.
    shipped : list of str
        The names that need no network, for the message.

    Raises
    ------
    ModelNotFoundError
        The network is not allowed, the name is no hub id, or the hub does not give the model.
    """
    expected = f"expected one of {', '.join(shipped) or 'none shipped'}, or the path of a model folder"
    if not _HUB_ID.fullmatch(name):
        raise ModelNotFoundError(f"no model {name!r}: {expected}")
    if not allow_network:
        raise ModelNotFoundError(
            f"no model {name!r}: {expected}; if it is an id on the Hugging Face hub, Model.from_pretrained({name!r}, "
            "allow_network=True) fetches it"
        )
    # Imported here: nothing of the hub is loaded unless the network is allowed.
    from huggingface_hub import snapshot_download

    patterns = [prefix + pattern for prefix in ("", f"{MODULE_FOLDERS}/") for pattern in FILE_PATTERNS]
    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=patterns))
    except Exception as error:  # its client raises errors of many roots, other ones in each version
        raise ModelNotFoundError(
            f"the hub did not give model {name!r} at revision {revision or 'main'} ({type(error).__name__}): check "
            "both, the connection, HF_TOKEN if the model is private, and that HF_HUB_OFFLINE is not set"
        ) from error
