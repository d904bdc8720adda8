"""An analysis comes in; the simple questions that customers ask, and what agents answer, go out.

Word lists stand in ``lexicons``: ``asking.csv`` (language, pattern, why) and ``not_answers.csv`` (language, pattern,
kind), of which patterns are regular expressions of folded texts (`vocmine.text.folding.fold`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components

from vocmine.analysis import Analysis
from vocmine.corpus.customers import customer_turns
from vocmine.text.folding import fold
from vocmine.text.sentences import split_sentences
from vocmine.text.words import LANGUAGES, words
from vocmine.topics.features import Features
from vocmine.topics.neighbours import Floats, nearest, unit_rows

_CALM: Final = ("need", "request", "none")
_CONTENT: Final = ("neutral", "positive")
_NEIGHBOURS: Final = 30
_MARGIN: Final = 0.1
"""Neighbours so much less alike than a group's mean may still be of it."""
_LARGEST: Final = 3_000
"""Questions linked together that are compared all with all: 72 MB."""
_TELLING: Final = 3
"""Words that say what it is about, of which a question that reads alone has as many."""
_LEAST: Final = 2
_OFTEN: Final = 4
_SCATTERED: Final = 0.12
"""A sentence said in as many contacts, whose questions have less in common than this, answers none of them."""
_TWO_WORDS: Final = re.compile(r"\w\W+\w|^\W*(?:oui|non|yes|no|s[ií])\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d[\d ,.]*")


@dataclass(frozen=True, eq=False)
class Exchanges:
    """Questions, with what was answered, and the vectors of both.

    Attributes
    ----------
    frame : DataFrame
        As `simple_requests` returns it.
    questions, answers : float32 arrays of shape (n_questions, n_features)
        Rows of length 1; zeros where there is no answer.
    """

    frame: pd.DataFrame
    questions: Floats
    answers: Floats


def simple_requests(analysis: Analysis) -> pd.DataFrame:
    """Find the contacts that ask a simple question, and the agent's best answer.

    A contact asks a simple question where its customer asks, or asks to know, and tells of no trouble: its place on
    the scale is a need or a request, or it is told without displeasure. Of several questions the one nearest to an
    answer is kept. An answer is what the agent says in the turn that is nearest, in meaning and words, to a question
    asked before; greetings, questions of identity, bare promises and sentences that serve for any question are none.

    Parameters
    ----------
    analysis : Analysis

    Returns
    -------
    DataFrame
        One row a contact, by contact_id: ``contact_id``, ``language``, ``question``, ``question_row`` (row in
        ``analysis.segments``), ``answer`` (None without one) and ``answer_row`` (-1 without one).

    Examples
    --------
    >>> from vocmine import Corpus, Miner
    >>> turns = [("client", "Bonjour. Le changement d'adresse est-il payant ?"), ("conseiller", "Non, c'est gratuit.")]
    >>> records = [{"id": "A1", "locuteur": who, "texte": said} for who, said in turns]
    >>> simple_requests(Miner(device="cpu").score(Corpus.from_records(records)))[["question", "answer"]].values.tolist()
    [["Le changement d'adresse est-il payant ?", "Non, c'est gratuit."]]
    """
    return exchanges(analysis).frame


def exchanges(analysis: Analysis, *, simple: bool = True) -> Exchanges:
    """Return the questions and answers with their vectors; of contacts in trouble too, where not `simple`."""
    said = _said(analysis, simple=simple)
    if said.empty:
        return Exchanges(_table([]), *(np.zeros((0, 0), dtype=np.float32),) * 2)
    texts, languages = said["text"].tolist(), said["language"].tolist()
    embeddings = analysis.embeddings[said["at"].to_numpy()]
    vectors = Features.fit(embeddings, texts, languages).transform(embeddings, texts, languages)
    said = said[~_serves_for_all(said, vectors)]
    ends = np.flatnonzero(said["contact_id"].to_numpy()[1:] != said["contact_id"].to_numpy()[:-1]) + 1
    places = np.split(np.arange(len(said)), ends)
    vectors = vectors[said.index]
    columns = {name: said[name].to_numpy() for name in said.columns}
    pairs = [_paired({name: column[own] for name, column in columns.items()}, vectors[own]) for own in places]
    asked = np.array([vectors[own[question]] for own, (_, question, _) in zip(places, pairs, strict=True)])
    told = [vectors[own[answer]].sum(axis=0) for own, (_, _, answer) in zip(places, pairs, strict=True)]
    return Exchanges(_table([row for row, _, _ in pairs]), asked, np.asarray(unit_rows(np.array(told)), np.float32))


