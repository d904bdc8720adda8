"""Which public messages need a reply first: a rank, and the reasons for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from math import log10, prod
from typing import TYPE_CHECKING, Final

import pandas as pd

from vocmine.corpus import Corpus
from vocmine.errors import InputError
from vocmine.mentions.cues import cues
from vocmine.mentions.pending import Pending, pending
from vocmine.text import mask

if TYPE_CHECKING:
    from vocmine.analysis import Analysis

WEIGHTS: Final[Mapping[str, tuple[float, str]]] = {
    "request": (0.35, "question ou demande"),
    "urgent": (0.35, "urgence"),
    "legal": (0.35, "menace de recours"),
    "leaving": (0.30, "menace de départ"),
    "public": (0.25, "menace de publicité"),
    "complaint": (0.25, "mécontentement"),
    "to_company": (0.20, "s’adresse à l’entreprise"),
    "several": (0.15, "{} messages sans réponse"),
    "waiting": (0.20, "attend depuis {} h"),
    "audience": (0.15, "audience"),
}
"""What each reason adds, at most, and how it reads. Chosen by reasoning, not fitted: see `needs_reply`."""

LESSENED: Final[Mapping[str, tuple[float, str]]] = {
    "praise": (0.2, "éloge"),
    "to_others": (0.3, "s’adresse à d’autres personnes"),
    "repost": (0.1, "simple repartage"),
}
"""What makes a reply less due: what is left of the priority, and how it reads."""

_COLUMNS: Final = ("contact_id", "conversation_id", "waiting_hours", "priority", "why", "text")
_FULL_WAIT: Final = 24.0  # hours after which waiting counts in full
_FULL_AUDIENCE: Final = 100_000  # people; counted by its logarithm
_SURE: Final = 0.5  # of p_negative: below, a message is not taken for negative
_LOW_RATING: Final = 2.0  # on a scale of 5, as reviews have it
_HIGH_RATING: Final = 4.0
_LONGEST_QUOTE: Final = 280


def needs_reply(source: Corpus | Analysis, *, own: Collection[str] = (), now: datetime | None = None) -> pd.DataFrame:
    """List the public messages and reviews without an answer of the company, those that need one most first.

    A contact of the social channel, or one with a rating, is listed where its last word is a customer's. Its priority
    is ``1 − ∏ (1 − weight)`` over the reasons found, times what `LESSENED` leaves of it. The reasons are those that
    customer services give: a question, a threat, urgency, discontent, being named, several messages, waiting time (in
    full from 24 h), audience (logarithm of the followers, likes and reposts that the export has). Their weights, in
    `WEIGHTS`, were chosen by reasoning and not fitted to anyone's choices: the order is a proposal, `why` says what it
    rests on. Words are told by lists; with an `Analysis`, discontent and praise are told by its sentiment as well.

    Parameters
    ----------
    source : Corpus or Analysis
    own : collection of str
        Accounts of the company (``@Exemple_SAV``); those of agents' turns are known.
    now : datetime with a zone, optional
        When waiting is counted to. By default, the time of the call.

    Returns
    -------
    DataFrame
        `contact_id`, `conversation_id`, `waiting_hours` (NaN without a date), `priority` (0 to 1), `why` (reasons in
        French, the weightiest first), `text` (the last message, personal data in plain sight masked).

    Raises
    ------
    InputError
        If the source is neither, or `now` bears no zone.

    Examples
    --------
    >>> corpus = Corpus.from_records(
    ...     [
    ...         {"id": 1, "canal": "X", "texte": "@Exemple_SAV toujours pas livré, que faites-vous ?"},
    ...         {"id": 2, "canal": "X", "texte": "Merci @Exemple_SAV, au top"},
    ...     ]
    ... )
    >>> waiting = needs_reply(corpus, own=["@Exemple_SAV"])
    >>> waiting["priority"].tolist()
    [0.61, 0.04]
    >>> waiting["why"].tolist()
    ['question ou demande ; mécontentement ; s’adresse à l’entreprise', 's’adresse à l’entreprise ; éloge']
    """
    corpus, scores = _parts(source)
    moment = pd.Timestamp(now or datetime.now(UTC))
    if moment.tzinfo is None:
        raise InputError("got now without a time zone, expected one, such as datetime.now(UTC)")
    rows = [_row(each, scores, moment.tz_convert("UTC")) for each in pending(corpus, own)]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.sort_values(["priority", "waiting_hours"], ascending=False, kind="stable", ignore_index=True)


def _parts(source: Corpus | Analysis) -> tuple[Corpus, Mapping[tuple[str, int], Mapping[str, object]]]:
    """Return the corpus and, where it was scored, the sentiment of each turn."""
    if isinstance(source, Corpus):
        return source, {}
    if not isinstance(getattr(source, "corpus", None), Corpus):
        raise InputError(f"got a {type(source).__name__}, expected a Corpus or an Analysis")
    scored = source.turns
    told = (
        {"sentiment": sentiment, "p_negative": p}
        for sentiment, p in zip(scored["sentiment"], scored["p_negative"], strict=True)
    )
    return source.corpus, dict(zip(zip(scored["contact_id"], scored["turn"], strict=True), told, strict=True))


def _row(waits: Pending, scores: Mapping[tuple[str, int], Mapping[str, object]], now: pd.Timestamp) -> list[object]:
    hours = max((now - waits.since).total_seconds() / 3600, 0.0) if waits.since is not None else float("nan")
    found = dict(_reasons(waits, scores, hours))
    lessened = _lessened(waits, found, scores)
    left = prod(LESSENED[name][0] for name in lessened)
    priority = round((1 - prod(1 - share for share, _ in found.values())) * left, 2)
    ranked = sorted(found.values(), key=lambda reason: -reason[0])
    why = [words for _, words in ranked] + [LESSENED[name][1] for name in lessened]
    quote = mask(" ".join(waits.texts[-1].split()))
    shown = quote if len(quote) <= _LONGEST_QUOTE else f"{quote[:_LONGEST_QUOTE]}…"
    return [waits.contact_id, waits.conversation_id, round(hours, 1), priority, " ; ".join(why), shown]


def _reasons(
    waits: Pending, scores: Mapping[tuple[str, int], Mapping[str, object]], hours: float
) -> Iterator[tuple[str, tuple[float, str]]]:
    """Give each reason with its weight and its words."""
    kinds = frozenset[str]().union(*map(cues, waits.texts))
    for name in ("request", "urgent", "legal", "leaving", "public"):
        if name in kinds:
            yield name, WEIGHTS[name]
    discontent = max(
        _negative(waits, scores), "complaint" in kinds, any(rating <= _LOW_RATING for rating in _ratings(waits))
    )
    if discontent:
        yield "complaint", _share("complaint", discontent)
    if waits.to_company:
        yield "to_company", WEIGHTS["to_company"]
    if len(waits.turns) > 1:
        yield "several", _share("several", 1.0, len(waits.turns))
    if hours >= 1:
        yield "waiting", _share("waiting", hours / _FULL_WAIT, round(hours))
    if waits.audience >= 100:
        yield "audience", _share("audience", log10(waits.audience) / log10(_FULL_AUDIENCE))


def _share(name: str, share: float, *figures: int) -> tuple[float, str]:
    weight, words = WEIGHTS[name]
    return weight * min(share, 1.0), words.format(*figures)


def _negative(waits: Pending, scores: Mapping[tuple[str, int], Mapping[str, object]]) -> float:
    found = [scores.get((str(turn["contact_id"]), int(str(turn["turn"])))) for turn in waits.turns]
    shares = [p for score in found if score and isinstance(p := score["p_negative"], float) and p >= _SURE]
    return max(shares, default=0.0)


def _ratings(waits: Pending) -> list[float]:
    return [float(rating) for turn in waits.turns if isinstance(rating := turn.get("rating"), int | float)]


def _lessened(
    waits: Pending, found: Mapping[str, object], scores: Mapping[tuple[str, int], Mapping[str, object]]
) -> list[str]:
    asks = bool(found.keys() & {"request", "urgent", "legal", "leaving", "public", "complaint"})
    last = waits.turns[-1]
    score = scores.get((str(last["contact_id"]), int(str(last["turn"]))))
    praises = (
        "praise" in cues(waits.texts[-1])
        or any(rating >= _HIGH_RATING for rating in _ratings(waits))
        or (score is not None and score["sentiment"] == "positive")
    )
    applies = {
        "praise": praises and not asks,
        "to_others": waits.to_others,
        "repost": all(text.startswith("RT @") for text in waits.texts),
    }
    return [name for name, is_so in applies.items() if is_so]
