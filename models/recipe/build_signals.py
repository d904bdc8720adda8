"""Adds the signals to `models/embedded`: `python models/recipe/build_signals.py`, after `build.py`.

Five heads, each on the encoder of a fold, give what nobody taught them of every text (`signals_crossfit`); on that,
cues and heads are weighed, and frustration is fitted (`signals_fit`). The head that ships reads the encoder that ships,
and is learnt from all units. Writes the model, its card's figures (`signals_metrics.json`), the coefficients of rules
alone, and the held-out answers that `benchmarks/signals.py` scores.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import signals_measured
from encoder import base_model
from marked import Marked
from places import BENCHMARKS, CACHE, EMBEDDED
from signals_card import write_signals
from signals_crossfit import HeldOut, all_units, cross_fitted
from signals_fit import NAMES, RULES_ONLY, Evidence, gather, weigh
from signals_spans import held_out_spans
from token_head import Settings, TokenHead, fit
from token_states import LAYERS, read_tokens

import vocmine.signals
from vocmine.inference import Head, Model, quantise
from vocmine.schema import SIGNALS
from vocmine.signals import combine, frustration
from vocmine.signals.heard import HEAD, LABELS

_VERSION = "0.3.0"
_TRAINED_ON = (
    "signals head: signals_dev and other accounts of Services Publics+ read by a model",
    "signals head: texts written for this project",
)


def main() -> None:
    """Build, and write the figures."""
    plain = _without_signals(_model())
    units = all_units()
    settings = Settings()
    held_out = _cached(settings)
    evidence = gather(held_out, plain)
    said = signals_measured.cross_fitted(evidence)
    everything = np.arange(len(units))
    decisions = _decisions(evidence, everything, combine.FEATURES)
    model = shipped(plain, _head(plain, settings), decisions)
    model.save_pretrained(EMBEDDED)
    print(model.model_id)

    alone = signals_measured.cross_fitted(evidence, RULES_ONLY)
    _write(_rules_file(), _decisions(evidence, everything, RULES_ONLY))
    metrics = {
        "model_id": model.model_id,
        "texts": {source: sum(unit.source == source for unit in units) for source in ("annotated", "read", "written")},
        "both": signals_measured.table(evidence, said),
        "rules_alone": signals_measured.table(evidence, alone),
        "frustration": {s: signals_measured.frustration_figures(evidence, said, s) for s in ("annotated", "written")},
    }
    _write(EMBEDDED / "signals_metrics.json", metrics)
    write_signals(EMBEDDED / "README.md", metrics)
    others = json.loads((EMBEDDED / "metrics.json").read_text(encoding="utf-8"))
    (EMBEDDED / "metrics.json").write_text(
        json.dumps(others | {"model_id": model.model_id}, indent=2) + "\n", encoding="utf-8"
    )
    _answers(evidence, said).to_csv(BENCHMARKS / "results" / "signals_held_out.csv", index=False)
    held_out_spans(held_out, evidence, said).to_csv(BENCHMARKS / "results" / "signals_spans.csv", index=False)


def shipped(plain: Model, head: TokenHead, decisions: dict[str, dict[str, float]]) -> Model:
    """Put the head and the decisions into a model."""
    stored = dict(plain.stored)
    for name, matrix in {"inner.weight": head.inner_weight, "weight": head.weight}.items():
        stored[f"heads.{HEAD}.{name}"], stored[f"heads.{HEAD}.{name}.scale"] = quantise(matrix)
    stored[f"heads.{HEAD}.inner.bias"], stored[f"heads.{HEAD}.bias"] = head.inner_bias, head.bias
    added = Head(HEAD, LABELS, "multi_label", "tokens", layers=LAYERS, hidden=len(head.inner_bias))
    manifest = replace(
        plain.manifest,
        version=_VERSION,
        heads=(*plain.heads, added),
        decisions=decisions,
        trained_on=(*plain.manifest.trained_on, *_TRAINED_ON),
    )
    made = Model.assemble(manifest, plain.config, plain.tokenizer, stored)
    # The tokenizer's text stays that of its file: written from memory, its numbers may differ in the last digit.
    files = {**(made.manifest.files or {}), **(plain.manifest.files or {})}
    return replace(made, manifest=replace(made.manifest, files=files), tokenizer_file=plain.tokenizer_file)


def _model() -> Model:
    model = Model.from_pretrained(EMBEDDED)
    if not isinstance(model, Model):
        raise TypeError(f"{EMBEDDED} is no model in our own format")
    return model


def _without_signals(model: Model) -> Model:
    """Return the model as `build.py` left it."""
    manifest = replace(
        model.manifest,
        heads=tuple(head for head in model.heads if head.name != HEAD),
        decisions=None,
        trained_on=tuple(source for source in model.manifest.trained_on if source not in _TRAINED_ON),
    )
    stored = {name: array for name, array in model.stored.items() if not name.startswith(f"heads.{HEAD}.")}
    return replace(model, manifest=manifest, stored=stored)


def _cached(settings: Settings) -> HeldOut:
    """Cross-fit the heads, or read what an earlier build kept of the same texts and settings."""
    units = all_units()
    kept = _kept(settings, units)
    if not kept.exists():
        cross_fitted(base_model(), units, settings).save(kept)
    return HeldOut.load(kept, units)


def _head(plain: Model, settings: Settings) -> TokenHead:
    """Fit the head that ships on all units, or read what an earlier build kept."""
    units = all_units()
    kept = _kept(settings, units).with_suffix(".head.npz")
    if not kept.exists():
        head = fit(read_tokens(plain, None, units), units, np.arange(len(units)), settings)
        np.savez(kept, **asdict(head))
    with np.load(kept) as arrays:
        return TokenHead(**arrays)


def _kept(settings: Settings, units: Sequence[Marked]) -> Path:
    told = repr(settings) + repr([(unit.source, unit.name, unit.turns, unit.marks) for unit in units])
    return CACHE / "signals" / f"{hashlib.sha256(told.encode()).hexdigest()[:16]}.npz"


def _decisions(evidence: Evidence, rows: np.ndarray, names: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Fit everything that is decided on top of the heads."""
    found = weigh(evidence, rows, names)
    p = combine.probabilities(evidence.given, NAMES, found)
    found[frustration.NAME] = signals_measured.frustration_of(evidence, p, rows)
    return {name: {key: round(value, 5) for key, value in each.items()} for name, each in found.items()}


def _answers(evidence: Evidence, said: signals_measured.Said) -> pd.DataFrame:
    """Return the held-out answers on real accounts; no text and no label."""
    rows = np.flatnonzero(evidence.real)
    frame = pd.DataFrame(
        {
            "contact_id": [evidence.units[row].name for row in rows],
            "fold": evidence.fold[rows],
            "source": [evidence.units[row].source for row in rows],
            "frustration": said.level[rows],
            "p_frustrated": said.reached[rows, 1].round(5),
        }
    )
    for place, name in enumerate(SIGNALS):
        frame[f"p_{name}"] = said.p[rows, place].round(5)
        frame[f"said_{name}"] = said.present[rows, place].astype(int)
    return frame.sort_values("contact_id", ignore_index=True)


def _rules_file() -> Path:
    return Path(vocmine.signals.__file__).with_name("rules_alone.json")


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
