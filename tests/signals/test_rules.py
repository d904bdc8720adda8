"""Finding cues in texts: where they stand, how they are meant, and which is kept where several overlap."""

from __future__ import annotations

import pytest

from vocmine.signals.cues import CANCELS, PSEUDO, Cue
from vocmine.signals.rules import Rules

CARD = (
    Cue("carte", r"\bcarte\b", 2, "card"),
    Cue("carte", r"\bcarte (?P<q>bloquee)\b", 3, "blocked card"),
    Cue("carte", r"\bcarte postale\b", PSEUDO, "postcard"),
)
LEAVES = (Cue("part", r"\bje pars\b", 3, "leaves"),)
RULES = Rules({"carte": CARD, "part": LEAVES})


def found(text, rules=RULES):
    return [(hit.signal, text[hit.start : hit.end], hit.affirmed) for hit in rules.find([text])[0]]


def test_cues_come_in_the_order_they_stand_in():
    assert found("Je pars, avec ma carte. Oui, je pars.") == [
        ("part", "Je pars", True),
        ("carte", "carte", True),
        ("part", "je pars", True),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ma carte bloquée", ["carte", "bloquée"]),
        ("Ma CARTE", ["CARTE"]),
        ("Une carte postale", []),
        ("Une carte postale et ma carte", ["carte"]),
        ("Des cartes", []),
        ("", []),
    ],
)
def test_what_is_kept(text, expected):
    assert [words for _, words, _ in found(text)] == expected


def test_where_cues_of_a_signal_overlap_the_strongest_is_kept_then_the_longest():
    rules = Rules(
        {"x": (Cue("x", "reseau", 3, "a"), Cue("x", "plus de reseau", 2, "b"), Cue("x", "le reseau", 3, "c"))}
    )
    (hit,) = rules.find(["plus de reseau"])[0]
    assert hit.why == "a"
    (hit,) = rules.find(["le réseau"])[0]
    assert hit.why == "c"


def test_cues_of_different_signals_may_share_words():
    rules = Rules({name: (Cue(name, "reseau", 2, "network"),) for name in ("x", "y")})
    assert [signal for signal, _, _ in found("réseau", rules)] == ["x", "y"]


def test_the_words_are_whole():
    assert found("des anticoupures longues", Rules({"x": (Cue("x", "coupure", 2, "cut"),)})) == [
        ("x", "anticoupures", True)
    ]


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("Je n’ai pas de carte.", "negated"),
        ("Je n’ai jamais dit que je pars.", "negated"),
        ("Si ça continue, je pars.", "conditional"),
        ("Je pars.", None),
    ],
)
def test_a_cue_says_how_it_is_meant(text, qualifier):
    (hit,) = RULES.find([text])[0]
    assert (qualifier in hit.qualifiers) if qualifier else not hit.qualifiers
    assert hit.affirmed == (not hit.qualifiers & CANCELS)


def test_a_cue_may_stand_in_spite_of_a_qualifier():
    rules = Rules({"carte": (Cue("carte", r"\bcarte\b", 3, "card", CANCELS - {"negated"}),)})
    (hit,) = rules.find(["Je n’ai pas de carte."])[0]
    assert hit.qualifiers == {"negated"}
    assert hit.affirmed


def test_many_texts_are_read_as_one_by_one():
    """Beyond a few texts, all are first looked through together."""
    texts = ["Je pars.", "Bonjour.", "Une carte\npostale", "Ma\nCARTE", "", "Élan", "« Je pars », dit-il."] * 5
    assert RULES.find(texts) == [RULES.find([text])[0] for text in texts]


def test_places_are_those_of_the_text_whatever_its_letters():
    text = "Ça, c’est « l’œuvre » — 😡 İ ﬁn : je pars !"
    ((_, words, _),) = found(text)
    assert words == "je pars"


def test_no_text_has_no_cue():
    assert RULES.find([]) == []
    assert Rules({}).find(["Je pars."]) == [[]]
