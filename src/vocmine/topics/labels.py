"""Texts and their topics come in; what each topic is called, its terms and its quotes go out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from vocmine.errors import InputError
from vocmine.text.folding import fold
from vocmine.text.words import LANGUAGES, lemma, words
from vocmine.topics.terms import TermVectorizer

_MAIN_SHARE: Final = 0.1
"""A topic with so many texts in the corpus's main language is called in it."""
_FEWEST: Final = 3
_SUPPORT: Final = 0.05
"""A term is in three distinct texts of its topic, or in one in twenty where that is fewer."""
_RARE: Final = 0.015
"""In a large topic, a term of fewer texts than this share is an anecdote."""
_EXCLUSIVITY: Final = 0.6
"""Power of how much of a term's use is in the topic, beside how many of its texts hold it: measured, decision 0018."""
_CANDIDATES: Final = 40
_TOGETHER: Final = 2.0
"""Weight of how often terms are told together, when they are chosen for a list."""
_LONGEST_LABEL: Final = 45
_PHRASE: Final = 2.0
"""A phrase names a topic better than a word that so many more of its texts hold: it says what happens to what."""
_VERB: Final = 0.3
"""A verb names a topic as well as a noun that so many of its texts hold: reasons are nouns on a manager's list."""
_INSEPARABLE: Final = 0.55
"""A phrase stands for its words where so large a share of the texts that hold one of them hold it."""
_COMMON: Final = 0.06
"""Terms that name a topic are in this share of its texts, where there are any: others are one customer's story."""
_COVERING: Final = 0.12
"""A phrase that so many of the topic's texts hold names it alone."""
_RIVAL: Final = 0.2
"""A second term joins the label where it names the topic at least this share as well as the first."""
_STEM: Final = 5
"""Letters in which « résilier » and « résiliation » are one."""
_POSSESSIVES: Final = frozenset({"ma", "mon", "sa", "son", "votre", "notre", "my"})
"""« Faux sur ma facture » is one customer's voice, not a reason on a list."""
_INFINITIVE: Final = re.compile(r"(?:er|ir|oir|re)$")
_PARTICIPLE: Final = re.compile(r"(?:é|i|u|is|it|ert|aint|eint|oint)e?s?$")


class _Term(NamedTuple):
    """A term of a topic: its weight, the share of the topic's texts that hold it, and of its use that is there."""

    name: str
    weight: float
    coverage: float
    exclusive: float


@dataclass(frozen=True)
class Description:
    """What a topic is called.

    Attributes
    ----------
    topic : int
    label : str
        What it is about, in a few words.
    terms : tuple of (str, float)
        Its most telling terms with their weights, the first first.
    language : str
        ISO 639-1 code of both.
    """

    topic: int
    label: str
    terms: tuple[tuple[str, float], ...]
    language: str


class _Told(NamedTuple):
    """The terms of a topic, the heaviest first, and those to be listed, that are told together."""

    ranked: list[_Term]
    listed: list[_Term]


def describe(
    texts: Sequence[str],
    topics: NDArray[np.integer],
    *,
    languages: Sequence[str] | None = None,
    weights: NDArray[np.floating] | None = None,
    n_terms: int = 10,
    stop_words: Sequence[str] = (),
) -> list[Description]:
    """Find the terms that tell each topic from the others, and call it by the best.

    Terms are weighed by c-TF-IDF, by how much of their use is in the topic and by how many of its texts hold them. All
    are of one language: the corpus's main one, if a tenth of the topic's texts are in it, else the topic's own.

    Parameters
    ----------
    texts, topics : sequence of str, int array of shape (n_texts,)
        -1 for none.
    languages : sequence of str, optional
        ISO 639-1 code of each text; by default all are French. Those unknown count as the main language.
    weights : float array of shape (n_texts,), optional
        What each text counts for, such as the number of its copies.
    n_terms : int
    stop_words : sequence of str
        Words that are no terms, such as the company's name.

    Returns
    -------
    list of Description
        One a topic, by topic. No label is there twice.

    References
    ----------
    M. Grootendorst, arXiv:2203.05794, for c-TF-IDF; J. Bischof, E. Airoldi, ICML 2012, for frequency and exclusivity.

    Examples
    --------
    >>> texts = ["facture trop élevée", "ma facture a doublé", "facture illisible", "colis perdu"]
    >>> texts += ["colis en retard"] * 3
    >>> [found.label for found in describe(texts, np.array([0, 0, 0, 1, 1, 1, 1]))]
    ['facture, doublé', 'colis en retard']
    """
    if len(topics) != len(texts):
        raise InputError(f"got {len(topics)} topics for {len(texts)} texts, expected one each")
    spoken = _spoken(texts, languages)
    weights = np.ones(len(texts)) if weights is None else np.asarray(weights, dtype=np.float64)
    main = Counter(spoken).most_common(1)[0][0] if spoken else "fr"
    called = _languages_of(topics, np.array(spoken, dtype=object), main)
    found: dict[int, _Told] = {}
    for language in dict.fromkeys(called.values()):
        rows = np.flatnonzero([code == language for code in spoken])
        own = [topic for topic, code in called.items() if code == language]
        found |= _telling(
            [texts[row] for row in rows.tolist()], topics[rows], weights[rows], own, language, tuple(stop_words)
        )
    sizes = {topic: float(weights[topics == topic].sum()) for topic in called}
    labels = _labels({topic: told.ranked for topic, told in found.items()}, sizes, called)
    return [
        Description(topic, labels[topic], _weights(found[topic].listed[:n_terms]), called[topic])
        for topic in sorted(called)
    ]


