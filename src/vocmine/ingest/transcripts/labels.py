"""Speakers' labels at the head of a line, told from words that merely stand before a colon."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from vocmine.corpus.cells import fold
from vocmine.corpus.vocabulary import read_speaker
from vocmine.text.lexicons import column

_LONGEST: Final = 60
_ANONYMOUS: Final = re.compile(
    r"(?:speaker|spk|spkr|locuteur|locutrice|intervenant|intervenante|interlocuteur|interlocutrice|participant|voix"
    r"|canal|channel) ?[0-9a-z]{1,3}"
)
_WORD: Final = r"[A-ZÀ-ÖØ-Þ][\w'’.-]{0,30}"
_NAME: Final = re.compile(rf"{_WORD}(?: (?:{_WORD}|de|du|des|la|le|van|von|ben|el)){{0,4}}(?: \([^()]{{1,40}}\))?")


class Labelled(NamedTuple):
    """A speaker's label and what is said after it."""

    label: str
    text: str


def split_label(line: str, *, names: bool) -> Labelled | None:
    """Return the speaker's label at the head of a line and the words after it, or None where there is none.

    Parameters
    ----------
    line : str
        Without its line break.
    names : bool
        Whether a name is a label too (« Camille Durand: »): in files where most lines have one. Roles (« Client »)
        and numbers (« SPEAKER_00 ») always are.

    Examples
    --------
    >>> split_label("Mme Durand (cliente) : Allô ?", names=False)
    Labelled(label='Mme Durand (cliente)', text='Allô ?')
    >>> split_label("Votre conseiller : Paul", names=False) is None
    True
    """
    colon = line.find(":", 0, _LONGEST)
    if colon < 0:
        return None
    label = line[:colon].strip(" \t\u00a0\u202f[]*>")
    if not is_label(label, names=names):
        return None
    return Labelled(label, line[colon + 1 :].lstrip("]* \t\u00a0\u202f").rstrip())


def is_label(label: str, *, names: bool) -> bool:
    """Tell whether words are a speaker's label, see `split_label`."""
    folded = fold(label)
    if not folded or len(label) > _LONGEST or label[-1] in "!?,;":
        return False
    if _ANONYMOUS.fullmatch(folded):
        return True
    words = folded.split()
    if len(words) <= 6 and words[0] not in words_used_as("before_a_role") and read_speaker(label)[1] is None:
        return len(words) <= 2 or label[0].isupper()
    return names and folded not in words_used_as("not_a_name") and _NAME.fullmatch(label) is not None


def use_names(lines: Iterable[str]) -> bool:
    """Tell whether names are labels in a file: whether at least half of its first lines of speech begin with one."""
    labelled = [split_label(line, names=True) is not None for line in lines]
    return 2 * sum(labelled) >= len(labelled) > 0


@cache
def words_used_as(use: str) -> frozenset[str]:
    """Return the words of one use in transcripts, folded.

    Parameters
    ----------
    use : str
        ``not_a_name`` (what stands before a colon and is no speaker), ``before_a_role`` (« votre conseiller : … » is no
        label), ``id_field``, ``date_field`` and ``other_field`` (names of the lines above a call).
    """
    rows = zip(column("transcript_words", "words"), column("transcript_words", "use"), strict=True)
    return frozenset(fold(words) for words, its_use in rows if its_use == use)
