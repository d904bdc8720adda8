"""What was heard, weighed by turn and by contact: one voice for all that a customer says."""

from __future__ import annotations

import numpy as np
import pytest

import vocmine as vm
from vocmine.corpus.customers import customer_turns
from vocmine.schema import SIGNALS, STYLES
from vocmine.signals.heard import LABELS, Heard
from vocmine.signals.rules import Hit
from vocmine.signals.weighed import weigh

TURNS = [
    ("A", "client", "Bonjour."),
    ("A", "conseiller", "Je comprends."),
    ("A", "client", "C’est honteux."),
    ("B", "conseiller", "Allô ?"),
    ("C", "client", "Rien à signaler."),
]
ANGER = SIGNALS.index("anger")


def hit(signal):
    return Hit(signal, 0, 5, 3, "why", frozenset(), affirmed=True)


@pytest.fixture(scope="module")
def corpus():
    return vm.Corpus.from_records([{"id": one, "locuteur": who, "texte": text} for one, who, text in TURNS])


@pytest.fixture(scope="module")
def weighed(corpus):
    """Anger is said in the third turn, empathy in the second; the model has no heads for signals."""
    n = len(TURNS)
    hits = [[], [hit("style_empathic")], [hit("anger")], [], []]
    agent = np.array([who == "conseiller" for _, who, _ in TURNS])
    nothing = np.full((n, len(LABELS)), np.nan)
    heard = Heard(customer_turns(corpus), agent, np.arange(n), nothing, np.full((n, len(LABELS), 2), np.nan), hits)
    assert not heard.learned
    return weigh(corpus, heard, np.full((n, 4), 0.25), np.full((3, 4), 0.25), None)


def test_a_contact_carries_what_one_of_its_customers_turns_carries(weighed):
    assert weighed.turns.present[:, ANGER].tolist() == [False, False, True, False, False]
    assert weighed.contacts.present[:, ANGER].tolist() == [True, False, False]
    assert weighed.contacts.present.sum() == 1


def test_where_no_customer_speaks_there_is_no_answer(weighed):
    assert weighed.turns.spoken.tolist() == [True, False, True, False, True]
    assert weighed.contacts.spoken.tolist() == [True, False, True]
    for group in (weighed.turns, weighed.contacts):
        assert np.isnan(group.signals[~group.spoken]).all()
        assert np.isnan(group.reached[~group.spoken]).all()
        assert (group.frustration[~group.spoken] == -1).all()
        assert not group.present[~group.spoken].any()
        assert np.isfinite(group.signals[group.spoken]).all()


def test_higher_levels_of_frustration_are_never_likelier(weighed):
    reached = weighed.contacts.reached[weighed.contacts.spoken]
    assert (np.diff(reached, axis=1) <= 0).all()


def test_styles_are_of_agents_turns_alone(weighed):
    assert weighed.styles[:, STYLES.index("empathic")].tolist() == [False, True, False, False, False]
    assert np.isnan(weighed.p_styles[[0, 2, 4]]).all()
    assert np.isfinite(weighed.p_styles[[1, 3]]).all()
