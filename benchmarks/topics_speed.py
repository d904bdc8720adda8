"""One contestant of the speed of topics, in a process of its own: 100,000 texts with embeddings of 384 dimensions.

A text is two of the sample contacts' customer segments, drawn at random; its embedding is the mean of theirs, brought
to 384 dimensions by a fixed random projection, with noise so that no two are the same. Encoding is not timed; importing
the library and, for BERTopic, the first compilation of UMAP are not either. Both give every text its topic.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
from bertopic import BERTopic  # by both contestants, before the clock
from numpy.typing import NDArray
from topics_data import by_segment, sample_analysis

import vocmine as vm

ROWS = 100_000
DIMENSIONS = 384


def texts_and_embeddings(cache: Path) -> tuple[list[str], NDArray[np.float32]]:
    """Make the texts and their embeddings, the same each time."""
    found = by_segment(sample_analysis(cache), "samples", None)
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, len(found), (2, ROWS))
    projection = rng.normal(size=(found.embeddings.shape[1], DIMENSIONS)).astype(np.float32) / np.sqrt(DIMENSIONS)
    points = (found.embeddings[first] + found.embeddings[second]) / 2 @ projection
    points += rng.normal(scale=0.1 / np.sqrt(DIMENSIONS), size=points.shape).astype(np.float32)
    texts = [f"{found.texts[one]} {found.texts[other]}" for one, other in zip(first, second, strict=True)]
    return texts, points / np.linalg.norm(points, axis=1, keepdims=True)


def main() -> None:
    """Time one contestant, and print seconds and memory as JSON."""
    method, cache = sys.argv[1], Path(sys.argv[2])
    texts, points = texts_and_embeddings(cache)

    if method == "BERTopic":
        BERTopic(language="multilingual").fit(texts[:5_000], points[:5_000])  # UMAP compiles
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    if method == "BERTopic":
        labels = BERTopic(language="multilingual").fit_transform(texts, points)[0]
    else:
        labels = vm.TopicModel(50).fit(texts, embeddings=points).labels_.tolist()
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    row = {"seconds": seconds, "peak_mb": peak / 1e3, "mb_before": before / 1e3, "n_topics": len(set(labels) - {-1})}
    print(json.dumps(row))


if __name__ == "__main__":
    main()
