"""How well causes are read, on invented contacts written from the codebook alone before any reader was tuned.

Usage: ``python benchmarks/outcomes_causes.py``. Zero-shot: the taxonomy and the invented texts that come with the
package. With examples: five contacts a cause drawn from the set, the others read; ten draws. Intervals are 95 %
bootstraps over contacts; of the draws, the mean over them with that of the median draw.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import f1_score

import vocmine as vm
from vocmine.stats import bootstrap

DATA: Final = Path(__file__).parent / "data" / "causes.jsonl"
SHOTS: Final = 5
DRAWS: Final = 10


def contacts() -> tuple[vm.Analysis, pd.DataFrame]:
    """Score the set; return the analysis and its truth, one row a contact in the order of the analysis."""
    lines = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    rows = [
        {"id": one["id"], "canal": one["channel"], "locuteur": turn["speaker"], "texte": turn["text"]}
        for one in lines
        for turn in one["turns"]
    ]
    analysis = vm.Miner().score(vm.Corpus.from_records(rows))
    truth = pd.DataFrame([{key: one[key] for key in ("id", "cause", "channel", "variant")} for one in lines])
    return analysis, truth.set_index("id").loc[analysis.contacts["contact_id"]].reset_index()


def said(analysis: vm.Analysis) -> list[str]:
    """Return what each contact's customer says."""
    turns = analysis.turns
    own = turns[turns["speaker"] == "customer"].groupby("contact_id")["text"].agg("\n".join)
    return [str(own[contact]) for contact in analysis.contacts["contact_id"]]


def macro(truth: NDArray[np.object_], found: NDArray[np.object_], causes: Sequence[str]) -> float:
    """Return macro-F1; a contact that is not attributed is an error."""
    return float(f1_score(truth, found, labels=list(causes), average="macro", zero_division=0))


def judged(truth: NDArray[np.object_], found: NDArray[np.object_], causes: Sequence[str]) -> list[float]:
    """Return macro-F1 with its interval."""
    interval = bootstrap(lambda rows: macro(truth[rows], found[rows], causes), len(truth))
    return [round(value, 4) for value in interval]


def run() -> dict[str, Any]:
    """Measure without and with examples."""
    analysis, truth = contacts()
    right = truth["cause"].to_numpy(dtype=object)
    causes = sorted(set(right))
    model = vm.CauseModel(min_probability=0.0).fit()
    zero = model.assign(analysis).contacts["cause"].to_numpy(dtype=object)
    default = vm.CauseModel().assign(analysis).contacts["cause"]
    attributed = default.notna().to_numpy()
    told: dict[str, Any] = {"n": len(truth), "quebec": float((truth["variant"] == "fr-CA").mean())}
    told["zero-shot macro-F1"] = judged(right, zero, causes)
    told["zero-shot accuracy"] = round(float((zero == right).mean()), 4)
    told["by channel, accuracy"] = {
        name: round(float((zero == right)[part.index].mean()), 4) for name, part in truth.groupby("channel")
    }
    told["by variant, accuracy"] = {
        name: round(float((zero == right)[part.index].mean()), 4) for name, part in truth.groupby("variant")
    }
    told["at the default threshold"] = {
        "attributed": round(float(attributed.mean()), 4),
        "right of these": round(float((default[attributed].to_numpy() == right[attributed]).mean()), 4),
    }
    told["F1 by cause"] = {
        cause: round(float(f1_score(right == cause, zero == cause, zero_division=0)), 3) for cause in causes
    }
    pairs = pd.Series([f"{a} → {b}" for a, b in zip(right, zero, strict=True) if a != b]).value_counts()
    told["most frequent errors"] = pairs.head(10).to_dict()
    told["five examples"] = examples(analysis, right, causes)
    return told


def examples(analysis: vm.Analysis, right: NDArray[np.object_], causes: Sequence[str]) -> dict[str, Any]:
    """Measure with five examples a cause, on the contacts that are left."""
    texts = said(analysis)
    found = []
    for draw in range(DRAWS):
        random = np.random.default_rng(draw)
        taken = np.concatenate(
            [random.choice(np.flatnonzero(right == cause), SHOTS, replace=False) for cause in causes]
        )
        model = vm.CauseModel(min_probability=0.0).fit([texts[row] for row in taken], right[taken].tolist())
        read = model.assign(analysis).contacts["cause"].to_numpy(dtype=object)
        left = np.setdiff1d(np.arange(len(right)), taken)
        found.append(judged(right[left], read[left], causes))
    values = [one[0] for one in found]
    middle = sorted(found)[len(found) // 2]
    return {"macro-F1, mean": round(float(np.mean(values)), 4), "lowest": min(values), "highest": max(values)} | {
        "median draw": middle
    }


def main() -> None:
    """Print the figures."""
    print(json.dumps(run(), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
