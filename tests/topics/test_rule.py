"""`Rule`: the nearest centre gives the topic; standing says how clearly."""

import numpy as np
import pytest

from vocmine.topics.features import Features
from vocmine.topics.rule import Rule, shares


def rule(centres, owners=None, *, threshold=-np.inf, founders=None):
    centres = np.array(centres, dtype=np.float32)
    owners = np.arange(len(centres)) if owners is None else np.array(owners)
    texts = ["facture", "colis"]
    features = Features.fit(np.eye(2, dtype=np.float32), texts, ["fr", "fr"])
    return Rule(features, centres, owners, threshold, int(owners.max()) + 1 if founders is None else founders)


def at(*rows):
    return np.array(rows, dtype=np.float32)


def test_the_nearest_centre_gives_the_topic():
    placed = rule(np.eye(3)).place(at([1, 0, 0], [0, 0.9, 0.1], [0, 0, 1]))
    assert placed.topics.tolist() == [0, 1, 2]
    assert placed.closeness == pytest.approx([1, 0.9, 1])


def test_a_topic_of_several_centres_is_as_near_as_its_nearest():
    assert rule(np.eye(3), [0, 1, 0]).cosines(at([0, 0, 1])).tolist() == [[1, 0]]
    assert rule(np.eye(3), [4, 1, 4]).place(at([0, 0, 1], [0, 1, 0])).topics.tolist() == [4, 1]


def test_what_is_far_from_all_or_torn_between_two_has_no_topic():
    placed = rule(np.eye(3), threshold=0.4).place(at([1, 0, 0], [0.7, 0.7, 0], [0.2, 0.1, 0]))
    assert placed.topics.tolist() == [0, -1, -1]


def test_a_topic_born_later_takes_its_own_and_changes_nothing_for_the_others():
    before, after = rule(np.eye(3)[:2], threshold=0.4), rule(np.eye(3), threshold=0.4, founders=2)
    points = at([1, 0, 0], [0.8, 0.3, 0.7], [0.5, 0.1, 0.4], [0, 0, 1])
    assert before.place(points).topics.tolist()[:3] == after.place(points).topics.tolist()[:3]
    assert after.place(points).topics[3] == 2


def test_shares_sum_to_one_and_follow_the_cosines():
    found = shares(at([0.9, 0.1], [0.5, 0.5], [-1, 1]))
    assert found.sum(axis=1) == pytest.approx(1)
    assert found[1].tolist() == [0.5, 0.5]
    assert found[0, 0] > 0.99


def test_parts_change_nothing_and_no_vectors_have_no_topic(monkeypatch):
    from vocmine.topics import rule as module

    points = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    whole = rule(np.eye(3)).place(points)
    monkeypatch.setattr(module, "_BLOCK", 7)
    assert np.array_equal(rule(np.eye(3)).place(points).topics, whole.topics)
    assert rule(np.eye(3)).place(points[:0]).topics.tolist() == []


def test_a_single_topic_takes_all():
    assert rule(np.eye(1, 3)).place(at([1, 0, 0], [0, 1, 0])).topics.tolist() == [0, 0]
    assert shares(rule(np.eye(1, 3)).cosines(at([0, 1, 0]))).tolist() == [[1]]
