"""Signals of one's own from a YAML file: phrases as one writes them, patterns, and how they are meant."""

from __future__ import annotations

import pandas as pd
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from vocmine.errors import InputError
from vocmine.signals import SignalRules

CALL = [
    ("A", "client", "Bonjour, plus de réseau depuis ce matin."),
    ("A", "conseiller", "Une coupure générale touche votre quartier, votre conseiller vous rappelle."),
    ("A", "client", "Encore une COUPURE GENERALE, et je n’ai plus de réseau !"),
    ("B", "client", "Pas de coupure générale ici, tout va bien."),
]
OUTAGE = {"coupure": {"phrases": ["plus de réseau", "coupure générale"]}}


@pytest.fixture(scope="module")
def calls():
    return vm.Corpus.from_records([{"id": one, "locuteur": who, "texte": text} for one, who, text in CALL])


def carries(given, text):
    """Say whether a customer's words carry the signal."""
    return SignalRules.from_mapping({"mien": given}).score(vm.Corpus.from_records([text])).contacts["mien"].item()


# What is found


def test_contacts_have_a_column_a_signal_in_the_order_of_the_corpus(calls):
    found = SignalRules.from_mapping(OUTAGE | {"gaz": {"phrases": "odeur de gaz"}}).score(calls).contacts
    assert found.columns.tolist() == ["contact_id", "coupure", "gaz"]
    assert found["contact_id"].tolist() == ["A", "B"]
    assert found["coupure"].tolist() == [True, False]
    assert found.dtypes[["coupure", "gaz"]].tolist() == [bool, bool]
    assert not found["gaz"].any()


def test_spans_are_the_words_in_their_turn_and_say_which_phrase(calls):
    spans = SignalRules.from_mapping(OUTAGE).score(calls).spans
    assert spans[["contact_id", "turn", "quote", "why"]].to_numpy().tolist() == [
        ["A", 0, "plus de réseau", "phrase 1"],
        ["A", 2, "COUPURE GENERALE", "phrase 2"],
        ["A", 2, "plus de réseau", "phrase 1"],
    ]
    texts = {(one["contact_id"], one["turn"]): one["text"] for one in calls.turns.to_pylist()}
    for span in spans.itertuples():
        assert texts[span.contact_id, span.turn][span.start : span.end] == span.quote


def test_an_analysis_is_looked_through_like_its_corpus(calls):
    rules = SignalRules.from_mapping(OUTAGE)
    pd.testing.assert_frame_equal(rules.score(analysed(calls)).spans, rules.score(calls).spans)


def test_agents_turns_are_looked_through_where_asked_and_customers_are_not(calls):
    agents = {"coupure": {"phrases": ["coupure générale", "plus de réseau"], "speaker": "agent"}}
    assert SignalRules.from_mapping(agents).score(calls).spans["turn"].tolist() == [1]


def test_nothing_found_has_the_same_columns(calls):
    found = SignalRules.from_mapping({"gaz": {"phrases": ["odeur de gaz"]}}).score(calls).spans
    assert found.columns.tolist() == ["contact_id", "turn", "start", "end", "label", "quote", "why"]
    assert found.empty


def test_what_is_neither_corpus_nor_analysis_is_refused():
    with pytest.raises(InputError, match="got a str, expected a Corpus or an Analysis"):
        SignalRules.from_mapping(OUTAGE).score("plus de réseau")


# Phrases and patterns


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("coupure générale", "Coupure generale depuis midi", True),
        ("Coupure Générale", "la coupure\ngénérale dure", True),
        ("aujourd'hui", "Rien aujourd’hui.", True),
        ("coup* général*", "des coupures générales", True),
        ("coup", "la coupure dure", False),
        ("c'est nul (vraiment)", "Bof, c'est nul (vraiment).", True),
        ("a.b", "le code axb", False),
        ("gaz", "du gazole", False),
        ("24 h/24", "ouvert 24 h/24", True),
    ],
)
def test_phrases_are_words_whatever_accents_capitals_and_blanks(phrase, text, expected):
    assert carries({"phrases": [phrase]}, text) is expected


def test_patterns_are_regular_expressions_on_folded_text():
    assert carries({"patterns": [r"code (?:erreur )?e\d{3}"]}, "J’ai le code erreur E404 sur l’écran")
    assert not carries({"patterns": [r"code E\d{3}"]}, "J’ai le code E404")  # Folded text has no capitals.


def test_what_except_covers_is_no_cue():
    given = {"phrases": ["carte"], "except": ["carte postale"]}
    assert carries(given, "Ma carte est bloquée.")
    assert not carries(given, "Merci pour la carte postale.")
    assert carries(given, "Merci pour la carte postale, mais ma carte est bloquée.")


