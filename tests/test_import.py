"""Importing vocmine is quick because nothing heavy comes with it; its public face is frozen here."""

import subprocess
import sys

import pytest

import vocmine

HEAVY = ("torch", "transformers", "sklearn", "bertopic", "datasets", "plotly", "pandas")


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_import_brings_nothing_heavy():
    loaded = run("import sys, vocmine; print(*sys.modules)")
    assert not set(HEAVY) & set(loaded)


def test_public_names_load_without_torch():
    loaded = run("import sys, vocmine; [getattr(vocmine, n) for n in vocmine.__all__]; print(*sys.modules)")
    assert "vocmine.miner" in loaded
    assert not {"torch", "transformers"} & set(loaded)


def test_public_names_are_these():
    names = {
        "Alerts",
        "Analysis",
        "CauseModel",
        "Corpus",
        "Costs",
        "Engine",
        "IssueDetector",
        "LiveContact",
        "Miner",
        "Model",
        "SentimentClassifier",
        "SignalClassifier",
        "SignalRules",
        "TopicModel",
        "__version__",
        "audit",
        "audited_shares",
        "compare",
        "contradictions",
        "decisions",
        "departments",
        "emerging_themes",
        "escalation_queue",
        "faq",
        "measure_effect",
        "needs_reply",
        "policies",
        "read",
        "repeat_contacts",
        "report",
        "what_to_do",
    }
    assert set(vocmine.__all__) == names
    assert dir(vocmine) == vocmine.__all__


def test_another_name_is_refused_with_those_there_are():
    with pytest.raises(AttributeError, match="has no attribute 'mine'; it has Alerts, Analysis"):
        vocmine.mine  # noqa: B018
