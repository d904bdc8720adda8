"""`Dataset`: a corpus of one text a row comes in, texts with their labels go out."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import pandas as pd

from vocmine.corpus import Corpus
from vocmine.corpus.cells import fold
from vocmine.corpus.cells import label as as_label
from vocmine.corpus.columns import existing_column, show_names
from vocmine.errors import ColumnError, InputError
from vocmine.evaluation.registry import DatasetCard

_LABEL_NAMES: Final = (
    frozenset({"label", "labels", "etiquette", "etiquettes", "classe", "class", "target", "gold"}),
    frozenset({"sentiment", "polarity", "polarite", "sentiment declared", "sentiment declare"}),
)
"""Names of a label column, the surest first."""
_POLARITIES: Final = MappingProxyType(
    {
        **dict.fromkeys(("negative", "negatif", "negative sentiment", "neg"), "negative"),
        **dict.fromkeys(("neutral", "neutre", "neu"), "neutral"),
        **dict.fromkeys(("positive", "positif", "pos"), "positive"),
        **dict.fromkeys(("mixed", "mixte", "mitige"), "mixed"),
    }
)
_SLICES: Final = MappingProxyType(
    {"language": {"language"}, "channel": {"channel"}, "variant": {"variant", "language"}}
)
"""Columns that cut the texts into slices, and the columns of the source that tell each: fr-CA is a variant too."""


@dataclass(frozen=True)
class Dataset:
    """Labelled texts.

    Attributes
    ----------
    name : str
    texts, labels, ids : tuple of str, shape (n_texts,)
        Texts repaired as in a `Corpus`, their labels, the ids of their contacts.
    slices : DataFrame, n_texts rows
        ``language``, ``channel``, ``variant``: those that the data tell.
    revision : str
        SHA-256 of texts and labels.
    target : str
        What the labels tell, as in `DatasetCard`: ``sentiment`` or ``satisfaction``.
    left_out : mapping of str to int
        Rows of the source that are not here, by reason.
    card : DatasetCard, optional
        Origin and licence, of a registered set.
    """

    name: str
    texts: tuple[str, ...] = field(repr=False)
    labels: tuple[str, ...] = field(repr=False)
    ids: tuple[str, ...] = field(repr=False)
    slices: pd.DataFrame = field(repr=False, compare=False)
    revision: str
    target: str = "sentiment"
    left_out: Mapping[str, int] = field(default_factory=dict)
    card: DatasetCard | None = field(default=None, repr=False)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.texts)

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {label}" for label, count in Counter(self.labels).most_common())
        return f"Dataset({self.name!r}, {len(self)} texts: {counts})"


def of_corpus(
    corpus: Corpus,
    name: str,
    label: str | None,
    label_map: Mapping[str, str] | None,
    classes: Mapping[str, Sequence[str]] = MappingProxyType({}),
    card: DatasetCard | None = None,
) -> Dataset:
    """Make a data set of a corpus of one text a row.

    Parameters
    ----------
    corpus : Corpus
    name : str
    label : str, optional
        Column of the label, as the source names it; guessed by default.
    label_map : mapping of str to str, optional
        As in `load`.
    classes : mapping of str to sequence of str, optional
        For a column of numbers that stand for classes, the names of these.
    card : DatasetCard, optional

    Raises
    ------
    ColumnError, InputError
        As in `load`.
    """
    if corpus.turns.num_rows > len(corpus):
        raise InputError(
            f"{name}: got conversations of several turns, expected one text a row; leave out the columns of the "
            "speaker and of the turn, or put the turns of each contact together"
        )
    frame = corpus.to_pandas().reset_index(drop=True)
    roles = _roles(corpus)
    column = _label_column(frame, label, roles, name)
    given = _given(frame[column], classes.get(label or column))
    kept = frame[[value is not None for value in given]].reset_index(drop=True)
    labels = _mapped([value for value in given if value is not None], label_map, name)
    left_out = Counter(corpus.rejected["reason"].to_pylist())
    if missing := len(frame) - len(kept):
        left_out["missing_label"] = missing
    if not labels:
        raise InputError(f"{name}: got no row with a text and a label, expected at least one; check both columns")
    texts = kept["text"].tolist()
    return Dataset(
        name=name,
        texts=tuple(texts),
        labels=tuple(labels),
        ids=tuple(kept["contact_id"]),
        slices=kept[
            [column for column, told_by in _SLICES.items() if roles.keys() & told_by and kept[column].notna().any()]
        ],
        revision=_revision(texts, labels),
        target=card.target if card else "sentiment",
        left_out=dict(sorted(left_out.items())),
        card=card,
    )


def _roles(corpus: Corpus) -> dict[str, str]:
    """Return the column of the source that each use was found in."""
    sources = corpus.provenance["sources"]
    return {found["role"]: found["column"] for source in sources for found in source["columns"]}  # type: ignore[attr-defined]


def _label_column(frame: pd.DataFrame, label: str | None, roles: Mapping[str, str], name: str) -> str:
    """Return the column of the labels, under the name that the corpus keeps it by."""
    if label is not None:
        role = next((role for role, column in roles.items() if column == label), None)
        if role in frame.columns:
            return str(role)
        own = f"{label}_own"  # kept so, where the library uses the name
        return own if own in frame.columns else existing_column(frame, "label", label)
    for names in _LABEL_NAMES:
        found = [column for column in frame.columns if fold(column) in names]
        if len(found) == 1:
            return str(found[0])
        if found:
            break
    raise ColumnError(
        f"{name}: no column is clearly the label, among {show_names(map(str, frame.columns))}; name it: label='…'"
    )


def _mapped(given: list[str], label_map: Mapping[str, str] | None, name: str) -> list[str]:
    if len(given) >= 20 and 2 * len(set(given)) > len(given):
        raise ColumnError(
            f"{name}: got {len(set(given))} different labels for {len(given)} texts, expected a few; "
            "name the column of the labels: label='…'"
        )
    if label_map is None:
        folded = [_POLARITIES.get(fold(label)) for label in given]
        return given if None in folded else [label for label in folded if label is not None]
    if unknown := sorted(set(given) - label_map.keys()):
        raise InputError(f"{name}: got the labels {show_names(unknown)}, which label_map lacks; add them to it")
    return [label_map[label] for label in given]


def _given(values: pd.Series, classes: Sequence[str] | None) -> list[str | None]:
    """Return labels as strings, None where there is none: a missing cell, or a class below 0 as Hugging Face has it."""
    given = [as_label(value) for value in values]
    if classes is None:
        return given
    return [None if value is None or int(value) < 0 else classes[int(value)] for value in given]


def _revision(texts: Sequence[str], labels: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for row in zip(texts, labels, strict=True):
        digest.update(json.dumps(row).encode() + b"\n")
    return digest.hexdigest()
