"""What speech leaves in a transcript and nobody would write: hesitations, fillers, words said twice or cut short.

The word lists are data: `speech_fillers.csv` (each form with the places where it says nothing) and `restarts.csv` (the
words at which speakers start again). Where a form may carry meaning it stays: « voilà pourquoi », « il en fait
partie », « à quoi », « oui oui », « très très », digits read aloud. A turn of nothing else is left whole: « voilà »
may be an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from vocmine.text.cleaning import Cleaned, Removed, remove
from vocmine.text.speech_lists import WORD, Filler, fillers_by_word, hesitations, restarts

_ENDS: Final = ".,;!…\n"
"""What closes a group of words; a question mark does not: « c'est quoi ? »."""
_PAUSE: Final = re.compile(r"(?:[^\S\n]|,|…|\.\.\.)*")
_LONGEST: Final = 3
"""Words that are said again together, at most."""


class _Word(NamedTuple):
    start: int
    end: int
    form: str


_Rule = Callable[[str, Sequence[_Word]], Iterator[tuple[int, int, str, str]]]
"""From a text and the words still in it to runs of words to take out: first, end, kind, why."""


def clean_speech(text: str) -> Cleaned:
    """Take hesitations, fillers, repetitions and cut words out of a turn transcribed from speech.

    Parameters
    ----------
    text : str
        One turn, with or without punctuation and capitals.

    Returns
    -------
    Cleaned
        The turn as it would be written, and what was removed: ``hesitation`` (euh), ``filler`` (ben, hein, en fait),
        ``repetition`` (je je veux: the last one stays) and ``cut_word`` (fac- facture).

    Examples
    --------
    >>> clean_speech("euh ben je je voudrais ma fac- facture voilà").text
    'je voudrais ma facture'
    >>> clean_speech("oui oui voilà pourquoi je vous appelle").removed
    ()
    """
    words = [_Word(*found.span(), found[0].lower().replace("’", "'")) for found in WORD.finditer(text)]
    kept: Sequence[_Word] = words
    removed: list[Removed] = []
    for rule in _RULES:
        runs = list(rule(text, kept))
        removed += (Removed(kept[first].start, kept[end - 1].end, kind, why) for first, end, kind, why in runs)
        gone = {place for first, end, *_ in runs for place in range(first, end)}
        kept = [word for place, word in enumerate(kept) if place not in gone]
    return remove(text, _with_commas(text, sorted(removed))) if kept else Cleaned(text, text)


def _hesitations(text: str, words: Sequence[_Word]) -> Iterator[tuple[int, int, str, str]]:  # noqa: ARG001  # a rule
    known = hesitations()
    here = {form for form in {word.form for word in words} if form in known or _squeezed(form) in known}
    for place, word in enumerate(words):
        if word.form in here:
            yield place, place + 1, "hesitation", "sound without meaning"


def _squeezed(form: str) -> str:
    """Return a form without its lengthening: « euuuh » is « euh »."""
    return "".join(letter for letter, _ in groupby(form))


def _cut_words(text: str, words: Sequence[_Word]) -> Iterator[tuple[int, int, str, str]]:
    """Find words cut short and started again at once, or after the article before them: « la fac- la facture »."""
    for place, word in enumerate(words[:-1]):
        if not word.form.endswith("-") or "\n" in _gap(text, words, place + 1):
            continue
        start = word.form[:-1]
        again = words[place + 1]
        if place and place + 2 < len(words) and again.form == words[place - 1].form:
            again = words[place + 2]
        if again.form.startswith(start) and len(again.form) > len(start):
            yield place, place + 1, "cut_word", "word started again"


def _fillers(text: str, words: Sequence[_Word]) -> Iterator[tuple[int, int, str, str]]:
    by_word, done = fillers_by_word(), 0
    for place, word in enumerate(words):
        if place < done:
            continue
        for filler in by_word.get(word.form, ()):
            end = place + len(filler.words)
            said = tuple(each.form for each in words[place:end])
            if said == filler.words and _says_nothing(text, words, place, end, filler):
                yield place, end, "filler", filler.form
                done = end
                break


