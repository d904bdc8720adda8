"""`Weighed`: what was heard, as probabilities of signals, styles and frustration by turn and by contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocmine.corpus import Corpus
from vocmine.schema import SIGNALS
from vocmine.signals import frustration
from vocmine.signals.combine import (
    Decision,
    cue_features,
    features,
    gather,
    probabilities,
    rules_alone,
    thresholds,
)
from vocmine.signals.heard import STYLE_CUES, Heard
from vocmine.signals.rules import Hit

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Group:
    """Texts that are judged together: turns, or the customers' turns of contacts.

    Attributes
    ----------
    spoken : bool array of shape (n,)
        Whether there is anything that counts; probabilities are NaN and levels -1 where there is not.
    signals : float array of shape (n, 15)
    present : bool array of shape (n, 15)
    reached : float array of shape (n, 3)
        Probability of frustration 1, 2, 3 or more.
    frustration : int8 array of shape (n,)
    """

    spoken: NDArray[np.bool_]
    signals: Floats
    present: NDArray[np.bool_]
    reached: Floats
    frustration: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Weighed:
    """What is said of turns and contacts.

    Attributes
    ----------
    turns, contacts : Group
    styles : bool array of shape (n_turns, 4)
        Styles of agents' turns.
    p_styles : float array of shape (n_turns, 4)
        Their probabilities; NaN for other speakers.
    """

    turns: Group
    contacts: Group
    styles: NDArray[np.bool_]
    p_styles: Floats


def weigh(
    corpus: Corpus,
    heard: Heard,
    turn_sentiment: Floats,
    contact_sentiment: Floats,
    decisions: Mapping[str, Decision] | None,
) -> Weighed:
    """Weigh what was heard.

    Parameters
    ----------
    corpus : Corpus
    heard : Heard
    turn_sentiment, contact_sentiment : float array of shape (n, 4)
        Probabilities of negative, neutral, positive and mixed; NaN where not scored.
    decisions : mapping of str to mapping of str to float, optional
        Coefficients that come with the model; those of rules alone where it has none, or no heads for signals.
    """
    chosen = decisions if decisions and heard.learned else rules_alone()
    texts: list[str] = corpus.turns["text"].to_pylist()
    rows = np.arange(len(texts))
    counts = heard.contact >= 0
    turns = _group(heard, np.where(counts, rows, -1), len(texts), texts, turn_sentiment, chosen)
    contacts = _group(heard, heard.contact, corpus.contacts.num_rows, texts, contact_sentiment, chosen)
    place = slice(len(SIGNALS), None)
    learned = gather(heard.logits[:, place], np.where(heard.agent, rows, -1)[heard.turn], len(texts))
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    given = features(learned, cue_features(heard.hits, STYLE_CUES), turn_sentiment[:, 0], lengths)
    p_styles = np.where(heard.agent[:, None], probabilities(given, STYLE_CUES, chosen), np.nan)
    styles = np.nan_to_num(p_styles) >= thresholds(STYLE_CUES, chosen)
    return Weighed(turns, contacts, styles, p_styles)


def _group(
    heard: Heard,
    group: NDArray[np.int64],
    n_groups: int,
    texts: list[str],
    sentiment: Floats,
    decisions: Mapping[str, Decision],
) -> Group:
    """Judge groups of turns; `group` is that of each turn, -1 for none."""
    learned = gather(heard.logits[:, : len(SIGNALS)], group[heard.turn], n_groups)
    used = group >= 0
    lengths = np.bincount(group[used], weights=[len(texts[row]) for row in np.flatnonzero(used)], minlength=n_groups)
    hits: list[list[Hit]] = [[] for _ in range(n_groups)]
    intense = np.zeros((n_groups, len(frustration.INTENSITY)))
    by_turn = frustration.intensity(texts)
    for row in np.flatnonzero(used):
        hits[group[row]] += heard.hits[row]
        intense[group[row]] = np.maximum(intense[group[row]], by_turn[row])
    given = features(learned, cue_features(hits, SIGNALS), sentiment[:, 0], lengths.astype(np.int64))
    found = probabilities(given, SIGNALS, decisions)
    how = decisions[frustration.NAME]
    reached = frustration.at_least(frustration.features(found, sentiment, intense), how)
    spoken = np.bincount(group[used], minlength=n_groups) > 0
    for values in (found, reached):
        values[~spoken] = np.nan
    level = np.where(spoken, frustration.level(np.nan_to_num(reached), how), -1).astype(np.int8)
    return Group(spoken, found, np.nan_to_num(found) >= thresholds(SIGNALS, decisions), reached, level)
