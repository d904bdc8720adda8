"""Writes the part of the model card that is about signals, from its template and the measured figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_TEMPLATE = Path(__file__).with_name("signals_card.md")
_FAILURES = Path(__file__).with_name("signals_failures.md")
_TITLE = "\n## Signals\n"
_ID = re.compile(r"embedded@[\d.]+:[0-9a-f]{8}")


def write_signals(card: Path, metrics: Mapping[str, Any]) -> None:
    """Put the section at the end of the card, in the place of an earlier one, and the model's new name into it."""
    both, alone = metrics["both"], metrics["rules_alone"]
    frustration = metrics["frustration"]["annotated"]
    marks = {
        **{name: f"{count:,}" for name, count in metrics["texts"].items()},
        "table": "\n".join(
            [
                "| signal or style | cases | annotated accounts | cases | invented texts |",
                "| --- | --- | --- | --- | --- |",
                *(f"| {label} | {_cells(of)} |" for label, of in both.items()),
            ]
        ),
        "alone": ", ".join(
            f"{label} {of['annotated']['f1'][0]:.2f}"
            for label, of in alone.items()
            if of.get("annotated", {}).get("cases", 0) >= 30
        ),
        "kappa": _interval(frustration["quadratic_kappa"]),
        "f1": _interval(frustration["f1_2_or_more"]),
        "failures": _FAILURES.read_text(encoding="utf-8").strip() if _FAILURES.exists() else "",
    }
    section = _TEMPLATE.read_text(encoding="utf-8")
    for name, value in marks.items():
        section = section.replace("{{" + name + "}}", value)
    before = card.read_text(encoding="utf-8").partition(_TITLE)[0].rstrip()
    card.write_text(_ID.sub(metrics["model_id"], f"{before}\n\n{section.strip()}\n"), encoding="utf-8")


def _cells(of: Mapping[str, Mapping[str, Any]]) -> str:
    cells = []
    for source in ("annotated", "written"):
        one = of.get(source)
        cells += (
            ["", ""] if one is None else [str(one["cases"]), f"{_interval(one['f1'])} ({one['always_yes_f1']:.2f})"]
        )
    return " | ".join(cells)


def _interval(of: list[float]) -> str:
    return f"{of[0]:.3f} [{of[1]:.3f}, {of[2]:.3f}]"
