"""`Words`: the sentences of one language, and how it writes numbers, dates and durations."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from vocmine.errors import InputError
from vocmine.report.shares import Share

LANGUAGES: Final = ("fr", "en")

_NO_BREAK: Final = "\u00a0"
_NARROW: Final = "\u202f"
_ROUND: Final = 1e-9
"""Keeps 0.5 % and the like from falling on either side for a rounding of the last bit."""


class Words:
    r"""The words of one language.

    Parameters
    ----------
    language : {"fr", "en"}
        Language of the sentences.

    Raises
    ------
    InputError
        If the language is another one.

    Examples
    --------
    >>> words = Words("fr")
    >>> words.percent(0.4831), words.count("contacts", 6000)
    ('48\xa0%', '6\u202f000 contacts')
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise InputError(f"got language {language!r}, expected one of {', '.join(LANGUAGES)}")
        self.language = language
        self._sentences = _sentences(language)

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence, its places filled with `values`."""
        sentence = self._sentences[key]
        return sentence.format_map(values) if values else sentence

    def name(self, kind: str, code: str) -> str:
        """Return the name of a code, or the code itself where it bears none: reasons may come from other models."""
        return self._sentences.get(f"{kind}.{code}", code.replace("_", " "))

    def entries(self, key: str) -> list[str]:
        """Return the entries of a list, such as the months."""
        return self._sentences[key].split("|")

    def count(self, noun: str, n: int) -> str:
        """Return a number and its noun, in the singular or the plural."""
        one = n < 2 if self.language == "fr" else n == 1
        return self(f"noun.{noun}.{'one' if one else 'many'}", n=self.number(n))

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number with `digits` decimals."""
        written = f"{value:,.{digits}f}"
        return written.replace(",", _NARROW).replace(".", ",") if self.language == "fr" else written

    def percent(self, share: float, digits: int = 0) -> str:
        """Write a share of 0 to 1 in per cent."""
        return self._with_sign(self.number(100 * share + _ROUND, digits))

    def signed_percent(self, share: float) -> str:
        """Write a relative change, such as +12 %."""
        return self._with_sign(self._signed(100 * share, 0))

    def points(self, difference: float, digits: int = 0) -> str:
        """Write a difference of shares in points, with its sign."""
        return self("points", n=self._signed(100 * difference, digits))

    def range(self, share: Share) -> str:
        """Write the interval of a share: between 46 % and 50 %."""
        return self("range", low=self.percent(share["low"]), high=self.percent(share["high"]))

    def day(self, iso: str, form: str = "full") -> str:
        """Write a date: ``full`` (lundi 14 sept. 2026), ``medium`` (14 sept. 2026) or ``plain`` (14 septembre 2026)."""
        moment = date.fromisoformat(iso)
        number = "1er" if self.language == "fr" and moment.day == 1 else str(moment.day)
        return self(
            f"day.{form}",
            weekday=self.entries("weekdays")[moment.weekday()],
            day=number,
            month=self.entries("months")[moment.month - 1],
            mon=self.entries("months.short")[moment.month - 1],
            year=moment.year,
        )

    def period(self, first: str, last: str) -> str:
        """Write a span of days: du 2 mars 2026 au 30 août 2026."""
        if first == last:
            return self("period.one", day=self.day(first, "plain"))
        return self("period.several", first=self.day(first, "plain"), last=self.day(last, "plain"))

    def duration(self, seconds: float) -> str:
        """Write a duration: 4,2 s; 2 min 10 s; 1 h 05 min."""
        if seconds < 60:
            return self("duration.s", s=self.number(seconds, 1))
        minutes, rest = divmod(round(seconds), 60)
        hours, minutes_of_hour = divmod(minutes, 60)
        if not hours:
            return self("duration.min", min=minutes, s=f"{rest:02d}")
        return self("duration.h", h=hours, min=f"{minutes_of_hour:02d}")

    def counts(self, kind: str, counts: dict[str, int]) -> str:
        """Write counted codes: texte vide (12), identifiant en double (3)."""
        return ", ".join(f"{self.name(kind, code)} ({self.number(n)})" for code, n in counts.items())

    def _with_sign(self, number: str) -> str:
        return f"{number}{_NO_BREAK}%" if self.language == "fr" else f"{number}%"

    def _signed(self, value: float, digits: int) -> str:
        written = self.number(abs(value) + _ROUND, digits)
        zero = not written.strip("0.,")
        return written if zero else f"{'+' if value > 0 else '−'}{written}"


def typeset(text: str) -> str:
    r"""Set French no-break spaces: wide before « : » and inside guillemets, narrow before ; ! ?.

    Examples
    --------
    >>> typeset("Reçu : « oui » !")
    'Reçu\xa0: «\xa0oui\xa0»\u202f!'
    """
    text = re.sub(r" (?=[;!?])", _NARROW, text)
    text = re.sub(r" (?=[:»%])", _NO_BREAK, text)
    return re.sub(r"(?<=«) ", _NO_BREAK, text)


@cache
def _sentences(language: str) -> dict[str, str]:
    content = files("vocmine.report.words").joinpath(f"{language}.json").read_text(encoding="utf-8")
    sentences: dict[str, str] = json.loads(content)
    return {key: typeset(text) for key, text in sentences.items()} if language == "fr" else sentences
