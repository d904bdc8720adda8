"""To whom a customer would go: the organisation named after words of going, as it is written; never the one left."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Final

from vocmine.text.folding import fold

_GOES: Final = (
    r"pass\w*|j?vais|vas|va|aller|allons|irai|irons|part|pars|partir|partons|parti|partie|partirai|bascul\w*|migr\w*|"
    r"chang\w*|switch\w*|transf[ei]\w*|souscri\w*|sign\w*|m'abonn\w*|m'inscri\w*|retourn\w*|revien\w*|revenir|revenu|"
    r"tourn\w*|port\w*|ouvr\w*|regard\w*|magasin\w*|file|filer|direction|trouv\w*"
)
_TAKES: Final = r"prends|prendre|prendrai|rejoins|rejoindre|rejoindrai|choisis|choisir|choisirai|retrouv\w*"
_LEAVES: Final = r"quitt\w*|resili\w*|cancell?\w*|annul\w*|lach\w*|laiss\w*|cloture\w*|ferm\w*|delaiss\w*"
_STAYS: Final = r"suis|sommes|etais|etions|ai|avais|avons|reste\w*|client\w*|recu|paye|paie|abonnee?s? (?=chez)"
_TO: Final = r"chez|pour|vers|avec|au profit de|a la|a l'|au|aux|a|l'offre (?:de |d')?|le forfait (?:de |d')?"
_INSTEAD: Final = frozenset({"pour", "vers", "au profit de"})
_NAME: Final = r"[a-z0-9][\w&.-]*"
_MORE: Final = re.compile(r"(?: [A-ZÀÂÇÈÉÊÎÔÛ][\w&.'-]*){1,2}")
_UNNAMED: Final = re.compile(
    r"\b(?:un|une|la|le|les|des|vos|votre) ?(?:autre )?(?:concurrent\w*|concurrence|competit\w*|autre (?:operateur|"
    r"fournisseur|banque|assureur|assurance|compagnie|enseigne|magasin|transporteur|mutuelle|caisse))\b"
)


def competitor(text: str) -> str | None:
    """Return the organisation that the customer would go to.

    Parameters
    ----------
    text : str
        A turn that shows an intent to leave.

    Returns
    -------
    str or None
        The name as the customer writes it; words such as « un concurrent » where no name is given; None without either.

    Examples
    --------
    >>> competitor("Je suis chez Bell depuis dix ans, mais je quitte Bell pour Vidéotron.")
    'Vidéotron'
    """
    folded = fold(text)
    goes, leaves = False, False
    for step in _steps().finditer(folded):
        kind = step.lastgroup
        if kind in {"name", "taken"}:
            name, after = text[slice(*step.span(kind))], step["to"]
            heads_for = goes or kind == "taken" or (leaves and after in _INSTEAD)
            if heads_for and _is_name(name, after):
                more = _MORE.match(text, step.end()) if fold(name) not in _known() else None
                return name + (more[0] if more else "")
        else:
            goes, leaves = kind == "goes", kind == "leaves"
    unnamed = _UNNAMED.search(folded)
    return text[unnamed.start() : unnamed.end()] if unnamed else None


def _is_name(written: str, after: str | None) -> bool:
    """Say whether words name an organisation: any capital after « chez », else one that is known.

    Many names are common words (orange, free, bell): written small, they are names after « chez » alone.
    """
    known = fold(written) in _known()
    return (known or written[0].isupper()) if after == "chez" else (known and written[0].isupper())


@cache
def _known() -> frozenset[str]:
    lines = files(__package__).joinpath("lexicons").joinpath("competitors.csv").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(row["name"]) for row in csv.DictReader(lines))


@cache
def _steps() -> re.Pattern[str]:
    """Return what is read in turn: words of going, taking, leaving and staying, ends of sentences, and names."""
    known = "|".join(re.escape(name) for name in sorted(_known(), key=len, reverse=True))
    return re.compile(
        rf"(?P<end>[.!?;\n])|\bde chez (?:{_NAME})|\b(?:{_TAKES}) (?:chez )?(?P<taken>{known})\b|"
        rf"\b(?P<to>{_TO}) ?\b(?:(?P<name>{known}|(?<=chez ){_NAME}))\b|"
        rf"\b(?:(?P<leaves>{_LEAVES})|(?P<stays>{_STAYS})|(?P<goes>{_GOES}))\b"
    )
