"""Which answer of an agent suits what the customer said, by the content words that they share."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache

from .parts import Line

# A word that more of the customers say tells nothing about one of them.
COMMON = 0.25
# Weight of the words of an answer that the customer did not say, against those that both say.
DOUBT = 0.22
# Total weight of topical words from which an answer speaks of something in particular.
PARTICULAR = 2.6
# Weight, in an answer, of a word that no customer of the reason says.
UNHEARD = 0.55
# An answer that shares less than this is no nearer than any other.
_NEAR_ENOUGH = 0.5
_NEAR_BEST = 0.6
_STEM = 5
_EMPTY_WORDS = (
    "aller alors apres aucun aussi autre avant avez avoir avons bien bonne celle cette ceux chaque chez comme comment "
    "comprends deja depuis derniere deux dire dites doit donc encore entre etait etant etes etre faire fait faites "
    "faut fois jamais juste leur leurs mais meme mieux moins notre nous parce pareil parler passe petit peut peux plus "
    "possible pour pouvez pouvoir pourquoi prendre presque quand quel quelle quelque quoi regarde rien sans sera "
    "service seulement simple sommes sont sous suis suite sujet tard temps toujours tous tout toute tres trois trop "
    "trouve veux vers vient viens voila voir votre vous vrai vraiment encore jour jours semaine heure heures demain "
    "merci monsieur madame client cliente clients dossier probleme demande normal nouveau nouvelle personne pense "
    "quatre premier premiere ensemble cela celui dont elle elles lequel ceci soit serait avait avais serez aurez "
    "serai veuillez avec dans tant chose choses besoin question reponse repondre savoir envoie envoyer recevoir "
    "desole desolee navre navree transmets remercie excuses sincerement immediatement aujourd vais peux cela"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
_WORDS = re.compile(r"[a-z]{4,}")
_SLOT = re.compile(r"\{\w+\}|\ue000[^\ue001]*\ue001")
_CHARGED = re.compile(
    r"raison|colère|agac|plaindre|légitime|justifi|fondée?\b|lassitude|rage|conteste|réclamation|chaude?ment|choqu"
    r"|fâch|vexant|en vouloir|inacceptable|reproche|plainte|patien(ce|t)\b|scandal|énerv|navr"
    r"|pas normal|à votre place",
    re.IGNORECASE,
)
_CHEERFUL = re.compile(
    r"avec plaisir|bonne nouvelle|bonne question|félicit|ravie? de|ça me fait plaisir", re.IGNORECASE
)
_BY_VOICE = re.compile(
    r"raccroch|en ligne avec moi|restez en ligne|d['’]appeler|vous lire|votre appel|vous entendre|au bout du fil"
    r"|d['’]entendre",
    re.IGNORECASE,
)
_IN_WRITING = re.compile(
    r"de lire cela|de vous lire|votre message|vos mots|votre mot\b|ci-dessous|ci-joint", re.IGNORECASE
)
_DONE = re.compile(
    r"\b(?:j['’]|je |je vous |je viens d['’]|je viens de |je le |je les |je l['’]|je fais |et |vous )"
    r"(?:ré?initialis|régénèr|annul|retire|crédite|corrig|débloqu|rembours|supprim|efface|activ|réactiv|enregistr"
    r"|modifi|bloque l|rectifi|recrédit|débarr|mets un crédit|lève|valid|rétabli|recalcul|remets|débloquer|accord"
    r"|mets à jour|prolong|change l|renvoie)"
    r"|c['’]est (?:fait|corrigé|réglé|noté, la|validé|rectifié|fermé|arrangé|bon maintenant|enregistré)|est offert"
    r"|immédiatement|la corriger",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"rappel|contacter|transmets|transmis|ticket|vous (?:aurez|serez|joi|télé|appel)|enquête|relance|litige"
    r"|revien|rev[ie]nt|je note votre|signale|fait suivre|fais suivre|recherche|vérifie|consulte|vous envoie"
    r"|vous adresse|confirme|vous répond|regarde|en fin de semaine|demain|accompagne|parvenir"
    r"|tiens informé|m['’]en charge|prends votre|remonte|ouvre|lance|note votre|prioritaire|complète|je prends",
    re.IGNORECASE,
)
_YES = re.compile(r"^(oui|a priori oui|c['’]est possible)", re.IGNORECASE)
_WHETHER = re.compile(
    r"possible|faisable|peut-on|puis-je|pouvez-vous|pourr|peut-il|est-il|voudrais|souhaite|aimerais", re.IGNORECASE
)


@cache
def stems(text: str) -> frozenset[str]:
    """Beginnings of the content words of a text or a template, without accents.

    Examples
    --------
    >>> sorted(stems("Merci pour ces tests très complets"))
    ['compl', 'test']
    """
    bare = unicodedata.normalize("NFD", _SLOT.sub(" ", text).lower())
    plain = "".join(c for c in bare if not unicodedata.combining(c))
    words = (word for word in _WORDS.findall(plain) if word not in _EMPTY)
    return frozenset(word.rstrip("sxe")[:_STEM] for word in words)


@cache
def _topical(lines: tuple[Line, ...]) -> dict[str, float]:
    """Weight of the words that only some customers of a reason say."""
    counts = Counter(stem for line in lines for stem in stems(line.template))
    return {stem: math.log(len(lines) / n) for stem, n in counts.items() if n < COMMON * len(lines)}


def closest(answers: Sequence[Line], heard: str, lines: Sequence[Line]) -> list[Line]:
    """Keep the answers that speak of what was `heard`; none when no answer does.

    Parameters
    ----------
    answers
        Lines of one pool, of which some suit better than others.
    heard
        What the customer of this contact said.
    lines
        All that customers can say about the reason.
    """
    weights, said = _topical(tuple(lines)), stems(heard)
    scores = {}
    for answer in answers:
        topical = {stem: weights[stem] for stem in stems(answer.template) if stem in weights}
        shared = sum(weight for stem, weight in topical.items() if stem in said)
        scores[answer] = shared - DOUBT * (sum(topical.values()) - shared)
    best = max(scores.values(), default=0.0)
    return [answer for answer in answers if scores[answer] >= _NEAR_BEST * best] if best > _NEAR_ENOUGH else []


def unparticular(answers: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """Keep the answers that hold for any trouble of the reason; the arguments are those of `closest`."""
    weights = _topical(tuple(lines))
    known = frozenset(stem for line in lines for stem in stems(line.template))

    def weight(stem: str) -> float:
        return weights.get(stem, 0.0) if stem in known else UNHEARD

    return [answer for answer in answers if sum(map(weight, stems(answer.template))) <= PARTICULAR]


def in_place(answer: Line, channel: str, *, complained: bool, praised: bool) -> bool:
    """Whether an agent can say `answer` on this channel to somebody in this mood."""
    text = answer.template
    if (_IN_WRITING if channel == "phone" else _BY_VOICE).search(text):
        return False
    if complained:
        return praised or not _CHEERFUL.search(text)
    return answer.style != "judging" and not _CHARGED.search(text)


def answers_question(answer: Line, heard: str) -> bool:
    """Whether a general answer suits the form of the question: no « oui » to « à quelle heure »."""
    return _YES.search(answer.template) is None or _WHETHER.search(heard) is not None


def settles(answer: Line) -> bool:
    """Whether the agent has just done what was needed."""
    return answer.style == "solution" and _DONE.search(answer.template) is not None


def puts_off(answer: Line) -> bool:
    """Whether something still has to come after the answer."""
    return _LATER.search(answer.template) is not None
