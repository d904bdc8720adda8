"""How well the embedded model reads sentiment, on the development data.

    VOCMINE_DATA=... python benchmarks/sentiment.py

Each set is read and scored by the same two calls as a user's file, `vm.read` and `Miner.score`, and compared with its
labels; macro-F1 comes with a bootstrap interval over texts. Writes `results/sentiment.json`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd

import vocmine as vm
from vocmine.evaluation import macro_f1
from vocmine.schema import POLARITIES

RESULTS = Path(__file__).parent / "results" / "sentiment.json"
LANGUAGES = ("french", "english", "german", "spanish", "italian", "portuguese")
DECLARED = {"Positif": "positive", "Neutre": "neutral", "Négatif": "negative"}


def main() -> None:
    """Score every set and write the figures."""
    data = Path(os.environ["VOCMINE_DATA"])
    miner = vm.Miner()
    figures = {f"umsab/{name}/val": _tweets(miner, data / "umsab" / name / "val.csv") for name in LANGUAGES}
    accounts = miner.score(vm.read(data / "services_publics_plus" / "dev.csv")).contacts
    figures["services_publics_plus/dev, declared"] = _figure(
        accounts["sentiment_declared"].map(DECLARED), _three_way(accounts)
    )
    figures["signals_dev, read by annotators"] = _annotated(miner, data)
    RESULTS.write_text(json.dumps({"model": miner.engine_.model.model_id, "macro_f1": figures}, indent=2) + "\n")
    print(RESULTS.read_text())


def _tweets(miner: vm.Miner, path: Path) -> dict[str, float]:
    scored = miner.score(vm.read(path, text="text")).contacts
    return _figure(scored["label"], _three_way(scored))


def _annotated(miner: vm.Miner, data: Path) -> dict[str, float]:
    labels = pd.read_json(data / "signals_dev" / "labels.jsonl", lines=True, dtype={"contact_id": str})
    accounts = pd.read_csv(data / "services_publics_plus" / "dev.csv", dtype=str)
    both = labels.merge(accounts, on="contact_id", validate="one_to_one")
    both["whole"] = both["title"].fillna("") + ". " + both["text"]
    scored = miner.score(vm.Corpus.from_pandas(both, text="whole", contact_id="contact_id")).contacts
    return _figure(scored["sentiment_given"], scored["sentiment"])


def _three_way(contacts: pd.DataFrame) -> pd.Series[str]:
    """Return the likeliest polarity: sets with three labels have no « mixed »."""
    columns = contacts[["p_negative", "p_neutral", "p_positive"]].set_axis(list(POLARITIES), axis="columns")
    return columns.idxmax(axis="columns").astype(str)


def _figure(truth: pd.Series[str], predicted: pd.Series[str]) -> dict[str, float]:
    found = macro_f1(truth.tolist(), predicted.tolist())
    return {"value": round(found.value, 4), "low": round(found.low, 4), "high": round(found.high, 4), "n": len(truth)}


if __name__ == "__main__":
    main()
