"""New texts beside those seen before: the words that burst, and the groups that stand where nobody stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from vocmine.text.words import words
from vocmine.topics.features import Features
from vocmine.topics.neighbours import Floats, unit_rows
from vocmine.topics.rule import Rule
from vocmine.topics.units import Units

_FEWEST: Final = 5
"""Contacts that make a new topic."""
_SHARE: Final = 0.005
"""They are also this share of the contacts of the update, at least."""
_NEAR: Final = 0.55
"""Texts with this cosine are about one matter: one pair in a thousand, in the sample contacts."""
_CHANCE: Final = 2e-5
"""Probability, were nothing new, of so many new texts in one place, or of so many who say a word; over the two thousand
places and words of an update, one in twenty-five."""
_TIMES: Final = 4.0
"""A word that bursts is said so many times as often as before."""
_ROUNDS: Final = 3
_TOO_NEAR: Final = 0.85
"""A centre so near an existing one is that one."""


@dataclass(frozen=True)
class Usage:
    """How many contacts said each word.

    Attributes
    ----------
    contacts : int
        Contacts counted.
    said : mapping of str to int
        Root of a word → contacts that said it.
    """

    contacts: int
    said: Mapping[str, int]

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.contacts + other.contacts, Counter(self.said) + Counter(other.said))


def holders(units: Units, features: Features) -> dict[str, NDArray[np.int64]]:
    """Return the units that hold each word, by its root."""
    held: dict[str, list[int]] = {}
    for row, (text, language) in enumerate(zip(units.texts, units.languages, strict=True)):
        matter = (word for word in words(text, language) if word.use == "matter")
        for root in {features.roots.root(word.surface, word.lemma) for word in matter}:
            held.setdefault(root, []).append(row)
    return {root: np.array(rows) for root, rows in held.items()}


def usage_of(units: Units, held: Mapping[str, NDArray[np.int64]]) -> Usage:
    """Count the contacts that say each word."""
    said = {root: len(np.unique(units.contacts[rows])) for root, rows in held.items()}
    return Usage(len(np.unique(units.contacts)), said)


def bursting(new: Usage, before: Usage, fewest: int) -> list[str]:
    """Return the words that many more contacts say than before, by a binomial test; the most surprising first."""
    share = new.contacts / max(new.contacts + before.contacts, 1)
    found = []
    for root, n in new.said.items():
        old = before.said.get(root, 0)
        chance = float(binom.sf(n - 1, n + old, share))
        if n >= fewest and n * before.contacts >= _TIMES * old * new.contacts and chance < _CHANCE:
            found.append((chance, -n, root))
    return [root for _, _, root in sorted(found)]


def fewest_contacts(units: Units) -> int:
    """Return how many contacts make a topic of its own in an update."""
    return max(_FEWEST, round(_SHARE * len(np.unique(units.contacts))))


def new_groups(
    units: Units, vectors: Floats, rule: Rule, reference: Floats, holding: list[NDArray[np.int64]]
) -> Floats:
    """Find groups of new texts that share a word that bursts, or stand where few texts stood before.

    Around each new text, near texts are counted among the new ones and among those of the reference. Where there are
    more new ones than chance makes (binomial test), the texts around are a group. A group gathers the texts nearer to
    it than to any topic, and must keep enough of them.

    Parameters
    ----------
    units : Units
        The new ones.
    vectors : float32 array of shape (n_units, n_features)
    rule : Rule
        The topics there are.
    reference : float32 array of shape (n_reference, n_features)
        Vectors of texts seen before.
    holding : list of int array
        Units that hold each word that bursts.

    Returns
    -------
    float32 array of shape (n_groups, n_features)
        The centre of each.
    """
    found: list[Floats] = []
    fewest = fewest_contacts(units)
    free = np.ones(len(vectors), dtype=bool)
    for rows in [*holding, *_crowds(vectors, reference)]:
        members = np.zeros(len(vectors), dtype=bool)
        members[rows] = True
        centre = _gathered(units, vectors, members & free, rule, found, fewest)
        if centre is not None:
            found.append(centre)
            free &= ~members
    return np.stack(found) if found else np.empty((0, vectors.shape[1]), np.float32)


def _crowds(vectors: Floats, reference: Floats) -> list[NDArray[np.int64]]:
    """Find the places where new texts crowd as old ones did not, the most surprising first."""
    if len(vectors) < _FEWEST or not len(reference):
        return []
    among_new = vectors @ vectors.T >= _NEAR
    among_old = (vectors @ reference.T >= _NEAR).sum(axis=1)
    share = len(vectors) / (len(vectors) + len(reference))
    free = np.ones(len(vectors), dtype=bool)
    crowds = []
    while free.any():
        near = (among_new & free).sum(axis=1)
        chance = np.where(free, binom.sf(near - 1, near + among_old, share), 1.0)
        seed = int(np.lexsort((-near, chance))[0])
        if chance[seed] > _CHANCE:
            break
        members = among_new[seed] & free
        free &= ~members
        crowds.append(np.flatnonzero(members))
    return crowds


def _gathered(
    units: Units, vectors: Floats, members: NDArray[np.bool_], rule: Rule, found: list[Floats], fewest: int
) -> Floats | None:
    """Move a group's centre to the texts it takes from all topics; None where too few are left."""
    others = np.concatenate([rule.centres, *(centre[None] for centre in found)])
    best = (vectors @ others.T).max(axis=1)
    for _ in range(_ROUNDS):
        if len(np.unique(units.contacts[members])) < fewest:
            return None
        centre = np.asarray(unit_rows(vectors[members].mean(axis=0, keepdims=True))[0], dtype=np.float32)
        members = vectors @ centre > best
    kept = len(np.unique(units.contacts[members])) >= fewest
    return centre if kept and (others @ centre).max() < _TOO_NEAR else None
