"""Perturbations of texts, for measuring what a model loses on careless writing; the same text always gets the same."""

from __future__ import annotations

import hashlib
import random
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from vocmine.errors import InputError
from vocmine.text.lexicons import column

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SHORT: Final = 3
_LONG: Final = 6
_KEY_ROWS: Final = ("azertyuiop", "qsdfghjklm", "wxcvbn")
_ENDINGS: Final = (("é", "er", "ez", "ée", "és", "ées"), ("ais", "ait", "aient"))
# Their last letters are no ending of a verb, or not heard as one.
_NO_ENDING: Final = frozenset({"hier", "chez", "assez", "cher", "fier", "hiver", "enfer", "frais", "mais", "jamais"})


def lower(text: str) -> str:
    """Return the text in lower case.

    Examples
    --------
    >>> lower("Merci à TOUTE l’équipe")
    'merci à toute l’équipe'
    """
    return text.lower()


def capitals(text: str) -> str:
    """Return the text in capitals.

    Examples
    --------
    >>> capitals("Merci à toute l’équipe")
    'MERCI À TOUTE L’ÉQUIPE'
    """
    return text.upper()


def no_accents(text: str) -> str:
    """Return the text with bare Latin letters; other scripts, whose marks are letters, stay as they are.

    Examples
    --------
    >>> no_accents("Ça m’a coûté ma sœur, à Noël")
    'Ca m’a coute ma soeur, a Noel'
    """
    return "".join(map(_bare, unicodedata.normalize("NFC", text)))


def word_errors(text: str, rate: float = 0.15, seed: int = 0) -> str:
    """Return the text with errors of typing and of speech recognition in a share of its words.

    Of a text of n words, ``rate * n`` get an error, rounded up or down by chance so that the rate is right on average.
    Each draws one of these, another where it does not apply: 40 % what sounds alike (homophones: ces, ses, c'est; verb
    endings: é, er, ez; a plural s too many or too few), 20 % a short word dropped or doubled, 15 % two words joined or
    one split, 25 % a slip (two letters swapped, one left out, doubled, or its neighbour on an AZERTY keyboard).

    Parameters
    ----------
    text : str
    rate : float, default 0.15
        Share of the words, 0 to 1.
    seed : int, default 0
        The same text, rate and seed give the same errors on any machine.

    Returns
    -------
    str
        Never empty where the text is not.

    Raises
    ------
    InputError
        If the rate is no share.

    Examples
    --------
    >>> word_errors("Je suis très déçu, mes factures sont fausses et personne ne rappelle.", rate=0.3)
    'Jje suit trèsdéçu, mes factures sont fausses personne ne rappelle.'
    """
    if not 0 <= rate <= 1:
        raise InputError(f"got rate={rate}, expected a share from 0 to 1, such as 0.15")
    chance = _chance(text, seed)
    pieces = _pieces(text)
    words = range(1, len(pieces), 2)
    count = int(rate * len(words) + chance.random())
    for place in sorted(chance.sample(words, count)):
        _spoil(pieces, place, chance)
    noisy = "".join(pieces)
    return noisy if noisy.strip() else text


NOISE: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {"lower": lower, "no_accents": no_accents, "capitals": capitals, "word_errors": word_errors}
)
"""The perturbations that robustness is measured on: name → function of a text."""


def _bare(character: str) -> str:
    if character in "œŒæÆ":
        return {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"}[character]
    letter = unicodedata.normalize("NFD", character)[0]
    return letter if letter.isascii() else character


def _chance(text: str, seed: int) -> random.Random:
    digest = hashlib.sha256(f"{seed}\0{text}".encode("utf-8", "surrogatepass")).digest()
    return random.Random(int.from_bytes(digest[:8]))  # noqa: S311  # no secret hangs on it


def _pieces(text: str) -> list[str]:
    """Cut a text so that its words stand at odd places, and what lies between them at even ones."""
    pieces, end = [], 0
    for word in _WORD.finditer(text):
        pieces += [text[end : word.start()], word[0]]
        end = word.end()
    return [*pieces, text[end:]]


def _spoil(pieces: list[str], place: int, chance: random.Random) -> None:
    """Put one error in the word at this place."""
    kinds = {_sound: 0.40, _short_word: 0.20, _join_or_split: 0.15, _slip: 0.25}
    while kinds:
        (kind,) = chance.choices(list(kinds), weights=list(kinds.values()))
        if kind(pieces, place, chance):
            return
        del kinds[kind]


def _sound(pieces: list[str], place: int, chance: random.Random) -> bool:
    word = pieces[place]
    plain = word.lower().replace("’", "'")
    heard = list(_homophones().get(plain, ())) or _other_endings(plain) or _other_number(plain)
    if not heard:
        return False
    pieces[place] = _cased_as(word, chance.choice(heard))
    return True


def _short_word(pieces: list[str], place: int, chance: random.Random) -> bool:
    word = pieces[place]
    if len(word) > _SHORT:
        return False
    if chance.random() < 0.5 and len(pieces) > 5 and pieces[place + 1] == " ":  # three words or more
        pieces[place] = pieces[place + 1] = ""
    else:
        pieces[place] = f"{word} {word.lower()}"
    return True


def _join_or_split(pieces: list[str], place: int, chance: random.Random) -> bool:
    word = pieces[place]
    if place + 2 < len(pieces) and pieces[place + 1] == " " and (len(word) < _LONG or chance.random() < 0.5):
        pieces[place + 1] = ""
    elif "'" in word or "’" in word:
        pieces[place] = re.sub("['’]", "", word)
    elif len(word) >= _LONG:
        cut = chance.randrange(2, len(word) - 1)
        pieces[place] = f"{word[:cut]} {word[cut:]}"
    else:
        return False
    return True


def _slip(pieces: list[str], place: int, chance: random.Random) -> bool:
    word = pieces[place]
    at = chance.randrange(len(word))
    before, letter, after = word[:at], word[at], word[at + 1 :]
    slips = {before + letter + letter.lower() + after, before + _beside(letter, chance) + after}
    if len(word) > 2:
        slips |= {before + after, before + after[:1] + letter + after[1:]}
    pieces[place] = chance.choice(sorted(slips - {word}))
    return True


def _beside(letter: str, chance: random.Random) -> str:
    """Return a key beside that of the letter, or the letter where the keyboard is not known to have it."""
    for row in _KEY_ROWS:
        if (at := row.find(letter)) >= 0:
            return chance.choice(row[max(at - 1, 0) : at] + row[at + 1 : at + 2])
    return letter


def _other_endings(word: str) -> list[str]:
    for endings in _ENDINGS:
        for ending in sorted(endings, key=len, reverse=True):
            if word.endswith(ending) and len(word) >= len(ending) + 3 and word not in _NO_ENDING:
                return [word.removesuffix(ending) + other for other in endings if other != ending]
    return []


def _other_number(word: str) -> list[str]:
    if len(word) <= _SHORT:
        return []
    if word.endswith("ent"):
        return [word.removesuffix("nt"), word.removesuffix("nt") + "s"]
    return [word[:-1]] if word.endswith("s") else [] if word[-1] in "xz" else [word + "s"]


def _cased_as(model: str, word: str) -> str:
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if model[0].isupper() else word


@cache
def _homophones() -> Mapping[str, tuple[str, ...]]:
    """Return for each word those that sound like it."""
    heard: dict[str, tuple[str, ...]] = {}
    for forms in column("homophones", "forms"):
        group = forms.split("|")
        for form in group:
            heard[form] = (*heard.get(form, ()), *(other for other in group if other != form))
    return heard
