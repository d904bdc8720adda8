"""`vocmine benchmark` compares models on labelled files and writes what it found."""

import json
import os
import subprocess
import sys

import pandas as pd
import pytest

from vocmine.evaluation import Comparison


def benchmark(*arguments, cwd):
    command = [sys.executable, "-m", "vocmine", "benchmark", *map(str, arguments)]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("benchmark")
    rows = {
        "message": ["C'est honteux, toujours rien !", "Merci beaucoup, parfait.", "Je voudrais changer d'adresse."],
        "avis": ["Négatif", "Positif", "Neutre"],
    }
    pd.DataFrame(rows).to_csv(where / "avis.csv", index=False, sep=";")
    return where


@pytest.fixture(scope="module")
def done(folder):
    options = ("--text", "message", "--label", "avis", "--draws", 20, "--noise", "--out", "results.json")
    return benchmark("embedded", "--data", "avis.csv", *options, cwd=folder)


def test_the_table_is_shown_and_the_results_written(done, folder):
    assert done.returncode == 0, done.stderr
    assert "macro-F1" in done.stdout
    assert "word_errors" in done.stdout
    found = Comparison.load(folder / "results.json")
    assert found.table[["model", "dataset", "n"]].to_numpy().tolist() == [["embedded", "avis.csv", 3]]
    assert set(found.slices["value"]) >= {"lower", "no_accents", "capitals", "word_errors"}


def test_json_is_json_and_nothing_else(folder):
    options = ("--data", "avis.csv", "--text", "message", "--label", "avis", "--draws", 5)
    found = json.loads(benchmark("embedded", *options, "--json", cwd=folder).stdout)
    assert (found["format"], len(found["table"]), found["slices"][0]["slice"]) == ("vocmine-comparison", 1, "length")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("embedded", "--data", "absent.csv"), 1, "absent.csv"),
        (("embedded", "--data", "avis.csv", "--label", "etoiles"), 1, "avis"),
        (("no/model", "--data", "avis.csv", "--text", "message", "--label", "avis"), 1, "no/model"),
        (("embedded", "--data", "avis.csv", "--out", "nowhere/results.json"), 1, "lies in no folder"),
        (("embedded",), 2, "--data"),
        (("--data", "avis.csv"), 2, "MODEL"),
    ],
)
def test_errors_are_one_message_and_a_code(folder, arguments, code, says):
    failed = benchmark(*arguments, cwd=folder)
    assert failed.returncode == code
    assert says in failed.stderr
    assert "Traceback" not in failed.stderr
