"""From a string as received to the text that the library stores, with offsets that lead back."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

from vocmine.text.offsets import Edit, OffsetMap, apply_edits
from vocmine.text.repairs import ENTITY, REPAIRS

# Text without any of these goes through untouched: the quick path of most French text.
_SUSPECT_CHARACTER = re.compile("[^\n -~¡-¬®-·¹-¿ÀÇ-ËÔÖÛÜà-ïñ-ÿŒœŸ–—‘’“”•…‹›€™←-⯿\ufe0f\U0001f000-\U0001faff]")
_SUSPECT_PAIRS: Final = ("  ", " \n", "\n ", "\n\n\n", "â€", "âœ", "â–", "â—", "ï»", "ï¿")
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
