"""Tables of topics: every contact counted once, every segment with its topic or the reason why it has none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.signals.by_hand import analysed
from vocmine.schema import ASSIGNMENTS, CONTACT_TOPICS, TOPICS
from vocmine.topics.labels import Description
from vocmine.topics.rule import Placed
from vocmine.topics.tables import assignments, contact_topics, counted, main_topics, recounted, topic_table
from vocmine.topics.units import Units

LABELS = {0: "facture", 1: "colis", -1: "divers"}
SAID = [
    ("A1", "client", "Ma facture a doublé et le montant reste un mystère"),
    ("A1", "client", "Mon colis abîmé par le livreur"),
    ("A1", "client", "Merci"),
    ("A2", "conseiller", "Votre colis est parti"),
    ("A3", "client", "Carte perdue au guichet"),
]


def units(contacts, texts=None):
    texts = texts or ["facture"] * len(contacts)
    made = Units.of_texts(texts, np.ones((len(texts), 2)))
    return Units(made.texts, made.languages, made.embeddings, np.array(contacts), made.shaping, made.rows, made.reasons)


def placed(topics, probabilities=None):
    topics = np.array(topics, dtype=np.int64)
    sure = np.ones(len(topics), np.float32) if probabilities is None else np.array(probabilities, np.float32)
    return Placed(topics, sure, sure)


@pytest.fixture(scope="module")
def analysis():
    return analysed([{"id": name, "locuteur": who, "texte": said} for name, who, said in SAID])


@pytest.fixture(scope="module")
def of_analysis(analysis):
    return Units.of(analysis)


def test_each_contact_counts_once_a_topic_and_its_share_is_of_main_topics():
    table = counted(units([0, 0, 1, 2]), np.array([0, 0, 1, -1]), 4)
    assert table.loc[0].to_dict() == {"contacts": 1, "segments": 2, "share": 0.25}
    assert table.loc[1].to_dict() == {"contacts": 1, "segments": 1, "share": 0.25}
    # Of the two contacts without a topic, one has no unit at all.
    assert table.loc[-1].to_dict() == {"contacts": 2, "segments": 1, "share": 0.5}


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 3)), max_size=30))
def test_shares_sum_to_one_and_segments_to_the_units(rows):
    contacts, topics = [row[0] for row in rows], np.array([row[1] for row in rows], dtype=np.int64)
    table = counted(units(np.array(contacts, dtype=np.int64)), topics, 6)
    assert table["share"].sum() == pytest.approx(1)
    assert table["segments"].sum() == len(rows)
    assert -1 in table.index


def test_the_main_topic_is_that_of_most_of_what_is_said():
    texts = ["Colis", "Ma facture a doublé sans la moindre explication", "Colis abîmé"]
    told = units([0, 0, 0], texts)
    assert main_topics(told, np.array([1, 0, 1]), np.ones(3), 1).tolist() == [0]
    # What is said surely weighs more.
    assert main_topics(told, np.array([1, 0, 1]), np.array([1, 0.1, 1]), 1).tolist() == [1]


def test_what_has_no_topic_outweighs_none():
    told = units([0, 0, 1], ["Une histoire longue que rien ne range nulle part", "Colis", "Rien"])
    assert main_topics(told, np.array([-1, 1, -1]), np.ones(3), 3).tolist() == [1, -1, -1]


def test_of_two_topics_that_weigh_alike_the_first_is_the_main_one():
    assert main_topics(units([0, 0]), np.array([3, 2]), np.ones(2), 1).tolist() == [2]
    assert main_topics(units([0, 0]), np.array([2, 3]), np.ones(2), 1).tolist() == [2]


def test_segments_have_a_topic_or_the_reason_why_not(analysis, of_analysis):
    segments = analysis.tables["segments"]
    table = assignments(segments, of_analysis, placed([0, -1, 1], [0.75, 0.5, 1]))
    assert table.schema.equals(ASSIGNMENTS)
    assert table["topic_id"].to_pylist() == [0, -1, None, None, 1]
    assert table["probability"].to_pylist() == [0.75, 0.5, None, None, 1]
    assert table["topic_reason"].to_pylist() == [None, None, "courtesy", "agent", None]
    keys = ["contact_id", "turn", "segment"]
    assert table.select(keys).equals(segments.select(keys).cast(table.select(keys).schema))


def test_contacts_have_all_their_topics_the_main_one_first(analysis, of_analysis):
    table = contact_topics(analysis.corpus.contacts, of_analysis, placed([1, 0, -1]), LABELS)
    assert table.schema.equals(CONTACT_TOPICS)
    assert table.to_pydict() == {
        "contact_id": ["A1", "A2", "A3"],
        "topic_id": [1, -1, -1],
        "topic": ["colis", "divers", "divers"],
        "topics": [[1, 0], [], []],
    }


def test_the_table_of_topics_ends_with_what_has_none():
    described = [
        Description(0, "facture", (("facture", 0.4), ("montant", 0.1)), "fr"),
        Description(1, "colis", (("colis", 0.5),), "fr"),
    ]
    counts = counted(units([0, 1, 2]), np.array([0, 0, -1]), 3)
    table = topic_table(described, {0: ["Ma facture"]}, counts, known={1: {"status": "new", "parent": 0}})
    assert table.schema.equals(TOPICS)
    rows = table.to_pandas().set_index("topic_id")
    assert rows.index.tolist() == [0, 1, -1]
    assert rows["label"].tolist() == ["facture", "colis", "divers"]
    assert rows["contacts"].tolist() == [2, 0, 1]
    assert rows["status"].tolist() == ["active", "new", "active"]
    assert rows.loc[1, "parent"] == 0
    assert table["terms"].to_pylist() == [["facture", "montant"], ["colis"], []]
    assert table["weights"].to_pylist()[0] == [0.4, 0.1]
    assert table["quotes"].to_pylist() == [["Ma facture"], [], []]
    assert table["language"].to_pylist() == ["fr", "fr", None]


def test_other_units_change_the_counts_alone():
    described = [Description(0, "facture", (("facture", 0.4),), "fr")]
    table = topic_table(described, {}, counted(units([0]), np.array([0]), 1))
    again = recounted(table, counted(units([0, 1]), np.array([-1, -1]), 2))
    assert again["contacts"].to_pylist() == [0, 2]
    assert again["share"].to_pylist() == [0, 1]
    counts = ["contacts", "segments", "share"]
    assert again.drop_columns(counts).equals(table.drop_columns(counts))


def test_no_units_have_no_topic():
    none = units(np.array([], dtype=np.int64))
    pd.testing.assert_index_equal(counted(none, np.array([], dtype=np.int64), 2).index, pd.Index([-1]), exact=False)
    assert main_topics(none, np.array([], dtype=np.int64), np.empty(0), 2).tolist() == [-1, -1]
