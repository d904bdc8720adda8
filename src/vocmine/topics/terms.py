"""Texts come in; the terms that say what they are about go out: words and short phrases, inflections merged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils.validation import check_is_fitted

from vocmine.errors import InputError
from vocmine.text.folding import fold
from vocmine.text.words import Word, words
from vocmine.topics.roots import Roots

_LINKS: Final = frozenset(
    (
        "de",
        "du",
        "des",
        "d'",
        "en",
        "a",
        "au",
        "aux",
        "le",
        "la",
        "les",
        "l'",
        "un",
        "une",
        "par",
        "pour",
        "sur",
        "dans",
        "avec",
        "son",
        "sa",
        "mon",
        "ma",
        "votre",
        "notre",
        "of",
        "in",
        "for",
        "to",
        "the",
        "on",
        "my",
        "del",
        "el",
        "los",
        "las",
        "al",
        "por",
        "con",
        "da",
        "do",
        "das",
        "dos",
        "di",
        "della",
        "nel",
        "der",
        "die",
        "den",
        "dem",
        "ein",
        "eine",
        "im",
        "am",
        "vom",
        "zum",
        "zur",
    )
)
"""Small words that may stand inside a phrase."""
_NOT_FIRST: Final = frozenset(("ne", "n'", "ni", "non", "rien", "nothing", "none", "nada", "nichts", "niente"))
_AFTER_NEGATION: Final = frozenset(
    (
        "encore",
        "de",
        "d'",
        "du",
        "des",
        "le",
        "la",
        "les",
        "l'",
        "un",
        "une",
        "ete",
        "bien",
        "toujours",
        "been",
        "yet",
        "any",
        "the",
        "sido",
    )
)
_WIDEST_GAP: Final = 2


class Term(NamedTuple):
    """A term where it stands in a text.

    Attributes
    ----------
    key : str
        The same for all inflections and spellings.
    surface : str
        As written there, in lower case.
    n_words : int
        Words of the key.
    """

    key: str
    surface: str
    n_words: int


def terms_of(text: Sequence[Word], roots: Roots, longest: int = 3) -> Iterator[Term]:
    """Give the terms of a text: words that say what it is about, and the phrases they make.

    A phrase holds two or three such words, with small words between them, or a negation before one. It does not go
    across punctuation.
    """
    for place, word in enumerate(text):
        if word.use == "matter":
            yield Term(roots.root(word.surface, word.lemma), roots.written(word.surface), 1)
            yield from _phrases(text, place, roots, longest)
        elif longest > 1 and word.use == "negation" and _denies(text, place):
            yield from _denied(text, place, roots)


def _phrases(text: Sequence[Word], first: int, roots: Roots, longest: int) -> Iterator[Term]:
    parts = [text[first]]
    surface = roots.written(text[first].surface)
    place, gap = first, list[str]()
    while len(parts) < longest and place + 1 < len(text):
        place += 1
        word = text[place]
        if word.breaks_before:
            return
        if word.use == "matter":
            parts.append(word)
            surface = _joined(surface, *gap, roots.written(word.surface))
            gap = []
            yield Term(" ".join(roots.root(part.surface, part.lemma) for part in parts), surface, len(parts))
        elif fold(word.surface) in _LINKS and len(gap) < _WIDEST_GAP:
            gap.append(word.surface)
        else:
            return


def _denies(text: Sequence[Word], place: int) -> bool:
    folded = fold(text[place].surface)
    if folded in _NOT_FIRST:
        return False
    # « plus » only denies after « ne »: « plus rapide » does not.
    return folded != "plus" or any(fold(word.surface) in {"ne", "n'"} for word in text[max(0, place - 4) : place])


def _denied(text: Sequence[Word], first: int, roots: Roots) -> Iterator[Term]:
    surface = text[first].surface
    for word in text[first + 1 : first + 4]:
        if word.breaks_before:
            return
        if word.use == "matter":
            root = roots.root(word.surface, word.lemma)
            yield Term(f"{fold(text[first].surface)} {root}", _joined(surface, roots.written(word.surface)), 2)
            return
        if fold(word.surface) not in _AFTER_NEGATION:
            return
        surface = _joined(surface, word.surface)


def _joined(*surfaces: str) -> str:
    return " ".join(surfaces).replace("' ", "'")


class TermVectorizer(CountVectorizer):  # type: ignore[misc]
    """Count the terms of texts, each under the spelling that is most frequent.

    It can be given to BERTopic as its ``vectorizer_model``. Stop words are those of the languages, and what customers
    say whatever the matter; negations stay in phrases (« pas reçu »); elided words are cut off.

    Parameters
    ----------
    languages : str or tuple of str, default "fr"
        Languages of the texts, ISO 639-1. A word is of the first; a stop word of any of them is no term.
    longest : int, default 3
        Words of the longest phrase, small words apart; 1 for no phrases.
    min_count : int, default 3
        Terms met fewer times are left out.
    max_terms : int, default 30_000
        Terms kept, the most frequent.
    stop_words : tuple of str, default ()
        More words that are no terms, such as the company's name.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Term, as it is mostly written → column.

    Examples
    --------
    >>> texts = ["Mes factures ne sont pas arrivées", "facture pas arrivée", "La facture est arrivée en double"]
    >>> vectorizer = TermVectorizer(min_count=2).fit(texts)
    >>> vectorizer.get_feature_names_out().tolist()
    ['facture']
    """

    def __init__(
        self,
        languages: str | tuple[str, ...] = "fr",
        *,
        longest: int = 3,
        min_count: int = 3,
        max_terms: int = 30_000,
        stop_words: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self.languages = languages
        self.longest = longest
        self.min_count = min_count
        self.max_terms = max_terms
        self.stop_words = stop_words

    def fit(self, raw_documents: Iterable[str], y: object = None) -> Self:  # noqa: ARG002 - scikit-learn's signature
        """Learn which terms there are, and how they are written."""
        self.fit_transform(raw_documents)
        return self

    def fit_transform(self, raw_documents: Iterable[str], y: object = None) -> sp.csr_matrix:  # noqa: ARG002
        """Learn the terms and count them; integer sparse matrix of shape (n_texts, n_terms)."""
        cut = self.cut(raw_documents)
        self.roots_ = Roots.of(cut)
        found = [list(terms_of(text, self.roots_, self.longest)) for text in cut]
        totals: Counter[str] = Counter()
        surfaces: dict[str, Counter[str]] = defaultdict(Counter)
        for terms in found:
            for term in terms:
                totals[term.key] += 1
                surfaces[term.key][term.surface] += 1
        often = [(key, n) for key, n in totals.items() if n >= self.min_count]
        often = sorted(often, key=lambda item: (-item[1], item[0]))[: self.max_terms]
        named: dict[str, str] = {}
        for key, _ in often:  # of two terms written alike, the more frequent is kept
            named.setdefault(max(surfaces[key].items(), key=lambda item: (item[1], -len(item[0]), item[0]))[0], key)
        names = sorted(named)
        self.vocabulary_ = {name: column for column, name in enumerate(names)}
        self.columns_ = {named[name]: column for name, column in self.vocabulary_.items()}
        return self._counted([[term.key for term in terms] for terms in found])

    def transform(self, raw_documents: Iterable[str]) -> sp.csr_matrix:
        """Count the terms learnt; integer sparse matrix of shape (n_texts, n_terms)."""
        check_is_fitted(self, "columns_")
        return self._counted(
            [[term.key for term in terms_of(text, self.roots_, self.longest)] for text in self.cut(raw_documents)]
        )

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Return the terms, as they are mostly written, in the order of the columns."""
        check_is_fitted(self, "columns_")
        return np.array(list(self.vocabulary_), dtype=object)

    def cut(self, texts: Iterable[str]) -> list[list[Word]]:
        """Cut texts into words, stop words marked as such."""
        if isinstance(texts, str):
            raise InputError("got one text, expected several; give a list of texts")
        languages = (self.languages,) if isinstance(self.languages, str) else self.languages
        stopped = {fold(word) for word in self.stop_words}
        return [self._words(text, languages, stopped) for text in texts]

    def _words(self, text: str, languages: tuple[str, ...], stopped: set[str]) -> list[Word]:
        cut = words(text, languages[0])
        for other in languages[1:]:
            general = {word.start for word in words(text, other) if word.use == "general"}
            cut = [word._replace(use="general") if word.start in general else word for word in cut]
        return [word._replace(use="general") if fold(word.surface) in stopped else word for word in cut]

    def _counted(self, keys: list[list[str]]) -> sp.csr_matrix:
        columns = [[self.columns_[key] for key in text if key in self.columns_] for text in keys]
        ends = np.cumsum([0, *map(len, columns)])
        flat = np.fromiter((column for text in columns for column in text), dtype=np.int64, count=ends[-1])
        counts = sp.csr_matrix((np.ones(len(flat), dtype=np.int64), flat, ends), shape=(len(keys), len(self.columns_)))
        counts.sum_duplicates()
        return counts
