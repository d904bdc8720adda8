"""Measure contradictions and FAQ drafts on the sample of which the truth is known.

Usage: ``python benchmarks/outcomes_faq.py ANALYSIS [TRUTH]``: a folder that `Analysis.save` wrote, of a sample scored,
and the folder of its truth, ``examples/truth`` by default. What it prints is JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pandas as pd

from vocmine.analysis import Analysis
from vocmine.outcomes.contradictions import contradictions
from vocmine.outcomes.faq import faq

_TRUTH = Path(__file__).parents[1] / "examples" / "truth"
_TUNED = ("telecom_", "energy_")
"""The planted questions that thresholds and word lists were tuned on; the others were only judged."""


def run(analysis: Analysis, truth_folder: Path) -> dict[str, object]:
    """Compare with the truth.

    A planted contradiction is found where a group holds, apart, more than half of its contacts, and on each side more
    of those planted there than of the others; strictly, where it holds more than half of those of each side. A group is
    right where more than half of its contacts are of one planted contradiction, apart likewise.

    Returns
    -------
    dict
        Shares are of 0 to 1; ``seconds`` of both functions.
    """
    truth = pd.read_csv(truth_folder / "contacts.csv").set_index("contact_id")
    start = time.perf_counter()
    groups = contradictions(analysis)
    middle = time.perf_counter()
    drafts = faq(analysis).drafts
    seconds = [round(each, 1) for each in (middle - start, time.perf_counter() - middle)]
    planted: dict[str, dict[str, set[str]]] = {}
    for contact, row in truth.dropna(subset=["contradiction_id"]).iterrows():
        sides = planted.setdefault(str(row["contradiction_id"]), {"A": set(), "B": set()})
        sides[str(row["contradiction_side"])].add(str(contact))
    both = [(set(a), set(b)) for a, b in zip(groups["contacts_a"], groups["contacts_b"], strict=True)]
    held = {key: max((_held(own, *pair) for pair in both), default=(0.0, 0.0)) for key, own in planted.items()}
    found = [key for key, (share, _) in held.items() if share > 0.5]
    right = [any(_right(own, *pair) for own in planted.values()) for pair in both]
    judged = [key for key in planted if not key.startswith(_TUNED)]
    same = [float(truth["reason"].reindex(ids).value_counts(normalize=True).iloc[0]) for ids in drafts["contact_ids"]]
    return {
        "contradictions_planted": len(planted),
        "contradictions_found": len(found) / max(len(planted), 1),
        "contradictions_found_judged_only": sum(key in found for key in judged) / max(len(judged), 1),
        "contradictions_found_strictly": sum(strict > 0.5 for _, strict in held.values()) / max(len(planted), 1),
        "not_found": sorted(set(planted) - set(found)),
        "groups": len(groups),
        "groups_right": sum(right) / len(right) if right else None,
        "drafts": len(drafts),
        "drafts_of_fewer_than_three": int((drafts["contact_ids"].map(lambda ids: len(set(ids))) < 3).sum()),
        "drafts_one_reason": {"mean": sum(same) / len(same), "lowest": min(same)} if same else None,
        "drafts_contradicted": int(drafts["contradicted"].sum()),
        "seconds": dict(zip(("contradictions", "faq"), seconds, strict=True)),
    }


def _held(planted: dict[str, set[str]], one: set[str], other: set[str]) -> tuple[float, float]:
    """Return the share of the planted contacts that stand on the right side, and that of the worse held side."""
    a, b = planted.get("A", set()), planted.get("B", set())
    first, second = (one, other) if len(a & one) + len(b & other) >= len(a & other) + len(b & one) else (other, one)
    apart = len(a & first) > len(b & first) and len(b & second) > len(a & second)
    if not apart:
        return 0.0, 0.0
    share = (len(a & first) + len(b & second)) / (len(a) + len(b))
    return share, min(len(a & first) / len(a), len(b & second) / len(b))


def _right(planted: dict[str, set[str]], one: set[str], other: set[str]) -> bool:
    own = planted.get("A", set()) | planted.get("B", set())
    return len(own & (one | other)) > len(one | other) / 2 and _held(planted, one, other)[0] > 0


def main() -> None:
    """Measure, and print."""
    folder, *truth = (Path(each) for each in sys.argv[1:])
    print(json.dumps(run(Analysis.load(folder), truth[0] if truth else _TRUTH), indent=2))


if __name__ == "__main__":
    main()
