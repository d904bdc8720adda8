"""What the heads learn from, in one shape: a unit is a tweet, a sentence or a whole account, cut into segments.

A unit has labels for some of the heads and none for others: `UNKNOWN` stands there. Units are numbered, and each
belongs to one fold: the held-out figures of a fold come from a model that saw none of its units.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from data import signals_dev, umsab, written
from languages import LANGUAGES
from numpy.typing import NDArray
from places import BENCHMARKS

from vocmine.evaluation import data_folder, read_folds
from vocmine.text import normalise, segment

POLARITIES = ("negative", "neutral", "positive")
ASPECTS = ("accessibility", "information", "relationship", "responsiveness", "simplicity")
HEADS: dict[str, tuple[str, ...]] = {
    "sentiment": (*POLARITIES, "mixed"),
    "satisfaction": POLARITIES,
    **dict.fromkeys(ASPECTS, ("absent", "negative", "positive")),
}
UNKNOWN = -1
EITHER = 9
"""Label of an aspect that is spoken of, for good or bad."""

FOLDS = 5
_TWEET_FOLDS = 10  # a fold holds out one tweet in ten: half of them get held-out scores, and models train on 90 %
_FOLD_FILE = BENCHMARKS / "folds" / "services_publics_plus.csv"
# Chosen by screening on one fold (docs/decisions/0010-trained-model.md): what the model is for weighs most.
_SOURCE_WEIGHTS = {"services_publics_plus": 2.0} | {f"umsab_{code}": 0.7 for code in LANGUAGES if code != "fr"}
_ASPECT_WEIGHT = 0.4
_DECLARED = {"Négatif": "negative", "Neutre": "neutral", "Positif": "positive"}


@dataclass(frozen=True)
class Units:
    """Units with their segments and labels; arrays have one row a unit.

    Attributes
    ----------
    source : list of str
        ``umsab_fr``, ``sentences``, ``accounts``, ``services_publics_plus``...
    ids : list of str
        Unique within a source.
    segments : list of tuple of str
    labels : int array of shape (n, heads)
        In the order of `HEADS`; `UNKNOWN` where there is none.
    weights : float array of shape (n, heads)
    fold : int array of shape (n,)
        0 to 4, or 5 and more for what every fold trains on.
    """

    source: list[str]
    ids: list[str]
    segments: list[tuple[str, ...]]
    labels: NDArray[np.intp]
    weights: NDArray[np.float32]
    fold: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, rows: NDArray[np.intp]) -> Units:
        """Return some of the units."""
        picked = rows.tolist()
        return Units(
            [self.source[row] for row in picked],
            [self.ids[row] for row in picked],
            [self.segments[row] for row in picked],
            self.labels[rows],
            self.weights[rows],
            self.fold[rows],
        )

    def of(self, source: str) -> NDArray[np.intp]:
        """Return the rows of a source."""
        return np.flatnonzero(np.array(self.source) == source)


def cut(text: str) -> tuple[str, ...]:
    """Cut a text into the segments that the library would encode."""
    clean = normalise(text).text
    return tuple(piece for start, end in segment(clean) if (piece := clean[start:end].strip()))


def training_units() -> Units:
    """Read everything that trains: tweets, written sentences and accounts, Services Publics+."""
    tweets = [_tweets(code, "train") for code in LANGUAGES]
    return join([*tweets, _sentences(), _accounts(), services_publics()])


def validation_units() -> Units:
    """Read the validation tweets of the six languages; nothing is chosen on them."""
    return join([_tweets(code, "val") for code in LANGUAGES])


def services_publics() -> Units:
    """Read the accounts of Services Publics+, with the annotated sentiment of those that have one."""
    frame = pd.read_csv(
        data_folder() / "services_publics_plus" / "dev.csv", dtype=str, keep_default_na=False, encoding="utf-8"
    )
    ids = frame["contact_id"].tolist()
    annotated = signals_dev()
    columns: dict[str, Sequence[str | None]] = {
        "sentiment": [annotated.get(contact) for contact in ids],
        "satisfaction": [_DECLARED[declared] for declared in frame["sentiment_declared"]],
    }
    columns |= {aspect: [_aspect(_DECLARED.get(v, v)) for v in frame[f"aspect_{aspect}"]] for aspect in ASPECTS}
    texts = (frame["title"] + ". " + frame["text"]).tolist()
    folds = np.asarray(read_folds(_FOLD_FILE).assign(ids), dtype=np.intp)
    return _units("services_publics_plus", ids, texts, columns, fold=folds)


def join(parts: Sequence[Units]) -> Units:
    """Put units together, in order."""
    return Units(
        [source for part in parts for source in part.source],
        [name for part in parts for name in part.ids],
        [pieces for part in parts for pieces in part.segments],
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.weights for part in parts]),
        np.concatenate([part.fold for part in parts]),
    )


def _tweets(code: str, split: str) -> Units:
    tweets = umsab(code, split)
    names = [f"{code}-{split}-{row}" for row in range(len(tweets))]
    labels = {"sentiment": [POLARITIES[label] for label in tweets.labels]}
    return _units(f"umsab_{code}" + ("_val" if split == "val" else ""), names, tweets.texts, labels, _TWEET_FOLDS)


def _sentences() -> Units:
    frame = written("sentences")
    names = [f"s{row}" for row in range(len(frame))]
    return _units("sentences", names, frame["text"].tolist(), {"sentiment": frame["label"].tolist()})


def _accounts() -> Units:
    frame = written("accounts")
    columns = {name: frame[name].tolist() for name in ("sentiment", "satisfaction")}
    columns |= {aspect: [_aspect(value) for value in frame[aspect]] for aspect in ASPECTS}
    names = [f"a{row}" for row in range(len(frame))]
    return _units("accounts", names, frame["text"].tolist(), columns)


def _aspect(declared: str) -> str:
    return {"": "absent", "neutral": "either"}.get(declared, declared)


def _units(
    source: str,
    ids: list[str],
    texts: Sequence[str],
    columns: Mapping[str, Sequence[str | None]],
    folds: int = FOLDS,
    *,
    fold: NDArray[np.intp] | None = None,
) -> Units:
    labels = np.full((len(ids), len(HEADS)), UNKNOWN, dtype=np.intp)
    for place, (head, names) in enumerate(HEADS.items()):
        codes = {name: code for code, name in enumerate(names)} | {"either": EITHER, None: UNKNOWN}
        labels[:, place] = [codes[label] for label in columns.get(head, [None] * len(ids))]
    by_text = np.array([int(hashlib.sha256(text.encode()).hexdigest(), 16) % folds for text in texts], dtype=np.intp)
    weights = np.full(labels.shape, _SOURCE_WEIGHTS.get(source, 1.0), dtype=np.float32)
    weights[:, [head in ASPECTS for head in HEADS]] *= _ASPECT_WEIGHT
    return Units(
        [source] * len(ids), ids, [cut(text) for text in texts], labels, weights, by_text if fold is None else fold
    )
