"""Contacts of an alert and usual ones come in; what tells them apart, and in whose words, goes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, TypedDict

import numpy as np
import pandas as pd
from scipy.special import ndtri

from vocmine.analysis import Analysis
from vocmine.issues.counts import Slice
from vocmine.text.folding import fold
from vocmine.text.words import Word, words

_COLUMNS: Final = ("channel", "product", "region", "language", "team", "topic")
_SIGNALS_OF_LEAVING: Final = ("churn_intent", "legal_threat", "public_threat")
_LEAST: Final = 3
"""Contacts of an alert that must have what is called different."""
_MOST_USUAL: Final = 2_000
"""Usual contacts that are compared with; where there are more, the last ones."""
_DIMENSIONS: Final = {
    "topic": "Motif",
    "signal": "Signal",
    "channel": "Canal",
    "product": "Produit",
    "region": "Région",
}
_SHORT, _LONG = 20, 240
"""Characters of a quote."""


class Difference(TypedDict):
    """What is over-represented: shares of 0 to 1, and their ratio with its interval."""

    kind: str
    value: str
    share: float
    usual: float
    ratio: float
    low: float
    high: float


def differences(
    analysis: Analysis, ids: Sequence[str], usual: Sequence[str], *, but: Collection[str] = (), most_each: int = 5
) -> list[Difference]:
    """Find what the contacts of an alert have more often than usual ones: terms, signals, channels, products...

    Ratios of shares have intervals on the logarithm (Katz et al. 1978, half a contact added), of a level that allows
    for all that is compared (Bonferroni); those whose interval is above 1 are different, the surest first.

    Parameters
    ----------
    analysis : Analysis
        Contacts of which it holds no words are left out.
    ids, usual : sequence of str
        Contacts of the alert, and those they are compared with.
    but : collection of str
        Kinds that are not compared: those that the contacts were chosen by.
    most_each : int
        Differences of one kind at most.

    References
    ----------
    D. Katz et al., Biometrics 34, 1978.
    """
    known = set(analysis.corpus.contacts["contact_id"].to_pylist())
    here = [contact for contact in ids if contact in known]
    there = [contact for contact in usual[-_MOST_USUAL:] if contact in known]
    if len(here) < _LEAST or not there:
        return []
    frame = analysis.contacts.set_index("contact_id")
    now, before = _traits(analysis, frame, here), _traits(analysis, frame, there)
    compared = [trait for trait, number in now.items() if number >= _LEAST and trait[0] not in but]
    z = float(-ndtri(0.025 / max(len(compared), 1)))
    found = [_compared(trait, now[trait], len(here), before[trait], len(there), z) for trait in compared]
    sure = sorted((one for one in found if one["low"] > 1), key=lambda one: (-one["low"], one["kind"], one["value"]))
    kept: list[Difference] = []
    for one in sure:
        told = [other["value"] for other in kept if other["kind"] == one["kind"]]
        within = one["kind"] == "term" and any(set(one["value"].split()) & set(value.split()) for value in told)
        if len(told) < most_each and not within:
            kept.append(one)
    return kept


def quotes(analysis: Analysis, ids: Sequence[str], found: Sequence[Difference], n: int = 3) -> list[str]:
    """Choose customers' segments, of different contacts, that hold most of what is different."""
    told = {fold(value) for one in found if one["kind"] == "term" for value in one["value"].split()}
    ranked = []
    for contact, texts in _said(analysis, ids).items():
        bags = [(text, {fold(word.surface) for word in words(text)}) for text in texts if _SHORT <= len(text) <= _LONG]
        if bags:
            text, bag = max(bags, key=lambda pair: len(pair[1] & told))
            ranked.append((-len(bag & told), contact, text, bag))
    chosen: list[tuple[str, set[str]]] = []
    for _, _, text, bag in sorted(ranked, key=lambda one: one[:2]):
        if len(chosen) < n and all(len(bag & other) < 0.6 * len(bag | other) for _, other in chosen):
            chosen.append((text, bag))
    return [text for text, _ in chosen]


