"""The sample contacts written again with moved incidents, scored, their topics found, and watched."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import vocmine as vm

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples"))
from generator import generate, write

SEEDS = range(2400, 2420)
PERIOD = ("2025-09-01", 14)
N_TOPICS, N_RUNS = 40, 20
"""As `vocmine demo` has them."""
BUDGET, THEMES = 0.25, 0.1
MOST = 0.3
"""Share of an alert's contacts that are of what it tells."""


def run(cache: Path) -> dict[str, Any]:
    """Write, score and watch what is not watched yet, and return the figures."""
    rows = []
    for seed in SEEDS:
        kept = cache / "samples" / f"{seed}.json"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(_watched(seed, cache)))
        rows.append(json.loads(kept.read_text()))
    weeks = sum(row["weeks"] for row in rows)
    figures: dict[str, Any] = {"samples": len(rows), "budget of counts": BUDGET, "budget of themes": THEMES}
    for name in ("counts", "themes"):
        told = [row[name]["delay"] for row in rows if row[name]["delay"] is not None]
        figures[name] = {
            "within 2 days": sum(delay <= 2 for delay in told),
            "within 3 days": sum(delay <= 3 for delay in told),
            "delays": [row[name]["delay"] for row in rows],
            "alerts a week that tell nothing planted": round(sum(row[name]["false"] for row in rows) / weeks, 3),
            "alerts of other planted facts": sum(row[name]["planted"] for row in rows),
        }
    return figures | {"each": rows}


def _watched(seed: int, cache: Path) -> dict[str, Any]:
    onset = pd.Timestamp("2026-01-15") + pd.Timedelta(days=int(np.random.default_rng(seed).integers(0, 270)))
    folder = cache / "samples" / str(seed)
    if not (folder / "truth").exists():
        write(generate(seed, 6000, f"{onset:%Y-%m-%d}", *PERIOD), folder)
    if not (folder / "scored").exists():
        scored = vm.Miner(cache=cache / "scores").score(vm.read(folder / "contacts.csv"))
        vm.TopicModel(N_TOPICS, n_runs=N_RUNS).fit(scored).assign(scored).save(folder / "scored")
    analysis = vm.Analysis.load(folder / "scored")
    truth = pd.read_csv(folder / "truth" / "contacts.csv").set_index("contact_id")
    facts = json.loads((folder / "truth" / "planted.json").read_text(encoding="utf-8"))
    days = pd.to_datetime(analysis.contacts["started_at"])
    told = {
        "counts": vm.IssueDetector(false_alerts_per_week=BUDGET).detect(analysis),
        "themes": vm.emerging_themes(analysis, false_alerts_per_week=THEMES),
    }
    judged = {name: _judged(alerts, truth, onset, facts) for name, alerts in told.items()}
    weeks = round((days.max() - days.min()).days / 7, 1)
    return {"seed": seed, "onset": f"{onset:%Y-%m-%d}", "weeks": weeks, **judged}


def _judged(alerts: vm.Alerts, truth: pd.DataFrame, onset: pd.Timestamp, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the days that the incident took, and how many alerts tell another planted fact, or nothing."""
    delay, false, planted = None, 0, 0
    for alert in alerts.table.to_pylist():
        own = truth.loc[alert["contact_ids"]]
        raised = pd.Timestamp(alert["raised"])
        if own["incident"].mean() > MOST and onset <= raised <= pd.Timestamp(facts["incident"]["end"]):
            delay = min((raised - onset).days, 99 if delay is None else delay)
        elif _planted(own):
            planted += 1
        else:
            false += 1
    return {"delay": delay, "planted": planted, "false": false}


def _planted(own: pd.DataFrame) -> bool:
    """Say whether an alert is of a reason whose level was made to change, or of the incident."""
    changed = {"telecom.esim", "energy.price_letter", "energy.bill_incomprehensible"}
    return float((own["reason"].isin(changed) | (own["incident"] == 1)).mean()) > MOST
