"""``vocmine outcomes`` and ``vocmine effect``."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import vocmine as vm
from vocmine.cli import app
from vocmine.errors import InputError

MISSED = "Le technicien n'est jamais venu, j'ai attendu toute la journée."
BILL = "Je ne comprends rien à ma facture."


@pytest.fixture(scope="module")
def folder(miner, tmp_path_factory):
    """Fourteen months of two causes; the first falls by two thirds from the measure on."""
    rng = np.random.default_rng(0)
    rows = []
    for day in pd.date_range("2025-01-06", periods=440):
        late = day >= pd.Timestamp("2026-02-01")
        for text, n in ((MISSED, rng.poisson(1 if late else 3)), (BILL, rng.poisson(2))):
            rows += [
                {"id": f"{day.date()}-{text[:5]}-{k}", "date": f"{day.date()} 10:00", "texte": text} for k in range(n)
            ]
    return miner.score(vm.Corpus.from_records(rows)).save(tmp_path_factory.mktemp("analysis"))


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def test_outcomes_writes_tables_page_and_audit(folder, tmp_path):
    done = run("outcomes", folder, "--out", tmp_path, "--audit", "20")
    assert done.exit_code == 0, done.output
    assert "interventions" in done.output
    assert {path.name for path in tmp_path.iterdir()} >= {
        *("voc.html", "faq.md", "audit.csv", "measures.csv", "causes.csv", "departments.csv", "drivers.csv"),
        *("repeats.csv", "first_contact.csv", "contradictions.csv"),
    }
    assert len(pd.read_csv(tmp_path / "audit.csv")) == 20


def test_a_labelled_audit_is_used(folder, tmp_path):
    assert run("outcomes", folder, "--out", tmp_path / "first", "--audit", "20").exit_code == 0
    audit = pd.read_csv(tmp_path / "first" / "audit.csv")
    audit.assign(label=audit["predicted"]).to_csv(tmp_path / "read.csv", index=False)
    done = run("outcomes", folder, "--out", tmp_path, "--labels", tmp_path / "read.csv", "--json")
    told = json.loads(done.stdout)
    assert told["causes"][0]["status"] == "vérifié sur 20 contacts"


def test_effect_tells_the_verdict(folder, tmp_path):
    arguments = ("effect", folder, "--since", "2026-02-01", "--where", "cause=appointment_missed", "--out", tmp_path)
    told = json.loads(run(*arguments, "--json").stdout)
    assert told["verdict"] == "baisse"
    assert told["change"][2] < -0.4
    done = run(*arguments, "--language", "en")
    assert "decrease" in done.output
    assert (tmp_path / "days.csv").is_file()


def test_effect_refuses_a_short_history_with_the_reason(folder, tmp_path):
    done = run("effect", folder, "--since", "2025-06-01", "--where", "cause=appointment_missed", "--out", tmp_path)
    assert done.exit_code == 0
    assert "jours d’historique" in done.output


def test_effect_asks_what_the_measure_was_for(folder, tmp_path):
    done = run("effect", folder, "--since", "2026-02-01", "--out", tmp_path)
    assert isinstance(done.exception, InputError)
    assert "--topic, or --where" in str(done.exception)
    done = run("effect", folder, "--since", "2026-02-01", "--where", "cause", "--out", tmp_path)
    assert "expected column=value" in str(done.exception)
