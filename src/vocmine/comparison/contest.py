"""`compare`: models and labelled texts come in, a `Comparison` of what users would get goes out."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pandas as pd

from vocmine._version import __version__
from vocmine.comparison.contenders import Compared, Contender, contenders
from vocmine.errors import InputError
from vocmine.evaluation import NOISE, Comparison, Dataset, load
from vocmine.evaluation.measures import (
    Predictions,
    Record,
    Resampling,
    figures,
    noise_figures,
    pair_figures,
    slice_figures,
)

if TYPE_CHECKING:
    import datasets as hugging_face

DataLike: TypeAlias = "str | os.PathLike[str] | Dataset | pd.DataFrame | hugging_face.Dataset"

_CHUNKS: Final = 8
_SMALLEST_CHUNK: Final = 16
_WARM_UP: Final = 4


def compare(
    models: Compared | Sequence[Compared] | Mapping[str, Compared],
    datasets: DataLike | Sequence[DataLike] | Mapping[str, DataLike],
    *,
    noise: Iterable[str] = ("lower", "no_accents", "capitals", "word_errors"),
    seed: int = 0,
    draws: int = 1000,
    device: str = "auto",
) -> Comparison:
    """Compare models on labelled texts: metrics with intervals, slices, paired tests, speed.

    A model with a sentiment head goes the way of users' contacts: segments, engine, roll-up to the contact. On labels
    without ``mixed`` its likeliest polarity counts. Models take turns on chunks of the same texts, so that what else
    the machine does slows all of them down alike.

    Parameters
    ----------
    models : one or several, or mapping of names to them
        Names and folders that `Model.from_pretrained` reads, `Model`, `Miner`, or any classifier in scikit-learn
        manners: ``predict_proba`` or ``predict`` of a list of texts, and ``classes_``. The others are tested against
        the first.
    datasets : one or several, or mapping of names to them
        What `vocmine.evaluation.load` takes, or the `Dataset` that it returns.
    noise : iterable of str
        Perturbations to score too, of `vocmine.evaluation.NOISE`; none with ``()``.
    seed, draws : int
        Of the bootstrap, as in `vocmine.stats.bootstrap`.
    device : str, default "auto"
        As in `Engine`; a classifier of one's own stays where it is.

    Returns
    -------
    Comparison
        A label that a model cannot give counts as an error, and is named.

    Raises
    ------
    InputError
        If there is no model or data set, a perturbation is not known, or a classifier does not answer every text.
    ModelError, ReadError, ColumnError
        If a model or a data set cannot be loaded.

    Examples
    --------
    >>> class Cheerful:
    ...     classes_ = ["negative", "positive"]
    ...
    ...     def predict(self, texts):
    ...         return ["positive"] * len(texts)
    >>> avis = pd.DataFrame({"texte": ["Très bon accueil", "Nul, à fuir"], "label": ["positive", "negative"]})
    >>> found = compare({"cheerful": Cheerful()}, {"avis": avis}, noise=())
    >>> found.table["accuracy"].tolist()
    [0.5]
    """
    wanted = tuple(noise)
    if unknown := [name for name in wanted if name not in NOISE]:
        raise InputError(f"got noise={unknown[0]!r}, expected some of {', '.join(NOISE)}, or () for none")
    compared = contenders(models, device)
    data = _datasets(datasets)
    how = Resampling(draws, seed)
    tables: dict[str, list[Record]] = {"table": [], "slices": [], "pairs": []}
    for dataset in data:
        _compare_on(dataset, compared, wanted, how, tables)
    return Comparison.of(**tables, about=_about(compared, data, wanted, how, device))


def _datasets(given: DataLike | Sequence[DataLike] | Mapping[str, DataLike]) -> list[Dataset]:
    several: list[tuple[str | None, DataLike]]
    if isinstance(given, Mapping):
        several = list(given.items())
    elif isinstance(given, list | tuple):
        several = [(None, each) for each in given]
    else:
        several = [(None, given)]
    if not several:
        raise InputError("got no data set, expected at least one; give names, paths or frames")
    data = [_dataset(name, each) for name, each in several]
    names = [dataset.name for dataset in data]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"got several data sets named {twice[0]!r}, expected different names; give a dict of them")
    return data


def _dataset(name: str | None, given: DataLike) -> Dataset:
    if isinstance(given, Dataset):
        return replace(given, name=name or given.name)
    return load(given, name=name)


def _compare_on(
    dataset: Dataset,
    compared: Sequence[Contender],
    noise: Sequence[str],
    how: Resampling,
    tables: Mapping[str, list[Record]],
) -> None:
    """Score one data set with every model, and add the figures to the tables."""
    clean, rates = _take_turns(compared, dataset.texts, dataset)
    first: Predictions = clean[0]
    for contender, predictions, rate in zip(compared, clean, rates, strict=True):
        key: Record = {"model": contender.name, "dataset": dataset.name}
        tables["table"].append(key | figures(dataset, predictions, how) | rate)
        tables["slices"].extend(key | record for record in slice_figures(dataset, predictions, how))
        if contender is not compared[0]:
            key |= {"against": compared[0].name}
            tables["pairs"].extend(key | record for record in pair_figures(dataset, predictions, first, how))
    for name in noise:
        texts = [NOISE[name](text) for text in dataset.texts]
        for contender, predictions in zip(compared, clean, strict=True):
            key = {"model": contender.name, "dataset": dataset.name}
            noisy = contender.predict(texts, dataset)
            tables["slices"].append(key | noise_figures(name, dataset, predictions, noisy, how))


def _take_turns(
    compared: Sequence[Contender], texts: Sequence[str], dataset: Dataset
) -> tuple[list[Predictions], list[Record]]:
    """Score chunk after chunk, each with every model, another one beginning each time; return what it took."""
    for contender in compared:
        contender.predict(texts[:_WARM_UP], dataset)
    parts: list[list[Predictions]] = [[] for _ in compared]
    rates: list[list[float]] = [[] for _ in compared]
    n_chunks = max(1, min(_CHUNKS, len(texts) // _SMALLEST_CHUNK))
    for turn, rows in enumerate(np.array_split(np.arange(len(texts)), n_chunks)):
        chunk = [texts[row] for row in rows]
        for place in np.roll(np.arange(len(compared)), turn).tolist():
            begun = perf_counter()
            parts[place].append(compared[place].predict(chunk, dataset))
            rates[place].append(len(chunk) / (perf_counter() - begun))
    return [Predictions.join(part) for part in parts], [_rate(rate) for rate in rates]


def _rate(rates: Sequence[float]) -> Record:
    low, middle, high = (float(edge) for edge in np.quantile(rates, [0.25, 0.5, 0.75]))
    return {"texts_per_second": middle, "texts_per_second_low": low, "texts_per_second_high": high}


def _about(
    compared: Sequence[Contender], data: Sequence[Dataset], noise: Sequence[str], how: Resampling, device: str
) -> dict[str, object]:
    return {
        "vocmine": __version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": _machine(),
        "parameters": {"noise": list(noise), "seed": how.seed, "draws": how.draws, "device": device},
        "models": [{"name": each.name, "model_id": each.model_id, "device": each.device} for each in compared],
        "datasets": [
            {
                "name": dataset.name,
                "revision": dataset.revision,
                "n": len(dataset),
                "target": dataset.target,
                "left_out": dict(dataset.left_out),
            }
            for dataset in data
        ],
    }


def _machine() -> dict[str, object]:
    try:
        torch = version("torch")
    except PackageNotFoundError:
        torch = None
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "torch": torch,
    }
