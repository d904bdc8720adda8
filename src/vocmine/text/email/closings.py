"""Closings: « Cordialement », thanks in advance, wishes, and « Je vous prie d'agréer… » over several lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.text.email.lines import Line
from vocmine.text.email.names import is_name
from vocmine.text.email.phrases import any_of, sentences

_KINDS: Final = ("closing", "wish", "wait", "thanks")
_FEW: Final = 7  # words of a closing that no list has
_LONGEST: Final = 200  # characters of a line that closes
_BETWEEN: Final = re.compile(r"(?:[ ,;.!…:)/&-]|\bet\b|\band\b|\bde\b(?= \Z)|[☺😊🙂😀😉🙏]|:\)|;\))*")
_MADE_UP: Final = re.compile(
    r"merci (?:de |pour )(?:votre|vos) [a-z]{4,16}(?= ?[.,!;]|\Z)|[a-z]{4,16}ment (?:votre|notre|a vous|a toi)(?![\w'])"
)
_BEGINS: Final = re.compile(
    r"(?:en )?(?:(?:je |nous )?vous )?(?:remerci|souhait)|dans (?:l'attente|l'espoir|cette)|(?:en )?restant"
    r"|(?:je|nous) (?:reste|suis a|me tiens)|merci|avec|veuillez|d'avance|par avance|en (?:attente|esperant)"
    r"|looking|i look|we look|thank"
)
_ASKS: Final = re.compile(
    r"\b(?:(?:(?:je|nous) vous|et vous|vous) pri(?:e|ons|ant)(?: de bien vouloir)?|veuillez(?: bien)?|je vous demande)"
    r"(?:\s?,[^.!?;]{0,60}?,)?\s(?:d'|de\s)?(?:agreer|croire|recevoir|accepter|trouver ici)\b"
    r"|\b(?:recevez|agreez|croyez)\b"
    r"|\b(?:je|nous) vous (?:adresse|adressons|presente|presentons|envoie|transmets)\b"
)
_SALUTES: Final = re.compile(
    r"\b(?:salutations?|sentiments?|consideration|respects?|hommages|devouement|amities)\b"
    r"(?:\s(?:les )?(?:plus |tres |bien |la plus |et |haute )?[a-z]{4,16}){0,3}\s?(?:[.,!;]+|\n|\Z)"
)
_FORMULA: Final = 240  # characters
_SENTENCE: Final = re.compile(r"[^.!?;]*")
_STOP: Final = re.compile(r"[.!?…,;)] ?(?=\w)")
_ENDS_FORMULA: Final = re.compile(r"\b(?:salutations?|sentiments?|consideration|respects?|amities)\b")


def closes(text: str, key: str) -> bool:
    """Say whether a text, given as it is and folded, is nothing but a closing, perhaps with a name after it.

    « Cordialement votre conseiller ne m'a pas rappelé » is none.
    """
    if len(key) > _LONGEST:
        return False
    end = _read(key)
    rest = text[end:].strip(" ,.;:!-–—…")
    return end > 0 and (not rest or (len(rest) < len(text) - 3 and is_name(rest, loose=True)))


def begins_closing(key: str) -> bool:
    """Say whether a folded text may begin a closing that goes on in the next line."""
    return len(key) <= _LONGEST and bool(_BEGINS.match(key))


def is_ceremonious(line: Line) -> bool:
    """Say whether a closing line is more than thanks, a wish or the hope of an answer."""
    return bool(_listed("closing").search(line.key) or _ENDS_FORMULA.search(line.key))


def mentions_closing(line: Line) -> bool:
    """Say whether a short line holds a closing or a wish among other words: « Désolée et bonne fin de journée ! »."""
    patterns = (_listed("closing", "wish"), *sentences("closing", "wish"))
    return len(line.words) <= _FEW and any(pattern.search(line.key) for pattern in patterns)


def thanks(line: Line) -> bool:
    """Say whether a closing line gives thanks."""
    return "merci" in line.key or "thank" in line.key


def formulas(key: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of « Je vous prie d'agréer, Madame, l'expression de mes salutations distinguées »."""
    done = 0
    while asks := _ASKS.search(key, done):
        sentence = _SENTENCE.match(key, asks.end(), asks.end() + _FORMULA)
        done = sentence.end() if sentence else asks.end()
        if salutes := _SALUTES.search(key, asks.end(), min(done + 1, len(key))):
            done = salutes.end()
            yield asks.start(), done


def tail(line: Line) -> int | None:
    """Return where a line begins to close after its content: « … ma décision. Bien cordialement. M. Roy »."""
    for stop in _STOP.finditer(line.key, max(len(line.key) - _LONGEST, 0)):
        rest = line.key[stop.end() :]
        kinds = ("closing",) if stop[0][0] in ",;)" else ("closing", "wish")
        if _listed(*kinds).match(rest) and closes(line.text[stop.end() :], rest):
            return stop.end()
    return None


def _listed(*kinds: str) -> re.Pattern[str]:
    return any_of("email_closings", "phrase", "kind", *kinds)


def _read(key: str) -> int:
    """Return where the phrases that close end."""
    known = (_listed(*_KINDS), *sentences(*_KINDS), _MADE_UP)
    at = end = 0
    while at < len(key):
        ends = [found.end() for pattern in known if (found := pattern.match(key, at))]
        if not ends:
            break
        end = max(ends)
        gap = _BETWEEN.match(key, end)
        at = gap.end() if gap else end
    return end
