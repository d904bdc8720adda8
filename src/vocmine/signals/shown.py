"""The words that show what is said: spans of signals in customers' turns, of styles in agents'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine import schema
from vocmine.corpus import Corpus
from vocmine.inference import RunnableModel, words_at
from vocmine.schema import SIGNALS, STYLES
from vocmine.signals.heard import LABELS, PHRASINGS, Heard
from vocmine.signals.rules import Hit
from vocmine.signals.weighed import Weighed

LEARNED: Final = "learned from examples"
"""Why of a span that the heads show and no cue."""
_KIND: Final = (
    dict.fromkeys(SIGNALS, "signal") | dict.fromkeys(STYLES, "style") | dict.fromkeys(("can", "cannot"), "phrasing")
)
CLEAR: Final = -2.0
"""Logit of a segment from which its words are shown beside those of better segments."""
_LONGEST: Final = 160
"""Characters of a run of tokens beyond which a cue in it is the better evidence."""


class Span(NamedTuple):
    """A stretch of a turn that shows a label; `turn` is a row of the table of turns."""

    turn: int
    start: int
    end: int
    label: str
    score: float
    why: str


def signal_spans(corpus: Corpus, segments: pa.Table, heard: Heard, found: Weighed, model: RunnableModel) -> pa.Table:
    """Return the spans of the signals and styles that are reported, in the order of turns and text.

    For each signal of a contact: every affirmed cue in the customer's turns, and what the heads heard clearly; if
    neither shows it, the segment where it is heard best.

    Parameters
    ----------
    corpus : Corpus
    segments : pyarrow.Table
        As in `vocmine.schema`, row for row with `heard`.
    heard : Heard
    found : Weighed
    model : RunnableModel
        What read the segments.
    """
    texts: list[str] = corpus.turns["text"].to_pylist()
    reader = _Reader(segments, heard, texts, model)
    spans = [
        *_of_signals(heard, found, reader),
        *_of_styles(heard, found, reader),
        *_of_phrasing(heard),
    ]
    spans.sort(key=lambda span: (span.turn, span.start, span.end, span.label))
    keys = corpus.turns.select(["contact_id", "turn"]).take(pa.array([span.turn for span in spans], pa.int64()))
    columns = {
        "contact_id": keys["contact_id"],
        "turn": keys["turn"],
        "start": pa.array([span.start for span in spans], pa.int32()),
        "end": pa.array([span.end for span in spans], pa.int32()),
        "kind": pa.array([_KIND[span.label] for span in spans], pa.string()),
        "label": pa.array([span.label for span in spans], pa.string()),
        "score": pa.array([span.score for span in spans], pa.float64()),
        "quote": pa.array([texts[span.turn][span.start : span.end] for span in spans], pa.string()),
        "why": pa.array([span.why for span in spans], pa.string()),
    }
    return pa.table(columns, schema=schema.SPANS)


def _of_signals(heard: Heard, found: Weighed, reader: _Reader) -> Iterator[Span]:
    turns_of: dict[int, list[int]] = {}
    for row in np.flatnonzero(heard.contact >= 0).tolist():
        turns_of.setdefault(int(heard.contact[row]), []).append(row)
    for contact, rank in np.argwhere(found.contacts.present).tolist():
        scores = found.turns.signals[:, rank]
        yield from reader.shown(turns_of[contact], SIGNALS[rank], SIGNALS[rank], scores)


def _of_styles(heard: Heard, found: Weighed, reader: _Reader) -> Iterator[Span]:
    for row, rank in np.argwhere(found.styles & heard.agent[:, None]).tolist():
        yield from reader.shown([row], STYLES[rank], f"style_{STYLES[rank]}", found.p_styles[:, rank])


def _of_phrasing(heard: Heard) -> Iterator[Span]:
    for row in np.flatnonzero(heard.agent).tolist():
        for hit in heard.hits[row]:
            if hit.signal in PHRASINGS and hit.affirmed:
                yield Span(row, hit.start, hit.end, hit.signal.removeprefix("phrasing_"), 1.0, hit.why)


class _Reader:
    """Finds the words of one label in some turns."""

    def __init__(self, segments: pa.Table, heard: Heard, texts: list[str], model: RunnableModel) -> None:
        self._heard = heard
        self._model = model
        self._texts = texts
        self._starts = segments["start"].to_numpy()
        self._said: list[str] = segments["text"].to_pylist()
        self._bounds = np.searchsorted(heard.turn, np.arange(len(texts) + 1))

    def shown(self, turns: Iterable[int], label: str, cue: str, scores: NDArray[np.float64]) -> list[Span]:
        """Return the spans of a label; `scores` has its probability by turn."""
        spans, best = [], (-np.inf, -1, -1)
        rank = LABELS.index(label)
        for turn in turns:
            hits = [hit for hit in self._heard.hits[turn] if hit.signal == cue and hit.affirmed and hit.strength > 1]
            heard = {}
            for segment in range(self._bounds[turn], self._bounds[turn + 1]):
                logit = float(self._heard.logits[segment, rank])
                best = max(best, (logit, turn, segment)) if np.isfinite(logit) else best
                if logit >= CLEAR:
                    heard[segment] = self._words(segment, rank)
            score = float(scores[turn])
            spans += [Span(turn, *where, label, score, why) for where, why in joined(hits, list(heard.values()))]
        if not spans and best[1] >= 0:
            _, turn, segment = best
            spans = [Span(turn, *self._words(segment, rank), label, float(scores[turn]), LEARNED)]
        return spans

    def _words(self, segment: int, rank: int) -> tuple[int, int]:
        first, last = (int(edge) for edge in self._heard.evidence[segment, rank])
        start, end = words_at(self._model, self._said[segment], first, last)
        shift = int(self._starts[segment])
        return shift + start, shift + end


def joined(hits: list[Hit], heard: list[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], str]]:
    """Join cues with what is heard in the same place; what stands alone stays as it is."""
    left = list(heard)
    for hit in hits:
        with_it = [span for span in left if span[0] < hit.end and hit.start < span[1]]
        edges = [(hit.start, hit.end), *(span for span in with_it if span[1] - span[0] <= _LONGEST)]
        left = [span for span in left if span not in with_it]
        yield (min(start for start, _ in edges), max(end for _, end in edges)), hit.why
    for span in left:
        yield span, LEARNED
