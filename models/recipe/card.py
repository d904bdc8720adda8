"""Writes the model card from its template and the measured figures, so that the two never part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).with_name("card.md")
FAILURES = Path(__file__).with_name("failures.md")
_STEPS = (0.2, 0.4, 0.6, 0.8, 1.0)


def write_card(path: Path, metrics: Mapping[str, Any]) -> None:
    """Fill the template's ``{{name}}`` marks.

    Parameters
    ----------
    path : Path
        Where the card goes.
    metrics : mapping
        As `build.main` writes them to ``metrics.json``.
    """
    shipped = metrics["shipped"]
    aspects = metrics["aspects"]["services_publics_plus"]
    marks = {
        "model_id": metrics["model_id"],
        "megabytes": f"{metrics['megabytes']:.1f}",
        "pieces": f"{metrics['pieces']:,}",
        "int8": f"{shipped['int8']['mean']:.3f}",
        "trained": f"{shipped['trained']['mean']:.3f}",
        "agreement": f"{shipped['agreement']:.1%}",
        "sentences": f"{metrics['held_out']['sentiment/sentences']['n']:,}",
        "accounts": f"{metrics['held_out']['sentiment/accounts']['n']:,}",
        "held_out": _scores(metrics["held_out"]),
        "validation": _validation(metrics["validation"], shipped["int8"]),
        "aspects": _aspects(aspects),
        "polarity_of": ", ".join(aspects["mean_polarity"]["of"]),
        "calibration": _calibration(metrics["calibration"]),
        "risk": _risk(metrics["calibration"]),
        "noise": _table(
            ("", "sentiment", "satisfaction", "UMSAB French"),
            ((name, *(f"{value:.3f}" for value in of.values())) for name, of in metrics["noise"].items()),
        ),
        "slices": _table(
            ("slice", "n", "macro-F1"),
            ((name, of["n"], _interval(of)) for name, of in metrics["slices"].items()),
        ),
        "vocabulary": _table(
            ("language", "token occurrences kept", "held-out texts cut identically"),
            (
                (code, f"{of['occurrences']:.2%}", f"{of['identical']:.1%}")
                for code, of in metrics["vocabulary"].items()
            ),
        ),
        "failures": FAILURES.read_text(encoding="utf-8").strip(),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in marks.items():
        text = text.replace("{{" + name + "}}", value)
    path.write_text(text, encoding="utf-8")


def _scores(figures: Mapping[str, Mapping[str, Any]]) -> str:
    rows = (
        (name, f"{of['n']:,}", *(_interval(of[key]) for key in ("macro_f1", "accuracy", "ece")))
        for name, of in figures.items()
    )
    return _table(("head and texts", "n", "macro-F1", "accuracy", "calibration error"), rows)


def _validation(figures: Mapping[str, Any], shipped: Mapping[str, Any]) -> str:
    rows = [
        (code, of["n"], _interval({"value": of["macro_f1"], **of}), f"{of['sd']:.3f}", _interval(shipped[code]))
        for code, of in figures.items()
        if code != "mean"
    ]
    last = ("mean", "", f"{figures['mean']['macro_f1']:.3f}", "", f"{shipped['mean']:.3f}")
    return _table(("language", "n", "one model, mean of five", "sd over seeds", "as shipped"), [*rows, last])


def _aspects(figures: Mapping[str, Any]) -> str:
    rows = [
        (name, of["spoken_n"], _interval(of["mention"]), of["negative_n"], of["positive_n"], _interval(of["polarity"]))
        for name, of in figures.items()
        if not name.startswith("mean_")
    ]
    rows.append(("mean", "", _interval(figures["mean_mention"]), "", "", _interval(figures["mean_polarity"])))
    return _table(("aspect", "spoken of", "mention", "negative", "positive", "polarity"), rows)


def _calibration(figures: Mapping[str, Any]) -> str:
    rows = (
        (head, when, *(_interval(of[when][key]) for key in ("nll", "brier", "ece")))
        for head, of in figures.items()
        for when in ("before", "after")
    )
    return _table(("head", "temperature", "log-likelihood (negative)", "Brier", "calibration error"), rows)


def _risk(figures: Mapping[str, Any]) -> str:
    rows = []
    for head, of in figures.items():
        curve = of["risk_coverage"]
        for step in _STEPS:
            nearest = min(curve, key=lambda point: abs(point["coverage"] - step))
            rows.append((head, f"{nearest['coverage']:.0%}", f"{nearest['risk']:.3f}", f"{nearest['threshold']:.2f}"))
    return _table(("head", "coverage", "errors", "least confidence"), rows)


def _interval(of: Mapping[str, Any]) -> str:
    low, high = of["interval_95"]
    return f"{of['value']:.3f} [{low:.3f}, {high:.3f}]"


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
