"""Which language a text is in, with the right to say nothing; and whether its script can be scored at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from vocmine.text.emoji import EMOJI
from vocmine.text.lexicons import column

if TYPE_CHECKING:
    import eldc

SUPPORTED: Final = ("fr", "en", "de", "es", "it", "pt")
"""The languages that the library promises to score; any other is named by its code."""

_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|(?<!\S)\S+@\S+|[@#]\w+|\d+|\0")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH: Final = 2_000  # characters: the answer no longer moves beyond

# Chosen on tweets in the six languages cut to 2, 4, 6 and 8 words, and on short customer messages: see `identify`.
_TOO_SHORT: Final = 4  # letters: « ok », « cv » belong to every language
_SHORT: Final = 20  # letters: below, another language than French needs words, a margin, and to be one of the six
_FRENCH_PRIOR: Final = 2.0  # added to the score of French, over the number of letters
_MARGIN_SHORT: Final = 0.05
_MARGIN: Final = 0.005


@dataclass(frozen=True, slots=True)
class Language:
    """The language of a text.

    Attributes
    ----------
    code : str
        ISO 639-1 code, or `und` where no answer is given.
    score : float
        The detector's score of that language, 0 to 1; a similarity, not a probability. 0 for `und`.
    reason : str or None
        Why no answer is given, `too_short` or `unclear`; None otherwise.
    """

    code: str
    score: float
    reason: str | None = None


_TOO_SHORT_TO_SAY: Final = Language("und", 0.0, "too_short")
_UNCLEAR: Final = Language("und", 0.0, "unclear")


def identify(text: str) -> Language:
    """Identify the language of a text, with a prior for French, and abstain on what is too short or unclear.

    Addresses, mentions, hashtags and numbers are set aside. Under 20 letters, a word that only French writes (« svp »,
    « merci ») settles it, and another language is named only if it is one of the six promised, on two words or more,
    and well ahead.

    References
    ----------
    The detector is eldc (Efficient Language Detector, n-grams of 60 languages, Apache-2.0); its tables are part of the
    package, nothing is downloaded.

    Examples
    --------
    >>> identify("ok merci").code, identify("Wo bleibt meine Bestellung?").code
    ('fr', 'de')
    >>> identify("ok")
    Language(code='und', score=0.0, reason='too_short')
    """
    words = _NOT_WORDS.sub(" ", text[:_ENOUGH]).encode("utf-8", "ignore").decode()
    n_letters = len(_LETTER.findall(words))
    if n_letters < _TOO_SHORT and not _has_marker(words):
        return _TOO_SHORT_TO_SAY
    scores: dict[str, float] = dict(_detector().detect_details(words).scores)
    if n_letters < _SHORT and _has_marker(words):
        return Language("fr", scores.get("fr", 0.0))
    return _decide(scores, n_letters, len(_WORD.findall(words)))


def identify_many(texts: Iterable[str]) -> list[Language]:
    """Identify the language of each text, in order; a text that comes back is identified once."""
    known: dict[str, Language] = {}
    return [known[text] if text in known else known.setdefault(text, identify(text)) for text in texts]


def _decide(scores: dict[str, float], n_letters: int, n_words: int) -> Language:
    prior = {"fr": _FRENCH_PRIOR / n_letters}
    ranked = sorted(((score + prior.get(code, 0.0), code) for code, score in scores.items()), reverse=True)
    if not ranked:
        return _UNCLEAR
    best, code = ranked[0]
    margin = best - ranked[1][0] if len(ranked) > 1 else best
    if code != "fr" and n_letters < _SHORT and (code not in SUPPORTED or n_words < 2 or margin < _MARGIN_SHORT):
        return _UNCLEAR
    if margin < _MARGIN:
        return _UNCLEAR
    return Language(code, scores[code])


def _has_marker(words: str) -> bool:
    return not _markers().isdisjoint(_WORD.findall(words.lower()))


@cache
def _markers() -> frozenset[str]:
    return frozenset(column("french_markers", "word"))


@cache
def _detector() -> eldc.instance:
    import eldc

    eldc.init()
    detector = eldc.instance()
    detector.set_scores(5)
    return detector


_SCRIPTS: Final = {
    "latin": "A-Za-zªºÀ-ÖØ-öø-ʯᴀ-ᵿḀ-ỿⱠ-Ɀ꜠-ꟿﬀ-ﬆＡ-Ｚａ-ｚ\U0001d400-\U0001d7ff",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "cyrillic": "\u0400-\u052f",
    "armenian": "\u0530-\u058f",
    "hebrew": "\u0590-\u05ff",
    "arabic": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "devanagari": "\u0900-\u097f",
    "thai": "\u0e00-\u0e7f",
    "georgian": "\u10a0-\u10ff",
    "kana": "\u3040-\u30ff\uff66-\uff9d",
    "hangul": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
}
_OF_SCRIPT: Final = {script: re.compile(rf"(?:(?![\d_])[{inside}])") for script, inside in _SCRIPTS.items()}


def latin_share(text: str) -> float:
    """Return the share of Latin letters among the letters of a text, 0 to 1; 0 where it has no letter.

    Examples
    --------
    >>> latin_share("Bonjour Мария")
    0.5833333333333334
    """
    letters = _LETTER.findall(text)
    if not letters:
        return 0.0
    return 1.0 if text.isascii() else len(_OF_SCRIPT["latin"].findall("".join(letters))) / len(letters)


def script_of(text: str) -> str:
    """Return the script of most letters of a text, in lower case; `other` if not listed, `none` without any letter.

    Examples
    --------
    >>> script_of("Bonjour"), script_of("Здравствуйте"), script_of("12 €")
    ('latin', 'cyrillic', 'none')
    """
    letters = "".join(_LETTER.findall(text))
    if not letters:
        return "none"
    counts = {script: len(pattern.findall(letters)) for script, pattern in _OF_SCRIPT.items()}
    counts["other"] = len(letters) - sum(counts.values())
    return max(counts, key=lambda script: counts[script])


def scorable(text: str) -> str | None:
    """Say why a text cannot be scored, or None if it can.

    Returns
    -------
    str or None
        `no_letters` without a letter or an emoji, `unsupported_script` where most letters are not Latin.

    Examples
    --------
    >>> scorable("Toujours rien reçu 😡"), scorable("👍"), scorable("12/03"), scorable("Где мой заказ?")
    (None, None, 'no_letters', 'unsupported_script')
    """
    if _LETTER.search(text) is None:
        return None if EMOJI.search(text) else "no_letters"
    return "unsupported_script" if latin_share(text) < 0.5 else None
