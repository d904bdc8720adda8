"""What a public message holds beside its words: mentions, hashtags, links, emoji; and whether it repeats another."""

from __future__ import annotations

import re
from typing import Final

from vocmine.text.emoji import EMOJI_CLASS, JOINERS_CLASS

# A handle is not the end of an e-mail address, nor a hashtag the fragment of a link: links are taken out first.
_LINK: Final = re.compile(r"https?://[^\s<>\"«»]{1,2000}", re.IGNORECASE)
_MENTION: Final = re.compile(r"(?<![\w@/.])@(\w{1,50})")
_HASHTAG: Final = re.compile(r"(?<![\w#&/])#(\w{1,140})")
_EMOJI: Final = re.compile(f"[{EMOJI_CLASS}][{JOINERS_CLASS}]{{0,8}}")
_REPOST: Final = re.compile(r"RT @(\w{1,50}) ?:? ")
_AFTER_A_LINK: Final = ".,;:!?)]}'’…"


def entities(text: str) -> dict[str, list[str]]:
    """Return what is found in a text, each list in the order of the text.

    Returns
    -------
    dict of str to list of str
        ``mentions`` and ``hashtags`` without their sign, ``links``, ``emoji`` each with its skin tone.

    Examples
    --------
    >>> entities("@Exemple_SAV toujours rien reçu 😡 #colis https://exemple.fr/suivi.")
    {'mentions': ['Exemple_SAV'], 'hashtags': ['colis'], 'links': ['https://exemple.fr/suivi'], 'emoji': ['😡']}
    """
    bare = _LINK.sub(" ", text)
    return {
        "mentions": _MENTION.findall(bare),
        "hashtags": [tag for tag in _HASHTAG.findall(bare) if not tag.isdigit()],
        "links": [link.rstrip(_AFTER_A_LINK) for link in _LINK.findall(text)],
        "emoji": _EMOJI.findall(text),
    }


def reposted(text: str) -> tuple[str, str] | None:
    """Return the author and the text of the message that another only repeats, or None.

    Examples
    --------
    >>> reposted("RT @lea_exemple: Toujours en panne"), reposted("Je RT @lea_exemple")
    (('lea_exemple', 'Toujours en panne'), None)
    """
    found = _REPOST.match(text)
    return (found[1], text[found.end() :]) if found else None
