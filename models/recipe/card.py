"""Writes the model card from its template and the measured figures, so that the two never part."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).with_name("card.md")


def write_card(path: Path, metrics: Mapping[str, Any]) -> None:
    """Fill the template's ``{{name}}`` marks.

    Parameters
    ----------
    path : Path
        Where the card goes.
    metrics : mapping
        As `build.main` writes them to ``metrics.json``.
    """
    marks = {
        "model_id": metrics["model_id"],
        "megabytes": f"{metrics['megabytes']:.1f}",
        "pieces": f"{metrics['pieces']:,}",
        "fidelity": f"{metrics['fidelity']['cosine_mean']:.4f} (lowest {metrics['fidelity']['cosine_lowest']:.4f})",
        "written_rows": f"{metrics['cross_validation']['written']['n']:,}",
        "held_out": _scores(metrics["held_out"]),
        "cross_validation": _scores(metrics["cross_validation"]),
        "vocabulary": _vocabulary(metrics["vocabulary"]),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in marks.items():
        text = text.replace("{{" + name + "}}", value)
    path.write_text(text, encoding="utf-8")


def _scores(figures: Mapping[str, Mapping[str, Any]]) -> str:
    rows = ["| texts | n | macro-F1 | 95 % interval | accuracy | calibration error |", "|---|---|---|---|---|---|"]
    for name, of in figures.items():
        low, high = of["interval_95"]
        rows.append(
            f"| {name} | {of['n']:,} | {of['macro_f1']:.3f} | {low:.3f} to {high:.3f} | {of['accuracy']:.3f} "
            f"| {of['ece']:.3f} |"
        )
    return "\n".join(rows)


def _vocabulary(figures: Mapping[str, Mapping[str, float]]) -> str:
    rows = ["| language | token occurrences kept | held-out texts cut identically |", "|---|---|---|"]
    rows += [f"| {code} | {of['occurrences']:.2%} | {of['identical']:.1%} |" for code, of in figures.items()]
    return "\n".join(rows)
