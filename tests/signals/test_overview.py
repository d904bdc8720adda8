"""How many contacts carry each signal, and what is known of its quality."""

from __future__ import annotations

import pytest

from tests.signals.by_hand import analysed, heard, unheard
from vocmine.schema import SIGNALS
from vocmine.signals.overview import signal_table

SCORES = {"A": heard("anger", "harm"), "B": heard("anger"), "C": heard(), "D": unheard()}


@pytest.fixture(scope="module")
def table():
    return signal_table(analysed([{"id": name, "texte": "Bonjour."} for name in SCORES], SCORES))


def test_every_signal_has_a_row_and_the_most_frequent_stands_first(table):
    assert table.columns.tolist() == ["signal", "contacts", "scored", "share", "low", "high", "evidence"]
    assert table["signal"].tolist()[:2] == ["anger", "harm"]
    assert sorted(table["signal"]) == sorted(SIGNALS)
    others = [name for name in SIGNALS if name not in {"anger", "harm"}]
    assert table["signal"].tolist()[2:] == others


def test_shares_are_of_the_contacts_that_were_scored(table):
    assert table["contacts"].tolist()[:3] == [2, 1, 0]
    assert set(table["scored"]) == {3}
    assert table["share"].tolist()[:3] == pytest.approx([2 / 3, 1 / 3, 0])
    assert ((table["low"] <= table["share"]) & (table["share"] <= table["high"])).all()


def test_without_signals_nothing_was_scored():
    empty = signal_table(analysed([{"id": "A", "texte": "Bonjour."}], {"A": unheard()}))
    assert empty["signal"].tolist() == list(SIGNALS)
    assert not empty[["contacts", "scored"]].any(axis=None)