def same_questions(vectors: Floats, *, alike: float) -> NDArray[np.int64]:
    """Group the questions that ask the same.

    Neighbours are linked, and what is linked is parted by average linkage: chains of questions, each a little like
    the next, are cut.

    Parameters
    ----------
    vectors : float32 array of shape (n_questions, n_features)
        Rows of length 1.
    alike : float
        Mean cosine within a group.

    Returns
    -------
    int array of shape (n_questions,)
        Number of each one's group, from 0, by its first question.

    Examples
    --------
    >>> same_questions(np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32), alike=0.5).tolist()
    [0, 1, 0]
    """
    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    found, cosines = nearest(vectors, min(_NEIGHBOURS, len(vectors) - 1))
    near = cosines >= alike - _MARGIN
    begin = np.repeat(np.arange(len(found)), near.sum(axis=1))
    graph = sp.csr_array((np.ones(len(begin)), (begin, found[near])), shape=(len(found), len(found)))
    parts = connected_components(graph, directed=False)[1]
    order, labels, after = np.argsort(parts, kind="stable"), np.zeros(len(found), dtype=np.int64), 0
    for members in np.split(order, np.flatnonzero(np.diff(parts[order])) + 1):
        labels[members] = _linked(vectors[members], alike) + after
        after = int(labels[members].max()) + 1
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[inverse], dtype=np.int64)


def scored_rows(analysis: Analysis) -> NDArray[np.int64]:
    """Return the rows of the segments that have an embedding."""
    return np.flatnonzero(np.isfinite(analysis.embeddings).all(axis=1))


