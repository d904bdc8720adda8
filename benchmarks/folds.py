"""Cuts the accounts of Services Publics+ into the five folds that every cross-validated figure uses.

    VOCMINE_DATA=... python benchmarks/folds.py

Strata are the declared sentiment together with the annotators' reading, where there is one (380 of 599). Accounts that
share half of the word triplets of the shorter one would stay in one fold; the development data hold none (the closest
two share 26 %). Writes `folds/services_publics_plus.csv`: ids and folds, no text and no label.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer

import vocmine as vm

FOLDS = Path(__file__).parent / "folds" / "services_publics_plus.csv"
N_FOLDS = 5
SEED = 0
SHARED = 0.5


def main() -> None:
    """Cut and write."""
    data = Path(os.environ["VOCMINE_DATA"])
    corpus = vm.read(data / "services_publics_plus" / "dev.csv")
    contacts = corpus.contacts.to_pandas()
    read = pd.read_json(data / "signals_dev" / "labels.jsonl", lines=True, dtype={"contact_id": str})
    reading = contacts["contact_id"].map(read.set_index("contact_id")["sentiment"]).fillna("")
    strata = (contacts["sentiment_declared"] + "/" + reading).tolist()
    folds = deal(strata, alike(corpus.turns["text"].to_pylist()))
    FOLDS.parent.mkdir(exist_ok=True)
    with FOLDS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["contact_id", "fold"])
        writer.writerows(sorted(zip(contacts["contact_id"], folds, strict=True)))
    print(pd.crosstab(pd.Series(strata, name="declared/read"), pd.Series(folds, name="fold"), margins=True))


def alike(texts: list[str]) -> list[int]:
    """Return the group of each text, near-duplicates of one another being of one group."""
    counts = CountVectorizer(ngram_range=(3, 3), binary=True).fit_transform(texts)
    shared = (counts @ counts.T).toarray()
    length = np.maximum(shared.diagonal(), 1)
    close = shared / np.minimum(length[:, None], length) >= SHARED
    return [int(group) for group in connected_components(close, directed=False)[1]]


def deal(strata: list[str], groups: list[int]) -> list[int]:
    """Give each group, the largest first, to the fold that has the least of its stratum, then the least of all."""
    order = np.random.default_rng(SEED).permutation(len(strata)).tolist()
    members: dict[int, list[int]] = {}
    for row in order:
        members.setdefault(groups[row], []).append(row)
    held: Counter[tuple[int, str]] = Counter()
    size: Counter[int] = Counter()
    folds = [0] * len(strata)
    for rows in sorted(members.values(), key=lambda rows: (-len(rows), strata[rows[0]])):
        stratum = strata[rows[0]]
        fold = min(range(N_FOLDS), key=lambda fold: (held[fold, stratum], size[fold], fold))
        for row in rows:
            folds[row] = fold
            held[fold, strata[row]] += 1
            size[fold] += 1
    return folds


if __name__ == "__main__":
    main()
