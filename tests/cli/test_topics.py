"""``vocmine topics``."""

import json

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

import vocmine as vm
from tests.signals.by_hand import analysed
from tests.topics.made_up import SAID, texts_and_vectors
from vocmine.cli import app
from vocmine.cli.topics import _overview
from vocmine.errors import InputError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    texts, points, _ = texts_and_vectors(20)
    records = [{"id": f"A{place}", "texte": text, "locuteur": "client"} for place, text in enumerate(texts)]
    return analysed(records, embeddings=points).save(tmp_path_factory.mktemp("analysis"))


def run(*arguments):
    return CliRunner().invoke(app, ["topics", *map(str, arguments)])


def test_finds_topics_and_writes_tables_model_and_page(folder, tmp_path):
    done = run(folder, "--out", tmp_path, "--n-topics", 3)
    assert done.exit_code == 0, done.output
    assert all(word in done.output for word in SAID)
    table = pd.read_csv(tmp_path / "topics.csv")
    assert table["topic_id"].tolist() == [0, 1, 2, -1]
    contacts = pd.read_csv(tmp_path / "contacts.csv")
    assert len(contacts) == 60
    assert (tmp_path / "voc.html").exists()
    assert len(vm.TopicModel.load(tmp_path / "model").topics) == 4


def test_applies_and_updates_a_saved_model(folder, tmp_path):
    run(folder, "--out", tmp_path / "first", "--n-topics", 3)
    model = tmp_path / "first" / "model"
    done = run(folder, "--out", tmp_path / "second", "--saved", model, "--json")
    assert done.exit_code == 0, done.output
    shown = json.loads(done.output)["topics"]
    assert [row["topic_id"] for row in shown] == [0, 1, 2, -1]
    assert run(folder, "--out", tmp_path / "third", "--saved", model, "--update").exit_code == 0
    assert vm.TopicModel.load(tmp_path / "third" / "model").lineage["update"].max() == 1


def test_reasons_of_ones_own(folder, tmp_path, monkeypatch):
    reasons = tmp_path / "reasons.yaml"
    reasons.write_text("facture: [Ma facture a doublé]\ncolis:\n", encoding="utf-8")
    model = "vocmine.topics.model.embedder_of"
    monkeypatch.setattr(
        model, lambda _: lambda texts: np.eye(2, 32)[np.array(["colis" in text for text in texts], dtype=int)]
    )
    done = run(folder, "--out", tmp_path, "--reasons", reasons)
    assert done.exit_code == 0, done.output
    assert pd.read_csv(tmp_path / "topics.csv")["label"].tolist() == ["facture", "colis", "divers"]


@pytest.mark.parametrize(
    ("given", "message"),
    [("- facture\n", "expected reasons"), ("facture: 3\n", "no list"), ("a: " + "[" * 3000, "read")],
)
def test_reasons_that_cannot_be_read_are_refused(folder, tmp_path, given, message):
    reasons = tmp_path / "reasons.yaml"
    reasons.write_text(given, encoding="utf-8")
    done = run(folder, "--out", tmp_path, "--reasons", reasons)
    assert isinstance(done.exception, InputError)
    assert message in str(done.exception)


def test_options_that_contradict_one_another_are_refused(folder, tmp_path):
    assert isinstance(run(folder, "--out", tmp_path, "--update").exception, InputError)
    assert isinstance(run(folder, "--out", tmp_path, "--saved", tmp_path, "--n-topics", 3).exception, InputError)


def test_quotes_are_printed_as_they_were_said():
    row = {"label": "dossier [ref]", "contacts": 1, "share": 0.5, "quotes": ["Voir [/b] ici"], "merged_into": None}
    console = Console(width=120)
    with console.capture() as shown:
        console.print(_overview(pd.DataFrame([row])))
    assert "dossier [ref]" in shown.get()
    assert "Voir [/b] ici" in shown.get()