@pytest.mark.parametrize(
    ("qualifier", "text"),
    [
        ("negated", "Je n’ai pas de coupure."),
        ("hypothetical", "S’il y avait une coupure, que feriez-vous ?"),
        ("asked", "Quelles sont les conditions en cas de coupure ?"),
    ],
)
def test_how_a_phrase_is_meant_counts_unless_despite_says_otherwise(qualifier, text):
    assert not carries({"phrases": ["coupure"]}, text)
    everything = ["negated", "hypothetical", "conditional", "asked", "reported", "settled", "elsewhere"]
    assert carries({"phrases": ["coupure"], "despite": everything}, text)
    assert not carries({"phrases": ["coupure"], "despite": [name for name in everything if name != qualifier]}, text)


# Files


def read(tmp_path, text):
    path = tmp_path / "regles.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return SignalRules.from_yaml(path)


def test_a_file_says_what_a_mapping_says(tmp_path, calls):
    text = """
    coupure:
      description: plus rien ne marche dans tout le quartier
      phrases:
        - plus de réseau
        - coupure générale
    """
    rules = read(tmp_path, text)
    assert rules == SignalRules.from_mapping(OUTAGE)
    assert rules.score(calls).contacts["coupure"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("gaz:\n  phrases: [odeur\nautre: 1", "regles.yaml, line 3: not YAML; check the indentation and the colons"),
        ("\tgaz: 1", "regles.yaml, line 1: not YAML"),
        ("", "holds no signals, expected 'name:' lines"),
        ("- gaz", "holds no signals"),
        ("simplement un texte", "holds no signals"),
        ("gaz: odeur", "signal 'gaz' holds str, expected phrases: or patterns: below it"),
        ("gaz:", "signal 'gaz' holds NoneType"),
        ("gaz: {}", "signal 'gaz' has neither phrases nor patterns"),
        ("gaz: {phrases: []}", "signal 'gaz' has neither phrases nor patterns"),
        ("gaz: {except: [gazole]}", "signal 'gaz' has neither phrases nor patterns"),
        ("gaz: {phrases: 3}", "signal 'gaz': phrases is no list of texts; write one a line, each after a dash"),
        ("gaz: {phrases: [3]}", "phrases is no list of texts"),
        ("gaz: {phrases: ['  ']}", "phrases is no list of texts"),
        ("gaz: {phrases: [a], except: {b: c}}", "except is no list of texts"),
        ("gaz: {phrase: [odeur]}", "signal 'gaz' has 'phrase', expected some of description, despite, except"),
        ("gaz: {phrases: [odeur], speaker: bot}", "signal 'gaz': speaker is 'bot', expected customer or agent"),
        ("gaz: {phrases: [odeur], speaker: [agent]}", "signal 'gaz': speaker is .'agent'., expected customer or agent"),
        ("gaz: {phrases: [odeur], despite: [nié]}", "despite names 'nié', expected some of negated"),
        ("gaz: {patterns: ['odeur(?= de gaz)']}", "a pattern of 16 characters is no expression of RE2"),
        ("gaz: {patterns: ['(odeur']}", "a pattern of 6 characters is no expression of RE2"),
        ("gaz: {patterns: ['(.)\\1']}", "is no expression of RE2"),
        ("anger: {phrases: [grr]}", "signal 'anger' comes with the package; give yours another name"),
        ("Panne Réseau: {phrases: [grr]}", "signal 'Panne Réseau' is no name, expected small letters"),
        ("3: {phrases: [grr]}", "signal '3' is no name"),
        ("contact_id: {phrases: [grr]}", "signal 'contact_id' comes with the package"),
        ("gaz: {phrases: ['*']}", "a phrase has no words"),
        ("gaz: {phrases: ['*gaz']}", r"or \* elsewhere than at the end of one"),
        ("gaz: {phrases: ['g*z']}", r"or \* elsewhere than at the end of one"),
        ("gaz: {phrases: ['\u0301']}", "a phrase has no words"),
        ("gaz: {phrases: [odeur], except: ['!']}", "a phrase has no words"),
        ("gaz: {patterns: ['(odeur)?']}", "a pattern of 8 characters matches any text; ask for a word"),
        ("gaz: !!python/object:os.system {}", "regles.yaml, line 1: not YAML"),
        ("gaz: \x00", "regles.yaml cannot be read .ReaderError."),
        ("gaz: 2026-13-45", "regles.yaml cannot be read .ValueError."),
        ("[" * 5000, "regles.yaml cannot be read .RecursionError."),
        (b"gaz: {phrases: [\xe9t\xe9]}", "cannot be read .*give a YAML file in UTF-8"),
    ],
)
def test_what_is_not_understood_is_refused_where_it_stands(tmp_path, text, says):
    with pytest.raises(InputError, match=says) as caught:
        read(tmp_path, text)
    assert str(tmp_path) not in str(caught.value)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(InputError, match=r"absent\.yaml cannot be read"):
        SignalRules.from_yaml(tmp_path / "absent.yaml")
