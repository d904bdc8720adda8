"""Topics against BERTopic, turftopic, NMF and k-means, on the same embeddings.

    pip install gensim igraph pillow; pip install --no-deps turftopic
    VOCMINE_DATA=... python benchmarks/topics.py CACHE [reasons trilingual updates stability quality speed]

Sets: SIB-200 French (800 news sentences of 7 topics), 3,000 of the sample contacts (49 reasons; 49 is theirs, not what
is asked for), Services Publics+ dev (599 accounts, `data/topics_accounts.tsv`: 30 reasons, read and labelled by a model
before anything was tuned; a second reading of 200 is in `topics_accounts_second.tsv`). k of 20 and 50.

`quality`: ARI and NMI against the reasons over all documents, outliers being a cluster; NPMI of the first ten terms in
whole texts; diversity; three seeds. Differences are paired over documents (bootstrap) and averaged over seeds.
`stability`: five runs on 90 % of the documents, shuffled, each with another seed; ARI on what two runs have in common.
`reasons`: 320 invented sentences of 8 reasons (`data/topics_reasons.tsv`), by the reasons' names alone, and with five
examples each; the sentences themselves, without their labels, are what the model is fitted on. `trilingual`: 360
invented messages of 15 reasons in three languages. `updates`: the sample contacts, month by month, fitted on the first
six. `speed`: 100,000 texts, three rounds in turn. Each figure is kept in CACHE as soon as it is there, and not measured
again while the code of topics is the same. Writes `results/topics.json`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score
from topics_data import EXAMPLES, HERE, Documents, load_documents, sample_analysis
from topics_measures import against_reasons, coherence, paired, shape
from topics_peers import PEERS, timed

import vocmine as vm
import vocmine.topics
from vocmine.topics.stability import stability

SETS = ("accounts", "sib200", "samples")
K = (20, 50)
SEEDS = (0, 1, 2)
CONTACTS = 3_000
ROUNDS = 3
RIVALS = (
    "BERTopic, defaults",
    "BERTopic",
    "BERTopic, French",
    "BERTopic, k-means, French",
    "KeyNMF",
    "S³",
    "NMF",
    "k-means",
)
STABLE = ("BERTopic", "BERTopic, k-means, French", "k-means")
WORDS = ("text/words.py", "text/lexicons/topic_words.csv", "text/lexicons/lemmas.csv")
SOURCES = [*sorted(Path(vm.topics.__file__).parent.glob("*.py")), *(Path(vm.__file__).parent / name for name in WORDS)]
CODE = hashlib.sha256(b"".join(path.read_bytes() for path in SOURCES)).hexdigest()[:12]
"""What ours are measured on; figures of other code are measured again."""
ABOUT = {
    "python": platform.python_version(),
    "cores": os.cpu_count(),
    "code": CODE,
    **{name: version(name) for name in ("vocmine", "bertopic", "umap-learn", "hdbscan", "scikit-learn", "turftopic")},
}
RESULTS = HERE / "results" / "topics.json"


class Kept:
    """Figures, kept as soon as they are measured."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def measure(self, key: Mapping[str, object], figure: Callable[[], dict[str, object]]) -> dict[str, object]:
        """Return the figure of that key, measured now if it is not kept."""
        for row in self.rows:
            if all(row.get(name) == value for name, value in key.items()):
                return dict(row)
        row = dict(key) | figure()
        with self.path.open("a") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        print({name: value for name, value in row.items() if name != "labels"}, flush=True)
        self.rows.append(row)
        return row


def documents(name: str, cache: Path) -> Documents:
    """Load a set; of the sample contacts, a part."""
    found = load_documents(name, cache)
    if len(found) <= CONTACTS:
        return found
    return found.take(np.sort(np.random.default_rng(0).permutation(len(found))[:CONTACTS]))


def ours(found: Documents, k: int, seed: int) -> vm.TopicModel:
    """Fit our model on texts and embeddings."""
    return vm.TopicModel(k, seed=seed).fit(found.texts, embeddings=found.embeddings, languages=found.languages.tolist())


def quality(kept: Kept, cache: Path) -> None:
    """Measure every method on every set."""
    for name in SETS:
        found = documents(name, cache)
        for k in K:
            for seed in SEEDS:
                base = {"part": "quality", "set": name, "k": k, "seed": seed}
                kept.measure(base | {"method": "vocmine", "code": CODE}, partial(_ours_measured, found, k, seed))
                for rival in RIVALS:
                    kept.measure(base | {"method": rival}, partial(_rival_measured, found, rival, k, seed))


def _ours_measured(found: Documents, k: int, seed: int) -> dict[str, object]:
    begun = time.perf_counter()
    model = ours(found, k, seed)
    seconds = time.perf_counter() - begun
    topics = model.topics
    terms = topics.loc[topics["topic_id"] >= 0, "terms"].tolist()
    again = model.predict(found.texts, embeddings=found.embeddings, languages=found.languages.tolist())
    agrees = {"transform_agrees": float((again == model.labels_).mean())}
    return _measured(found, model.labels_, terms) | agrees | {"seconds": seconds, "labels": model.labels_.tolist()}


