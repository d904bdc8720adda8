"""Whether a reader sees what holds a topic together: find the word that does not belong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from vocmine.errors import InputError
from vocmine.stats import Interval, wilson

if TYPE_CHECKING:
    import pandas as pd


def word_intrusion(topics_terms: Sequence[Sequence[str]], *, seed: int = 0, n_terms: int = 5) -> pd.DataFrame:
    """Return one question a topic for a human reader: its first terms, and one that tells of another topic.

    The intruder is drawn from the first terms of the other topics, so that it does not stand out for being rare. It
    shares no word with any term of the topic: « facture payée » does not intrude where « facture » belongs.

    Parameters
    ----------
    topics_terms : sequence of sequence of str
        Terms of each topic, the most telling first. Give more than `n_terms` where you can: the further ones keep
        intruders away that half belong.
    seed : int, default 0
        Seed of the drawing and of the order of the words.
    n_terms : int, default 5
        Terms of the topic in each question.

    Returns
    -------
    pandas.DataFrame
        One row a topic: ``topic`` (its position), ``word_1`` to ``word_6`` in random order, ``intruder`` (the
        answer). What a reader gets is ``frame.drop(columns="intruder")``.

    Raises
    ------
    InputError
        If a topic has fewer than `n_terms` distinct terms, or no other topic has a first term that could intrude.

    References
    ----------
    J. Chang, J. Boyd-Graber, S. Gerrish, C. Wang and D. M. Blei, Reading tea leaves: how humans interpret topic models,
    NeurIPS 2009.

    Examples
    --------
    >>> topics = [["colis", "livreur", "retard"], ["facture", "double", "prélèvement"]]
    >>> word_intrusion(topics, n_terms=3).shape
    (2, 6)
    """
    import pandas as pd

    if n_terms < 1:
        raise InputError(f"got n_terms={n_terms}, expected at least one; 5 is usual")
    first = [_first_terms(topic, terms, n_terms) for topic, terms in enumerate(topics_terms)]
    random = np.random.default_rng(seed)
    rows = []
    for topic, terms in enumerate(first):
        others = chain.from_iterable(first[:topic] + first[topic + 1 :])
        intruder = str(random.choice(_strangers(topic, topics_terms[topic], others)))
        rows.append([topic, *random.permutation([*terms, intruder]).tolist(), intruder])
    return pd.DataFrame(rows, columns=["topic", *(f"word_{k}" for k in range(1, n_terms + 2)), "intruder"])


def intrusion_score(frame: pd.DataFrame, answers: Sequence[str | None]) -> Interval:
    """Return the share of the questions in which the reader found the intruder, with its 95 % Wilson interval.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `word_intrusion`.
    answers : sequence of (str or None), shape (n_topics,)
        The word chosen in each row, in the order of the rows; case and outer spaces are of no account. A row without
        an answer (None, NaN or empty) counts as not found: the reader saw nothing that stands out.

    Returns
    -------
    Interval
        Share found, 0 to 1; by chance alone one in ``n_terms + 1``.

    Raises
    ------
    InputError
        If the answers are not one a row, or an answer is none of its row's words.

    References
    ----------
    J. Chang et al. (2009), as in `word_intrusion`, where this share is called model precision.

    Examples
    --------
    >>> topics = [["colis", "livreur", "retard"], ["facture", "double", "prélèvement"]]
    >>> questions = word_intrusion(topics, n_terms=3)
    >>> print(intrusion_score(questions, list(questions["intruder"])))
    1.000 [0.342, 1.000]
    """
    if len(answers) != len(frame):
        raise InputError(f"got {len(answers)} answers to {len(frame)} questions, expected one a row; leave gaps empty")
    words = frame.filter(regex=r"^word_\d+$").to_numpy(dtype=object)
    found = 0
    for row, (answer, shown, intruder) in enumerate(zip(answers, words, frame["intruder"], strict=True)):
        chosen = answer.strip().casefold() if isinstance(answer, str) else ""
        if chosen and chosen not in {word.casefold() for word in shown}:
            raise InputError(f"got an answer in row {row} that is none of its {len(shown)} words; correct it")
        found += chosen == intruder.casefold()
    return wilson(found, len(frame))


def _first_terms(topic: int, terms: Sequence[str], n: int) -> list[str]:
    if isinstance(terms, str):
        raise InputError(f"got a text as topic {topic}, expected a sequence of terms")
    first = list(dict.fromkeys(terms))[:n]
    if len(first) < n:
        raise InputError(
            f"got {len(first)} terms for topic {topic}, expected at least {n}; leave it out, or lower n_terms"
        )
    return first


def _strangers(topic: int, terms: Sequence[str], others: Iterable[str]) -> list[str]:
    at_home = _words(terms)
    strangers = [term for term in dict.fromkeys(others) if at_home.isdisjoint(_words([term]))]
    if not strangers:
        raise InputError(
            f"got no topic whose first terms could intrude in topic {topic}, expected at least one; "
            "give another topic, or merge those that are alike"
        )
    return strangers


def _words(terms: Iterable[str]) -> set[str]:
    return {word for term in terms for word in re.findall(r"\w+", term.casefold())}
