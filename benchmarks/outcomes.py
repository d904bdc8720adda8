"""Decisions measured: on the sample contacts, whose truth is planted, and by the parts in `outcomes_*.py`.

Usage: ``python benchmarks/outcomes.py [--work FOLDER] [--out FILE]``. About 45 minutes on two cores; the parts of the
effect that are done are kept in the work folder, and gone on from.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

import outcomes_audit
import outcomes_causes
import outcomes_effect
import outcomes_faq
import pandas as pd

import vocmine as vm
from vocmine.outcomes.persistence import courses
from vocmine.stats import wilson

EXAMPLES: Final = Path(__file__).parents[1] / "examples"
WINDOW: Final = "14D"
"""The sample's chains have gaps of one to twelve days."""
MEASURES: Final = (
    ("2026-09-01", {"cause": "appointment_missed", "domain": "parcel"}, -0.45),
    ("2026-09-01", {"cause": "access_account", "domain": "bank"}, 0.0),
)


def samples(folder: Path) -> dict[str, Any]:
    """Measure what is planted in the sample contacts: chains, resolution, the driver, courses, effects, cost."""
    if (folder / "manifest.json").exists():
        analysis = vm.Analysis.load(folder)
    else:
        analysis = vm.Miner().score(vm.read(EXAMPLES / "contacts.csv"))
        analysis = vm.TopicModel(seed=0).fit(analysis).assign(analysis)
        analysis.save(folder)
    analysis = vm.CauseModel().assign(analysis)
    truth = pd.read_csv(EXAMPLES / "truth" / "contacts.csv").set_index("contact_id")
    truth = truth.loc[analysis.contacts["contact_id"]].reset_index()
    told: dict[str, Any] = {"chains": chains(analysis, truth)}
    told["courses from predicted causes"] = {
        name: {"kind": own.kind, "since": [str(rise.since) for rise in own.rises]}
        for name, own in courses(analysis, "cause").items()
        if name in {"invoice_incomprehensible", "price"}
    }
    told["effects"] = [
        {"truth": truth_, "verdict": found.verdict, "change": [round(value, 4) for value in found.change]}
        for since, matter, truth_ in MEASURES
        for found in [vm.measure_effect(analysis, since=since, **matter)]  # type: ignore[arg-type]
    ]
    total = vm.Costs.from_yaml(EXAMPLES / "costs.yaml").total(analysis.contacts)
    told["cost"] = {
        "amount": str(total.amount),
        "currency": total.currency,
        "interval": [str(total.low), str(total.high)],
    }
    known = (truth["cause"] != "other").to_numpy()
    right = (analysis.contacts["cause"].to_numpy() == truth["cause"].to_numpy())[known]
    told["causes, accuracy (its lines were learnt from)"] = round(float(right.mean()), 4)
    told["questions"] = outcomes_faq.run(analysis, EXAMPLES / "truth")
    return told


def chains(analysis: vm.Analysis, truth: pd.DataFrame) -> dict[str, Any]:
    """Compare links, resolution and drivers with the planted chains."""
    repeats = vm.repeat_contacts(analysis, WINDOW)
    found = repeats.contacts.merge(truth, on="contact_id", suffixes=("", "_true"))
    chain = found.set_index("contact_id")["chain_id_true"]
    linked = found.dropna(subset=["previous_id"])
    right = int((chain.loc[linked["previous_id"]].to_numpy() == linked["chain_id_true"].to_numpy()).sum())
    firsts = found[(found["chain_position"] == 1) & found["known"]]
    again = firsts["chain_id_true"].isin(found.loc[found["chain_position"] == 2, "chain_id_true"])
    ours = repeats.fcr().iloc[0]
    repeats.frame["reason"] = truth["reason"]
    return {
        "links": len(linked),
        "precision": [round(value, 4) for value in wilson(right, len(linked))],
        "recall": [round(value, 4) for value in wilson(right, int((truth["chain_position"] > 1).sum()))],
        "first-contact resolution": [round(float(ours[name]), 4) for name in ("fcr", "low", "high")],
        "first-contact resolution, truth": round(1 - float(again.mean()), 4),
        "first driver by topic": str(repeats.drivers("topic")["topic"].iloc[0]),
        "first driver by true reason": str(repeats.drivers("reason")["reason"].iloc[0]),
        "coverage": {name: round(share, 4) for name, share in repeats.coverage.items()},
    }


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("out/outcomes"))
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "outcomes.json")
    options = parser.parse_args()
    told = {
        "samples": samples(options.work / "samples"),
        "causes": outcomes_causes.run(),
        "audited shares": outcomes_audit.run(2000),
        "effect": outcomes_effect.run(60, folder=options.work / "effect"),
    }
    options.out.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(options.out)


if __name__ == "__main__":
    main()
