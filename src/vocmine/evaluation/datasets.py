"""Labelled texts to compare models on: registered sets by name, one's own by path or as rows."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vocmine.corpus import Corpus
from vocmine.errors import ReadError
from vocmine.evaluation.labelled import Dataset, of_corpus
from vocmine.evaluation.registry import REGISTERED, DatasetCard
from vocmine.ingest import read

if TYPE_CHECKING:
    import datasets


def load(
    source: str | os.PathLike[str] | pd.DataFrame | datasets.Dataset,
    *,
    text: str | None = None,
    label: str | None = None,
    label_map: Mapping[str, str] | None = None,
    name: str | None = None,
) -> Dataset:
    """Load labelled texts, one row a text.

    Parameters
    ----------
    source : str, path, DataFrame or datasets.Dataset
        The name of a registered set, whose file lies in the folder that the environment variable VOCMINE_DATA names;
        or a file or folder as `vocmine.read` takes them; or rows.
    text, label : str, optional
        Columns. By default they are guessed from their usual names, such as ``texte`` and ``label``.
    label_map : mapping of str to str, optional
        Label in the data → label that models give. By default names of polarities in French or English, « Négatif »,
        ``POS``, become ``negative``, ``neutral``, ``positive``, ``mixed``; others stay as they are.
    name : str, optional
        By default that of the registered set or file.

    Raises
    ------
    ReadError
        If the file is not there or cannot be read.
    ColumnError
        If a column named is not there, or none is clearly the text or the label.
    InputError
        If rows are turns of conversations, a label is not in the map, or no row has text and label.

    Examples
    --------
    >>> frame = pd.DataFrame({"avis": ["Très bon accueil", "Nul"], "label": ["Positif", "Négatif"]})
    >>> load(frame, name="mes avis")
    Dataset('mes avis', 2 texts: 1 positive, 1 negative)
    """
    if isinstance(source, str) and source in REGISTERED and text is None and label is None:
        return _registered(REGISTERED[source], name)
    if isinstance(source, str | os.PathLike):
        corpus = _read(source, text)
        name = name or Path(source).name
        return of_corpus(corpus, name, label, label_map)
    if isinstance(source, pd.DataFrame):
        return of_corpus(Corpus.from_pandas(source, text=text), name or "dataframe", label, label_map)
    corpus = Corpus.from_dataset(source, text=text)
    return of_corpus(corpus, name or "dataset", label, label_map, classes=_class_names(source))


def _read(path: str | os.PathLike[str], text: str | None) -> Corpus:
    if not Path(path).exists():
        raise ReadError(
            f"got {str(path)!r}, where there is nothing, expected a file, a folder, or one of the registered sets "
            f"{', '.join(REGISTERED)}"
        )
    return read(path, text=text)


def _class_names(dataset: datasets.Dataset) -> dict[str, Sequence[str]]:
    """Return the names of the classes of each column that a dataset stores as numbers."""
    found = {column: getattr(feature, "names", None) for column, feature in dataset.features.items()}
    return {column: names for column, names in found.items() if names}


def data_folder() -> Path:
    """Return the folder of the registered data sets, which the environment variable VOCMINE_DATA names.

    Raises
    ------
    ReadError
        If it is not set, or names no folder.
    """
    folder = os.environ.get("VOCMINE_DATA", "")
    if not folder or not Path(folder).is_dir():
        raise ReadError(f"VOCMINE_DATA is {folder!r}, expected the folder of the registered data sets; set it")
    return Path(folder)


def _registered(card: DatasetCard, name: str | None) -> Dataset:
    frame = _rows(data_folder(), card)
    whole = frame[list(card.text)].fillna("").agg(". ".join, axis="columns")
    rows = pd.DataFrame({"text": whole.where(frame[card.text[-1]].notna()), "label": frame[card.label]})
    rows["id"] = frame[card.key] if card.key else [f"{card.name}-{row}" for row in range(len(rows))]
    if len(card.languages) == 1:
        rows["language"] = card.languages[0]
    channel = "channels" if "channels" in frame else None
    rows["channel"] = frame[channel] if channel else card.channel
    corpus = Corpus.from_pandas(rows, source=card.name)
    return of_corpus(corpus, name or card.name, "label", card.label_map, card=card)


def _rows(folder: Path, card: DatasetCard) -> pd.DataFrame:
    """Read the file of a registered set as it is: texts are repaired later, whole."""
    labels = _table(folder / card.path, card)
    if card.joined_to is None:
        return labels
    texts = _table(folder / card.joined_to, card)
    return labels.merge(texts, on=card.key, validate="one_to_one")


def _table(path: Path, card: DatasetCard) -> pd.DataFrame:
    if not path.is_file():
        raise ReadError(f"{card.name} is not in the folder VOCMINE_DATA: expected {card.path} there")
    if path.suffix == ".jsonl":
        return pd.read_json(path, lines=True, dtype={card.key: str})
    if card.columns:
        return pd.read_csv(path, sep="\t", skiprows=card.header_lines, names=list(card.columns), dtype=str, quoting=3)
    return pd.read_csv(path, dtype=str)
