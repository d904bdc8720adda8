"""The unit of encoding: a sentence or a few, never longer than the encoder's window, every character in exactly one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from math import ceil
from typing import Final

from vocmine.errors import InputError
from vocmine.text.emoji import JOINERS_CLASS
from vocmine.text.sentences import split_sentences

# Where a sentence that is too long is best cut, from best to worst: the new piece starts where the match ends.
_CUTS: Final = (
    re.compile(r"[;:…!?]\s+|\n\s*"),
    re.compile(r"[,)»]\s+| [–—-] "),
    re.compile(
        r"\s(?=(?:et|mais|ou|donc|or|car|alors|parce|puis|ensuite|sauf|quand|lorsque|qui|que|dont|sinon|pourtant)\s)"
    ),
    re.compile(r"\s+"),
)
_LEAST_CHARS: Final = 20
_SHORT: Final = 25  # characters: « Merci. », « Bien à vous, » say nothing alone
_LOOK_AHEAD: Final = 12  # characters: a cut before « lorsque » reads the whole word
_GLUE = re.compile(f"[{JOINERS_CLASS}\udc00-\udfff]")
_FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")


def segment(text: str, max_chars: int = 240) -> list[tuple[int, int]]:
    """Cut a text into the segments that are encoded and scored.

    Sentences are packed in order up to `max_chars`; one that is longer is cut at its best inner place: a semicolon, a
    comma, a conjunction, a space, and only then inside a word (never inside a letter with its accents or an emoji).

    Parameters
    ----------
    text : str
        Preferably normalised. Blanks alone give no segment.
    max_chars : int, default 240
        Most code points a segment may have, white space included; at least 20.

    Returns
    -------
    list of (int, int)
        Contiguous spans in code points, end excluded: the first starts at 0, the last ends with the text. White space
        goes with what it follows.

    Raises
    ------
    InputError
        If `max_chars` is under 20.

    Examples
    --------
    >>> text = "Bonjour. Ma box est en panne depuis lundi. Merci."
    >>> [text[start:end] for start, end in segment(text, max_chars=45)]
    ['Bonjour. Ma box est en panne depuis lundi. ', 'Merci.']
    """
    if max_chars < _LEAST_CHARS:
        raise InputError(f"max_chars is {max_chars}; expected {_LEAST_CHARS} or more: pass a larger value")
    pieces = [piece for tile in _tiles(text) for piece in _pieces(text, *tile, max_chars)]
    return _pack(pieces, max_chars)


def _tiles(text: str) -> Iterator[tuple[int, int]]:
    """Widen the sentences so that they touch."""
    starts = [start for start, _ in split_sentences(text)]
    return pairwise([0, *starts[1:], len(text)] if starts else [])


def _pieces(text: str, start: int, end: int, max_chars: int) -> Iterator[tuple[int, int]]:
    while end - start > max_chars:
        cut = _best_cut(text, start, end, max_chars)
        yield start, cut
        start = cut
    yield start, end


def _best_cut(text: str, start: int, end: int, max_chars: int) -> int:
    """Return the best place to cut, near the length that makes even pieces."""
    length = end - start
    target = start + length // ceil(length / max_chars)
    least, most = start + max_chars // 3, start + max_chars
    for cuts in _CUTS:
        matches = cuts.finditer(text, least, min(most + _LOOK_AHEAD, end))
        places = [match.end() for match in matches if match.end() <= most]
        if places:
            return min(places, key=lambda place: abs(place - target))
    return _hard_cut(text, start, most)


def _hard_cut(text: str, start: int, most: int) -> int:
    for place in range(most, start, -1):
        if not _is_inside(text, place):
            return place
    return most


def _is_inside(text: str, place: int) -> bool:
    """Say whether `place` lies inside a letter with its accents, an emoji sequence, a flag or a surrogate pair."""
    character, before = text[place], text[place - 1]
    if before == "\u200d" or _GLUE.match(character) or unicodedata.category(character)[0] == "M":
        return True
    return bool(_FLAG_LETTER.match(character)) and _flag_letters_before(text, place) % 2 == 1


def _flag_letters_before(text: str, place: int) -> int:
    """Count the letters of flags that end at `place`: they go by twos."""
    start = place
    while start > 0 and _FLAG_LETTER.match(text[start - 1]):
        start -= 1
    return place - start


def _pack(pieces: list[tuple[int, int]], max_chars: int) -> list[tuple[int, int]]:
    """Join neighbours up to `max_chars`; a short last one takes a neighbour from the segment before."""
    packed: list[list[tuple[int, int]]] = []
    for piece in pieces:
        if packed and piece[1] - packed[-1][0][0] <= max_chars:
            packed[-1].append(piece)
        else:
            packed.append([piece])
    if len(packed) > 1 and len(packed[-2]) > 1:
        *kept, moved = packed[-2]
        end = packed[-1][-1][1]
        is_short = end - packed[-1][0][0] <= _SHORT < kept[-1][1] - kept[0][0]
        if is_short and end - moved[0] <= max_chars:
            packed[-2:] = [kept, [moved, *packed[-1]]]
    return [(group[0][0], group[-1][1]) for group in packed]
