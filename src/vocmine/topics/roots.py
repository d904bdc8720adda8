"""Words come in; what their inflections and spellings have in common goes out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from vocmine.text.folding import fold
from vocmine.text.words import Word, is_word

_ELIDED: Final = frozenset("cdjlmnst")
_ELIDING: Final = frozenset("aehiouy")
_ACCENTED_SHARE: Final = 0.1
"""A word written with accents by one writer in ten is written with them, unless it is another word without."""


class Roots:
    """What the inflections and spellings of a word have in common: « prelevements » and « prélèvement » are one.

    Parameters
    ----------
    known : mapping of str to str
        Word without accents → its root, where the texts seen say better than the word alone.
    accented : mapping of str to str
        Word without accents → how it is written.

    Examples
    --------
    >>> from vocmine.text.words import words
    >>> roots = Roots.of([words("Deux prélèvements contestés"), words("un prelevement conteste")])
    >>> roots.root("prelevement", "fr") == roots.root("prélèvements", "fr"), roots.accented["prelevement"]
    (True, 'prelevement')
    """

    def __init__(self, known: Mapping[str, str], accented: Mapping[str, str]) -> None:
        self.known = dict(known)
        self.accented = dict(accented)

    @classmethod
    def of(cls, texts: Iterable[Sequence[Word]]) -> Roots:
        """Learn from texts how words are written with their accents, and with them find their lemmas."""
        spellings: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for text in texts:
            for word in text:
                if word.use == "matter":
                    spellings[fold(word.surface)][word.surface, word.lemma] += 1
        accented, known = {}, {}
        for folded, counts in spellings.items():
            total = counts.total()
            with_accents = Counter({pair: n for pair, n in counts.items() if pair[0] != folded})
            told = with_accents.total() >= _ACCENTED_SHARE * total and not is_word(folded)
            best = with_accents if told else counts
            (surface, lemma), _ = max(best.items(), key=lambda item: (item[1], item[0]))
            accented[folded] = surface
            known[folded] = _ending_off(fold(lemma), surface)
        roots = set(known.values())
        for folded in known:
            if _elided(folded, known):
                known[folded] = known[folded[1:]]
        for folded, root in known.items():  # plurals that no dictionary knows: without accents, or names of products
            if root[-1] in "sx" and len(root) > 4 and root[:-1] in roots:
                known[folded] = root[:-1]
        return cls(known, accented)

    def root(self, surface: str, lemma: str) -> str:
        """Return the root of a word."""
        folded = fold(surface)
        if folded in self.known:
            return self.known[folded]
        if _elided(folded, self.known):
            return self.known[folded[1:]]
        return _ending_off(fold(lemma), surface)

    def written(self, surface: str) -> str:
        """Return a word as it is mostly written, accents restored."""
        return self.accented.get(fold(surface), surface)


def _elided(word: str, known: Mapping[str, str]) -> bool:
    """« lappli » for « l'appli »: no word of its own, and one without its first letter."""
    return word[0] in _ELIDED and word[1:2] in _ELIDING and word[1:] in known and not is_word(word)


def _ending_off(lemma: str, surface: str) -> str:
    """Bring the four forms of a participle to one, which no dictionary does for all."""
    for ending in ("ées", "ée", "és", "é"):
        if surface.endswith(ending) and len(surface) > len(ending) + 2:
            return fold(surface[: -len(ending)]) + "e"
    return lemma
