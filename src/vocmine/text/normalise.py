"""From a string as received to the text that the library stores, with offsets that lead back."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vocmine.text.offsets import Edit, OffsetMap, apply_edits
from vocmine.text.repairs import ENTITY, REPAIRS

# Text without any of these goes through untouched: the quick path of most French text.
_SUSPECT: Final = "[^\n -~¡-¬®-·¹-¿ÀÇ-ËÔÖÛÜà-ïñ-ÿŒœŸ–—‘’“”•…‹›€™←-⯿\ufe0f\U0001f000-\U0001faff]"
_SUSPECT_CHARACTER = re.compile(_SUSPECT)
_SUSPECT_PAIRS: Final = ("  ", " \n", "\n ", "\n\n\n", "â€", "âœ", "â–", "â—", "ï»", "ï¿")
# The same in one pattern without a choice to go back on, for whole columns: blanks at either end, and `&` for entities.
_MAY_NEED_REPAIR: Final = "|".join([_SUSPECT, *_SUSPECT_PAIRS, "&[#a-zA-Z]", r"\A[ \n]", r"[ \n]\z"])
# UTF-8 read as Windows-1252 may hold a no-break space after one of these letters.
_MAY_BE_MOJIBAKE: Final = "[Â-ß]\u00a0|[à-ô][^\\x00-\\x7f]\u00a0|[à-ô]\u00a0[^\\x00-\\x7f]|[ð-ô][^\\x00-\\x7f]{2}\u00a0"
_BATCH: Final = 8_192  # texts that one thread reads at a time
_MAX_ROUNDS: Final = 8  # a repair may uncover another; deeper nesting is not an accident of encoding


@dataclass(frozen=True, slots=True)
class Normalised:
    """A repaired text and what was done to it.

    Attributes
    ----------
    raw : str
        The string as received.
    text : str
        The repaired text: the one that is stored, shown, and that all offsets count in.
    repairs : dict of str to int
        Characters repaired, by kind. Mere layout (runs of spaces, no-break spaces, line ends) is not counted.
    """

    raw: str
    text: str
    repairs: dict[str, int] = field(default_factory=dict)
    _maps: tuple[OffsetMap, ...] = field(default=(), repr=False, compare=False)

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the code points of `raw` that `text[start:end]` comes from.

        Examples
        --------
        >>> repaired = normalise("Ma  commande nâ€™est pas arrivÃ©e")
        >>> start = repaired.text.index("n’est")
        >>> repaired.raw[slice(*repaired.to_raw(start, start + 5))]
        'nâ€™est'
        """
        return reduce(lambda span, step: step.back(*span), reversed(self._maps), (start, end))

    def from_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the code points of `text` that come from `raw[start:end]`; empty where all of it was dropped."""
        return reduce(lambda span, step: step.forward(*span), self._maps, (start, end))


def normalise(raw: str) -> Normalised:
    r"""Repair a text: encoding accidents, invisible characters, accents, white space.

    French typography is kept as it is written (« », ’, …, –). No-break spaces become plain ones and runs of blanks one
    space; line breaks stay, as ``\n``, with at most one empty line between two lines. Normalising twice changes
    nothing more.

    Parameters
    ----------
    raw : str
        Any string, lone surrogates included.

    Returns
    -------
    Normalised
        The text, the repairs counted by kind (``c1_controls``, ``mojibake``, ``html_entity``, ``nfc``,
        ``zero_width``, ``byte_order_mark``, ``nul``, ``control``, ``surrogate_pair``, ``lone_surrogate``,
        ``piled_marks``) and the way back to `raw`.

    Examples
    --------
    >>> normalise("J\x92attends\xa0: rÃ©pondez !").text
    'J’attends : répondez !'
    >>> normalise("J\x92attends\xa0: rÃ©pondez !").repairs
    {'mojibake': 1, 'c1_controls': 1}
    """
    if _is_clean(raw):
        return Normalised(raw, raw)
    text = raw
    repairs: Counter[str] = Counter()
    maps: list[OffsetMap] = []
    for _ in range(_MAX_ROUNDS):
        before = len(maps)
        for repair in REPAIRS:
            edits = repair(text)
            if edits:
                repairs.update(_counts(edits))
                maps.append(OffsetMap(edits))
                text = apply_edits(text, edits)
        if len(maps) == before or _is_clean(text):
            break
    return Normalised(raw, text, dict(repairs), tuple(maps))


def may_need_repair(texts: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Tell the texts that `normalise` may change; it leaves the others as they are.

    Parameters
    ----------
    texts : pyarrow.ChunkedArray of string, shape (n_texts,)
        A null needs no repair.

    Returns
    -------
    ndarray of bool, shape (n_texts,)

    Examples
    --------
    >>> may_need_repair(pa.chunked_array([["Très déçue.", "TrÃ¨s déçue.", None, "Oui ?"]])).tolist()
    [False, True, False, False]
    """
    parts = [chunk.slice(start, _BATCH) for chunk in texts.chunks for start in range(0, len(chunk), _BATCH)]
    with ThreadPoolExecutor(pa.cpu_count()) as threads:
        found = threads.map(lambda part: pc.match_substring_regex(part, _MAY_NEED_REPAIR).fill_null(False), parts)
        masks = [mask.to_numpy(zero_copy_only=False) for mask in found]
    return np.concatenate(masks, dtype=bool) if masks else np.zeros(0, dtype=bool)


def with_plain_spaces(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    r"""Repair the texts of which no-break spaces alone need it, as French typography has them before « ! » and « ? ».

    Parameters
    ----------
    texts : pyarrow.ChunkedArray of string, shape (n_texts,)

    Returns
    -------
    pyarrow.ChunkedArray of string, shape (n_texts,)
        What `normalise` makes of these texts; null for all others.

    Examples
    --------
    >>> with_plain_spaces(pa.chunked_array([["Déçue\xa0!", "DÃ©Ã§ue\xa0!", "Déçue."]])).to_pylist()
    ['Déçue !', None, None]
    """
    plain = pc.replace_substring(pc.replace_substring(texts, "\u00a0", " "), "\u202f", " ")
    others = may_need_repair(plain) | pc.match_substring_regex(texts, _MAY_BE_MOJIBAKE).fill_null(False).to_numpy()
    return pc.if_else(pa.array(others), None, pc.if_else(pc.equal(plain, texts), None, plain))


def _is_clean(text: str) -> bool:
    return (
        _SUSPECT_CHARACTER.search(text) is None
        and text == text.strip()
        and not any(pair in text for pair in _SUSPECT_PAIRS)
        and not ("&" in text and ENTITY.search(text))
    )


def _counts(edits: list[Edit]) -> Counter[str]:
    """Count the characters concerned: those written anew, or those dropped."""
    counts: Counter[str] = Counter()
    for edit in edits:
        if edit.kind is not None:
            counts[edit.kind] += len(edit.new) or edit.end - edit.start
    return counts
