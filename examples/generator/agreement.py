"""The grammatical gender of whoever speaks, read off the words of a line."""

from __future__ import annotations

import re
from functools import cache

from .parts import Line

_WOMAN = (
    "déçue furieuse ravie contente fatiguée énervée cliente abonnée inquiète désolée perdue seule "
    "retraitée surprise satisfaite "
    "obligée restée allée venue rentrée tombée passée étonnée choquée scandalisée outrée tannée sûre "
    "certaine prête bloquée coincée "
    "âgée infirmière étudiante mariée rassurée connectée inscrite absente embêtée impressionnée "
    "enchantée heureuse dépassée épuisée "
    "partie présentée retrouvée déplacée excédée exaspérée débordée trompée abandonnée enceinte maman "
    "mère née convaincue écœurée "
    "facturée prélevée persuadée divorcée veuve mécontente reconnaissante soulagée ennuyée gênée "
    "installée revenue confrontée assistante "
    "prévenue avertie convoquée tutrice curatrice gérante vendeuse "
    "agricultrice prise remboursée fâchée"
)
_MAN = (
    "déçu furieux ravi content fatigué énervé client abonné inquiet désolé perdu seul retraité surpris "
    "satisfait obligé resté allé "
    "venu rentré tombé passé étonné choqué scandalisé outré tanné sûr certain prêt bloqué coincé âgé "
    "infirmier étudiant marié "
    "rassuré connecté inscrit absent embêté impressionné enchanté heureux dépassé épuisé parti présenté "
    "retrouvé déplacé excédé "
    "exaspéré débordé trompé abandonné né convaincu écœuré facturé prélevé persuadé divorcé veuf "
    "mécontent reconnaissant soulagé "
    "ennuyé gêné installé revenu confronté prévenu averti convoqué père tuteur curateur gérant vendeur "
    "agriculteur artisan pris remboursé fâché"
)
_FIRST_PERSON = r"(?:\b(?:je|chu|chuis|suis|étais|fus|serais?)\b|\b[jJmM]['’])[^.;:!?|]{0,34}?(?<![\w-])(?:%s)(?![\w-])"
_BEING = (
    r"(?:\bje (?:suis|serai|reste|me suis|sois)|\bje n['’]ai (?:pas|jamais) été"
    r"|\bj['’](?:étais|ai été|en sois|avais été)|\bchu)\s+(?:pas |plus |très |bien |trop |tout |déjà )?"
)
_A_WOMAN = r"|nom de jeune fille|jeune maman|\b(?:je|chu|j['’])[^.|]{0,14} une (?:dame|maman|mère|femme|jeune|vieille)"
_SIGNS = {
    "woman": (
        re.compile(_FIRST_PERSON % "|".join(_WOMAN.split()), re.IGNORECASE),
        re.compile(_BEING + r"\w{2,}ée(?!\w)" + _A_WOMAN, re.IGNORECASE),
        re.compile(r"^\[?(Désolée|Navrée|Ravie|Enchantée)\b"),
    ),
    "man": (
        re.compile(_FIRST_PERSON % "|".join(_MAN.split()), re.IGNORECASE),
        re.compile(_BEING + r"\w{2,}é(?!\w)", re.IGNORECASE),
        re.compile(r"^\[?(Désolé|Navré|Ravi|Enchanté)\b"),
    ),
}


@cache
def _speaks_as(text: str) -> str:
    found = [gender for gender, signs in _SIGNS.items() if any(sign.search(text) for sign in signs)]
    return found[0] if len(found) == 1 else ""


def agrees(line: Line, woman: bool) -> bool:
    """Whether the grammatical gender of `line` suits a speaker.

    Examples
    --------
    >>> agrees(Line("Je suis très déçue de votre service."), woman=False)
    False
    """
    return _speaks_as(line.template) in ("", "woman" if woman else "man")
