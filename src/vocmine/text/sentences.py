"""French sentences as customers write them: with or without spaces, capitals, accents and stops."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from vocmine.text.emoji import FACES
from vocmine.text.lexicons import column

# Every place where a sentence could end, and the addresses inside which none does. Read once, left to right; the look
# ahead passes over characters that start none of them, which makes the scan five times as fast.
_EVENT = re.compile(
    r"(?=[^ a-gi-vyzà-ÿ\d,'’()])(?:"
    r"(?P<address>(?:https?://|www\.)\S*[^\s.,;:!?…)»”\"])"
    r"|(?P<line>\n\s*)"
    r"|(?P<stop>[.!?…]+(?: ?[!?]+)*)"
    rf"|(?P<faces>{FACES})"
    r"|(?P<glued>(?<=[a-zß-ÿœ\d)])[A-ZÀ-ÞŒ]))"
)
# What belongs to the sentence after its stop: closing marks, then emoji. A guillemet counts as closing by what
# surrounds it, since customers use « » both ways round.
_CLOSING = re.compile(rf"(?:[)\]”\"]| ?»(?!\w)|[«’'](?=\s|$))*(?: ?(?:{FACES}))?")
_OPENING = re.compile(r"[«»“”\"‘’'(\[—–\-•*¿¡ ]*")
_QUOTE_OR_BRACKET = re.compile(r"[)\]”»\"«]")
_ITEM = re.compile(r"[-–—•*·►▪●✓✔→>]|\d{1,2} ?[.)°/-](?!\d)|[a-zA-Z]\)")
_WORD = re.compile(r"[^\W_]+")
_LAST_WORD = re.compile(r"[^\s«»“”\"(),;:!?/]*\Z")
_MAIL_ADDRESS = re.compile(r"[\w.+-]{1,64}@")
_EXTENSION: Final = frozenset({"fr", "com", "net", "org", "pdf", "doc", "docx", "jpg", "jpeg", "png", "html", "php"})
_GREETING: Final = frozenset({"bonjour", "bonsoir", "cordialement", "merci", "madame", "monsieur", "salutations"})
# A line that ends on one of these goes on with the next, even if that one begins with a capital.
_HANGING = re.compile(
    r"(?:\b(?:de|du|des|à|au|aux|le|la|les|un|une|en|et|ou|par|pour|sur|avec|chez|dans|que|qui|ma|mon|mes|sa|son|ses"
    r"|votre|vos|notre|nos|leur|leurs|cette|ce|M\.|Mme|Mr)|['’])\Z"
)
_LOOK_BACK: Final = 24  # characters: longer than any abbreviation or word that matters


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Split a text into sentences.

    Rules only, in time proportional to the length of the text. Speech transcripts without punctuation stay in one
    piece: `vocmine.text.segment` cuts them.

    Parameters
    ----------
    text : str
        Preferably normalised (`vocmine.text.normalise`).

    Returns
    -------
    list of (int, int)
        Spans in code points, end excluded: in order, without overlap, without white space at either end. Together they
        cover everything that is not white space.

    Examples
    --------
    >>> text = "BonjourIl y a un souci.Merci de rappeler M. Roy au n° 12 ! :) Cordialement"
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['Bonjour', 'Il y a un souci.', 'Merci de rappeler M. Roy au n° 12 ! :)', 'Cordialement']
    """
    spans = []
    start = 0
    for cut in (*_cuts(text), len(text)):
        piece = text[start:cut]
        left = start + len(piece) - len(piece.lstrip())
        right = left + len(piece.strip())
        if left < right:
            spans.append((left, right))
            start = cut
    return spans


def _cuts(text: str) -> Iterator[int]:
    """Yield, in order, the positions where one sentence ends."""
    last = 0
    for event in _EVENT.finditer(text):
        decide = _DECISIONS.get(str(event.lastgroup))
        cut = decide(text, event) if decide else None
        if cut is not None and cut > last:
            last = cut
            yield cut


def _at_line(text: str, line: re.Match[str]) -> int | None:
    """End a sentence at a line break before an item, a capital or an empty line, or after a stop."""
    start, end = line.span()
    before, after = text[max(start - _LOOK_BACK, 0) : start].rstrip(), text[end : end + 1]
    if line[0].count("\n") > 1 or _ITEM.match(text, end) or not before:
        return start
    if before[-1] in ".!?…:":
        return start
    goes_on = after.islower() or (before[-1] not in '»)"' and (after.isdigit() or _HANGING.search(before)))
    return None if goes_on else start