def lexicon(name: str) -> list[dict[str, str]]:
    """Read a word list: its rows."""
    lines = files(__package__).joinpath(f"lexicons/{name}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines))


def patterns(name: str, *keys: str) -> dict[tuple[str, ...], re.Pattern[str]]:
    """Read a list of patterns: one for each value of the columns `keys`, of those that its rows hold."""
    found: dict[tuple[str, ...], list[str]] = {}
    for row in lexicon(name):
        found.setdefault(tuple(row[key] for key in keys), []).append(f"(?:{row['pattern']})")
    return {key: re.compile("|".join(parts)) for key, parts in found.items()}


def _said(analysis: Analysis, *, simple: bool) -> pd.DataFrame:
    """Return the questions of the contacts that ask, and the agents' sentences after them that may answer."""
    contacts: pd.DataFrame = analysis.contacts
    if simple:  # « si je résilie » makes a complaint of a mere question
        content = contacts["sentiment"].isin(_CONTENT) & (contacts["frustration"].fillna(3) == 0)
        contacts = contacts.loc[contacts["scale"].isin(_CALM) | (content & (contacts["scale"] != "praise"))]
    turns = analysis.corpus.turns.select(["contact_id", "turn", "speaker", "quoted"]).to_pandas()
    turns["asks"] = customer_turns(analysis.corpus) >= 0
    segments = analysis.segments[["contact_id", "turn", "segment", "text"]]
    segments = segments.assign(at=np.arange(len(segments))).iloc[scored_rows(analysis)]
    said = segments.merge(turns, on=["contact_id", "turn"]).merge(contacts[["contact_id", "language"]], on="contact_id")
    said = said[said["asks"] | ((said["speaker"] == "agent") & ~said["quoted"])]
    said["language"] = [code if code in LANGUAGES else "fr" for code in said["language"]]
    parts = [_sentences(*row) for row in said[["text", "language", "asks"]].to_numpy()]
    said = said.assign(text=pd.Series(parts, index=said.index, dtype=object)).explode("text").dropna(subset=["text"])
    if said.empty:
        return said
    first = said["contact_id"].map(said[said["asks"]].groupby("contact_id")["turn"].min())
    said = said[said["asks"] | (said["turn"] > first)]  # no answer without a question, nor before it
    return said.sort_values(["contact_id", "turn", "segment"], kind="stable").reset_index(drop=True)


def _sentences(text: str, language: str, asks: bool) -> list[str]:
    """Return the question of a customer's segment, or the sentences of an agent's that can answer one."""
    parts = [text[start:end] for start, end in split_sentences(text)]
    folded = [fold(part).strip() for part in parts]
    if not asks:
        told = (part for part, plain in zip(parts, folded, strict=True) if not _listed("not_answers", language, plain))
        return [part for part in told if _TWO_WORDS.search(part)]
    asking = [place for place, plain in enumerate(folded) if _listed("asking", language, plain)]
    kept: dict[int, None] = {}
    for place in asking:
        alone = place == 0 or place - 1 in asking or _telling(parts[place], language) >= _TELLING
        own = [place] if alone else [place - 1, place]
        if _telling(" ".join(parts[each] for each in own), language) >= _LEAST:  # « vous m'entendez ? » asks nothing
            kept |= dict.fromkeys(own)
    return [" ".join(parts[place] for place in kept)] if kept else []


def _serves_for_all(said: pd.DataFrame, vectors: Floats) -> NDArray[np.bool_]:
    """Find what agents say whatever the question: the questions before it have nothing in common."""
    asked, told = said[said["asks"]], said[~said["asks"]]
    sums = pd.DataFrame(vectors[asked.index]).groupby(asked["contact_id"].to_numpy()).sum()
    questions = pd.DataFrame(unit_rows(sums.to_numpy()), index=sums.index)
    wording = told["text"].map(fold).str.replace(_NUMBER, "0", regex=True)
    each = pd.DataFrame({"wording": wording, "contact_id": told["contact_id"]}).drop_duplicates()
    each = each[each.groupby("wording")["wording"].transform("size") >= _OFTEN]
    grouped = questions.loc[each["contact_id"]].groupby(each["wording"].to_numpy())
    number, length = grouped.size(), (grouped.sum() ** 2).sum(axis=1)
    common = (length - number) / (number * (number - 1))
    return np.asarray(said.index.isin(wording.index[wording.isin(common.index[common < _SCATTERED])]))


def _paired(part: dict[str, NDArray[np.object_]], vectors: Floats) -> tuple[dict[str, object], int, NDArray[np.int64]]:
    """Choose a contact's question and its answer; return the row, and the places of both."""
    asks, answers = (np.flatnonzero(part["asks"] == kind) for kind in (True, False))
    row: dict[str, object] = {"contact_id": part["contact_id"][0], "language": part["language"][0]}
    if len(answers) == 0:
        said = [_telling(part["text"][place], part["language"][0]) for place in asks]
        question, told = int(asks[int(np.argmax(said))]), answers
        row |= {"answer": None, "answer_row": -1}
    else:
        near = np.round(vectors[asks] @ vectors[answers].T, 5)  # equals stay equal on any machine
        near[part["turn"][asks][:, None] >= part["turn"][answers][None, :]] = -2
        best = np.unravel_index(int(np.argmax(near)), near.shape)
        question, place = int(asks[best[0]]), int(answers[best[1]])
        told = answers[part["turn"][answers] == part["turn"][place]]
        row |= {"answer": " ".join(str(part["text"][each]) for each in told), "answer_row": int(part["at"][place])}
    return row | {"question": part["text"][question], "question_row": int(part["at"][question])}, question, told


def _telling(text: str, language: str) -> int:
    return len({word.lemma for word in words(text, language) if word.use == "matter"})


def _linked(points: Floats, alike: float) -> NDArray[np.int64]:
    if len(points) == 1:
        return np.zeros(1, dtype=np.int64)
    if len(points) > _LARGEST:
        first = _linked(points[:_LARGEST], alike)
        return np.concatenate([first, _linked(points[_LARGEST:], alike) + first.max() + 1])
    tree = linkage(points.astype(np.float64), method="average", metric="cosine")
    return np.asarray(fcluster(tree, 1 - alike, criterion="distance") - 1, dtype=np.int64)


def _table(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    columns = ["contact_id", "language", "question", "question_row", "answer", "answer_row"]
    kinds = dict.fromkeys(columns, "object") | {"question_row": "int64", "answer_row": "int64"}
    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=kinds[name]) for name in columns})


@cache
def _lists(name: str) -> dict[tuple[str, ...], re.Pattern[str]]:
    return patterns(name, "language")


def _listed(name: str, language: str, folded: str) -> bool:
    return bool(_lists(name)[language,].search(folded))