def _rival_measured(found: Documents, rival: str, k: int, seed: int) -> dict[str, object]:
    topics, seconds = timed(PEERS[rival], found, k, seed)
    return _measured(found, topics.labels, topics.terms) | {"seconds": seconds, "labels": topics.labels.tolist()}


def _measured(found: Documents, labels: NDArray[np.integer], terms: list[list[str]]) -> dict[str, object]:
    return {**shape(labels), **against_reasons(labels, _truth(found)), **coherence(terms, found.texts)}


def _truth(found: Documents) -> NDArray[np.str_]:
    if found.labels is None:
        raise SystemExit(f"{found.name} has no reasons; run from a clone that holds benchmarks/data")
    return found.labels


def stable(kept: Kept, cache: Path) -> None:
    """Measure how well runs on parts of a set agree."""
    for name in SETS:
        found = documents(name, cache)
        for k in K:
            for method in ("vocmine", *STABLE):
                key = {"part": "stability", "set": name, "k": k, "method": method}
                key |= {"code": CODE} if method == "vocmine" else {}
                kept.measure(key, partial(_stability, found, method, k))


def _stability(found: Documents, method: str, k: int) -> dict[str, object]:
    def fit(rows: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
        part = found.take(rows)
        return ours(part, k, seed).labels_ if method == "vocmine" else timed(PEERS[method], part, k, seed)[0].labels

    measured = stability(fit, len(found), share=0.9, n_runs=5, seed=0)
    pairs = measured.pairs
    return {
        "ari": list(measured.ari),
        "sd": measured.sd,
        **{
            f"mean_{column}": float(pairs[column].mean())
            for column in pairs.columns
            if "ari" in column or "nmi" in column
        },
    }


def reasons(kept: Kept, cache: Path) -> None:
    """Measure given reasons: by their names, and with five examples each."""
    del cache
    frame = pd.read_csv(HERE / "data" / "topics_reasons.tsv", sep="\t", quoting=csv.QUOTE_NONE, dtype=str)
    test, example = frame[frame["part"] == "test"], frame[frame["part"] == "example"]
    names = test.drop_duplicates("reason").set_index("reason")["name_fr"]
    truth = test["reason"].map(list(names.index).index).to_numpy()

    def accuracy(given: dict[str, list[str]]) -> NDArray[np.bool_]:
        model = vm.TopicModel(reasons=given, outlier_share=0).fit(test["text"].tolist())
        return np.asarray(model.labels_ == truth)

    key = {"part": "reasons", "code": CODE}
    kept.measure(key | {"examples": 0}, lambda: _share(accuracy({name: [] for name in names})))
    for draw in range(10):
        drawn = {
            names[reason]: part["text"].sample(5, random_state=draw).tolist()
            for reason, part in example.groupby("reason")
        }
        given = {name: drawn[name] for name in names}
        kept.measure(key | {"examples": 5, "draw": draw}, partial(lambda given: _share(accuracy(given)), given))


def _share(right: NDArray[np.bool_]) -> dict[str, object]:
    rng = np.random.default_rng(0)
    draws = [right[rng.integers(0, len(right), len(right))].mean() for _ in range(2_000)]
    return {"accuracy": float(right.mean()), "interval": [float(np.quantile(draws, q)) for q in (0.025, 0.975)]}


def trilingual(kept: Kept, cache: Path) -> None:
    """Measure whether a reason told in three languages is one topic."""
    del cache
    frame = pd.read_csv(HERE / "data" / "topics_trilingual.tsv", sep="\t", quoting=csv.QUOTE_NONE, dtype=str)
    for k in (15, 20):
        for seed in SEEDS:
            kept.measure(
                {"part": "trilingual", "k": k, "seed": seed, "code": CODE}, partial(_one_topic, frame, k, seed)
            )


def _one_topic(frame: pd.DataFrame, k: int, seed: int) -> dict[str, object]:
    """Say how often texts of one reason in two languages share a topic, and how often the main topics are one."""
    model = vm.TopicModel(k, seed=seed, outlier_share=0)
    labels = model.fit(frame["text"].tolist(), languages=frame["language"].str[:2].tolist()).labels_
    told = frame.assign(topic=labels, code=frame["language"].str[:2])
    main = told.groupby(["reason", "code"])["topic"].agg(lambda topics: topics.mode()[0])
    same = (main.groupby("reason").agg(lambda topics: len(set(topics))) == 1).mean()
    whole = told.groupby("reason")["topic"].agg(lambda topics: topics.mode()[0])
    share = (told["topic"] == told["reason"].map(whole)).groupby(told["code"]).mean()
    return {
        "reasons_with_one_main_topic": float(same),
        "texts_in_their_reasons_topic": float((told["topic"] == told["reason"].map(whole)).mean()),
        **{f"texts_{code}": float(value) for code, value in share.items()},
    }


def updates(kept: Kept, cache: Path) -> None:
    """Fit on six months of the sample contacts, and update with each of the eight that follow."""
    analysis = sample_analysis(cache)
    truth = pd.read_csv(EXAMPLES / "truth" / "contacts.csv").set_index("contact_id")["reason"]
    started = analysis.contacts["started_at"].dt.tz_convert("Europe/Paris")
    month = started.dt.strftime("%Y-%m").to_numpy()
    months = sorted(set(month))
    model = vm.TopicModel(40).fit(analysis.filter(np.isin(month, months[:6])))
    for name in months[6:]:
        part = analysis.filter(month == name)
        model = model.update(part)
        key = {"part": "updates", "month": name, "code": CODE}
        kept.measure(key, partial(_update_told, model, model.assign(part).contacts, truth))


def _update_told(model: vm.TopicModel, contacts: pd.DataFrame, truth: pd.Series) -> dict[str, object]:
    """Say what was born and died in the last update, and where the contacts about eSIM are."""
    last = model.lineage[model.lineage["update"] == model.lineage["update"].max()]
    reasons = truth.loc[contacts["contact_id"]].to_numpy()
    born = {
        str(row["label"]): pd.Series(reasons[contacts["topic_id"] == row["topic_id"]]).value_counts().head(2).to_dict()
        for row in last[last["event"] == "born"].to_dict("records")
    }
    esim = contacts["topic"][reasons == "telecom.esim"].value_counts().head(3).to_dict()
    return {"born": born, "died": last.loc[last["event"] == "died", "label"].tolist(), "esim": esim}


def speed(kept: Kept, cache: Path) -> None:
    """Time 100,000 texts against BERTopic as it comes, in processes of their own, one after the other."""
    for round_ in range(ROUNDS):
        for method in ("vocmine", "BERTopic"):
            key = {"part": "speed", "method": method, "round": round_}
            kept.measure(key, partial(_timed_apart, method, cache))


def _timed_apart(method: str, cache: Path) -> dict[str, object]:
    script = str(HERE / "topics_speed.py")
    done = subprocess.run(  # noqa: S603 - this project's own script
        [sys.executable, script, method, str(cache)], check=True, capture_output=True, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


PARTS = {
    "reasons": reasons,
    "trilingual": trilingual,
    "updates": updates,
    "stability": stable,
    "quality": quality,
    "speed": speed,
}


def annotators() -> dict[str, float]:
    """Return how well the two readers of the accounts agree."""
    first = pd.read_csv(HERE / "data" / "topics_accounts.tsv", sep="\t").set_index("contact_id")["reason"]
    second = pd.read_csv(HERE / "data" / "topics_accounts_second.tsv", sep="\t").set_index("contact_id")["reason"]
    return {"kappa": float(cohen_kappa_score(first.loc[second.index], second)), "n": len(second)}


def summary(rows: list[dict[str, object]], cache: Path) -> dict[str, object]:
    """Put the figures of this code together: means over seeds, and paired differences with their intervals."""
    rows = [row for row in rows if row.get("code", CODE) == CODE]
    table: dict[str, object] = {"about": ABOUT, "accounts_read_twice": annotators()}
    frame = pd.DataFrame([row for row in rows if row["part"] == "quality"])
    if len(frame):
        numbers = ["n_topics", "outliers", "largest", "ari", "nmi", "ari_assigned", "npmi", "npmi_words", "diversity"]
        groups = frame.groupby(["set", "k", "method"])
        means = groups[[*numbers, "seconds"]].mean().round(4)
        means["seeds"] = groups.size()
        table["quality"] = [dict(row) for row in means.reset_index().to_dict("records")]
        table["ours_less_theirs"] = _differences(frame, cache)
    for part in PARTS:
        if part != "quality":
            table[part] = [
                {k: v for k, v in row.items() if k not in {"part", "code"}} for row in rows if row["part"] == part
            ]
    return table


def _differences(frame: pd.DataFrame, cache: Path) -> dict[str, dict[str, list[float]]]:
    """Compare ours with each rival, on the seeds that both have."""
    found = {}
    labels = frame.set_index(["set", "k", "method", "seed"])["labels"]
    truths = {name: _truth(documents(name, cache)) for name in frame["set"].unique()}
    for name, k, method in frame[["set", "k", "method"]].drop_duplicates().itertuples(index=False):
        if method == "vocmine" or (name, k, "vocmine") not in labels.index:
            continue
        theirs, ours = labels[name, k, method], labels[name, k, "vocmine"]
        seeds = [seed for seed in theirs.index if seed in ours.index]
        found[f"{name} · {k} · {method}"] = paired(
            [np.array(ours[seed]) for seed in seeds], [np.array(theirs[seed]) for seed in seeds], truths[name]
        )
    return found


def main() -> None:
    """Measure the parts named, or all."""
    cache = Path(sys.argv[1])
    cache.mkdir(parents=True, exist_ok=True)
    kept = Kept(cache / "topics.jsonl")
    for part in sys.argv[2:] or PARTS:
        PARTS[part](kept, cache)
    RESULTS.write_text(json.dumps(summary(kept.rows, cache), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
