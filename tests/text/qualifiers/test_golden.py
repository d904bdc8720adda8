"""Golden sentences: `[words|qualifier]` is what the words are, `[words]` are plainly affirmed.

`golden.tsv` holds what is read rightly, `missed.tsv` what is not yet: when one of its rows passes, move it.
"""

import re
from pathlib import Path

import pytest

from vocmine.text.folding import fold
from vocmine.text.qualifiers import QUALIFIERS, qualify

_MARKED = re.compile(r"\[([^\[\]|]+)(?:\|([a-z]+(?:,[a-z]+)*))?\]")


def _sentences(name):
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[1] for line in lines]


def _meant(sentence):
    """Return what a marked sentence expects of its words, and what is found."""
    marked = _MARKED.search(sentence)
    expected = frozenset((marked[2] or "").split(",")) - {""}
    text = sentence[: marked.start()] + marked[1] + sentence[marked.end() :]
    return expected, qualify(fold(text), [(marked.start(), marked.start() + len(marked[1]))])[0]


@pytest.mark.parametrize("sentence", _sentences("golden.tsv"))
def test_says_how_the_words_are_meant(sentence):
    expected, found = _meant(sentence)
    assert found == expected


@pytest.mark.xfail(reason="not read rightly yet", strict=False)
@pytest.mark.parametrize("sentence", _sentences("missed.tsv"))
def test_misreads(sentence):
    expected, found = _meant(sentence)
    assert found == expected


def test_every_qualifier_has_sentences():
    expected = {name for sentence in _sentences("golden.tsv") for name in _meant(sentence)[0]}
    assert expected == set(QUALIFIERS)


def test_each_span_is_judged_for_itself():
    text = fold("je ne suis pas fâché, mais c'est inadmissible")
    spans = [(15, 20), (33, 45)]
    assert qualify(text, spans) == [frozenset({"negated"}), frozenset()]


def test_without_spans_there_is_nothing_to_say():
    assert qualify("", []) == []
