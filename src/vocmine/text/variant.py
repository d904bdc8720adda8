"""Which French a text is written in: that of France, Quebec, Belgium or Switzerland; or no answer.

The markers are data (`lexicons/variant_markers.csv`): words, institutions and places, each with its weight for a
variant. Amounts, telephone numbers and postal codes tell as well. One word that a single country uses is enough; what
others use too (« courriel », « septante ») needs company.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Final, NamedTuple

from vocmine.text.folding import fold
from vocmine.text.language import identify
from vocmine.text.lexicons import column

VARIANTS: Final = ("fr-FR", "fr-CA", "fr-BE", "fr-CH")

_ENOUGH: Final = 2.0  # weight from which a variant is named: what one country alone says
_LEAD: Final = 1.0  # weight by which it must lead the next
_READ: Final = 20_000  # characters: enough of any message
_WORD: Final = re.compile(r"[^\W_]+")

_FORMS: Final = tuple(
    (why, re.compile(pattern), weights)
    for why, pattern, weights in (
        ("amount in euros", r"€|\b[Ee]uros?\b|\bEUR\b", {"fr-FR": 0.4, "fr-BE": 0.4, "fr-CA": -0.7, "fr-CH": -1.0}),
        ("amount in dollars", r"\d[  ]?\$", {"fr-CA": 2.0}),
        ("dollars", r"\b[Dd]ollars?\b|\$ ?\d", {"fr-CA": 1.5}),
        ("amount in Swiss francs", r"\bCHF\b|\bF[rR]s?\.? ?\d{1,6}\.(?:\d\d\b|[-–—])|\d\.[-–—](?!\d)", {"fr-CH": 2.5}),
        ("francs", r"\b[Ff]rancs?\b", {"fr-CH": 1.2}),
        ("thousands with an apostrophe", r"\b\d{1,3}['’]\d{3}\b", {"fr-CH": 1.5}),
        ("Canadian postal code", r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b", {"fr-CA": 2.5}),
        ("Belgian postal code", r"\bB-? ?\d{4} [A-Z]", {"fr-BE": 2.5}),
        ("Swiss postal code", r"\bCH-? ?\d{4} [A-Z]", {"fr-CH": 2.5}),
        ("postal code of five digits", r"\b(?:0[1-9]|[1-8]\d|9[0-8])\d{3} [A-ZÉÎ][a-zé]", {"fr-FR": 1.2}),
        ("French telephone", r"(?<![\d.])0[1-79](?:[ .]\d\d){4}(?![ .]?\d)|(?<!\d)0[67]\d{8}(?!\d)", {"fr-FR": 2.0}),
        ("Belgian mobile", r"(?<!\d)04\d\d[ /.]\d\d[ .]\d\d[ .]\d\d(?!\d)", {"fr-BE": 2.0}),
        ("Belgian telephone", r"(?<!\d)0[2-9][ /]\d{3}[ .]\d\d[ .]\d\d(?!\d)", {"fr-BE": 1.5}),
        ("Swiss telephone", r"(?<!\d)0[2-9]\d[ /]\d{3}[ .]\d\d[ .]\d\d(?!\d)", {"fr-CH": 2.0}),
        ("North American telephone", r"(?<![\d-])\(?[2-9]\d\d\)?[ .-]\d{3}-\d{4}(?!\d)", {"fr-CA": 1.5}),
        ("code of France", r"(?<!\d)(?:\+|00)33\b", {"fr-FR": 2.0}),
        ("code of Belgium", r"(?<!\d)(?:\+|00)32\b", {"fr-BE": 2.0}),
        ("code of Switzerland", r"(?<!\d)(?:\+|00)41\b", {"fr-CH": 2.0}),
        ("Belgian account", r"\bBE\d\d(?: ?\d{4}){3}\b", {"fr-BE": 2.0}),
        ("Swiss account", r"\bCH\d\d(?: ?\d{4}){4} ?\d\b", {"fr-CH": 2.0}),
        ("French account", r"\bFR\d\d(?: ?[0-9A-Z]{4}){5} ?[0-9A-Z]{3}\b", {"fr-FR": 2.0}),
        ("address in .be", r"@[\w.-]{1,60}\.be\b", {"fr-BE": 1.5}),
        ("address in .ch", r"@[\w.-]{1,60}\.ch\b", {"fr-CH": 1.5}),
        ("address in .ca", r"@[\w.-]{1,60}\.ca\b", {"fr-CA": 1.5}),
        ("address in .fr", r"@[\w.-]{1,60}\.fr\b", {"fr-FR": 1.0}),
    )
)

_HAS_FORM: Final = re.compile(r"[\d€@]|[Ee]uro|EUR|[Dd]ollar|[Ff]ranc")  # one of which every form holds

_HINTS: Final = {
    **dict.fromkeys(("FR", "+33", "Europe/Paris"), "fr-FR"),
    **dict.fromkeys(("CA", "America/Montreal", "America/Toronto"), "fr-CA"),
    **dict.fromkeys(("BE", "+32", "Europe/Brussels"), "fr-BE"),
    **dict.fromkeys(("CH", "+41", "Europe/Zurich"), "fr-CH"),
}
_PLACED: Final = 1.0  # all the places of a country together: people also write about where they are not from
_HINTED: Final = 1.0  # a hint is no marker: by itself it names no variant


class _Marker(NamedTuple):
    words: str
    kind: str
    weights: Mapping[str, float]


class Variant(NamedTuple):
    """The regional variant of a French text.

    Attributes
    ----------
    code : str or None
        One of `VARIANTS`; None where the text does not tell, or is not French.
    score : float
        How far the variant leads the next, 0 to 1; not a probability. 0 without a variant.
    why : tuple of str
        The markers of that variant, as the word list and the table of forms write them.
    """

    code: str | None
    score: float
    why: tuple[str, ...]


_UNTOLD: Final = Variant(None, 0.0, ())


def identify_variant(text: str, *, hints: Iterable[str] | None = None) -> Variant:
    """Identify the regional variant of a French text, and abstain unless its markers are clear.

    A marker counts once, however often it comes. Most texts hold none: without an answer, nothing should be concluded.

    Parameters
    ----------
    text : str
        Any text; of one in another language than French nothing is said.
    hints : iterable of str, optional
        What else is known of the contact: country codes (FR, CA, BE, CH), their telephone codes (``+32``), or time
        zones (``America/Montreal``); others are passed over. A hint tips the balance and names no variant by itself.

    Examples
    --------
    >>> identify_variant("J'ai magasiné votre forfait, pis ça marche pas pantoute.").code
    'fr-CA'
    >>> identify_variant("Je paie nonante-cinq CHF par mois pour mon natel.").code
    'fr-CH'
    >>> identify_variant("Je n'ai rien reçu, merci de me rappeler.")
    Variant(code=None, score=0.0, why=())
    """
    found = [*_words_found(text[:_READ]), *_forms_found(text[:_READ]), *_hinted(hints or ())]
    (best, top), (_, second) = sorted(((code, _weight(found, code)) for code in VARIANTS), key=itemgetter(1))[:-3:-1]
    lead = top - max(second, 0.0)
    if top < _ENOUGH or lead < _LEAD or identify(text).code not in {"fr", "und"}:
        return _UNTOLD
    return Variant(best, round(1 - 2**-lead, 3), tuple(each.words for each in found if each.weights.get(best, 0.0) > 0))


def _weight(found: Sequence[_Marker], code: str) -> float:
    places = sum(each.weights.get(code, 0.0) for each in found if each.kind == "place")
    return min(places, _PLACED) + sum(each.weights.get(code, 0.0) for each in found if each.kind != "place")


def _words_found(text: str) -> Iterator[_Marker]:
    """Find the longest markers at each word; none begins inside another."""
    words = _WORD.findall(fold(text))
    beginning = _markers()
    place = 0
    seen: set[tuple[str, ...]] = set()
    while place < len(words):
        known = beginning.get(words[place], {})
        for key in known:
            if tuple(words[place : place + len(key)]) == key:
                break
        else:
            place += 1
            continue
        if key not in seen:
            seen.add(key)
            yield known[key]
        place += len(key)


def _forms_found(text: str) -> Iterator[_Marker]:
    if _HAS_FORM.search(text):
        yield from (_Marker(why, "form", weights) for why, pattern, weights in _FORMS if pattern.search(text))


def _hinted(hints: Iterable[str]) -> Iterator[_Marker]:
    codes = dict.fromkeys(_HINTS[hint] for hint in hints if hint in _HINTS)
    yield from (_Marker("hint", "hint", {code: _HINTED}) for code in codes)


@cache
def _markers() -> dict[str, dict[tuple[str, ...], _Marker]]:
    """Return, by its first word, each marker by its folded words, the longest first.

    One that several countries use has several weights.
    """
    markers: dict[tuple[str, ...], _Marker] = {}
    weights: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    columns = (column("variant_markers", name) for name in ("marker", "variant", "weight", "kind"))
    for marker, code, weight, kind in zip(*columns, strict=True):
        words = tuple(_WORD.findall(fold(marker)))
        weights[words][code] = max(float(weight), weights[words].get(code, 0.0))
        markers.setdefault(words, _Marker(marker, kind, weights[words]))
    by_first: dict[str, dict[tuple[str, ...], _Marker]] = defaultdict(dict)
    for words in sorted(markers, key=len, reverse=True):
        by_first[words[0]][words] = markers[words]
    return dict(by_first)
