"""Chooses which of the 250,037 pieces to keep: those that six languages are written with.

A piece is kept if it occurs in a frequent word of wordfreq's lists, in any of the shapes of `languages.variants`, or in
a tweet of UMSAB's training files; so are special tokens, single Latin letters, digits and numbers, punctuation,
currency and emoji. A piece kept at the start of a word is kept inside one too: after a quotation mark, a hyphen or a #.
Letters of other scripts, which tweets sprinkle here and there, are left out: a text that the model cannot read should
come out as unknown tokens, not as a string of letters that mean nothing to it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from languages import LANGUAGES, variants
from tokenizer import SPACE, SPECIAL
from tokenizers import Tokenizer
from wordfreq import top_n_list

_WORDS = 120_000  # of each language, most frequent first; the shorter lists hold fewer
_SLICE = 50_000
_EMOJI_BLOCKS = ((0x2190, 0x21FF), (0x2300, 0x23FF), (0x2460, 0x27BF), (0x2900, 0x2BFF), (0x1F000, 0x1FAFF))
_JOINERS = frozenset("\u200d\ufe0f\u20e3")


def choose(pieces: Sequence[tuple[str, float]], full: Tokenizer, tweets: Iterable[str]) -> list[int]:
    """Return the ids of the pieces to keep, in their order.

    Parameters
    ----------
    pieces : sequence of (str, float)
        All of them, with their scores.
    full : Tokenizer
        With all the pieces.
    tweets : iterable of str
        Training texts.
    """
    ids = {piece: index for index, (piece, _) in enumerate(pieces)}
    kept = {index for piece, index in ids.items() if piece in SPECIAL or _always_kept(piece)}
    for language in LANGUAGES:
        words = (written for word in top_n_list(language, _WORDS) for written in variants(word, language))
        kept |= _occurring(full, words)
    kept |= _occurring(full, tweets)
    kept |= {ids[inside] for index in kept if (inside := pieces[index][0].removeprefix(SPACE)) in ids}
    return sorted(index for index in kept if not _foreign(pieces[index][0]))


def coverage(kept: Sequence[int], full: Tokenizer, trimmed: Tokenizer, held_out: Sequence[str]) -> dict[str, float]:
    """Measure what a language loses, on texts that did not choose the pieces.

    Returns
    -------
    dict of str to float
        ``occurrences``: share of the token occurrences whose piece is kept; ``identical``: share of the texts cut into
        the same pieces as before; both 0 to 1.
    """
    whole = [encoding.ids for encoding in full.encode_batch_fast(list(held_out))]
    cut = [[kept[index] for index in encoding.ids] for encoding in trimmed.encode_batch_fast(list(held_out))]
    return {
        "occurrences": float(np.isin(np.concatenate(whole), kept).mean()),
        "identical": float(np.mean([a == b for a, b in zip(whole, cut, strict=True)])),
    }


def _occurring(full: Tokenizer, texts: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for chunk in _slices(texts):
        for encoding in full.encode_batch_fast(chunk):
            found.update(encoding.ids)
    return found


def _slices(texts: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for text in texts:
        chunk.append(text)
        if len(chunk) == _SLICE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _always_kept(piece: str) -> bool:
    text = piece.lstrip(SPACE)
    letter = len(text) == 1 and unicodedata.name(text, "").startswith("LATIN")
    return letter or all(_is_symbol(character) for character in text)


def _foreign(piece: str) -> bool:
    """Tell pieces that hold a letter of another script than Latin; µ is a unit."""
    letters = [c for c in piece if unicodedata.category(c).startswith("L") and c not in "µμ"]
    return any(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters)


def _is_symbol(character: str) -> bool:
    """Tell digits, common punctuation, currency and emoji."""
    if character in _JOINERS or any(low <= ord(character) <= high for low, high in _EMOJI_BLOCKS):
        return True
    common = ord(character) < 0x250 or 0x2000 <= ord(character) < 0x2190
    return character in "0123456789" or (common and unicodedata.category(character)[0] in "PSN")
