"""`Analysis`: every table that a scoring run gives, in memory or as a folder of Parquet files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from vocmine.corpus import Corpus
from vocmine.corpus.columns import free_name
from vocmine.corpus.select import Where
from vocmine.errors import NotScoredError, SavedAnalysisError
from vocmine.schema import (
    ASSIGNMENTS,
    CAUSES,
    CONTACT_SCORES,
    CONTACT_TOPICS,
    LINEAGE,
    RUN,
    SEGMENT_SCORES,
    SEGMENTS,
    SPANS,
    TOPICS,
    TURN_SCORES,
)

_FORMAT = "vocmine-analysis"
_VERSION = 6
_READ = (4, 5, 6)
"""Versions that are read: 5 may hold topics beside what 4 holds, 6 causes."""
_MANIFEST = "manifest.json"
_SCORES = {
    "segments": SEGMENTS,
    "segment_scores": SEGMENT_SCORES,
    "turn_scores": TURN_SCORES,
    "contact_scores": CONTACT_SCORES,
    "spans": SPANS,
    "run": RUN,
}
_ADDED = {
    "topics": TOPICS,
    "assignments": ASSIGNMENTS,
    "contact_topics": CONTACT_TOPICS,
    "lineage": LINEAGE,
    "causes": CAUSES,
}
"""What `TopicModel.assign` and `CauseModel.assign` add."""


@dataclass(frozen=True, eq=False)
class Analysis:
    """A corpus with what was found in it.

    Attributes
    ----------
    corpus : Corpus
        Contacts and turns that were analysed, rejected rows and repairs.
    tables : mapping of str to pyarrow.Table
        ``segments``, ``segment_scores``, ``turn_scores``, ``contact_scores``, ``spans`` and ``run``, as
        `vocmine.schema` says. Contacts, turns and segments stand in the same order in their tables and in the tables of
        their scores. With topics, ``topics``, ``assignments``, ``contact_topics`` and ``lineage`` too;
        with causes, ``causes``.
    embeddings : ndarray of float32, shape (n_segments, n_dimensions)
        Embedding of each segment, in the order of the segments; NaN where a segment was not scored.
    embedder : str
        Name, version and hash of the model that made the embeddings, and before it the embedder that this model names,
        if it does: ``use-multilingual-3 via embedded@0.2.0:0a1b2c3d``.
    """

    corpus: Corpus
    tables: Mapping[str, pa.Table]
    embeddings: NDArray[np.float32] = field(repr=False)
    embedder: str

    def __post_init__(self) -> None:
        for name, schema in _SCORES.items():
            if name not in self.tables or not self.tables[name].schema.equals(schema):
                message = f"table {name!r} is missing or not as vocmine.schema says; score the corpus again"
                raise SavedAnalysisError(message)
        for name in _ADDED.keys() & self.tables.keys():
            if not self.tables[name].schema.equals(_ADDED[name]):
                raise SavedAnalysisError(f"table {name!r} is not as vocmine.schema says; assign it again")
        if len(self.embeddings) != self.tables["segments"].num_rows:
            got, expected = len(self.embeddings), self.tables["segments"].num_rows
            raise SavedAnalysisError(f"got {got} embeddings for {expected} segments; score the corpus again")

    @property
    def contacts(self) -> pd.DataFrame:
        """One row a contact, with its scores, in the caller's order; a copy, to do with as one likes.

        The caller's index comes back where the rows given were contacts; otherwise the index is the contact's rank.
        """
        return self._contacts.copy()

    @property
    def turns(self) -> pd.DataFrame:
        """One row a turn, with its scores, in the caller's order and index; a copy.

        Where the rows of several conversations alternate, ``sort_values(["contact_id", "turn"])`` parts them.
        """
        return self._turns.copy()

    @property
    def segments(self) -> pd.DataFrame:
        """One row a segment, aligned with `embeddings`, with its scores; a copy."""
        return self._segments.copy()

    @cached_property
    def _contacts(self) -> pd.DataFrame:
        scores = self._with("contact_scores", "contact_topics", "causes")
        frame = _joined(self.corpus.contacts, scores, keys=["contact_id"])
        one_row_each = self.corpus.turns.num_rows == len(frame)
        return self._indexed(frame) if one_row_each else frame

    @cached_property
    def _turns(self) -> pd.DataFrame:
        return self._indexed(_joined(self.corpus.turns, self.tables["turn_scores"], keys=["contact_id", "turn"]))

    @cached_property
    def _segments(self) -> pd.DataFrame:
        scores = self._with("segment_scores", "assignments")
        return _joined(self.tables["segments"], scores, keys=["contact_id", "turn", "segment"])

    @property
    def spans(self) -> pd.DataFrame:
        """One row a span of text that shows what is said of its contact; a copy.

        Signals, agents' styles, events that cost effort, and what agents can or cannot do have spans; aspects where
        they were asked for: `Miner(aspects=True)`.
        """
        return pd.DataFrame(self.tables["spans"].to_pandas())

    @property
    def rejected(self) -> pd.DataFrame:
        """One row for each row of the input that was rejected, with its reason."""
        return pd.DataFrame(self.corpus.rejected.to_pandas())

    @cached_property
    def run(self) -> pd.Series:
        """What was run: model, device, parameters, counts, timings."""
        return pd.Series(self.tables["run"].to_pylist()[0])

    @property
    def topics(self) -> pd.DataFrame:
        """One row a topic, -1 for what has none; a copy.

        Raises
        ------
        NotScoredError
            If no topics were assigned.
        """
        if "topics" not in self.tables:
            raise NotScoredError("got an analysis without topics; assign some: vm.TopicModel().fit(a).assign(a)")
        return _frame(self.tables["topics"])

    def with_tables(self, **tables: pa.Table) -> Analysis:
        """Return the analysis with more tables, or others in the place of some.

        Raises
        ------
        SavedAnalysisError
            If one is not as `vocmine.schema` says.
        """
        return Analysis(self.corpus, {**self.tables, **tables}, self.embeddings, self.embedder)

    def filter(self, where: Where | None = None, /, **equal: object) -> Analysis:
        """Return the analysis of the contacts that pass, as `Corpus.filter` has it; topics and `run` stay as they were.

        Parameters
        ----------
        where : array of bool or callable, optional
            One truth value a contact, in the order of ``corpus.contacts``; or a function of
            ``corpus.to_pandas("contacts")`` that returns it.
        **equal
            Columns of the corpus' contacts, with the value or the values (list, tuple, set) to keep.

        Raises
        ------
        ColumnError
            If the contacts have no such column.
        InputError
            If there is not one truth value a contact.
        """
        corpus = self.corpus.filter(where, **equal)
        ids = corpus.contacts["contact_id"].combine_chunks()
        tables = {
            name: table.filter(pc.is_in(table["contact_id"], ids)) if "contact_id" in table.column_names else table
            for name, table in self.tables.items()
        }
        rows = pc.is_in(self.tables["segments"]["contact_id"], ids).to_numpy()
        return Analysis(corpus, tables, self.embeddings[rows], self.embedder)

    def _with(self, scores: str, *added: str) -> pa.Table:
        found = self.tables[scores]
        for name in added:
            if name in self.tables:
                keys = [key for key in ("contact_id", "turn", "segment") if key in self.tables[name].column_names]
                found = side_by_side(found, self.tables[name], keys=keys)
        return found

    def __len__(self) -> int:
        return len(self.corpus)

    def __repr__(self) -> str:
        scored, model = self.run["contacts_scored"], self.run["model_id"]
        return f"Analysis({len(self)} contacts, {scored} scored, {len(self.embeddings)} segments, model {model})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Analysis):
            return NotImplemented
        mine, theirs = self.corpus.tables() | dict(self.tables), other.corpus.tables() | dict(other.tables)
        return (
            mine.keys() == theirs.keys()
            and all(mine[name].equals(theirs[name]) for name in mine)
            and np.array_equal(self.embeddings, other.embeddings, equal_nan=True)
            and self.embedder == other.embedder
            and self._contacts.index.equals(other._contacts.index)
        )

    __hash__ = None  # type: ignore[assignment]  # compared by value, and holds arrays

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write every table to a folder, one Parquet file each, and a manifest.

        Each file is written beside its place and then moved there, the manifest last: a run cut off leaves no file
        half written, and no manifest that promises what is not there.

        Parameters
        ----------
        folder : str or path
            Created if needed. Files of an earlier analysis there are replaced; others are left alone.

        Returns
        -------
        Path
            The folder.
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        (target / _MANIFEST).unlink(missing_ok=True)
        tables = self.corpus.tables() | dict(self.tables) | {"embeddings": _as_table(self.embeddings)}
        tables["index"] = pa.Table.from_pandas(pd.DataFrame(index=self.corpus.index), preserve_index=True)
        for name, table in tables.items():
            _write(target / f"{name}.parquet", partial(pq.write_table, table, compression="zstd"))
        manifest = {
            "format": _FORMAT,
            "format_version": _VERSION,
            "embedder": self.embedder,
            "dimensions": int(self.embeddings.shape[1]),
            "provenance": self.corpus.provenance,
            "tables": {name: table.num_rows for name, table in tables.items()},
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False)
        _write(target / _MANIFEST, lambda path: path.write_text(text + "\n", encoding="utf-8"))
        return target

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Analysis:
        """Read what `save` wrote.

        Raises
        ------
        SavedAnalysisError
            If the folder holds no analysis, one of another version, or a table is missing or short.
        """
        source = Path(folder)
        manifest = _read_manifest(source)
        try:
            tables = {name: _read_table(source, name, rows) for name, rows in manifest["tables"].items()}
            index = tables.pop("index").to_pandas().index
            embeddings = _as_array(tables.pop("embeddings"), manifest["dimensions"])
            scores = {name: tables.pop(name) for name in (*_SCORES, *_ADDED) if name in tables}
            corpus = Corpus.from_tables(tables, index=index, provenance=manifest["provenance"])
            return cls(corpus, scores, embeddings, manifest["embedder"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f"the tables in {source} do not go together ({type(error).__name__}); save the analysis again"
            raise SavedAnalysisError(message) from error

    def _indexed(self, frame: pd.DataFrame) -> pd.DataFrame:
        in_order = frame.sort_values("row", kind="stable")
        return in_order.set_axis(self.corpus.index.take(in_order["row"].to_numpy()), axis="index")


def side_by_side(left: pa.Table, right: pa.Table, *, keys: list[str]) -> pa.Table:
    """Set two tables of the same rows side by side, checking that they are.

    Parameters
    ----------
    left, right : pyarrow.Table
    keys : list of str
        Columns that both have, and that are the same.

    Returns
    -------
    pyarrow.Table
        A column on the left that bears the name of one on the right keeps its values under that name and ``_given``,
        numbered where that is taken too.

    Raises
    ------
    SavedAnalysisError
        The keys differ.
    """
    for key in keys:
        if not left[key].combine_chunks().equals(right[key].combine_chunks()):
            raise SavedAnalysisError(f"scores and rows differ in {key!r}; score the corpus again")
    right = right.drop_columns(keys)
    names = list(left.column_names)
    for place, name in enumerate(names):
        if name in right.column_names:
            names[place] = free_name(f"{name}_given", {*names, *right.column_names})
    joined = left.rename_columns(names)
    for column, values in zip(right.schema, right.columns, strict=True):
        joined = joined.append_column(column, values)
    return joined.replace_schema_metadata(None)


def _joined(left: pa.Table, right: pa.Table, *, keys: list[str]) -> pd.DataFrame:
    return _frame(side_by_side(left, right, keys=keys), lists=[name for name in right.column_names if name not in keys])


def _frame(table: pa.Table, lists: Sequence[str] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame(table.to_pandas())
    for name in table.column_names if lists is None else lists:
        if pa.types.is_list(table[name].type):  # lists, where to_pandas gives arrays
            frame[name] = pd.Series(table[name].to_pylist(), index=frame.index, dtype=object)
    return frame


def _write(path: Path, write: Callable[[Path], object]) -> None:
    beside = path.with_name(path.name + ".partial")
    write(beside)
    beside.replace(path)


def _as_table(embeddings: NDArray[np.float32]) -> pa.Table:
    values = pa.array(embeddings.reshape(-1), type=pa.float32())
    return pa.table({"embedding": pa.FixedSizeListArray.from_arrays(values, embeddings.shape[1])})


def _as_array(table: pa.Table, dimensions: int) -> NDArray[np.float32]:
    column = table["embedding"].combine_chunks()
    values: NDArray[np.float32] = column.flatten().to_numpy(zero_copy_only=False)
    return values.reshape(-1, dimensions)


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / _MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SavedAnalysisError(f"no {_MANIFEST} in {folder}; give the folder that Analysis.save wrote") from None
    except ValueError:
        raise SavedAnalysisError(f"{path} is not JSON; save the analysis again") from None
    got = (manifest.get("format"), manifest.get("format_version")) if isinstance(manifest, dict) else manifest
    if got not in [(_FORMAT, version) for version in _READ]:
        raise SavedAnalysisError(f"got format {got} in {path}, expected {(_FORMAT, _VERSION)}; score the corpus again")
    return dict(manifest)


def _read_table(folder: Path, name: str, rows: int) -> pa.Table:
    path = folder / f"{name}.parquet"
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise SavedAnalysisError(f"cannot read {path}: {type(error).__name__}; save the analysis again") from error
    if table.num_rows != rows:
        raise SavedAnalysisError(f"got {table.num_rows} rows in {path}, expected {rows}; save the analysis again")
    return table
