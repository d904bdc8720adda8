"""The customers' own words: a few quotes that show what displeases, what pleases, and what does both.

A quote is the segment of a contact that carries its polarity most. Those that read alone are preferred: whole
sentences of 40 to 220 characters, in the language of most contacts. No two quotes come from one customer or look
alike, and no channel has them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil
from typing import NamedTuple, TypedDict

import numpy as np
import pandas as pd

from vocmine.corpus.customers import customer_turns
from vocmine.report.view import View
from vocmine.text import mask

_LENGTH = (40, 220)
"""Characters of a quote that reads alone and at a glance."""
_CANDIDATES = 400
"""Best contacts of a kind that are looked at, so that the time does not grow with the contacts."""
_ALIKE = 0.35
"""Share of common words (Jaccard) above which two quotes look alike; a common run of four words is enough too."""
_WORD = re.compile(r"\w+")
_WHOLE = re.compile(r"[^\W\d_].*[.!?…»]", re.DOTALL)


class Quote(TypedDict):
    """Words of a contact, and where to find it; `day` is a local ISO date."""

    contact_id: str
    channel: str
    day: str | None
    language: str
    text: str


class Quotes(TypedDict):
    """Quotes of negative, positive and mixed contacts, the clearest first."""

    negative: list[Quote]
    positive: list[Quote]
    mixed: list[Quote]
    masked: bool


class _Candidate(NamedTuple):
    contact: int
    text: str


def summarise_quotes(view: View) -> Quotes:
    """Choose the quotes."""
    n_negative, n_positive, n_mixed = places(view.n_quotes)
    segments = _customer_segments(view)
    return {
        "negative": _choose(view, _clearest(view, segments, "negative"), n_negative),
        "positive": _choose(view, _clearest(view, segments, "positive"), n_positive),
        "mixed": _choose(view, _two_sided(view, segments), n_mixed),
        "masked": view.mask,
    }


def places(n: int) -> tuple[int, int, int]:
    """Share `n` quotes: half negative, a quarter positive, a quarter mixed.

    Examples
    --------
    >>> places(12)
    (6, 3, 3)
    """
    negative = ceil(n / 2)
    positive = ceil((n - negative) / 2)
    return negative, positive, n - negative - positive


def _customer_segments(view: View) -> pd.DataFrame:
    """Return the scored segments that count for their contact, with the rank of the contact and how well they read."""
    corpus = view.analysis.corpus
    turns = corpus.turns.select(["contact_id", "turn"]).to_pandas().assign(contact=customer_turns(corpus))
    said = turns[turns["contact"] >= 0]
    segments = view.analysis.segments.dropna(subset=["p_negative"]).merge(said, on=["contact_id", "turn"])
    text = segments["text"].str.strip()
    fits = text.str.len().between(*_LENGTH) & text.str.fullmatch(_WHOLE.pattern, flags=re.DOTALL)
    languages = view.contacts["language"]
    fits &= (languages == languages.mode().get(0)).to_numpy()[segments["contact"]]
    return segments.assign(text=text, fits=fits)


def _clearest(view: View, segments: pd.DataFrame, polarity: str) -> Iterator[_Candidate]:
    """Yield for each contact of a polarity the segment that carries it most, the best ones first."""
    column = f"p_{polarity}"
    kind = view.contacts.index[view.contacts["sentiment"] == polarity]
    found = segments[segments["contact"].isin(kind) & (segments[column] >= 0.5)]
    strength = found[column] * view.contacts[column].to_numpy()[found["contact"]]
    best = _best_first(found.assign(strength=strength)).drop_duplicates("contact").head(_CANDIDATES)
    for contact, text in zip(best["contact"].tolist(), best["text"].tolist(), strict=True):
        yield _Candidate(contact, text)


def _two_sided(view: View, segments: pd.DataFrame) -> Iterator[_Candidate]:
    """Yield for each mixed contact its most positive and its most negative segment, in the order they were said."""
    kind = view.contacts.index[view.contacts["sentiment"] == "mixed"]
    found = segments[segments["contact"].isin(kind)].reset_index(drop=True)
    sides = found.groupby("contact")[["p_negative", "p_positive"]].idxmax()
    bad, good = found.iloc[sides["p_negative"]], found.iloc[sides["p_positive"]]
    sides["fits"] = bad["fits"].to_numpy() & good["fits"].to_numpy()
    sides["strength"] = np.minimum(bad["p_negative"].to_numpy(), good["p_positive"].to_numpy())
    best = _best_first(sides).head(_CANDIDATES)
    for contact, *pair in best[["p_negative", "p_positive"]].itertuples():
        first, last = (found.iloc[row] for row in sorted(pair))
        follows = first["turn"] == last["turn"] and first["segment"] + 1 == last["segment"]
        yield _Candidate(contact, f"{first['text']}{' ' if follows else ' […] '}{last['text']}")


def _best_first(candidates: pd.DataFrame) -> pd.DataFrame:
    """Sort by ``fits`` then ``strength``, rounded so that equals stay in the order of the contacts on any machine."""
    rounded = candidates.assign(strength=candidates["strength"].round(6))
    return rounded.sort_values(["fits", "strength"], ascending=False, kind="stable")


class _Picker:
    """Takes quotes one after the other, as long as they differ from those taken."""

    def __init__(self, view: View, n: int) -> None:
        self.view, self.n = view, n
        self.taken: list[Quote] = []
        self.spare: list[Quote] = []
        self._customers: set[str] = set()
        self._seen: list[_Wording] = []

    def offer(self, candidate: _Candidate) -> None:
        """Take a candidate, or keep it spare where its channel has half of the places already."""
        contact = self.view.contacts.iloc[candidate.contact]
        customer = str(contact["customer_id"] if pd.notna(contact["customer_id"]) else contact["contact_id"])
        wording = _Wording.of(candidate.text)
        if customer in self._customers or any(wording.is_like(other) for other in self._seen):
            return
        self._customers.add(customer)
        self._seen.append(wording)
        quote = _quote(contact, mask(candidate.text) if self.view.mask else candidate.text)
        of_channel = sum(other["channel"] == quote["channel"] for other in self.taken)
        (self.taken if of_channel < ceil(self.n / 2) else self.spare).append(quote)

    @property
    def quotes(self) -> list[Quote]:
        """The quotes taken, spare ones filling the places that are left."""
        return (self.taken + self.spare)[: self.n]


class _Wording(NamedTuple):
    """The words of a quote, and its runs of four words."""

    words: frozenset[str]
    runs: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, text: str) -> _Wording:
        words = _WORD.findall(text.lower())
        return cls(frozenset(words), frozenset(zip(*(words[k:] for k in range(4)), strict=False)))

    def is_like(self, other: _Wording) -> bool:
        common = len(self.words & other.words)
        return bool(self.runs & other.runs) or common > _ALIKE * len(self.words | other.words)


def _choose(view: View, candidates: Iterator[_Candidate], n: int) -> list[Quote]:
    picker = _Picker(view, n)
    for candidate in candidates:
        if len(picker.taken) == n:
            break
        picker.offer(candidate)
    return picker.quotes


def _quote(contact: pd.Series, text: str) -> Quote:
    return {
        "contact_id": str(contact["contact_id"]),
        "channel": str(contact["channel"]),
        "day": contact["day"].date().isoformat() if pd.notna(contact["day"]) else None,
        "language": str(contact["language"]),
        "text": text,
    }
