"""What sentence spans promise; where they end is in tests/golden."""

from __future__ import annotations

import pytest

from vocmine.text import split_sentences
from vocmine.text.lexicons import column


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t"])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert split_sentences(text) == []


def test_spans_are_trimmed() -> None:
    assert split_sentences("  Bonjour.   Merci. \n") == [(2, 10), (13, 19)]


def test_punctuation_alone_is_one_sentence() -> None:
    assert sentences("?!…") == ["?!…"]


def test_unpunctuated_speech_is_not_split() -> None:
    speech = "euh oui donc je disais que la ligne coupe " * 50
    assert len(split_sentences(speech)) == 1


@pytest.mark.parametrize("pattern", ["a. ", ". \n", "😊 ", "aJe ", ".« ", "Je.Je@", "https://.", ") "])
def test_hostile_repetitions_are_split_and_covered(pattern: str) -> None:
    text = pattern * 20_000
    covered = sum(end - start for start, end in split_sentences(text))
    assert covered >= len(text) - text.count(" ") - text.count("\n")


@pytest.mark.parametrize("title", [a for a in column("abbreviations", "abbreviation") if a in {"m", "mme", "dr", "me"}])
def test_titles_never_end_a_sentence(title: str) -> None:
    assert len(sentences(f"Voici {title.capitalize()}. Le Goff")) == 1


@pytest.mark.parametrize("lexicon", ["abbreviations", "sentence_openers", "french_markers"])
def test_every_word_of_a_list_has_its_source_and_licence(lexicon: str) -> None:
    assert all(column(lexicon, "source"))
    assert all(column(lexicon, "licence"))


def test_no_abbreviation_is_listed_twice() -> None:
    words = column("abbreviations", "abbreviation")
    assert len(words) == len(set(words))
    assert set(column("abbreviations", "kind")) == {"title", "middle", "end"}