def _spoken(texts: Sequence[str], languages: Sequence[str] | None) -> list[str]:
    if languages is None:
        return ["fr"] * len(texts)
    known = Counter(code for code in languages if code in LANGUAGES)
    main = known.most_common(1)[0][0] if known else "fr"
    return [code if code in LANGUAGES else main for code in languages]


def _languages_of(topics: NDArray[np.integer], spoken: NDArray[np.object_], main: str) -> dict[int, str]:
    called = {}
    for topic in sorted(set(topics.tolist()) - {-1}):
        counts = Counter(spoken[topics == topic])
        called[topic] = main if counts[main] >= _MAIN_SHARE * counts.total() else counts.most_common(1)[0][0]
    return called


def _telling(
    texts: list[str],
    topics: NDArray[np.integer],
    weights: NDArray[np.floating],
    own: list[int],
    language: str,
    stop_words: tuple[str, ...],
) -> dict[int, _Told]:
    """Weigh the terms of each topic."""
    vectorizer = TermVectorizer(language, min_count=1, stop_words=stop_words)
    present = vectorizer.fit_transform(texts)
    present.data[:] = 1  # a text says a term or not: how often it repeats it is its author's way
    names = vectorizer.get_feature_names_out()
    all_topics = np.unique(topics[topics >= 0])
    member = sp.csr_array(topics[None, :] == all_topics[:, None], dtype=np.float64)
    counts = np.asarray((member @ sp.csr_array(present.multiply(weights[:, None]))).todense())
    distinct = np.asarray((member @ sp.csr_array(present)).todense())
    exclusive = _exclusive(counts)
    covered = counts / np.maximum(member @ weights, 1e-12)[:, None]
    weighed = _ctfidf(counts) * exclusive**_EXCLUSIVITY * covered
    found = {}
    for topic in own:
        row = int(np.searchsorted(all_topics, topic))
        n_texts = int((topics == topic).sum())
        fewest = min(max(_FEWEST, int(_RARE * n_texts)), max(1, int(np.ceil(_SUPPORT * n_texts))))
        allowed = distinct[row] >= fewest
        order = np.argsort(-np.where(allowed, weighed[row], 0), kind="stable")[:300]
        ranked = _whole(
            [
                _Term(
                    str(names[term]), float(weighed[row, term]), float(covered[row, term]), float(exclusive[row, term])
                )
                for term in order
                if weighed[row, term] > 0
            ]
        )
        columns = {str(names[term]): int(term) for term in order}
        apart = _apart(ranked, _CANDIDATES)
        listed = _told_together(apart, present[:, [columns[term.name] for term in apart]])
        found[topic] = _Told(ranked, listed)
    return found


def _whole(terms: list[_Term]) -> list[_Term]:
    """Let a phrase stand for its words where they are hardly said without it: « assurance maladie »."""
    alone: dict[str, _Term] = {}
    for term in terms:
        if " " not in term.name:
            for stem in _bag(term.name):
                alone.setdefault(stem, term)
    whole: dict[str, _Term] = {}
    parts: set[str] = set()
    for term in terms:
        words_of = [alone[stem] for stem in _bag(term.name) if stem in alone]
        phrase = " " in term.name and len(words_of) > 1 and not _POSSESSIVES & set(term.name.split())
        if phrase and not parts & {word.name for word in words_of} and _inseparable(term, words_of):
            whole[term.name] = term._replace(weight=max(word.weight for word in words_of))
            parts |= {word.name for word in words_of}
    kept = [whole.get(term.name, term) for term in terms if term.name not in parts]
    return sorted(kept, key=lambda term: -term.weight)


