"""The course of a customer's frustration over the turns of a conversation."""

from __future__ import annotations

import numpy as np
import pytest

import vocmine as vm
from vocmine.corpus.customers import customer_turns
from vocmine.signals.trajectory import frustration_course

SPEAKERS = {"c": "client", "a": "conseiller"}


def course(*conversations):
    """Follow conversations such as ``c0 a c3``: who speaks, and the customer's level."""
    records, levels = [], []
    for name, turns in enumerate(conversations):
        for turn in turns.split():
            records.append({"id": f"K{name}", "locuteur": SPEAKERS[turn[0]], "texte": "Bonjour."})
            levels.append(int(turn[1:] or -1))
    corpus = vm.Corpus.from_records(records)
    found = frustration_course(corpus, np.array(levels, dtype=np.int8), customer_turns(corpus))
    return {name: values.to_pylist() for name, values in found.columns().items()}


@pytest.mark.parametrize(
    ("turns", "start", "peak", "end"),
    [("c1", 1, 1, 1), ("c0 a c3 a c1", 0, 3, 1), ("a c2 c2", 2, 2, 2), ("a", None, None, None)],
)
def test_it_starts_peaks_and_ends_in_the_customers_turns(turns, start, peak, end):
    found = course(turns)
    assert [found[f"frustration_{edge}"] for edge in ("start", "peak", "end")] == [[start], [peak], [end]]


@pytest.mark.parametrize(
    ("turns", "at", "after"),
    [
        ("c0 a c2 a c3", 2, 1),
        ("c0 c2 a", 1, None),  # The customer's own turn stands before it.
        ("c2 a c3", 0, None),
        ("a c2", 1, 0),
        ("c1 a c1", None, None),
    ],
)
def test_where_clear_frustration_starts_and_what_the_agent_said_just_before(turns, at, after):
    found = course(turns)
    assert (found["frustrated_at"], found["frustrated_after"]) == ([at], [after])


@pytest.mark.parametrize(
    ("turns", "recovered"),
    [
        ("c2 a c1", True),
        ("c3 a c0 a c0", True),
        ("c3 a c2", False),
        ("c1 a c0", False),
        ("c0 a c3", False),
        ("c3", None),
        ("a", None),
    ],
)
def test_recovered_is_frustrated_at_some_turn_and_calm_at_the_last(turns, recovered):
    assert course(turns)["frustration_recovered"] == [recovered]


def test_conversations_are_followed_apart():
    turns = ("c0 a c3", "a", "c2 a c0", "c1")
    together = course(*turns)
    apart = [course(one) for one in turns]
    assert together == {name: [one[name][0] for one in apart] for name in together}
