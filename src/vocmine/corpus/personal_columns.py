"""Columns of the user's own: which hold personal data by their name, and which hold ids."""

from __future__ import annotations

import re
from typing import Final

from vocmine.corpus.cells import fold

_KINDS: Final = {
    "name": "nom|noms|prenom|prenoms|name|names|first name|firstname|last name|lastname|surname|full name|fullname"
    "|display name|username|user name|screen name|pseudo|pseudonyme|titulaire|signataire|author|auteur|autrice|from|to"
    "|cc|bcc|sender|recipient|recipients|expediteur|destinataire|destinataires|reply to|agent name"
    "|speaker name|locuteur|contact|login|nom complet|nom prenom|prenom nom|nom et prenom|raison sociale",
    "email": "e mail|email|mail|mel|courriel|adresse e mail|adresse mail|adresse email|adresse courriel"
    "|adresse electronique|email address|mail address",
    "handle": "handle|twitter|instagram|facebook|linkedin",
    "phone": "telephone|tel|phone|mobile|portable|gsm|natel|cellulaire|fax|numero appelant|caller|caller number"
    "|callerid|ani|msisdn|numero de telephone|no de telephone|num tel|phone number",
    "address": "adresse|address|rue|street|adresse postale|adresse de livraison|adresse de facturation|domicile",
    "birth_date": "date de naissance|naissance|ne le|nee le|birth|birthdate|birth date|date of birth|dob|ddn|birthday",
    "nir": "nir|numero de securite sociale|securite sociale|no secu|num secu|secu|nss|ssn",
    "nas": "nas|assurance sociale",
    "avs": "avs|ahv",
    "national_number": "niss|numero national|registre national",
    "iban": "iban|rib|bic|compte bancaire|bank account",
    "card": "carte bancaire|numero de carte|card number|pan|cb",
    "company": "siren|siret",
    "plate": "plaque|immatriculation|license plate",
    "ip": "ip|adresse ip|ip address|user ip",
    "secret": "mot de passe|password|mdp|pin|code secret|otp",
}
_LINKS: Final = frozenset({"de", "du", "la", "le", "l", "d", "des"})


def _linkless(words: str) -> str:
    return " ".join(word for word in words.split() if word not in _LINKS)


_NAMES: Final = {_linkless(name): kind for kind, names in _KINDS.items() for name in names.split("|")}
_OWNERS: Final = re.compile(
    r"(?:^|(?<= ))(?:client|cliente|customer|usager|user|agent|conseiller|contact|abonne|assure|patient|demandeur"
    r"|famille|usage|naissance|\d)(?= |$)"
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ID: Final = re.compile(r"(?:^| )(?:id|ids|uuid|guid)$|^id |^in reply to$|^references$|^reply to id$|^thread$|^parent$")
_OF_PERSON: Final = re.compile(
    r"(?:^| )(?:customer|client|user|usager|author|auteur|sender|account|compte|agent|caller)(?= |$)"
)


def personal_kind(column: str) -> str | None:
    """Return the kind of personal data that the name of a column announces, or None.

    Examples
    --------
    >>> personal_kind("Prénom du client"), personal_kind("date_naissance"), personal_kind("nom_produit")
    ('name', 'birth_date', None)
    """
    words = _linkless(fold(_CAMEL.sub(" ", column)))
    ownerless = " ".join(_OWNERS.sub("", words).split())
    return _NAMES.get(words) or _NAMES.get(ownerless)


def is_id(column: str) -> bool:
    """Tell a column of ids, whose values must stay joinable.

    Examples
    --------
    >>> is_id("in_reply_to"), is_id("author_id"), is_id("region")
    (True, True, False)
    """
    return _ID.search(fold(column)) is not None


def is_id_of_person(column: str) -> bool:
    """Tell a column of ids of customers, authors or agents.

    Examples
    --------
    >>> is_id_of_person("author_id"), is_id_of_person("message_id")
    (True, False)
    """
    return is_id(column) and _OF_PERSON.search(fold(column)) is not None
