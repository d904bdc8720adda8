"""How far an intent to leave goes, and to whom; what became of an escalation, and how high it is to reach."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from vocmine.schema import CHURN_LEVELS, ESCALATION_LEVELS, ESCALATIONS
from vocmine.signals.competitors import competitor
from vocmine.text.folding import fold
from vocmine.text.qualifiers import QUALIFIERS, qualify

_WEIGHING: Final = re.compile(
    r"\bje me tate\b|\bj'?hesite|\bje (?:pense|songe|reflechis|regarde)\b|\bj'?envisage|\bpeut-etre\b|"
    r"\bje me demande\b|"
    r"\bla peine\b|\bca vaut[ -](?:tu|il)\b|\bvaudrait mieux\b|\bpense (?:serieusement |de plus en plus )?a\b|"
    r"\bje cherche une raison\b|\btent(?:e|ee|ant)\b|\bj'?ai envie\b|\bje commence a\b|\bje passe chez qui\b|"
    r"\b\w+-je\b|"
    r"\bmagasine(?:r)?\b|\bcompare(?:r)?\b"
)
_SENTENCE_END: Final = re.compile(r"[.!?;\n]")

_CHIEF: Final = (
    r"(?:responsable|superieure?|supervis\w+|direct(?:eur|rice)|gerante?|manager|chef|boss|mediat\w+|patron(?:ne)?)\b"
    r"(?: d'equipe)?"
)
_MET: Final = r"eu|parle|vu|rencontre|joint|discute|echange"
_HAPPENED: Final = re.compile(
    rf"\b(?:j'ai|on a|nous avons|j'avais)(?: (?!jamais|pas|rien)\w+){{0,2}} (?:{_MET})(?: \w+){{0,3}}? {_CHIEF}"
    rf"|\b(?:m'a|m'ont|nous a|nous ont)(?: \w+)? (?:passe|transfere)(?: \w+){{0,2}}? {_CHIEF}"
    rf"|\b(?:votre|le|la|un|une|l'|son) ?{_CHIEF} (?:m'a|nous a) (?!pas|jamais)\w+"
)
_REFUSED: Final = re.compile(
    r"\brefus\w*|\b(?:pas|jamais|personne)(?: \w+){0,2} (?:disponible|passer|transferer|voulu|donner)|\bn'a pas voulu|"
    r"\bimpossible d(?:e|'avoir) (?:parler|avoir|joindre)?|\bon m'a (?:dit non|raccroche)|\bpersonne au-dessus|"
    r"\bpas le droit|\bveut pas|\bveulent pas|\bsans succes|\ben vain|\bon me (?:repond|dit) qu"
)
_WHO: Final = (
    ("mediator", re.compile(r"\bmediat\w+|\bombudsman|\bprotecteur\b|\bconciliat\w+")),
    (
        "complaints_unit",
        re.compile(
            r"\b(?:service|bureau|departement|cellule|equipe)(?: \w+){0,2} (?:reclamations?|plaintes?|conso\w*|qualite|"
            r"litiges?|contentieux)|\bcommissaire aux plaintes|\b(?:deuxieme|second) palier"
        ),
    ),
    (
        "director",
        re.compile(r"\bdirect(?:eur|rice|ion)\b|\bp\.?-?d\.?g\b|\bpresident\w*|\bpatron(?:ne)?\b|\bgrand boss"),
    ),
    (
        "manager",
        re.compile(
            r"\bresponsable\b|\bmanageuse?\b|\bmanager\b|\bgerante?s?\b|\bboss\b|\bchef\b(?! d'equipe)|\bcadre\b"
        ),
    ),
    ("supervisor", re.compile(r"\bsupervis\w+|\bsuperieure?s?\b|\bchef d'equipe|\bn ?\+ ?1|\bau-dessus|\bplus haut")),
)


_NOT_SO: Final = frozenset(QUALIFIERS) - {"settled", "conditional"}


class ChurnLevel(NamedTuple):
    """An intent to leave: one of `CHURN_LEVELS`, and the competitor as the customer writes it, if any is named."""

    level: str
    competitor: str | None


class Escalation(NamedTuple):
    """One of `ESCALATIONS`, and one of `ESCALATION_LEVELS`; None where the words do not say whom."""

    outcome: str
    level: str | None


def churn(turns: Sequence[tuple[str, Sequence[tuple[int, int]]]]) -> ChurnLevel | None:
    """Say how far an intent to leave goes; the furthest of those shown counts.

    Parameters
    ----------
    turns : sequence of (str, sequence of (int, int))
        The customer's turns, each with the spans that show the intent.

    Returns
    -------
    ChurnLevel or None
        None where no span is given.

    Examples
    --------
    >>> churn([("Si rien ne bouge, je passe chez Orange.", [(18, 26)])])
    ChurnLevel(level='conditional', competitor='Orange')
    """
    levels = {_churn_level(fold(text), span) for text, spans in turns for span in spans}
    if not levels:
        return None
    named = next((found for text, spans in turns if spans and (found := competitor(text))), None)
    return ChurnLevel(min(levels, key=CHURN_LEVELS.index), named)


def escalation(turns: Sequence[tuple[str, Sequence[tuple[int, int]]]], *, asked: bool) -> Escalation | None:
    """Say what became of an escalation, and whom it is to reach.

    Parameters
    ----------
    turns : sequence of (str, sequence of (int, int))
        The customer's turns, each with the spans that show the request.
    asked : bool
        Whether a request is reported; without one, only an escalation that has happened is told.

    Examples
    --------
    >>> escalation([("J'ai demandé votre directeur, on me l'a refusé.", [(0, 28)])], asked=True)
    Escalation(outcome='refused', level='director')
    """
    folded = [(fold(text), spans) for text, spans in turns]
    happened = [words for text, _ in folded for words in _reached(text)]
    if not asked:
        return Escalation(ESCALATIONS[2], _whom(happened)) if happened else None
    shown = [text[start:end] for text, spans in folded for start, end in spans]
    around = [text[max(0, start - 80) : end + 80] for text, spans in folded for start, end in spans]
    refused = any(_REFUSED.search(text) for text in around)
    outcome = ESCALATIONS[1] if refused else ESCALATIONS[2] if happened else ESCALATIONS[0]
    return Escalation(outcome, _whom(shown) or _whom(around))


def _churn_level(folded: str, span: tuple[int, int]) -> str:
    start, end = span
    before, after = (_SENTENCE_END.split(text) for text in (folded[max(0, start - 40) : start], folded[end : end + 25]))
    if _WEIGHING.search(f"{before[-1]}{folded[start:end]}{after[0]}"):
        return "weighing"
    meant = qualify(folded, [span])[0]
    return "conditional" if meant & {"conditional", "hypothetical"} else "stated"


def _reached(folded: str) -> list[str]:
    """Return the words that tell of a superior already reached by the customer."""
    spans = [found.span() for found in _HAPPENED.finditer(folded)]
    return [
        folded[slice(*span)] for span, meant in zip(spans, qualify(folded, spans), strict=True) if not meant & _NOT_SO
    ]


def _whom(texts: Iterable[str]) -> str | None:
    """Return the highest person or body that is named."""
    named = [level for text in texts for level, pattern in _WHO if pattern.search(text)]
    return max(named, key=ESCALATION_LEVELS.index) if named else None
