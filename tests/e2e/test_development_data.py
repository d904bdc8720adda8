"""Real French contacts, read as they are by one command; skipped, loudly, where the development data are not."""

import subprocess
import sys

import pandas as pd
import pytest

import vocmine as vm
from vocmine.evaluation import macro_f1
from vocmine.schema import POLARITIES

DECLARED = {"Positif": "positive", "Neutre": "neutral", "Négatif": "negative"}

pytestmark = [pytest.mark.e2e, pytest.mark.data]


def likeliest(contacts):
    return contacts[[f"p_{name}" for name in POLARITIES]].set_axis(list(POLARITIES), axis="columns").idxmax("columns")


def test_accounts_with_broken_characters_are_scored_by_one_command(development_data, tmp_path):
    source = development_data / "services_publics_plus" / "dev.csv"
    command = [sys.executable, "-m", "vocmine", "score", source, "--out", tmp_path / "scored"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    analysis = vm.Analysis.load(tmp_path / "scored")
    assert analysis.contacts["contact_id"].tolist() == pd.read_csv(source, dtype=str)["contact_id"].tolist()
    assert not analysis.contacts["abstained"].any()
    assert not analysis.turns["text"].str.contains("[\x80-\x9f]").any()
    assert analysis.turns["raw"].str.contains("[\x80-\x9f]", na=False).sum() > 50
    declared = analysis.contacts["sentiment_declared"].map(DECLARED)
    assert macro_f1(declared.tolist(), likeliest(analysis.contacts).tolist()).value > 0.53


def test_french_tweets_are_read_as_well_as_promised(development_data, miner):
    tweets = miner.score(vm.read(development_data / "umsab" / "french" / "val.csv", text="text")).contacts
    assert macro_f1(tweets["label"].tolist(), likeliest(tweets).tolist()).value >= 0.68
