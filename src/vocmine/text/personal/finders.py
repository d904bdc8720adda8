"""The finders of all kinds, each with what a text must hold for it to be worth a look.

The words are a sieve, for speed alone: each finder's own patterns hold at least one of them, in lower case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from vocmine.text.personal.addresses import STREET_TYPES, find_places, find_streets, find_streets_first
from vocmine.text.personal.births import find_births
from vocmine.text.personal.companies import find_companies
from vocmine.text.personal.identity import find_identities
from vocmine.text.personal.kinds import Personal
from vocmine.text.personal.names import find_after_phrases, find_after_titles, find_listed, find_signed
from vocmine.text.personal.numbers import find_numbers
from vocmine.text.personal.online import find_emails, find_networks, find_written_emails
from vocmine.text.personal.payment import find_bic, find_payment
from vocmine.text.personal.phones import find_phones
from vocmine.text.personal.plates import find_plates
from vocmine.text.personal.references import find_references, find_secrets
from vocmine.text.personal.spoken import find_spoken


class InText(NamedTuple):
    """A finder that looks through a whole text, where it holds one of some words."""

    find: Callable[[str], Iterator[Personal]]
    words: tuple[str, ...] = ()

    def may_find(self, lower: str) -> bool:
        """Tell whether a text in lower case is worth a look."""
        return not self.words or any(map(lower.__contains__, self.words))


class AmongDigits(NamedTuple):
    """A finder that looks around digits, where there are enough of them and one of some words."""

    find: Callable[[str, int, int], Iterator[Personal]]
    digits: int
    words: tuple[str, ...] = ()

    def may_find(self, lower: str, digits: int) -> bool:
        """Tell whether a stretch in lower case with so many digits is worth a look."""
        return digits >= self.digits and (not self.words or any(map(lower.__contains__, self.words)))


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split("|"))


IN_TEXTS: Final = (
    InText(find_emails, ("@",)),
    InText(find_written_emails, _split("arobase|arrobase| at |(at|( at|[at|[ at|(a)|[a]|( a )|(chez|[chez| @ ")),
    InText(find_bic, ("bic", "swift")),
    InText(
        find_secrets,
        _split("passe|mdp|password|code|pin|puk|cryptogramme|cvv|cvc|clé |cle |identifiant|login|utilisateur|pseudo"),
    ),
    InText(find_spoken, _split("zéro|zero|cinq|quatre|trente|soixante|septante|huit")),
)
"""What does not need digits."""

AMONG_DIGITS: Final = (
    AmongDigits(find_networks, 4, (".", ":")),
    AmongDigits(find_phones, 8),
    AmongDigits(find_identities, 9),
    AmongDigits(find_payment, 12),
    AmongDigits(find_companies, 9),
    AmongDigits(find_streets, 1, STREET_TYPES),
    AmongDigits(find_streets_first, 5, STREET_TYPES),
    AmongDigits(find_places, 4),
    AmongDigits(find_plates, 2),
    AmongDigits(find_births, 2, _split("né|nee|ne le|naissance|ddn|d.d|naquit")),
    AmongDigits(
        find_references,
        2,
        _split(
            "client|contrat|dossier|compte|abonn|adh|soci|allocataire|assur|police|sinistre|usag|bénéf|benef"
            "|affili|membre|matricule"
            "|fiscal|carte|cni|passeport|permis|titre|pdl|prm|pce|livraison|rum|ics|ine|mutuelle|réf|ref|num|n°"
            "|identifiant|login"
        ),
    ),
)
"""What needs digits."""

OF_NAMES: Final = (
    InText(find_after_titles),
    InText(
        find_after_phrases,
        _split(
            "appel|mon nom|mon pr|nomm|soussign|part d|nom d|certain|:|conseill|technicien|agent|interlocut"
            "|collègue|dame"
        ),
    ),
    InText(find_listed),
    InText(
        find_signed,
        _split("cordialement|salutations|à vous|ement|cdlt|bonne|bient|merci|consid|regards|amicalement"),
    ),
)
"""Names, by phrases and lists."""

NUMBERS: Final = AmongDigits(find_numbers, 6)
"""Long numbers, where they are asked for."""
