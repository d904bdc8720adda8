"""An aspect is said of a contact where its segments say it together, and shown by the words that say it most."""

import numpy as np
import pyarrow as pa
import pytest

import vocmine as vm
from vocmine import schema
from vocmine.corpus.customers import customer_turns
from vocmine.sentiment import Reading, aspect_columns, aspect_spans

ABSENT, BAD, GOOD = (0.98, 0.01, 0.01), (0.1, 0.85, 0.05), (0.2, 0.1, 0.7)
RECORDS = [
    ("c1", "client", "Trois semaines sans réponse."),
    ("c1", "conseiller", "Je transmets votre dossier."),
    ("c1", "client", "Au moins vous êtes aimable."),
    ("c2", "client", "Quel est le tarif ?"),
    ("c3", "client", "..."),
]


@pytest.fixture(scope="module")
def corpus():
    return vm.Corpus.from_records([{"id": i, "locuteur": who, "texte": said} for i, who, said in RECORDS])


@pytest.fixture(scope="module")
def segments(corpus):
    texts = [said for *_, said in RECORDS]
    keys = corpus.turns.select(["contact_id", "turn"]).to_pydict()
    ranks = {"segment": [0] * 5, "start": [0] * 5, "end": list(map(len, texts)), "text": texts}
    return pa.table(keys | ranks, schema=schema.SEGMENTS)


def reading(responsiveness, relationship=(ABSENT,) * 5, threshold=0.5, tokens=(10, 10, 10, 10, 0)):
    said = {"responsiveness": responsiveness, "relationship": relationship}
    heads = {name: np.array([*rows[:4], (np.nan,) * 3], dtype=float) for name, rows in said.items()}
    heads["sentiment"] = np.array([[0.5, 0.25, 0.25]] * 4 + [[np.nan] * 3])
    every = dict.fromkeys(schema.ASPECTS, threshold)
    heads |= {name: np.array([ABSENT] * 4 + [(np.nan,) * 3]) for name in every.keys() - heads.keys()}
    return Reading(np.arange(5), np.full(5, 20), np.array(tokens), [None] * 4 + ["no_letters"], heads, every)


def columns(corpus, found):
    made = aspect_columns(found, customer_turns(corpus)[found.turn], 3)
    return {name: array.to_pylist() for name, array in made.items()}


def test_what_customers_speak_of_is_said_with_how_and_what_agents_say_is_not(corpus):
    found = columns(corpus, reading([BAD, ABSENT, BAD, ABSENT], [ABSENT, GOOD, GOOD, ABSENT], threshold=0.2))
    assert found["aspects"] == [["relationship", "responsiveness"], [], None]
    assert found["aspect_responsiveness"] == ["negative", None, None]
    assert found["aspect_relationship"] == ["positive", None, None]
    assert found["aspect_simplicity"] == [None, None, None]


def test_nothing_is_said_where_it_was_not_asked_for(corpus, segments):
    asked = reading([BAD] * 4)
    silent = Reading(asked.turn, asked.lengths, asked.tokens, asked.reasons, {"sentiment": asked.heads["sentiment"]})
    assert all(values == [None] * 3 for values in columns(corpus, silent).values())
    assert aspect_spans(corpus, segments, silent).equals(schema.SPANS.empty_table())


def test_the_words_that_show_it_come_in_the_order_of_the_text(corpus, segments):
    spans = aspect_spans(corpus, segments, reading([GOOD, BAD, BAD, ABSENT], [BAD, BAD, GOOD, ABSENT])).to_pylist()
    assert [(span["turn"], span["label"], span["why"]) for span in spans] == [
        (0, "relationship", "negative"),
        (0, "responsiveness", "positive"),
        (2, "relationship", "positive"),
        (2, "responsiveness", "negative"),
    ]
    assert spans[1] == {
        "contact_id": "c1",
        "turn": 0,
        "start": 0,
        "end": 28,
        "kind": "aspect",
        "label": "responsiveness",
        "score": pytest.approx(0.8),
        "quote": "Trois semaines sans réponse.",
        "why": "positive",
    }


def test_what_is_said_has_at_least_its_weightiest_segment(corpus, segments):
    """Each alone stays below the threshold, but the longer one counts for most of what they say together."""
    weak, weaker = (0.62, 0.35, 0.03), (0.68, 0.30, 0.02)
    found = reading([weak, ABSENT, weaker, ABSENT], threshold=0.33, tokens=(10, 10, 40, 10, 0))
    first, second = aspect_spans(corpus, segments, found).to_pylist()
    assert (first["turn"], second["turn"]) == (0, 2)  # the first by its probability, the second by its weight
    found = reading([weaker, ABSENT, weak, ABSENT], threshold=0.33, tokens=(10, 10, 40, 10, 0))
    assert [span["turn"] for span in aspect_spans(corpus, segments, found).to_pylist()] == [2]
