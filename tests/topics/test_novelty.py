"""What is new beside what was: words that burst, crowds where nobody stood; and nothing new by chance."""

import numpy as np
import pytest

from tests.topics.made_up import texts_and_vectors
from vocmine.topics.features import Features
from vocmine.topics.novelty import Usage, bursting, fewest_contacts, holders, new_groups, usage_of
from vocmine.topics.rule import Rule
from vocmine.topics.units import Units

WIDTH = 32
TEXTS, POINTS, OWNER = texts_and_vectors(40)
NO_WORDS = []


def near(direction, n, seed=1):
    noise = np.random.default_rng(seed).normal(0, 0.1, (n, WIDTH))
    return (np.eye(1, WIDTH, direction) + noise).astype(np.float32)


@pytest.fixture(scope="module")
def known():
    return Units.of_texts(TEXTS, POINTS)


@pytest.fixture(scope="module")
def rule(known):
    features = Features.fit(known.embeddings, known.texts, known.languages)
    vectors = features.transform(known.embeddings, known.texts, known.languages)
    centres = np.stack([vectors[topic == OWNER].mean(axis=0) for topic in range(3)])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    return Rule(features, centres.astype(np.float32), np.arange(3), -np.inf, 3)


@pytest.fixture(scope="module")
def newcomers():
    texts, points, _ = texts_and_vectors(20, seed=5)
    said = [f"Parrainage d'un voisin refusé {place}b" for place in range(12)]
    return Units.of_texts([*texts, *said], np.concatenate([points, near(9, 12)]))


def groups(units, rule, known, holding=NO_WORDS):
    return new_groups(units, rule.vectors(units), rule, rule.vectors(known), holding)


def test_each_contact_says_a_word_once(rule):
    units = Units.of_texts(["facture, factures", "Ma facture", "montant"], np.eye(3, WIDTH))
    twice = units.take(np.array([0, 0, 1, 2]))
    held = holders(twice, rule.features)
    assert {root: rows.tolist() for root, rows in held.items()} == {"facture": [0, 1, 2], "montant": [3]}
    usage = usage_of(twice, held)
    assert (usage.contacts, usage.said) == (3, {"facture": 2, "montant": 1})


def test_usages_add_up():
    both = Usage(3, {"facture": 2}) + Usage(2, {"facture": 1, "colis": 2})
    assert (both.contacts, dict(both.said)) == (5, {"facture": 3, "colis": 2})


@pytest.mark.parametrize(
    ("new", "old", "found"),
    [
        (12, 0, ["esim"]),
        (24, 30, ["esim"]),
        (4, 0, []),  # too few contacts
        (60, 160, []),  # less than four times as often
        (12, 120, []),  # as often as before
    ],
)
def test_a_word_bursts_when_many_more_say_it_than_before(new, old, found):
    assert bursting(Usage(100, {"esim": new}), Usage(1000, {"esim": old}), fewest=5) == found


def test_the_most_surprising_word_comes_first_whatever_their_order():
    said = {"parrainage": 12, "esim": 30, "avoir": 12}
    before = Usage(1000, {})
    expected = ["esim", "avoir", "parrainage"]
    assert bursting(Usage(100, said), before, 5) == expected
    assert bursting(Usage(100, dict(reversed(said.items()))), before, 5) == expected


def test_nothing_bursts_where_nothing_was_or_nothing_is():
    assert bursting(Usage(100, {"esim": 90}), Usage(0, {}), 5) == []
    assert bursting(Usage(0, {}), Usage(100, {"esim": 9}), 5) == []


def test_a_topic_of_its_own_takes_five_contacts_or_more_in_a_large_update():
    few, many = (Units.of_texts([""] * n, np.ones((n, 1))) for n in (10, 2000))
    assert fewest_contacts(few) == 5
    assert fewest_contacts(many) == 10


def test_a_crowd_where_nobody_stood_is_a_group(rule, known, newcomers):
    found = groups(newcomers, rule, known)
    assert found.shape == (1, rule.centres.shape[1])
    assert found.dtype == np.float32
    assert np.linalg.norm(found[0]) == pytest.approx(1, abs=1e-5)
    nearest = rule.vectors(newcomers) @ np.concatenate([rule.centres, found]).T
    assert (nearest.argmax(axis=1) == 3).tolist() == [False] * 60 + [True] * 12


def test_those_who_share_a_word_that_bursts_are_a_group(rule, known, newcomers):
    rows = holders(newcomers, rule.features)["parrainage"]
    assert len(groups(newcomers, rule, known, [rows])) == 1


def test_the_same_crowd_found_twice_is_one(rule, known, newcomers):
    rows = np.arange(60, 72)
    assert len(groups(newcomers, rule, known, [rows, rows])) == 1


def test_more_of_the_same_is_nothing_new(rule, known):
    texts, points, _ = texts_and_vectors(60, seed=6)
    assert groups(Units.of_texts(texts, points), rule, known).shape == (0, rule.centres.shape[1])


def test_a_crowd_in_one_contact_is_no_group(rule, known, newcomers):
    one = Units(
        newcomers.texts,
        newcomers.languages,
        newcomers.embeddings,
        np.minimum(newcomers.contacts, 60),
        newcomers.shaping,
        newcomers.rows,
        newcomers.reasons,
    )
    assert len(groups(one, rule, known)) == 0


@pytest.mark.parametrize("n", [0, 1, 4])
def test_so_few_are_no_group(rule, known, n):
    units = Units.of_texts(["Parrainage d'un voisin refusé"] * n, near(9, n))
    assert len(groups(units, rule, known)) == 0


def test_without_a_past_no_crowd_is_new(rule, newcomers):
    vectors = rule.vectors(newcomers)
    assert len(new_groups(newcomers, vectors, rule, vectors[:0], NO_WORDS)) == 0
