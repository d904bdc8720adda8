"""Numbers and words known by what stands before them: customer, contract and file numbers, passwords and codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vocmine.text.personal.kinds import Personal

_HOLDERS: Final = (
    r"(?:clients?|cliente|contrats?|dossiers?|comptes?(?: client| d['’]abonn[ée])?|abonn[ée]e?s?|abonnements?"
    r"|adh[ée]rente?s?"
    r"|adh[ée]sions?|soci[ée]taires?|allocataires?|assur[ée]e?s?|polices?(?: d['’]assurance)?|sinistres?|usag[eè]re?s?"
    r"|b[ée]n[ée]ficiaires?|affili[ée]e?s?|membres?|identifiants?(?: client)?|matricules?|num[ée]ro fiscal|n° fiscal"
    r"|r[ée]f[ée]rence fiscale|carte de fid[ée]lit[ée]|carte d['’]identit[ée]|cni|passeport|permis de conduire"
    r"|titre de s[ée]jour|pdl|prm|pce|point de livraison|rum|ics|ine|mutuelle)"
)
_MARK: Final = r"(?:n[°ºo]\.?|num[ée]ros?|num\.?|nr\.?|r[ée]f(?:[ée]rences?|\.)?|identifiant|code|id|#)"
_IS: Final = r"(?:\s?(?:est|c['’]est)(?: bien)?(?: le)?\s?|\s?[:=#]\s?|\s)"
_OF: Final = r"(?:\s(?:de|du|de la|d['’]|mon|ma|mes|votre|notre|le|son|au|de mon|de ma|de votre)\s?)?\s?"
_ADJECTIVE: Final = r"(?: (?:de |d['’])?[a-zéèê]{2,14})?"
_UNIT: Final = r"(?:€|euros?|%|ans?|mois|jours?|fois|h|pages?)(?!\w)"

# A run of letters, digits and dashes with a digit early in it; groups of digits may follow.
_VALUE: Final = (
    r"(?P<value>(?:(?=[A-Z\-/.]{0,8}\d)[A-Z0-9]{1,20}(?:[\-/._][A-Z0-9]{1,20}){0,6}"
    rf"(?: \d{{1,6}}(?![\w%€$,/:])(?! ?{_UNIT})){{0,5}}|(?-i:[A-Z]{{1,4}}) \d{{3,12}}))(?!\w)(?! ?{_UNIT})"
)

_MINE: Final = (
    r"(?:[nv]/r[ée]f\.?|(?:mes?|mon|ma|votre|vos|notre|nos) (?:r[ée]f(?:[ée]rences?|\.)?|num[ée]ro|n°)|identifiants?"
    r"|login)"
)
_LEAST_HELD: Final = 3
"""Letters and digits of a number that is said to be a customer's or a contract's."""

_LEAST_BARE: Final = 6
"""Those of a number that merely follows."""

_PATTERNS: Final = (
    # « n° de client : 123456 », « numéro client est le 123 456 », « référence dossier AB-123 »
    (rf"(?<!\w){_MARK}{_OF}{_HOLDERS}{_ADJECTIVE}{_IS}(?:{_MARK}\s?:?\s?)?(?:le |est )?{_VALUE}", _LEAST_HELD),
    # « client n° 123456 », « contrat : 4512-889 », « dossier numéro 2024/1234 »
    (
        rf"(?<!\w){_HOLDERS}{_ADJECTIVE}\s?(?:(?:sous (?:le )?)?{_MARK}\s?[:=]?\s?|[:=]\s?|\((?:{_MARK}\s?)?){_VALUE}",
        _LEAST_HELD,
    ),
    # « Réf. : AB12345 », « ma référence est 889-12 »
    (rf"(?<!\w){_MINE}\s?(?:est(?: le)?|:|=)\s?{_VALUE}", 4),
    # « contrat 4512-889 »: nothing between, so that the number must be long
    (rf"(?<!\w){_HOLDERS}\s{_VALUE}", _LEAST_BARE),
)
_REFERENCES: Final = tuple((re.compile(pattern, re.IGNORECASE), least) for pattern, least in _PATTERNS)
_LOGIN: Final = re.compile(
    r"(?<!\w)(?:identifiant|login|nom d['’]utilisateur|pseudo)\s?[:=]\s?(?P<value>[\w.\-@]{4,40})", re.IGNORECASE
)
_NOT_HELD: Final = re.compile(
    r"commande|colis|article|pi[èe]ce|facture|suivi|produit|mod[èe]le|lot|s[ée]rie|version|loi|d[ée]cret"
    r"|formulaire|annexe"
    r"|page|promo",
    re.IGNORECASE,
)
_MARKED: Final = re.compile(r"n[°ºo](?!\w)|num[ée]ro|r[ée]f|identifiant", re.IGNORECASE)
_COUNT: Final = re.compile(r"\d{1,3}(?: \d{3}){1,3} [^\W\d_]{3,20}s(?!\w)[\s\S]*")
_YEARS: Final = re.compile(r"(?:19|20)\d\d(?:[\-/](?:19|20)?\d\d)?")

_CODE_OF: Final = (
    r"code (?:secret|confidentiel|pin|puk|personnel|d['’]acc[èe]s|de s[ée]curit[ée]|de v[ée]rification|de validation"
    r"|de confirmation|re[çc]u(?: par sms)?|sms|wifi|de connexion|de d[ée]verrouillage|à usage unique|d['’]activation"
    r"|de la porte|porte|portail|(?:d['’])?entr[ée]e|(?:de l['’]|d['’])?immeuble)"
)
_SECRETS: Final = (
    rf"(?:mots? de passe(?: \w{{2,12}})?|mdp|password|{_CODE_OF}|digicode|pin|puk|cryptogramme(?: visuel)?|cvv2?|cvc"
    r"|cl[ée] (?:wifi|wi-fi|wep|wpa2?))"
)
_SECRET: Final = re.compile(
    rf"(?<!\w)(?:{_SECRETS}(?: est| c['’]est|\s?[:=])(?: le)?|(?P<code>code(?:\s?[:=]| (?:est|c['’]est)(?: le)?)))"
    r"\s?[«\"“]?\s?(?!(?:oui|non)(?!\w))(?P<value>[^\s«»\"“”\[\]]{3,40})",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    rf"(?<!\w){_SECRETS}\s(?P<value>(?=[^\W\d_]{{0,12}}\d)[\w!@#&*+\-]{{4,20}}|\d{{3}})(?!\w)(?!\s?{_UNIT})",
    re.IGNORECASE,
)
_LEAST_CODE: Final = 3
"""Digits of a code of which nothing more is said: promotions are words."""

_ENDING: Final = ".,;:)…"  # « ! » may be of the password: French leaves a space before its own


def find_references(text: str, start: int, end: int) -> Iterator[Personal]:
    """Find customer, contract and file numbers in a stretch of a text: the number alone, not the words before it.

    Examples
    --------
    >>> text = "n° client 123456, référence dossier AB-123, contrat 4512-889, commande n° 889977, client depuis 2019"
    >>> [text[s:e] for s, e in sorted({found[:2] for found in find_references(text, 0, len(text))})]
    ['123456', 'AB-123', '4512-889']
    """
    for pattern, least in _REFERENCES:
        for match in pattern.finditer(text, start, end):
            if _is_reference(match, least):
                # Surer than a telephone number where « n° » says so, and less where nothing does.
                marked = least == _LEAST_HELD and _MARKED.search(text, match.start(), match.start("value"))
                score = 0.91 if marked else 0.88
                yield Personal(*match.span("value"), "reference", "number after words of customers", score)


def _is_reference(match: re.Match[str], least: int) -> bool:
    value = match["value"]
    digits = sum(map(str.isdecimal, value))
    if sum(map(str.isalnum, value)) < least or digits < (4 if least == _LEAST_BARE else 1):
        return False
    if least > 3 and (
        _YEARS.fullmatch(value) or _COUNT.fullmatch(value + match.string[match.end() : match.end() + 24])
    ):
        return False
    return _NOT_HELD.search(match.string, match.start(), match.start("value")) is None


def find_secrets(text: str) -> Iterator[Personal]:
    """Find passwords and codes that are said to be so.

    Examples
    --------
    >>> text = "mot de passe : Soleil!24, code : 4417, le mot de passe est trop long"
    >>> [text[s:e] for s, e, *_ in sorted(set(find_secrets(text)))]
    ['Soleil!24', '4417']
    """
    for match in _LOGIN.finditer(text):
        yield Personal(*match.span("value"), "reference", "user name", 0.88)
    for match in _SECRET.finditer(text):
        start, end = match.span("value")
        end -= len(match["value"]) - len(match["value"].rstrip(_ENDING))
        if end - start >= 3 and _is_secret(text, match, start, end):
            yield Personal(start, end, "secret", "after words of secrecy", 0.96)
    for match in _CODE.finditer(text):
        yield Personal(*match.span("value"), "secret", "number after words of secrecy", 0.93)


def _is_secret(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Tell a password from the next word of a sentence: by its signs, or by standing alone after a colon."""
    value = text[start:end]
    if match["code"]:
        return sum(map(str.isdecimal, value)) >= _LEAST_CODE or (not value.isalnum() and not value.isalpha())
    if not value.isalpha():
        return any(map(str.isdecimal, value)) or not value.replace("'", "").replace("’", "").replace("-", "").isalpha()
    colon = text[match.start() : start].rstrip(' «"“').endswith((":", "="))
    return colon and (not value[1:].islower() or text[end : end + 2].strip(" .") == "" or text[end] in ",;.\n")