def _at_stop(text: str, stop: re.Match[str]) -> int | None:
    closing = _CLOSING.match(text, stop.end())
    end = closing.end() if closing else stop.end()
    gap = end < len(text) and text[end].isspace()
    following = _after_opening(text, end)
    if following == "" or following in ",;:)":
        return None
    if stop[0] == ".":
        ends = _full_stop_ends(text, stop.start(), end, gap=gap)
    elif set(stop[0]) <= set(".…"):
        ends = following.isupper() or (gap and following.isdigit() and stop.end() != end)
    elif following.islower():
        ends = gap and not _QUOTE_OR_BRACKET.search(text, stop.end(), end)
    else:
        ends = gap or following.isupper()
    return end if ends else None


def _at_faces(text: str, faces: re.Match[str]) -> int | None:
    """End a sentence after emoji where a capital follows."""
    return faces.end() if _after_opening(text, faces.end()).isupper() else None


def _at_glued(text: str, glued: re.Match[str]) -> int | None:
    """End a sentence where a capital inside a word starts the next: « BonjourIl y a », « en 2020En janvier »."""
    before = _last_word(text, glued.start())
    word = _word_at(text, glued.start())
    if before.lower() in _GREETING:
        return glued.start() if len(word) > 1 else None
    long_enough = not before or before.isdigit() or (len(before) >= 4 and before[1:].islower())
    return glued.start() if long_enough and _is_opener(text, glued.start()) else None


_DECISIONS: Final[dict[str, Callable[[str, re.Match[str]], int | None]]] = {
    "line": _at_line,
    "stop": _at_stop,
    "faces": _at_faces,
    "glued": _at_glued,
}


def _full_stop_ends(text: str, stop: int, end: int, *, gap: bool) -> bool:
    """Say whether the full stop at `stop` ends a sentence that would end at `end`."""
    word = _last_word(text, stop)
    following = _after_opening(text, end)
    if not gap and end == stop + 1:
        return _glued_stop_ends(text, word, end)
    kind = _abbreviations().get(word.lower())
    if kind == "title" or _is_item_mark(text, word, stop):
        return False
    if following.islower():
        return kind is None and "." not in word and len(word) > 1 and _has_vowel(word)
    if kind == "end":
        return True
    is_initial = len(word) == 1 and word.isalpha() and word.lower() not in "aày"
    if kind == "middle" or is_initial or re.fullmatch(r"(?:\w\.-?)+\w", word):
        return _is_opener(text, end) and not (is_initial and word.isupper())
    return True


def _glued_stop_ends(text: str, word: str, end: int) -> bool:
    """« réponse.Merci » ends a sentence; « www.site.fr », « 12.5 », « Doc.Pdf », « Jean.Roy@site.fr » do not."""
    following = _word_at(text, end)
    if not following[:1].isupper() or _MAIL_ADDRESS.match(text, end) or following.lower() in _EXTENSION:
        return False
    if _is_opener(text, end):
        return len(word) != 1 and "." not in word and _abbreviations().get(word.lower()) != "title"
    return len(word) > 2 and len(following) > 2 and following[1:].islower() and word.lower() not in _abbreviations()


def _is_item_mark(text: str, word: str, stop: int) -> bool:
    """« 1. » or « a. » at the start of a line numbers what follows."""
    start = stop - len(word)
    opens_line = text[max(start - 2, 0) : start].rstrip(" ")[-1:] in ("", "\n")
    return opens_line and (len(word) == 1 or (len(word) == 2 and word.isdigit()))


def _is_opener(text: str, position: int) -> bool:
    """Say whether the word at or after `position` is one that usually opens a sentence: « Je », « L' », « Merci »."""
    word = _WORD.search(text, position, position + _LOOK_BACK)
    if word is None or word[0].lower() not in _openers():
        return False
    return len(word[0]) > 1 or word[0] in "ÀY" or text[word.end() : word.end() + 1] in ("'", "’")


def _after_opening(text: str, position: int) -> str:
    """Return the first character that says something after opening quotes, dashes and blanks, or an empty string."""
    while position < len(text) and text[position].isspace():
        position += 1
    opening = _OPENING.match(text, position)
    return text[opening.end() : opening.end() + 1] if opening else ""


def _word_at(text: str, position: int) -> str:
    word = _WORD.search(text, position, position + _LOOK_BACK)
    return word[0] if word else ""


def _last_word(text: str, end: int) -> str:
    word = _LAST_WORD.search(text[max(end - _LOOK_BACK, 0) : end])
    return word[0].rpartition("’")[2].rpartition("'")[2] if word else ""


def _has_vowel(word: str) -> bool:
    return re.search("[aeiouyà-öø-ÿœ]", word.lower()) is not None or word.isdigit()


@cache
def _abbreviations() -> dict[str, str]:
    return dict(zip(column("abbreviations", "abbreviation"), column("abbreviations", "kind"), strict=True))


@cache
def _openers() -> frozenset[str]:
    return frozenset(column("sentence_openers", "word"))
