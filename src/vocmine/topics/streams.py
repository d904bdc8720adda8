"""A stream that is larger than memory comes in, part after part; its topics go out the same way.

`Miner.stream(..., embeddings=True)` wrote it. A sample of it makes the topics, then each part gets its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from vocmine.errors import InputError, SavedAnalysisError
from vocmine.schema import TOPICS
from vocmine.topics.model import TopicModel
from vocmine.topics.neighbours import Floats
from vocmine.topics.tables import assignments, contact_topics, counted
from vocmine.topics.units import Units

_CONTACTS: Final = ("contact_id", "language")
_TURNS: Final = ("contact_id", "turn", "speaker", "quoted")
_SEGMENTS: Final = ("contact_id", "turn", "segment", "text")


def fit_stream(model: TopicModel, folder: str | os.PathLike[str]) -> TopicModel:
    """Fit a model on a sample of a stream: `TopicModel.max_rows` units, each as likely as any other.

    Parameters
    ----------
    model : TopicModel
        Fitted in place, as by `fit`, and returned.
    folder : path
        Of a stream with embeddings.

    Raises
    ------
    InputError
        If the stream has no embeddings.
    SavedAnalysisError
        If the folder holds no stream, or a part of it is damaged.
    """
    rng = np.random.default_rng(model.seed)
    texts: list[str] = []
    languages: list[str] = []
    vectors: list[Floats] = []
    keys = np.empty(0)
    for _, _, _, units in parts(folder):
        rows = np.flatnonzero(units.shaping)
        texts += [units.texts[row] for row in rows]
        languages += [units.languages[row] for row in rows]
        vectors.append(units.embeddings[rows])
        keys = np.concatenate([keys, rng.random(len(rows))])
        if len(keys) > 2 * model.max_rows:
            kept = np.sort(np.argsort(keys, kind="stable")[: model.max_rows])
            texts, languages = [texts[row] for row in kept], [languages[row] for row in kept]
            vectors, keys = [np.concatenate(vectors)[kept]], keys[kept]
    if not texts:
        raise InputError("got a stream in which no text could have a topic")
    kept = np.sort(np.argsort(keys, kind="stable")[: model.max_rows])
    return model.fit(
        [texts[row] for row in kept],
        embeddings=np.concatenate(vectors)[kept],
        languages=[languages[row] for row in kept],
    )


def assign_stream(model: TopicModel, folder: str | os.PathLike[str]) -> Path:
    """Give each segment and contact of a stream its topic, a part at a time.

    Parameters
    ----------
    model : TopicModel
        Fitted.
    folder : path
        Of a stream with embeddings. ``assignments/`` and ``contact_topics/`` are written beside its tables, a Parquet
        file a part, and ``topics.parquet``.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If the stream has no embeddings.
    SavedAnalysisError
        If the folder holds no stream, or a part of it is damaged.
    """
    source = Path(folder)
    totals: list[pd.DataFrame] = []
    n_contacts = 0
    for name, contacts, segments, units in parts(source):
        placed = model.place(units)
        _write(assignments(segments, units, placed), source / "assignments" / name)
        own = contact_topics(contacts, units, placed, model.state_.labels)
        _write(own, source / "contact_topics" / name)
        counts = counted(units, placed.topics, contacts.num_rows)
        totals.append(counts.assign(main=(counts["share"] * contacts.num_rows).round().astype(int)))
        n_contacts += contacts.num_rows
    summed = pd.concat(totals).groupby(level=0)[["contacts", "segments", "main"]].sum()
    summed["share"] = summed.pop("main") / max(n_contacts, 1)
    table = model.state_.table.to_pylist()
    empty = {"contacts": 0, "segments": 0, "share": 0.0}
    by_topic = summed.to_dict("index")
    rows = [row | by_topic.get(row["topic_id"], empty) for row in table]
    _write(pa.Table.from_pylist(rows, schema=TOPICS), source / "topics.parquet")
    return source


def parts(folder: str | os.PathLike[str]) -> Iterator[tuple[str, pa.Table, pa.Table, Units]]:
    """Read a stream part after part: the part's name, its contacts, its segments, and the units among them."""
    source = Path(folder)
    names = sorted(path.name for path in (source / "segments").glob("*.parquet"))
    if not names:
        raise SavedAnalysisError(f"no stream in {source}; give the folder that Miner.stream wrote")
    if not (source / "embeddings").is_dir():
        raise InputError(f"the stream in {source} has no embeddings; run it with embeddings=True")
    for name in names:
        contacts = _read(source / "contacts" / name, _CONTACTS)
        segments = _read(source / "segments" / name, _SEGMENTS)
        vectors = _read(source / "embeddings" / name, ("embedding",))["embedding"].combine_chunks()
        width = vectors.type.list_size
        embeddings = vectors.flatten().to_numpy(zero_copy_only=False).reshape(-1, width)
        units = Units.of_tables(contacts, _read(source / "turns" / name, _TURNS), segments, embeddings)
        yield name, contacts, segments, units


def _read(path: Path, columns: tuple[str, ...]) -> pa.Table:
    try:
        return pq.read_table(path, columns=list(columns))
    except (OSError, pa.ArrowException) as error:
        raise SavedAnalysisError(f"cannot read {path}: {type(error).__name__}; run the stream again") from error


def _write(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(path.name + ".partial")
    pq.write_table(table, beside, compression="zstd")
    beside.replace(path)
