"""Texts → distinct texts → token ids, or the reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import InputError
from vocmine.inference.protocol import RunnableModel
from vocmine.text import lower_capitals

# The tokenizer's own objects weigh a hundred times a text: they live for one slice at a time.
_SLICE: Final = 8_192


@dataclass(frozen=True)
class TokenisedTexts:
    """Distinct texts as token ids.

    Attributes
    ----------
    texts : list of str
        The distinct texts, as they were given.
    ids : list of int32 array
        One a distinct text, prefix and special tokens included.
    unknown_share : float32 array of shape (n_distinct,)
        Share of unknown tokens among those of the text itself.
    places : int array of shape (n_texts,)
        For each row, its distinct text; -1 where the row is rejected.
    rejected : dict of int to str
        Row → reason.
    """

    texts: list[str]
    ids: list[NDArray[np.int32]]
    unknown_share: NDArray[np.float32]
    places: NDArray[np.intp]
    rejected: dict[int, str]

    @property
    def lengths(self) -> NDArray[np.intp]:
        """Tokens of each distinct text; int array of shape (n_distinct,)."""
        return np.fromiter((len(row) for row in self.ids), dtype=np.intp, count=len(self.ids))


def tokenise(texts: Sequence[str], model: RunnableModel) -> TokenisedTexts:
    """Tokenise each distinct text once.

    Parameters
    ----------
    texts : sequence of str
    model : RunnableModel
        Gives the tokenizer, the prefix, the window, and whether a text in capitals is read in lower case.

    Raises
    ------
    InputError
        One text is given: its characters would be taken for texts.
    """
    if isinstance(texts, str):
        raise InputError("got one text, expected a sequence of texts; put it in a list")
    distinct, places, rejected = _distinct(texts)
    manifest = model.manifest
    read = lower_capitals if manifest.lower_capitals else str
    ids: list[NDArray[np.int32]] = []
    for start in range(0, len(distinct), _SLICE):
        chunk = [manifest.prefix + read(text) for text in distinct[start : start + _SLICE]]
        encodings = model.tokenizer.encode_batch_fast(chunk)
        ids.extend(np.array(encoding.ids, dtype=np.int32) for encoding in encodings)
    kept = np.array([len(row) <= manifest.max_tokens for row in ids], dtype=np.bool_)
    rejected |= {row: "too_long" for row, place in enumerate(places) if place >= 0 and not kept[place]}
    moved = np.where(kept, np.cumsum(kept) - 1, -1)
    distinct, ids = list(compress(distinct, kept)), list(compress(ids, kept))
    remaining = np.array([moved[place] if place >= 0 else -1 for place in places], dtype=np.intp)
    return TokenisedTexts(distinct, ids, _unknown_share(ids, model), remaining, dict(sorted(rejected.items())))


def _distinct(texts: Sequence[str]) -> tuple[list[str], list[int], dict[int, str]]:
    """Give each distinct text a place, each row its place, and each unusable row its reason."""
    place_of: dict[str, int] = {}
    places: list[int] = []
    rejected: dict[int, str] = {}
    for row, text in enumerate(texts):
        if why := _unusable(text):
            rejected[row] = why
            places.append(-1)
        else:
            places.append(place_of.setdefault(text, len(place_of)))
    return list(place_of), places, rejected


def _unusable(text: object) -> str | None:
    if not isinstance(text, str):
        return "not_text"
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return "not_text"
    return None if text.strip() else "empty"


def _unknown_share(ids: list[NDArray[np.int32]], model: RunnableModel) -> NDArray[np.float32]:
    unknown = -1 if model.unknown_token_id is None else model.unknown_token_id
    overhead = len(model.tokenizer.encode(model.manifest.prefix).ids)
    shares = ((np.count_nonzero(row == unknown) / max(1, len(row) - overhead)) for row in ids)
    return np.fromiter(shares, dtype=np.float32, count=len(ids))


def words_at(model: RunnableModel, text: str, first: int, last: int) -> tuple[int, int]:
    """Return the whole words of a text in which some of its tokens lie.

    Parameters
    ----------
    model : RunnableModel
        The model that read the text.
    text : str
    first, last : int
        First token, and the one after the last, as `Encoding.evidence` gives them.

    Returns
    -------
    tuple of (int, int)
        Code points of the text, end excluded; blanks at either end are left out.
    """
    manifest = model.manifest
    read = lower_capitals if manifest.lower_capitals else str
    offsets = model.tokenizer.encode(manifest.prefix + read(text)).offsets[first:last]
    start = max(0, min(begun for begun, _ in offsets) - len(manifest.prefix))
    end = max(start, max(ended for _, ended in offsets) - len(manifest.prefix))
    while start and not (text[start - 1].isspace() or text[start].isspace()):
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())
