"""``vocmine signals``: tables of signals, words and the queue, from exports or from an analysis."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

import vocmine as vm
from tests.inference.conftest import tiny_config, tiny_manifest, tiny_tensors, tiny_tokenizer
from tests.signals.by_hand import analysed, heard, unheard
from vocmine.cli import app
from vocmine.errors import InputError, VocmineError

SCORES = {"A1": heard("churn_intent", "anger"), "A2": heard(), "A3": heard("harm")}
TEXTS = ("Je vais résilier, c’est honteux.", "Merci.", "Je suis à découvert. Plus de réseau.")


def vocmine(*arguments):
    """Run a command that is to succeed, and return what it printed."""
    done = CliRunner().invoke(app, ["signals", *map(str, arguments)])
    if isinstance(done.exception, VocmineError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def by_hand(scores):
    records = [
        {"id": name, "date": f"2026-03-{day} 10:00", "texte": text}
        for (name, text), day in zip(zip(scores, TEXTS, strict=True), (13, 14, 14), strict=True)
    ]
    return analysed(records, scores, spans=[("A1", 0, "churn_intent", "Je vais résilier")])


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """Stand in a folder that holds an analysis."""
    monkeypatch.chdir(tmp_path)
    by_hand(SCORES).save("scored")
    return tmp_path


def test_it_writes_tables_and_says_where(saved):
    printed = vocmine("scored", "--out", "found")
    assert "found/queue.csv" in printed
    assert "churn_intent" in printed
    signals = pd.read_csv("found/signals.csv").set_index("signal")
    assert signals.loc[["churn_intent", "irony"], "contacts"].tolist() == [1, 0]
    assert pd.read_csv("found/spans.csv")["quote"].tolist() == ["Je vais résilier"]
    assert pd.read_csv("found/queue.csv")["contact_id"].tolist() == ["A3"]  # Of the last day.


def test_the_queue_is_of_the_day_and_length_asked_for(saved):
    vocmine("scored", "--day", "all", "--queue", "1")
    assert pd.read_csv("signals/queue.csv")["contact_id"].tolist() == ["A1", "A3"]


def test_json_is_json_and_nothing_else(saved):
    printed = json.loads(vocmine("scored", "--day", "all", "--json"))
    assert set(printed) == {"signals", "queue"}
    assert printed["queue"][0]["reasons"] == ["leaving"]
    assert printed["queue"][0]["started_at"].startswith("2026-03-13")


def test_desks_rules_and_labels_come_from_files(saved):
    (saved / "bureaux.yaml").write_text("harm: cellule\n", encoding="utf-8")
    (saved / "regles.yaml").write_text("panne: {phrases: [plus de réseau]}\n", encoding="utf-8")
    vocmine("scored", "--routing", "bureaux.yaml", "--rules", "regles.yaml")
    assert pd.read_csv("signals/queue.csv")["route"].tolist() == ["cellule"]
    assert pd.read_csv("signals/own_contacts.csv")["panne"].tolist() == [False, False, True]
    assert pd.read_csv("signals/own_spans.csv")["quote"].tolist() == ["Plus de réseau"]


def test_labels_are_learnt_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    embeddings = [[rank % 2, 1 - rank % 2] for rank in range(24)]
    records = [{"id": f"C{rank}", "texte": f"Message {rank}."} for rank in range(24)]
    analysed(records, embeddings=pd.DataFrame(embeddings).to_numpy()).save("scored")
    labels = pd.DataFrame({"contact_id": [row["id"] for row in records], "panne": [rank % 2 for rank in range(24)]})
    labels.to_csv("labels.csv", index=False)
    vocmine("scored", "--labels", "labels.csv")
    assert pd.read_csv("signals/learnt.csv")["panne"].tolist() == [rank % 2 == 1 for rank in range(24)]


def test_exports_are_scored_first_and_the_analysis_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    vm.Model.assemble(tiny_manifest(), tiny_config(), tiny_tokenizer(), tiny_tensors()).save_pretrained("tiny")
    frame = pd.DataFrame({"id": ["A"], "message": ["Ça fait trois fois que j’appelle, ce n’est toujours pas réglé."]})
    frame.to_csv("contacts.csv", index=False)
    vocmine("contacts.csv", "--model", "tiny", "--device", "cpu")
    assert "repeat_contact" in pd.read_csv("signals/spans.csv")["label"].tolist()
    assert len(vm.Analysis.load("signals/analysis")) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("contact_id,panne\nA1,oui\n", "a label is neither 0 nor 1"),
        ("contact_id,panne,autre\nA1,1,0\n", "has 3 columns, expected contact_id and the signal's name"),
        ("id,panne\nA1,1\n", "expected contact_id"),
        ("", "labels.csv cannot be read"),
        ("contact_id,panne\nA1,1\n", "got 1 contacts with the signal and 0 without"),
        ("contact_id,panne\nA1,1\nA1,0\n", "labels.csv names a contact twice"),
        (None, "labels.csv cannot be read"),
    ],
)
def test_labels_that_are_not_as_expected_are_refused(saved, content, says):
    if content is not None:
        (saved / "labels.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=says):
        vocmine("scored", "--labels", "labels.csv")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("scored", "--day", "2025-01-01"), "days from 2026-03-13 to 2026-03-14"),
        (("scored", "--rules", "absent.yaml"), "absent.yaml cannot be read"),
        (("scored", "--routing", "absent.yaml"), "cannot be read"),
        ((".", "--out", "signals"), "would be read as contacts; name another"),
        (("absent.csv",), "absent.csv"),
    ],
)
def test_what_cannot_be_used_is_named(saved, options, says):
    with pytest.raises(VocmineError, match=says):
        vocmine(*options)


def test_an_analysis_without_signals_says_so(tmp_path):
    by_hand(dict.fromkeys(SCORES, unheard())).save(tmp_path / "scored")
    with pytest.raises(InputError, match="no signals"):
        vocmine(tmp_path / "scored", "--out", tmp_path / "out")
