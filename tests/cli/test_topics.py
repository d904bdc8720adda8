"""``vocmine topics``."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

import vocmine as vm
from tests.signals.by_hand import analysed
from tests.topics.made_up import SAID, texts_and_vectors
from vocmine.cli import app


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


def test_what_cannot_be_read_is_said(folder, tmp_path):
    reasons = tmp_path / "reasons.yaml"
    reasons.write_text("- facture\n- colis\n", encoding="utf-8")
    assert run(folder, "--out", tmp_path, "--reasons", reasons).exit_code != 0
    assert run(folder, "--out", tmp_path, "--update").exit_code != 0
