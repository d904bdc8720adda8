"""How sources name channels, speakers and languages, and the fixed names that the library gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from vocmine.corpus.cells import fold

# The order matters: the first label with a matching word wins (« courrier électronique » is no letter).
_CHANNEL_WORDS: Final[Mapping[str, str]] = {
    "email": "e ?mail|mail|mel|courriel|courrier electronique|messagerie electronique|boite aux lettres electronique",
    "chat": "t?chat|live ?chat|clavardage|messagerie|messenger|whatsapp|sms|texto",
    "social": "reseau social|reseaux sociaux|social|social media|twitter|tweet|facebook|instagram|linkedin|tiktok"
    "|youtube|mastodon|bluesky|reddit|app store|play store|google play",
    "phone": "telephone|telephonique|tel|appel|appel entrant|phone|call|vocal|voix|voice|hotline|standard",
    "letter": "courrier|lettre|letter|poste|postal|fax|telecopie|recommande",
    "in_person": "in person|guichet|accueil|agence|boutique|magasin|en personne|sur place|comptoir|face a face"
    "|rendez vous|point de vente|shop|store|counter",
    "web": "web|site|internet|formulaire|form|en ligne|online|portail|portal|espace client|espace personnel|application"
    "|appli|app|enquete|survey|questionnaire|avis|review",
    "other": "other|autre|divers",
}

_SPEAKER_WORDS: Final[Mapping[str, str]] = {
    "bot": "bot|chat ?bot|call ?bot|voice ?bot|robot|assistant|assistante|virtuel|virtuelle|automate|svi|ivr|ia|ai",
    "agent": "agent|agente|conseiller|conseillere|tele ?conseiller|tele ?conseillere|operateur|operatrice"
    "|service client|service clientele|support|advisor|operator|representative|staff|technicien|technicienne"
    "|collaborateur|collaboratrice|gestionnaire|charge de clientele|chargee de clientele|employe|employee",
    "system": "system|systeme|automatique|notification",
    "customer": "customer|client|cliente|usager|usagere|user|utilisateur|utilisatrice|caller|appelant|appelante"
    "|consommateur|consommatrice|abonne|abonnee|citoyen|citoyenne|patient|patiente|visiteur|visitor|demandeur"
    "|demandeuse|prospect|assure|assuree|allocataire|voyageur|voyageuse",
    "unknown": "unknown|inconnu|inconnue",
}

_LANGUAGES: Final[Mapping[str, str]] = {
    "francais": "fr", "french": "fr", "anglais": "en", "english": "en", "allemand": "de", "german": "de",
    "deutsch": "de", "espagnol": "es", "spanish": "es", "espanol": "es", "italien": "it", "italian": "it",
    "italiano": "it", "portugais": "pt", "portuguese": "pt", "portugues": "pt", "neerlandais": "nl", "dutch": "nl",
    "arabe": "ar", "arabic": "ar",
}  # fmt: skip
_TAG: Final = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2}))?", re.IGNORECASE)


def _patterns(words: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"\b(?:{alternatives})s?\b") for name, alternatives in words.items()}


_CHANNEL_PATTERNS: Final = _patterns(_CHANNEL_WORDS)
_SPEAKER_PATTERNS: Final = _patterns(_SPEAKER_WORDS)


def _first(patterns: Mapping[str, re.Pattern[str]], words: str) -> str | None:
    return next((name for name, pattern in patterns.items() if pattern.search(words)), None)


def read_channel(name: str) -> tuple[str, str | None]:
    """Return the channel that a source's name stands for, and the kind of repair this took, if any.

    Where several channels are named, the first one known counts.

    Examples
    --------
    >>> read_channel("Courriel")
    ('email', None)
    >>> read_channel("Démarche en ligne,Téléphone")
    ('web', 'several_channels')
    >>> read_channel("Pigeon")
    ('other', 'unknown_channel')
    """
    named = [_channel(part) for part in re.split(r"[,;|/+\n]", name) if fold(part)]
    known = [channel for channel in named if channel is not None]
    if not known:
        return "other", "unknown_channel"
    return known[0], "several_channels" if len(set(named)) > 1 else None


def _channel(name: str) -> str | None:
    words = fold(name)
    return "social" if words == "x" else _first(_CHANNEL_PATTERNS, words)


def read_speaker(name: str) -> tuple[str, str | None]:
    """Return the speaker that a source's name stands for, and the kind of repair this took, if any.

    Examples
    --------
    >>> read_speaker("Téléconseillère"), read_speaker("Assistant virtuel"), read_speaker("Usager")
    (('agent', None), ('bot', None), ('customer', None))
    """
    found = _first(_SPEAKER_PATTERNS, fold(name))
    return (found, None) if found else ("unknown", "unknown_speaker")


def read_language(name: str) -> tuple[str, str | None] | None:
    """Return the ISO 639 code and the regional variant that a language's name or tag gives, or None.

    Examples
    --------
    >>> read_language("Français"), read_language("fr_CA"), read_language("???")
    (('fr', None), ('fr', 'fr-CA'), None)
    """
    if code := _LANGUAGES.get(fold(name)):
        return code, None
    if not (tag := _TAG.fullmatch(name.strip())):
        return None
    code, region = tag[1].lower(), tag[2]
    return code, f"{code}-{region.upper()}" if region else None
