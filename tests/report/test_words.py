"""The page writes French as the French do, and English as the English do."""

import json
from importlib.resources import files
from string import Formatter

import pytest

from vocmine.errors import InputError
from vocmine.report.words import LANGUAGES, Words, typeset
from vocmine.schema import CHANNELS

FR, EN = Words("fr"), Words("en")
SENTENCES = {
    language: json.loads(files("vocmine.report.words").joinpath(f"{language}.json").read_text(encoding="utf-8"))
    for language in LANGUAGES
}


@pytest.mark.parametrize(
    ("french", "english", "write"),
    [
        ("6\u202f000", "6,000", lambda words: words.number(6000)),
        ("1\u202f234,5", "1,234.5", lambda words: words.number(1234.5, 1)),
        ("48\u00a0%", "48%", lambda words: words.percent(0.4831)),
        ("+12\u00a0%", "+12%", lambda words: words.signed_percent(0.12)),
        ("−3\u00a0pt", "−3\u00a0pt", lambda words: words.points(-0.031)),
        ("0\u00a0pt", "0\u00a0pt", lambda words: words.points(-0.001)),
        ("lundi 14\u00a0sept. 2026", "Monday 14\u00a0Sept 2026", lambda words: words.day("2026-09-14")),
        ("1er\u00a0août 2026", "1\u00a0August 2026", lambda words: words.day("2026-08-01", "plain")),
        ("le 2\u00a0mars 2026", "on 2\u00a0March 2026", lambda words: words.period("2026-03-02", "2026-03-02")),
        ("4,2\u00a0s", "4.2\u00a0s", lambda words: words.duration(4.21)),
        ("2\u00a0min 05\u00a0s", "2\u00a0min 05\u00a0s", lambda words: words.duration(124.9)),
        ("1\u00a0h 01\u00a0min", "1\u00a0h 01\u00a0min", lambda words: words.duration(3660)),
        ("0 contact", "0 contacts", lambda words: words.count("contacts", 0)),
        ("1 contact", "1 contact", lambda words: words.count("contacts", 1)),
        ("texte vide (12)", "empty text (12)", lambda words: words.counts("reason", {"empty_text": 12})),
    ],
)
def test_numbers_dates_and_durations(french, english, write):
    assert write(FR) == french
    assert write(EN) == english


def test_no_space_of_a_french_sentence_can_break_before_its_sign():
    assert typeset("Quoi ? « Rien » : 5 % ; non !") == (
        "Quoi\u202f? «\u00a0Rien\u00a0»\u00a0: 5\u00a0%\u202f; non\u202f!"
    )


def test_a_code_without_a_name_is_shown_as_it_is():
    assert FR.name("reason", "broken_by_model") == "broken by model"


def test_both_languages_say_the_same_things_with_the_same_figures():
    french, english = SENTENCES["fr"], SENTENCES["en"]
    assert french.keys() == english.keys()
    for key in french:
        assert fields(french[key]) == fields(english[key]), key


def test_every_channel_has_its_words():
    for channel in CHANNELS:
        for kind in ("channel", "most_through", "tensest"):
            assert f"{kind}.{channel}" in SENTENCES["fr"]


def test_another_language_is_refused():
    with pytest.raises(InputError, match="got language 'de', expected one of fr, en"):
        Words("de")


def fields(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