def severity(analysis: Analysis, ids: Sequence[str], excess: float, ratio: float) -> int:
    """Grade an alert from 1 (slight) to 4 (critical).

    A point each for an excess of 20 contacts, for three times what was expected (and ten contacts more), and for a
    quarter or more of the contacts being frustrated (2 or more) or speaking of leaving or of threats.
    """
    frame = analysis.contacts
    own = frame[frame["contact_id"].isin(set(ids))]
    leaving = own["signals"].map(lambda keys: bool(set(keys if keys is not None else ()) & set(_SIGNALS_OF_LEAVING)))
    grave = bool(len(own)) and float(((own["frustration"] >= 2) | leaving).mean()) >= 0.25
    return 1 + int(excess >= 20) + int(ratio >= 3 and excess >= 10) + int(grave)


def label(own: Slice, topics: Mapping[str, str]) -> str:
    """Name a slice in French.

    Examples
    --------
    >>> label((("channel", "email"), ("topic", "3")), {"3": "colis en retard"})
    'Canal email · Motif « colis en retard »'
    """
    told = [
        f"{_DIMENSIONS.get(name, name)} « {topics.get(value, value)} »"
        if name == "topic"
        else f"{_DIMENSIONS.get(name, name)} {value}"
        for name, value in own
    ]
    return " · ".join(told) or "Tous les contacts"


def _compared(trait: tuple[str, str], now: int, n_now: int, before: int, n_before: int, z: float) -> Difference:
    ratio = ((now + 0.5) / (n_now + 0.5)) / ((before + 0.5) / (n_before + 0.5))
    variance = 1 / (now + 0.5) - 1 / (n_now + 0.5) + 1 / (before + 0.5) - 1 / (n_before + 0.5)
    spread = z * np.sqrt(max(variance, 0.0))
    return {
        "kind": trait[0],
        "value": trait[1],
        "share": now / n_now,
        "usual": before / n_before,
        "ratio": float(ratio),
        "low": float(ratio * np.exp(-spread)),
        "high": float(ratio * np.exp(spread)),
    }


def _traits(analysis: Analysis, frame: pd.DataFrame, ids: Sequence[str]) -> Counter[tuple[str, str]]:
    """Count the contacts that have each trait."""
    counted: Counter[tuple[str, str]] = Counter()
    own = frame.loc[list(ids)]
    for name in _COLUMNS:
        if name in own:
            counted.update((name if name != "team" else "other", str(value)) for value in own[name].dropna())
    counted.update(("signal", str(key)) for keys in own["signals"].dropna() for key in set(keys))
    surfaces: dict[tuple[str, ...], Counter[str]] = {}
    for texts in _said(analysis, ids).values():
        seen: dict[tuple[str, ...], str] = {}
        for text in texts:
            seen |= dict(_terms(words(text)))
        for key, surface in seen.items():
            surfaces.setdefault(key, Counter())[surface] += 1
    for key, forms in surfaces.items():
        counted[("term", " ".join(key))] += sum(forms.values())
    return counted


def _terms(text: Sequence[Word]) -> Iterable[tuple[tuple[str, ...], str]]:
    """Yield words that matter, and pairs of words that do or that deny, each by its lemmas."""
    for word in text:
        if word.use == "matter":
            yield (word.lemma,), word.surface
    said = [word for word in text if word.use != "general"]
    for left, right in pairwise(said):
        if right.use == "matter" and not right.breaks_before:
            yield (left.lemma, right.lemma), f"{left.surface} {right.surface}"


def _said(analysis: Analysis, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the customers' segments of contacts, in the order of `ids`."""
    wanted = set(ids)
    segments = analysis.segments
    turns = analysis.turns[["contact_id", "turn", "speaker"]]
    own = segments[segments["contact_id"].isin(wanted)].merge(turns, on=["contact_id", "turn"])
    spoken = own[own["speaker"].isin(["customer", "unknown"])].groupby("contact_id")["text"].agg(list)
    return {contact: spoken[contact] for contact in dict.fromkeys(ids) if contact in spoken.index}
