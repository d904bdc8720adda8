"""The labels of somebody else's classifier, brought to those that the library reads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vocmine.errors import InputError, ModelFormatError
from vocmine.schema import POLARITIES

_WORDS: Final = {
    **dict.fromkeys(("negative", "negatif", "neg"), "negative"),
    **dict.fromkeys(("neutral", "neutre", "neu"), "neutral"),
    **dict.fromkeys(("positive", "positif", "pos"), "positive"),
}
_STRENGTH: Final = re.compile(r"^(very|extremely|slightly|somewhat|tres|plutot)\b")
_STARS: Final = re.compile(r"([1-5])(?:stars?|etoiles?)")
_STAR_POLARITIES: Final = ("negative", "negative", "neutral", "positive", "positive")
_NAMELESS: Final = re.compile(r"(label|class\w?)?[ _-]?\d+", re.IGNORECASE)


@dataclass(frozen=True)
class LabelMap:
    """Where the probability of each of a classifier's labels goes.

    Attributes
    ----------
    own : tuple of str
        The classifier's labels, in the order of its logits.
    meant : tuple of str
        For each, the label that it counts for; several may count for one, whose probabilities add up.

    Examples
    --------
    >>> stars = LabelMap.read([f"{stars} étoiles" for stars in range(1, 6)])
    >>> stars.labels, stars.members
    (('negative', 'neutral', 'positive'), ((0, 1), (2,), (3, 4)))
    """

    own: tuple[str, ...]
    meant: tuple[str, ...]

    @classmethod
    def read(cls, own: Sequence[str], given: Mapping[str, str] | None = None, *, exclusive: bool = True) -> LabelMap:
        """Map labels as the caller says, or else as their names say.

        Negative, neutral and positive are known by their English and French names and abbreviations, whatever the
        case, the accents and a « very » or « très » before; five labels from « 1 star » or « 1 étoile » to five count
        as negative (1, 2), neutral (3) and positive (4, 5). Other names are kept as they are.

        Parameters
        ----------
        own : sequence of str
            The classifier's labels, in the order of its logits.
        given : mapping of str to str, optional
            Each of those labels → the label that it counts for.
        exclusive : bool
            One label a text. Where labels are independent, their probabilities cannot be added up.

        Raises
        ------
        InputError
            The map names a label that the classifier has not, leaves one out, or adds up independent labels.
        ModelFormatError
            The names say nothing, such as LABEL_0, and no map is given.
        """
        found = cls(tuple(own), _meant_by_map(own, given) if given is not None else _meant_by_names(own))
        if not exclusive and len(found.labels) < len(found.own):
            raise InputError(
                f"labels {', '.join(found.own)} are independent of each other (multi-label), got a map that adds some "
                "of them up: give each a label of its own"
            )
        return found

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels counted for: polarities in their usual order, others in the classifier's."""
        distinct = tuple(dict.fromkeys(self.meant))
        return tuple(name for name in POLARITIES if name in distinct) if set(distinct) <= set(POLARITIES) else distinct

    @property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """For each of `labels`, the places of the logits that count for it."""
        return tuple(tuple(i for i, meant in enumerate(self.meant) if meant == label) for label in self.labels)

    @property
    def head_name(self) -> str:
        """``sentiment`` where the labels are polarities, negative and positive at least; else ``labels``."""
        return "sentiment" if {"negative", "positive"} <= set(self.labels) <= set(POLARITIES) else "labels"


def _meant_by_map(own: Sequence[str], given: Mapping[str, str]) -> tuple[str, ...]:
    unknown, missing = sorted(set(given) - set(own)), sorted(set(own) - set(given))
    if unknown or missing:
        wrong = [f"names {', '.join(unknown)}, which the model has not"] if unknown else []
        wrong += [f"leaves out {', '.join(missing)}"] if missing else []
        raise InputError(f"labels {' and '.join(wrong)}; expected one entry for each of {', '.join(own)}")
    return tuple(given[name] for name in own)


def _meant_by_names(own: Sequence[str]) -> tuple[str, ...]:
    if nameless := [name for name in own if _NAMELESS.fullmatch(name)]:
        example = ", ".join(f'"{name}": "{label}"' for name, label in zip(own, POLARITIES, strict=False))
        raise ModelFormatError(
            f"the model's labels are called {', '.join(nameless)}, which does not say what they mean: read its card, "
            f"then give a map of them all, such as labels={{{example}}}"
        )
    plain = [_plain(name) for name in own]
    stars = [_STARS.fullmatch(name.replace(" ", "")) for name in plain]
    if sorted(match[1] for match in stars if match) == list("12345") and len(own) == len(_STAR_POLARITIES):
        return tuple(_STAR_POLARITIES[int(match[1]) - 1] for match in stars if match)
    polarities = [_WORDS.get(_STRENGTH.sub("", name).strip()) for name in plain]
    known = [name for name in polarities if name]
    return tuple(known) if len(known) == len(own) and {"negative", "positive"} <= set(known) else tuple(own)


def _plain(name: str) -> str:
    """Lower case, without accents, words apart by one space."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z]+|\d+", letters))
