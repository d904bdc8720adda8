"""A text comes in; its words go out, each with its lemma, and whether it says by itself what the text is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, NamedTuple

import simplemma
import stopwordsiso

from vocmine.text.folding import fold
from vocmine.text.lexicons import column

LANGUAGES: Final = ("fr", "en", "es", "de", "it", "pt")
"""Languages whose words are known; texts of others are read as French."""

_PLAIN: Final = str.maketrans({"’": "'", "‘": "'", "\u2011": "-"})
_SEPARATED: Final = re.compile(
    r"""
      \[[^\[\]\n]{1,30}\] | <[^<>\n]{1,30}>                  # what stands where personal data stood
    | https?://\S{1,300} | www\.\S{1,300}
    | (?<![\w.+'-])[@\#]?[\w.+'-]{1,64}+@[\w.-]{1,60} | [@\#]\w{1,60}
    | \d[\d\w.,:/%€$-]{0,40}
    | (?P<word>
        mots?[ ]de[ ]passe\b | rendez[ ]vous\b | heures?[ ](?:creuses?|pleines?)\b | cartes?[ ]grises?\b  # one thing
      | [^\W\d_]+(?:['-][^\W\d_]+){0,9}  # words, whole: « rendez-vous », « aujourd'hui »; ten parts at most
      )
    """,
    re.VERBOSE,
)
_BREAK: Final = re.compile(r"[.,;:!?()«»\"…\n|/]")
_ELISION: Final = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=[^\W\d_])")
_WHOLE: Final = frozenset(
    {"aujourd'hui", "presqu'ile", "quelqu'un", "quelqu'une", "prud'homme", "prud'hommes", "d'abord"}
)
_INVERSION: Final = re.compile(
    r"(?:-t)?(?:-(?:je|tu|il|elle|on|nous|vous|ils|elles|ce|moi|toi|lui|leur|y|en|la|le|les|ci)){1,2}$"
)
_ADVERB: Final = re.compile(r"[ae]mment$")
_LOOKUPS: Final = 2
"""« reçue » gives « reçu », and this « recevoir »."""
_UNSPLIT: Final = frozenset({"rendez-vous", "vis-a-vis", "peut-etre", "celui-ci", "celle-ci", "la-bas", "est-a-dire"})


class Word(NamedTuple):
    """A word of a text.

    Attributes
    ----------
    surface : str
        As written, in lower case.
    lemma : str
        The form that stands for its inflections, accents included where they were written.
    start, end : int
        Code points in the text.
    use : str
        ``matter`` (it can say what a text is about), ``negation`` or ``general``.
    breaks_before : bool
        Punctuation, a number or an address stands before it: no phrase goes across.
    """

    surface: str
    lemma: str
    start: int
    end: int
    use: str
    breaks_before: bool


def words(text: str, language: str = "fr") -> list[Word]:
    """Cut a text into its words.

    Elisions are words of their own (« l'avoir » gives « l' », « avoir »), except in words that hold one
    (« aujourd'hui »). Pronouns after the verb are left out. Numbers, addresses, mentions and masked personal data are
    no words.

    Parameters
    ----------
    text : str
    language : str
        ISO 639-1 code, among `LANGUAGES`; others are read as French.

    Examples
    --------
    >>> [word.surface for word in words("L’agent n'a pas retrouvé mon rendez-vous d'aujourd'hui, puis-je venir ?")]
    ["l'", 'agent', "n'", 'a', 'pas', 'retrouvé', 'mon', 'rendez-vous', "d'", "aujourd'hui", 'puis', 'venir']
    >>> [word.lemma for word in words("Deux prélèvements en double !") if word.use == "matter"]
    ['prélèvement', 'double']
    """
    language = language if language in LANGUAGES else "fr"
    text = text.translate(_PLAIN)
    plain = text.lower()
    if len(plain) != len(text):  # a capital whose small letter is two characters
        plain = "".join(small if len(small := char.lower()) == 1 else char for char in text)
    return list(_words(plain, language))


def _words(text: str, language: str) -> Iterator[Word]:
    end, broken = 0, True
    for match in _SEPARATED.finditer(text):
        broken = broken or bool(_BREAK.search(text, end, match.start()))
        end = match.end()
        if match["word"] is None:
            broken = True
            continue
        for surface, start in _parts(match[0], language):
            use = _use(surface, language)
            at = match.start() + start
            yield Word(surface, lemma(surface, language), at, at + len(surface), use, broken)
            broken = False


@lru_cache(maxsize=200_000)
def _parts(word: str, language: str) -> tuple[tuple[str, int], ...]:
    """Cut elided words off the front and, in French, pronouns off the end."""
    if fold(word) in _WHOLE:
        return ((word, 0),)
    parts, start = [], 0
    while match := _ELISION.match(word, start):
        parts.append((match[0], start))
        start = match.end()
    rest = word[start:]
    if language == "fr" and fold(rest) not in _UNSPLIT:
        rest = rest[: -len(match[0])] if (match := _INVERSION.search(fold(rest))) else rest
    return (*parts, (rest, start)) if rest else tuple(parts)


@lru_cache(maxsize=200_000)
def lemma(word: str, language: str) -> str:
    """Return the form that stands for the inflections of a word in lower case.

    Examples
    --------
    >>> lemma("prélèvements", "fr"), lemma("bills", "en")
    ('prélèvement', 'bill')
    """
    if (corrected := _corrections(language).get(word)) is not None:
        return corrected
    for _ in range(_LOOKUPS):
        word = simplemma.lemmatize(word, lang=language).lower()
    return word


@lru_cache(maxsize=200_000)
def is_word(word: str, language: str = "fr") -> bool:
    """Say whether a word in lower case is in the language's dictionary; one that is there with accents only is not.

    Examples
    --------
    >>> is_word("carte"), is_word("lappli")
    (True, False)
    """
    return bool(simplemma.is_known(word, lang=language))


@lru_cache(maxsize=200_000)
def _use(word: str, language: str) -> str:
    folded = fold(word)
    if folded in _listed(language, "matter"):
        return "matter"
    if folded in _listed(language, "negation") or word == "n'":
        return "negation"
    general = (
        bool(_ADVERB.search(folded))
        or folded in _listed(language, "general")
        or len(folded) < 3
        or folded.endswith("'")
    )
    return "general" if general or folded in _general(language) else "matter"


@cache
def _corrections(language: str) -> dict[str, str]:
    rows = zip(*(column("lemmas", name) for name in ("language", "form", "lemma")), strict=True)
    return {form: lemma for code, form, lemma in rows if code == language}


@cache
def _listed(language: str, use: str) -> frozenset[str]:
    rows = zip(*(column("topic_words", name) for name in ("language", "word", "use")), strict=True)
    return frozenset(fold(word) for code, word, kind in rows if code == language and kind == use)


@cache
def _general(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in stopwordsiso.stopwords(language))
