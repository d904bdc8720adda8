"""How early issues are found, and at how many false alerts: `vocmine.issues` where the truth is known.

    python benchmarks/issues.py CACHE [daily] [budget] [cells] [forecast] [samples]

Writes `benchmarks/results/issues.json`, part by part; what is computed is kept in CACHE, from which a run resumes.
Thresholds come from series without outbreaks of seeds from 1,000; figures are of seeds from 2,000, which nothing was
tuned on. Intervals are 95 % bootstraps over outbreaks, differences are paired.

`daily`: probability of detection of our rarity and of the peers' scores, at one false episode per topic-year and at a
quarter. `budget`: 160 topics and their sum watched for years by the whole procedure: alerts told where nothing happens,
beside those allowed; precision and recall by alerts a week. `cells`: channel × product × region: is the alert of the
right slice, and one? `forecast`: coverage of the intervals of the 14 days to come. `samples`: the sample contacts
written again with moved incidents, scored, and watched.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import issues_budget
import issues_cells
import issues_daily
import issues_forecast
import issues_samples

RESULTS = Path(__file__).parent / "results" / "issues.json"
PARTS = {
    "daily": issues_daily,
    "budget": issues_budget,
    "cells": issues_cells,
    "forecast": issues_forecast,
    "samples": issues_samples,
}


def main() -> None:
    """Run the parts named, and write their figures beside those of the others."""
    cache = Path(sys.argv[1])
    for name in sys.argv[2:] or PARTS:
        figures = PARTS[name].run(cache)
        known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        RESULTS.write_text(json.dumps({**known, name: figures}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(name, json.dumps(figures, ensure_ascii=False)[:2000])


if __name__ == "__main__":
    main()
