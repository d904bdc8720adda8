"""What the figures of each signal rest on."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from vocmine.schema import SIGNALS
from vocmine.signals import EVIDENCE
from vocmine.signals.evidence import weakest


def test_every_signal_says_what_it_was_measured_on():
    assert tuple(EVIDENCE) == SIGNALS
    assert set(EVIDENCE.values()) == {"real", "written"}


def test_a_judgement_is_as_good_as_its_weakest_signal():
    assert weakest(["anger", "harm"]) == "real"
    assert weakest(["anger", "irony"]) == "written"
    assert weakest([]) == "real"


@pytest.mark.data
def test_real_means_thirty_annotated_accounts_or_more(development_data):
    lines = (development_data / "signals_dev" / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    counts = Counter(signal for line in lines for signal in set(json.loads(line)["signals"]))
    assert {name for name in SIGNALS if counts[name] >= 30} == {name for name in SIGNALS if EVIDENCE[name] == "real"}
