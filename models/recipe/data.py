"""The labelled texts that the model learns from, as their files hold them.

Everything but what was written for this project lies in the folder that the environment variable VOCMINE_DATA names. No
test split is read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from languages import LANGUAGES
from numpy.typing import NDArray
from places import RECIPE

from vocmine.evaluation import data_folder

LABELS = ("negative", "neutral", "positive")


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


def umsab(language: str, split: str = "train") -> Labelled:
    """Read the tweets of one language (ISO 639-1)."""
    frame = pd.read_csv(data_folder() / "umsab" / LANGUAGES[language] / f"{split}.csv")
    return Labelled.of(f"umsab_{language}", frame["text"].tolist(), frame["label"].tolist())


def signals_dev() -> dict[str, str]:
    """Read the sentiment that annotators gave to accounts of Services Publics+: contact_id → label."""
    lines = (data_folder() / "signals_dev" / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["contact_id"]: row["sentiment"] for row in map(json.loads, lines)}


def written(kind: str) -> pd.DataFrame:
    """Read the ``sentences`` or the ``accounts`` written for this project."""
    return pd.read_csv(RECIPE / f"written_{kind}.tsv", sep="\t", quoting=3, dtype=str, keep_default_na=False)