def _says_nothing(text: str, words: Sequence[_Word], first: int, end: int, filler: Filler) -> bool:
    left, right = _gap(text, words, first), _gap(text, words, end)
    opens, closes = first == 0 or any(mark in left for mark in _ENDS + "?"), _closes(words, end, right)
    in_place = {
        "anywhere": True,
        "inside": first > 0 and not any(mark in left for mark in ".!?\n"),
        "opening": opens,
        "closing": closes,
        "apart": opens and closes,
        "tail": "," in left and closes,
    }[filler.place]
    before = "" if opens else words[first - 1].form
    after = "" if closes or end == len(words) else words[end].form
    return (
        in_place
        and not _is_name(text, words, first)
        and (not filler.after or before in filler.after)
        and before not in filler.not_after
        and (not filler.before or after in filler.before)
        and after not in filler.not_before
    )


def _closes(words: Sequence[_Word], end: int, right: str) -> bool:
    return "?" not in right and (end == len(words) or any(mark in right for mark in _ENDS))


def _is_name(text: str, words: Sequence[_Word], place: int) -> bool:
    """Tell « Ben » from « ben »: a capital inside a sentence, or before another one."""
    capital = [
        text[word.start].isupper() and not text[word.start : word.end].isupper() for word in words[place : place + 2]
    ]
    inside = place > 0 and not any(mark in _gap(text, words, place) for mark in ".!?…\n")
    return capital[0] and (inside or capital[1:] == [True])


def _repetitions(text: str, words: Sequence[_Word]) -> Iterator[tuple[int, int, str, str]]:
    place = 0
    while place < len(words):
        length = next((n for n in range(_LONGEST, 0, -1) if _said_again(text, words, place, n)), 0)
        if length:
            yield place, place + length, "repetition", "said again at once"
        place += length or 1


def _said_again(text: str, words: Sequence[_Word], place: int, length: int) -> bool:
    """Tell whether a speaker starts again: the same words at once and, for several, something more after them."""
    first, again = place + length, place + 2 * length
    if again > len(words) or words[place].form != words[first].form:
        return False
    said = [word.form for word in words[place:first]]
    if said != [word.form for word in words[first:again]] or not _can_restart(said):
        return False
    if not _PAUSE.fullmatch(_gap(text, words, first)):
        return False
    if length == 1:
        before, after = (words[each].form if 0 <= each < len(words) else "" for each in (place - 1, again))
        read_aloud = said[0] in restarts("number") and (_is_number(before) or _is_number(after))
        return not read_aloud and before not in restarts("sung_after")
    inside = (_gap(text, words, each) for each in range(place + 1, again) if each != first)
    goes_on = again < len(words) and not _gap(text, words, again).strip()
    return goes_on and not "".join(inside).strip()


def _can_restart(said: Sequence[str]) -> bool:
    if len(said) == 1:
        return said[0] in restarts("alone")
    if len(set(said)) == 1 or any(form in restarts("never") or _is_number(form) for form in said):
        return False
    openers = restarts("alone") | restarts("opener")
    return said[0] in openers and (len(said) == 2 or said[-1] in openers)


def _is_number(form: str) -> bool:
    return form.isdigit() or form in restarts("number")


def _gap(text: str, words: Sequence[_Word], place: int) -> str:
    """Return what stands between a word and the one before it, the words already removed excepted."""
    start = words[place - 1].end if place else 0
    end = words[place].start if place < len(words) else len(text)
    return WORD.sub("", text[start:end])


def _with_commas(text: str, removed: Sequence[Removed]) -> Iterator[Removed]:
    """Widen spans by the commas that set them off, so that none is left alone."""
    for run in _runs(text, removed):
        start, end = _set_off(text, run[0].start, run[-1].end)
        run[0] = run[0]._replace(start=start)
        run[-1] = run[-1]._replace(end=end)
        yield from run


def _runs(text: str, removed: Sequence[Removed]) -> Iterator[list[Removed]]:
    """Put together the spans that only a pause keeps apart, and close the gaps between them."""
    run: list[Removed] = []
    for span in removed:
        if run and _PAUSE.fullmatch(text, run[-1].end, span.start):
            run[-1] = run[-1]._replace(end=span.start)
        elif run:
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _set_off(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span widened by the comma before it, or by what closes it where it opens the sentence."""
    before = start
    while before and text[before - 1].isspace():
        before -= 1
    pause = _PAUSE.match(text, end)
    marks, after = (pause[0].strip(), pause.end()) if pause else ("", end)
    if not before or text[before - 1] in ".!?…":
        if text[after : after + 1] in {".", "!"}:
            after += 1
        return start, after if text[end:after].strip() else end
    closes = marks or text[after : after + 1] in {"", ".", ";", ":", "!", "?"}
    return (before - 1 if closes and text[before - 1] == "," else start), end


_RULES: Final[tuple[_Rule, ...]] = (_hesitations, _cut_words, _fillers, _repetitions)