def _inseparable(phrase: _Term, parts: list[_Term]) -> bool:
    return all(phrase.coverage >= _INSEPARABLE * part.coverage for part in parts)


def _told_together(terms: list[_Term], present: sp.csr_matrix) -> list[_Term]:
    """Order terms by weight and by how often they are in the same texts as those before them."""
    if not terms:
        return []
    n_texts = present.shape[0]
    both = np.asarray((present.T @ present).todense(), dtype=np.float64) / n_texts
    alone = np.diag(both)
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.log(both / np.outer(alone, alone)) / -np.log(both)
    npmi = np.where(both > 0, npmi, -1)
    weights = np.array([term.weight for term in terms])
    chosen = [0]
    while len(chosen) < len(terms):
        near = npmi[:, chosen].mean(axis=1)
        value = weights * np.exp(_TOGETHER * near)
        value[chosen] = -np.inf
        chosen.append(int(value.argmax()))
    return [terms[place] for place in chosen]


def _ctfidf(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return np.asarray(share * np.log1p(counts.sum(axis=1).mean() / np.maximum(counts.sum(axis=0), 1)))


def _exclusive(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of each term's use falls in each topic, were all topics of one size; 0 to 1."""
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return np.asarray(share / np.maximum(share.sum(axis=0), 1e-12))


def _weights(terms: list[_Term]) -> tuple[tuple[str, float], ...]:
    return tuple((term.name, term.weight) for term in terms)


def _apart(terms: list[_Term], n: int) -> list[_Term]:
    """Keep the first terms that are not part of one another, nor share a word with a better one."""
    kept: list[_Term] = []
    bags: list[set[str]] = []
    for term in terms:
        held = _bag(term.name)
        if not any(held & bag for bag in bags):
            kept.append(term)
            bags.append(held)
        if len(kept) == n:
            break
    return kept


def _bag(name: str) -> set[str]:
    """Return what the words of a term have in common with their inflections; small words left out."""
    return {_stem(fold(word.lemma)) for word in words(name) if word.use == "matter"} or {name}


def _stem(lemma: str) -> str:
    return lemma.removesuffix("r" if lemma.endswith("er") else "")[:_STEM]


def _labels(found: dict[int, list[_Term]], sizes: dict[int, float], called: dict[int, str]) -> dict[int, str]:
    """Name each topic by its best term, and a second where one word says too little; larger topics choose first."""
    labels: dict[int, str] = {}
    for topic in sorted(found, key=lambda topic: (-sizes[topic], topic)):
        common = [term for term in found[topic] if term.coverage >= _COMMON] or found[topic]
        ranked = sorted(common, key=lambda term: -_naming(term, called[topic]))
        ranked = _apart([term for term in ranked if len(term.name) <= _LONGEST_LABEL], 10)
        taken = set(labels.values())
        names = _names(ranked, called[topic])
        labels[topic] = next((name for name in names if name not in taken), f"{topic}")
    return labels


def _naming(term: _Term, language: str) -> float:
    """Return how well a term names its topic: how many of its texts hold it, and how few others."""
    value = term.coverage * float(np.sqrt(term.exclusive))
    if " " in term.name:
        value = 0.0 if _POSSESSIVES & set(term.name.split()) else value * _PHRASE
    return value * _VERB if _opens_on_verb(term.name, language) else value


@cache
def _opens_on_verb(name: str, language: str) -> bool:
    """Whether a French term begins with an infinitive or a verb that has a subject; participles name states."""
    first = words(name, language)[0]
    if language != "fr" or first.use != "matter" or _PARTICIPLE.search(first.surface):
        return False
    verb = _INFINITIVE.search(first.lemma)
    return bool(verb) and (
        first.surface != first.lemma or lemma(_INFINITIVE.sub("ait", first.lemma), "fr") == first.lemma
    )


def _names(ranked: list[_Term], language: str) -> list[str]:
    """Give the names that a topic may have, the best first."""
    if not ranked:
        return []
    first, others = ranked[0], ranked[1:]
    near = [other for other in others if _naming(other, language) >= _RIVAL * _naming(first, language)]
    fit = [other for other in [*near, *others] if len(first.name) + len(other.name) + 2 <= _LONGEST_LABEL]
    pairs = list(dict.fromkeys(f"{first.name}, {other.name}" for other in fit))
    if near and pairs and not (" " in first.name and first.coverage >= _COVERING):
        return [*pairs, first.name]
    return [first.name, *pairs]
