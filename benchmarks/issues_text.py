"""How early themes in text are found: density, bursts and both, on streams in which a reason begins.

    python benchmarks/issues_text.py CACHE

Writes `benchmarks/results/issues_text.json`; CACHE keeps scores and streams, from which a run resumes. Seeds from 1,000
set thresholds (at most one false theme in 60 stream-days) and those from 2,000 give the figures; the streams are
described in `issues_streams`. A theme is found if a third of its documents or more are of the new reason.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from issues_scoring import interval
from issues_streams import HISTORY, ONSET, PER_DAY, WATCHED, Pool, load_pool, stream

from vocmine.issues.themes import Evidence, Theme, ThemeScan, is_again, joined

RESULTS = Path(__file__).parent / "results" / "issues_text.json"
THRESHOLDS = range(1000, 1024)
FIGURES = range(2000, 2030)
RATES = (2, 4, 8)
KINDS: tuple[Evidence, ...] = ("both", "density", "bursts")
RIGHT = 1 / 3
STREAM_DAYS = 60

Day = list[tuple[Theme, float]]
"""The themes of a day, with the share of their documents that are new."""
Course = dict[str, list[Day]]


def main() -> None:
    """Scan what is not scanned yet, and write the figures."""
    cache = Path(sys.argv[1])
    pool = load_pool(cache)
    null = [scanned(cache, pool, seed, 0) for seed in THRESHOLDS]
    least = {kind: threshold([one[kind] for one in null]) for kind in KINDS}
    figures: dict[str, Any] = {
        "streams": len(FIGURES),
        "stream-days for thresholds": len(THRESHOLDS) * WATCHED,
        "a day": PER_DAY,
        "reasons": sorted({stream(pool, seed, 0).reason for seed in FIGURES}),
        "thresholds": least,
    }
    quiet = [scanned(cache, pool, seed, 0) for seed in FIGURES]
    for kind in KINDS:
        n_false = sum(episodes(one[kind], least[kind]) for one in quiet)
        figures[f"{kind}, false themes in 60 stream-days"] = round(n_false * STREAM_DAYS / (len(quiet) * WATCHED), 3)
    for rate in RATES:
        courses = [scanned(cache, pool, seed, rate) for seed in FIGURES]
        found = {kind: np.array([judged(one[kind], least[kind]) for one in courses]) for kind in KINDS}
        for kind in KINDS:
            figures[f"{kind}, {rate} of {PER_DAY}"] = {
                "within 7 days": interval(found[kind][:, 0]),
                "within 14 days": interval(found[kind][:, 1]),
                "share of new documents, where found": round(float(np.nanmean(found[kind][:, 2])), 3),
                "days, where found within 14": round(float(np.nanmean(found[kind][:, 3])), 2),
            }
        for kind in KINDS[1:]:
            figures[f"both less {kind}, {rate} of {PER_DAY}"] = {
                "within 7 days": interval(found["both"][:, 0] - found[kind][:, 0]),
                "within 14 days": interval(found["both"][:, 1] - found[kind][:, 1]),
            }
    RESULTS.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1, ensure_ascii=False))


def scanned(cache: Path, pool: Pool, seed: int, rate: int) -> Course:
    """Return each day's strongest themes, by evidence."""
    kept = cache / "streams" / f"{seed}-{rate}.json"
    if not kept.exists():
        drawn = stream(pool, seed, rate)
        course: Course = {kind: [] for kind in KINDS}
        for kind in KINDS:
            scan = ThemeScan(drawn.documents, kind)
            for day in range(HISTORY, HISTORY + WATCHED):
                themes = scan.themes(day)
                course[kind].append([(theme, float(drawn.new[list(theme.members)].mean())) for theme in themes])
        kept.parent.mkdir(parents=True, exist_ok=True)
        plain = {kind: [[(asdict(theme), share) for theme, share in day] for day in course[kind]] for kind in KINDS}
        kept.write_text(json.dumps(plain))
    read = json.loads(kept.read_text())
    return {
        kind: [
            [(Theme(**{**one, "members": tuple(one["members"])}), share) for one, share in day] for day in read[kind]
        ]
        for kind in KINDS
    }


def episodes(course: list[Day], least: float) -> int:
    """Count themes told, each once, as the library tells them."""
    told: list[Theme] = []
    for day in course:
        for theme, _ in day:
            if theme.score >= least:
                place = next((at for at, one in enumerate(told) if is_again(one, theme)), None)
                if place is None:
                    told.append(theme)
                else:
                    told[place] = joined(told[place], theme)
    return len(told)


def threshold(courses: list[list[Day]]) -> float:
    """Return the lowest score at which there is at most one false theme in 60 stream-days."""
    allowed = len(courses) * WATCHED / STREAM_DAYS
    scores = sorted({theme.score for course in courses for day in course for theme, _ in day})
    low, high = 0, len(scores) - 1
    while low < high:
        middle = (low + high) // 2
        if sum(episodes(course, scores[middle]) for course in courses) <= allowed:
            high = middle
        else:
            low = middle + 1
    return round(scores[low] + 1e-4, 4)


def judged(course: list[Day], least: float) -> tuple[float, float, float, float]:
    """Return whether the theme is found within 7 and 14 days, its share of new documents, and the days it took."""
    for after, day in enumerate(course[ONSET : ONSET + 14]):
        shares = [share for theme, share in day if theme.score >= least and share >= RIGHT]
        if shares:
            return float(after < 7), 1.0, max(shares), float(after)
    return 0.0, 0.0, float("nan"), float("nan")


if __name__ == "__main__":
    main()
