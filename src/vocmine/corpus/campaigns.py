"""Messages that many customers send within days in the same words, but for names and numbers: petitions, forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from vocmine.corpus.said import Said
from vocmine.text.resemblance import Resembling, Shingles, folded_words, jaccard, shingles

_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Campaign:
    """Contacts in the same words, in the order of time."""

    members: Sequence[Said]

    @property
    def n_customers(self) -> int:
        """Distinct customers; one that is not named counts as one of its own."""
        return len({_customer(each) for each in self.members})

    def flags(self) -> Iterator[dict[str, object]]:
        """Return one row of the table of flags for each contact; the first repeats none."""
        first, *others = self.members
        size = f"{len(self.members)} contacts of {self.n_customers} customers"
        why = f"same words but names and numbers, {size}, {self._span()}"
        yield first.flag("campaign", why)
        words = template(first)
        for each in others:
            similarity = jaccard(template(each), words)
            yield each.flag("campaign", why, of=first.contact_id, similarity=similarity)

    def _span(self) -> str:
        start, end = self.members[0].started_at, self.members[-1].started_at
        return "days unknown" if start is None or end is None else f"{(end - start).days + 1} days"


def template(contact: Said) -> Shingles:
    """Return the shingles of what a contact says without its numbers and its words in capitals.

    Names go, and with them the first word of each sentence, which all copies lose alike.
    """
    words = (word for turn in contact.turns for word in _WORD.findall(turn.text) if word[0].islower())
    return shingles(folded_words(" ".join(words)))


def find_campaigns(
    contacts: Sequence[Said], *, threshold: float, min_words: int, size: int, days: float
) -> list[Campaign]:
    """Find contacts in the same words but for names and numbers, from at least `size` customers within `days`.

    Parameters
    ----------
    contacts : sequence of Said
        In the order of time.
    threshold : float
        Share of word sequences that a contact has in common with the first of its campaign, 0 to 1.
    min_words : int
        Texts with fewer word sequences are left aside: « je n'ai pas reçu ma facture » is nobody's campaign.
    size : int
        Distinct customers; one that is not named counts as one of its own.
    days : float
        Window within which that many must write.
    """
    groups = _groups(contacts, threshold, min_words)
    return [Campaign(part) for group in groups if len(group) >= size for part in _dense(group, size, days)]


def _groups(contacts: Sequence[Said], threshold: float, min_words: int) -> list[list[Said]]:
    """Group contacts by the first one in the same words; the groups, and the contacts of each, in the order of time."""
    seen = Resembling(threshold)
    groups: dict[int, list[Said]] = {}
    group_of: dict[bytes, int] = {}
    for number, contact in enumerate(contacts):
        words = template(contact)
        if len(words) < min_words:
            continue
        key = words.tobytes()
        if key not in group_of:
            found = next(seen.find(words), None)
            group_of[key] = number if found is None else found.of
            if found is None:
                seen.add(number, words)
        groups.setdefault(group_of[key], []).append(contact)
    return list(groups.values())


def _dense(group: Sequence[Said], size: int, days: float) -> Iterator[Sequence[Said]]:
    """Cut a group into the runs in which every contact has enough customers around it; those without a date apart."""
    dated = [each for each in group if each.started_at is not None]
    undated = group[len(dated) :]
    if len(set(map(_customer, undated))) >= size:
        yield undated
    start, end = 0, 0
    for first, last in _windows(dated, size, timedelta(days=days)):
        if first >= end:
            if end:
                yield dated[start:end]
            start = first
        end = last
    if end:
        yield dated[start:end]


def _windows(dated: Sequence[Said], size: int, width: timedelta) -> Iterator[tuple[int, int]]:
    """Return the windows of time with enough customers, as positions of their first contact and after their last."""
    customers: Counter[str] = Counter()
    first = 0
    for place, contact in enumerate(dated):
        customers[_customer(contact)] += 1
        while _apart(dated[first], contact) > width:
            customers -= Counter((_customer(dated[first]),))
            first += 1
        if len(customers) >= size:
            yield first, place + 1


def _apart(one: Said, other: Said) -> timedelta:
    return other.started_at - one.started_at if one.started_at and other.started_at else timedelta(0)


def _customer(contact: Said) -> str:
    """Return who writes; a contact without a customer stands for one, under a name that no source gives."""
    return f"\0{contact.contact_id}" if contact.customer_id is None else contact.customer_id
