"""`Heard`: what heads and rules find in the segments and turns of a corpus, before it is weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.corpus import Corpus
from vocmine.corpus.customers import customer_turns
from vocmine.inference import Encoding, RunnableModel
from vocmine.schema import SIGNALS, STYLES
from vocmine.signals.combine import log_odds
from vocmine.signals.cues import cues_of
from vocmine.signals.rules import Hit, Rules

HEAD: Final = "signals"
"""Name of the head that reads tokens; its labels are the signals, then agents' styles."""
LABELS: Final = (*SIGNALS, *STYLES)

STYLE_CUES: Final = tuple(f"style_{style}" for style in STYLES)
"""Names of the word lists of styles."""

PHRASINGS: Final = ("phrasing_can", "phrasing_cannot")
"""Likewise, of what agents say they can or cannot do."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Heard:
    """What was found.

    Attributes
    ----------
    contact : int array of shape (n_turns,)
        Contact that each turn counts for as its customer's, -1 for none.
    agent : bool array of shape (n_turns,)
        Turns of agents.
    turn : int array of shape (n_segments,)
        Turn of each segment.
    logits : float array of shape (n_segments, 19)
        Of the heads; NaN where not scored, or where the model has none.
    evidence : float array of shape (n_segments, 19, 2)
        Tokens that show it; NaN likewise.
    hits : list of list of Hit
        By turn: signals in turns that count for the customer, styles in agents'.
    """

    contact: NDArray[np.int64]
    agent: NDArray[np.bool_]
    turn: NDArray[np.int64]
    logits: Floats
    evidence: Floats
    hits: list[list[Hit]]

    @property
    def learned(self) -> bool:
        """Whether the model has heads for signals."""
        return bool(np.isfinite(self.logits).any())


def hear(
    corpus: Corpus, model: RunnableModel, encoding: Encoding, turn: NDArray[np.int64], scorable: Sequence[int]
) -> Heard:
    """Look through a corpus.

    Parameters
    ----------
    corpus : Corpus
    model : RunnableModel
    encoding : Encoding
        Of the segments that are scorable.
    turn : int array of shape (n_segments,)
        Turn of each segment.
    scorable : sequence of int
        Segments that were encoded, in the order of the encoding.
    """
    contact = customer_turns(corpus)
    agent = (corpus.turns["speaker"].to_numpy() == "agent") & ~corpus.turns["quoted"].to_numpy()
    texts: list[str] = corpus.turns["text"].to_pylist()
    hits: list[list[Hit]] = [[] for _ in texts]
    for rows, rules in ((np.flatnonzero(contact >= 0), _SIGNALS), (np.flatnonzero(agent), _STYLES)):
        distinct = list(dict.fromkeys(texts[row] for row in rows))
        found = dict(zip(distinct, rules().find(distinct), strict=True))
        for row in rows:
            hits[row] = found[texts[row]]
    logits = np.full((len(turn), len(LABELS)), np.nan)
    evidence = np.full((len(turn), len(LABELS), 2), np.nan)
    head = next((each for each in model.heads if each.name == HEAD and each.input == "tokens"), None)
    if head is not None and set(head.labels) == set(LABELS):
        order = [head.labels.index(label) for label in LABELS]
        logits[list(scorable)] = log_odds(encoding.probabilities[HEAD])[:, order]
        evidence[list(scorable)] = encoding.evidence[HEAD][:, order]
    return Heard(contact, agent, turn, logits, evidence, hits)


class _Once:
    """Rules over some lists, made when first needed."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._rules: Rules | None = None

    def __call__(self) -> Rules:
        if self._rules is None:
            self._rules = Rules({name: cues_of(name) for name in self._names})
        return self._rules


_SIGNALS: Final = _Once(SIGNALS)
_STYLES: Final = _Once((*STYLE_CUES, *PHRASINGS))
