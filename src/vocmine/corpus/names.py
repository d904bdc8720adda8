"""The names under which exports keep what the library needs, in French and in English, folded by `cells.fold`."""

from __future__ import annotations

from typing import Final

TEXT_NAMES: Final[tuple[frozenset[str], ...]] = (
    frozenset({"text", "texte"}),
    frozenset({
        "message", "verbatim", "verbatims", "commentaire", "commentaires", "comment", "comments", "contenu", "content",
        "body", "corps", "avis", "review", "tweet", "transcript", "transcription", "utterance", "enonce", "description",
        "plainte", "reclamation", "demande", "question",
    }),
)  # fmt: skip
"""Names of a text column, the surest first. Several of one rank in the same table are a doubt, not a choice."""

NOT_TEXT_NAMES: Final = frozenset({
    "titre", "title", "objet", "subject", "header", "sujet", "intitule", "tags", "adresse", "address", "reponse",
    "response", "answer",
})  # fmt: skip
"""Columns of words that are not the customer's message; they are kept as columns of the user's own."""

ROLE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "at": (
        "at", "started at", "date", "created at", "horodatage", "timestamp", "datetime", "published at", "sent at",
        "received at", "date heure", "date creation", "date de creation", "date message", "date contact",
        "date du contact", "date reception", "date de reception", "date publication", "date de publication",
        "date envoi", "date d envoi", "date debut", "start time", "created", "publie le", "cree le", "recu le", "time",
    ),
    "ended_at": (
        "ended at", "end time", "date fin", "date de fin", "date cloture", "date de cloture", "closed at", "clos le",
    ),
    "speaker": ("speaker", "locuteur", "locutrice", "role", "author type", "sender type", "emetteur", "interlocuteur"),
    "turn": ("turn", "tour", "tour de parole", "turn id", "turn index", "rang", "message index", "utterance id"),
    "contact_id": (
        "contact id", "id contact", "id", "ticket id", "id ticket", "ticket", "numero ticket",
        "numero de ticket", "no ticket", "n ticket", "case id", "call id", "id appel", "appel",
        "numero appel", "numero d appel", "message id", "id message",
        "tweet id", "review id", "id avis", "numero", "reference", "ref", "identifiant", "uuid",
    ),
    "conversation_id": (
        "conversation id", "id conversation", "conversation", "thread id", "thread", "id fil", "fil", "dialogue id",
        "discussion id", "interaction id",
    ),
    "customer_id": (
        "customer id", "client id", "id client", "numero client", "numero de client", "no client", "n client",
        "code client", "client", "customer", "usager", "id usager", "user id", "author id",
        "demandeur", "id demandeur", "requester id", "requester",
    ),
    "channel": (
        "channel", "channels", "canal", "canaux", "canal de contact", "canal contact", "canal entree",
        "moyen de contact", "media",
    ),
    "language": ("language", "langue", "lang"),
    "variant": ("variant", "variante", "locale"),
    "agent_id": ("agent id", "id agent", "agent", "conseiller id", "id conseiller", "conseiller", "operateur"),
    "team": ("team", "equipe"),
    "product": ("product", "produit", "offre"),
    "outcome": ("outcome", "issue", "resolution", "statut", "status"),
    "rating": ("rating", "note", "note de satisfaction", "stars", "etoiles", "nombre d etoiles", "note client"),
    "timezone": ("timezone", "time zone", "fuseau", "fuseau horaire"),
    "quoted": ("quoted",),
    "redacted": ("redacted",),
}  # fmt: skip
"""For each use of a column, the names it goes by, the surest first; the order of the uses is that of the guesses."""

CONTACT_IDS: Final = frozenset({"contact id", "id contact"})
"""Names that are the key of a contact even in a table of turns."""

SURE_IDS: Final = CONTACT_IDS | {"id", "ticket id", "id ticket", "message id", "id message"}
"""Names that are the key of a contact where a row is a contact, even if some of them repeat: those are doubles."""
