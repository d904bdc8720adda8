"""Contacts that repeat others, that a campaign wrote, or that a machine sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from hashlib import blake2b
from typing import Final

import pyarrow as pa

from vocmine.corpus.campaigns import find_campaigns
from vocmine.corpus.said import Said, said
from vocmine.errors import InputError
from vocmine.schema import FLAGS
from vocmine.text.automatic import Automatic, automatic_kind
from vocmine.text.resemblance import Resembling, shingles

_FEW_WORDS: Final = 5  # what a customer may well say twice: « ok merci beaucoup »
_SOON: Final = timedelta(days=1)  # within which a short message of one customer is the same one sent again
_SPOKEN: Final = frozenset(("phone", "in_person"))  # a caller reads nothing that a machine sent


def find_duplicates(
    contacts: pa.Table,
    turns: pa.Table,
    *,
    threshold: float = 0.8,
    min_words: int = 20,
    campaign_size: int = 5,
    campaign_days: float = 14,
) -> pa.Table:
    """Find the contacts that repeat an earlier one, that belong to a campaign, or that nobody wrote.

    What is compared is what the customer says in the whole contact (of a contact without a customer, what everybody
    says), in lower case and without accents or punctuation. Flags are:

    - ``duplicate``: the very words of an earlier contact. Below `min_words`, only those of the same customer, from
      five words, within a day: that others say « je n'ai pas reçu ma facture » means nothing;
    - ``near_duplicate``: nearly the words of an earlier contact, `min_words` or more, unless each of the two has a
      number that the other lacks: with another order number it is another complaint;
    - ``campaign``: the words of many customers within days, but for names and numbers. Within a campaign only what
      the same customer sends again is a duplicate as well;
    - a kind of automatic message (`vocmine.text.automatic.KINDS`), where all turns are one.

    Parameters
    ----------
    contacts, turns : pyarrow.Table
        As `vocmine.schema` says; columns ``subject`` and ``automatic`` that e-mails have are used.
    threshold : float, default 0.8
        Share of the sequences of three words that two texts must have in common (Jaccard index), above 0, at most 1.
        Of pairs at .9 and above practically none is missed, at .8 one in a hundred, at .7 one in ten.
    min_words : int, default 20
        Words under which texts are alike by chance.
    campaign_size : int, default 5
        Distinct customers of a campaign; a contact whose customer is not named counts as one.
    campaign_days : float, default 14
        Days within which they write.

    Returns
    -------
    pyarrow.Table
        `vocmine.schema.FLAGS`, in the order of the contacts' rows. ``of`` is the earliest contact that is repeated; it
        is no duplicate itself. ``why`` tells whether the customer and the local day are the same.

    Raises
    ------
    InputError
        If a parameter is not possible.

    Notes
    -----
    Time and memory are linear in the contacts. Earlier and later are told by ``started_at``, then by row: where dates
    are told and differ, the order of the input changes nothing. Of texts that fifty earlier ones resemble to hashing,
    near duplicates with later ones are no longer looked for.

    Examples
    --------
    >>> from vocmine import Corpus
    >>> words = "Ma box est en panne depuis lundi et personne ne répond"
    >>> mails = [{"client": "C1", "date": f"14/03/2025 {hour}:00", "texte": words} for hour in ("09", "11")]
    >>> corpus = Corpus.from_records(mails)
    >>> find_duplicates(corpus.contacts, corpus.turns).select(["row", "flag", "why"]).to_pylist()
    [{'row': 1, 'flag': 'duplicate', 'why': 'same words, same customer, same day'}]
    """
    _check(threshold, min_words, campaign_size, campaign_days)
    every = said(contacts, turns)
    campaigns = find_campaigns(every, threshold=threshold, min_words=min_words, size=campaign_size, days=campaign_days)
    campaign_of = {each.contact_id: number for number, found in enumerate(campaigns) for each in found.members}
    flags = [
        *_automatic(every),
        *_repeats(every, campaign_of, threshold=threshold, min_words=min_words),
        *(flag for campaign in campaigns for flag in campaign.flags()),
    ]
    return pa.Table.from_pylist(flags, schema=FLAGS).sort_by("row")


def _check(threshold: float, min_words: int, campaign_size: int, campaign_days: float) -> None:
    if not 0 < threshold <= 1:
        raise InputError(f"got threshold={threshold!r}, expected a share above 0 and at most 1; try 0.8")
    for name, value, least in (("min_words", min_words, 1), ("campaign_size", campaign_size, 2)):
        if value < least:
            raise InputError(f"got {name}={value!r}, expected {least} or more")
    if not campaign_days > 0:
        raise InputError(f"got campaign_days={campaign_days!r}, expected a number of days above 0")


def _automatic(contacts: Iterable[Said]) -> Iterator[dict[str, object]]:
    """Flag contacts whose turns are all automatic messages, by the kind of the first."""
    for contact in contacts:
        kinds = [] if contact.channel in _SPOKEN else _kinds(contact)
        if kinds:
            yield contact.flag(kinds[0].kind, "; ".join(kinds[0].why))


def _kinds(contact: Said) -> list[Automatic]:
    kinds = []
    for turn in contact.turns:
        kind = automatic_kind(turn.text if turn.raw is None else turn.raw, turn.subject, turn.automatic)
        if kind is None:
            return []
        kinds.append(kind)
    return kinds


def _repeats(
    contacts: Sequence[Said], campaign_of: Mapping[str, int], *, threshold: float, min_words: int
) -> Iterator[dict[str, object]]:
    """Flag contacts that repeat an earlier one; only those that do not are compared with later ones."""
    seen = Resembling(threshold)
    first_of: dict[tuple[str | None, bytes], Said] = {}
    for number, contact in enumerate(contacts):
        words = contact.words
        if len(words) < _FEW_WORDS:
            continue
        long, key = len(words) >= min_words, blake2b(" ".join(words).encode(), digest_size=16).digest()
        earlier = _same_words(contact, key, first_of, anybody=long)
        if earlier is not None and _counts(contact, earlier, campaign_of):
            yield contact.flag("duplicate", _why("same words", contact, earlier), of=earlier.contact_id, similarity=1.0)
            continue
        if long:
            text = shingles(words)
            near = ((contacts[each.of], each.similarity) for each in seen.find(text))
            found = next((each for each in near if _is_nearly(contact, each[0], campaign_of)), None)
            if found is not None:
                of, similarity = found
                why = _why("nearly the same words", contact, of)
                yield contact.flag("near_duplicate", why, of=of.contact_id, similarity=similarity)
                continue
            seen.add(number, text)
        for customer in {contact.customer_id, None}:
            first_of.setdefault((customer, key), contact)


def _same_words(
    contact: Said, key: bytes, first_of: Mapping[tuple[str | None, bytes], Said], *, anybody: bool
) -> Said | None:
    """Return the earlier contact in the same words: that of the same customer, else of anybody."""
    own = first_of.get((contact.customer_id, key)) if contact.customer_id is not None else None
    if anybody:
        return own or first_of.get((None, key))
    soon = own and own.started_at and contact.started_at and contact.started_at - own.started_at <= _SOON
    return own if soon else None


def _is_nearly(contact: Said, earlier: Said, campaign_of: Mapping[str, int]) -> bool:
    """Tell whether two contacts in nearly the same words can be about the same: one of them has no other numbers."""
    one, other = ({word for word in each.words if word[0].isdigit()} for each in (contact, earlier))
    return (one <= other or other <= one) and _counts(contact, earlier, campaign_of)


def _counts(contact: Said, earlier: Said, campaign_of: Mapping[str, int]) -> bool:
    """Tell whether a contact that repeats another is its duplicate, and not just of the same campaign."""
    campaign = campaign_of.get(contact.contact_id)
    return campaign is None or campaign != campaign_of.get(earlier.contact_id) or _same_customer(contact, earlier)


def _same_customer(one: Said, other: Said) -> bool:
    return one.customer_id is not None and one.customer_id == other.customer_id


def _why(words: str, contact: Said, earlier: Said) -> str:
    if contact.customer_id is None or earlier.customer_id is None:
        customer = "customer unknown"
    else:
        customer = "same customer" if _same_customer(contact, earlier) else "another customer"
    if contact.day is None or earlier.day is None:
        day = "day unknown"
    else:
        day = "same day" if contact.day == earlier.day else "another day"
    channel = [] if contact.channel == earlier.channel else ["another channel"]
    return ", ".join((words, customer, day, *channel))
