"""The labelled texts that the sentiment head learns from, each source read into one shape.

Everything but the written sentences lies in the folder that the environment variable VOCMINE_DATA names. No test split
is read, and no account of Services Publics+ in this version: they stay unseen, to check the head from outside.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from languages import LANGUAGES
from numpy.typing import NDArray

LABELS = ("negative", "neutral", "positive")
WRITTEN = Path(__file__).with_name("written_sentences.tsv")

_DEFT_HEADER_LINES = 8
_DEFT_LABELS = {"objective": "neutral", "negative": "negative", "positive": "positive"}


@dataclass(frozen=True)
class Labelled:
    """Texts with their polarity.

    Attributes
    ----------
    name : str
        Of the source.
    texts : tuple of str
    labels : int array of shape (n,)
        Index in `LABELS`.
    """

    name: str
    texts: tuple[str, ...]
    labels: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.texts)

    @classmethod
    def of(cls, name: str, texts: Sequence[str], labels: Sequence[str]) -> Labelled:
        """Build from the words of the labels."""
        return cls(name, tuple(texts), np.array([LABELS.index(label) for label in labels], dtype=np.intp))


def data_folder() -> Path:
    """Return the folder that VOCMINE_DATA names.

    Raises
    ------
    FileNotFoundError
        The variable is not set, or names no folder.
    """
    folder = os.environ.get("VOCMINE_DATA", "")
    if not folder or not Path(folder).is_dir():
        raise FileNotFoundError(f"VOCMINE_DATA is {folder!r}, expected the folder of the development data: set it")
    return Path(folder)


def umsab(language: str, split: str = "train") -> Labelled:
    """Read the tweets of one language (ISO 639-1)."""
    frame = pd.read_csv(data_folder() / "umsab" / LANGUAGES[language] / f"{split}.csv")
    return Labelled.of(f"umsab_{language}", frame["text"].tolist(), frame["label"].tolist())


def deft2017() -> Labelled:
    """Read the tweets of DEFT 2017, task 1: objective is neutral, mixed is left out."""
    frame = pd.read_csv(
        data_folder() / "deft2017" / "train.tsv",
        sep="\t",
        skiprows=_DEFT_HEADER_LINES,
        names=["id", "text", "label"],
        quoting=3,
    ).dropna()
    frame = frame[frame["label"].isin(list(_DEFT_LABELS))]
    return Labelled.of("deft2017", frame["text"].tolist(), frame["label"].map(_DEFT_LABELS).tolist())


def written() -> pd.DataFrame:
    """Read the sentences written for this project: columns text, label, channel, language, domain."""
    return pd.read_csv(WRITTEN, sep="\t", quoting=3)
