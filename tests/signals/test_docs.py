"""The code of the pages on signals runs as it stands, and they speak of what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import vocmine as vm
from tests.signals.test_policies import analysis_of, calls
from vocmine.schema import CONTACT_SCORES, SIGNALS
from vocmine.signals.queue import REASONS

DOCS = Path(__file__).parents[2] / "docs"
SIGNALS_PAGE = (DOCS / "signals.md").read_text(encoding="utf-8")
AGENTS_PAGE = (DOCS / "agents.md").read_text(encoding="utf-8")
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def names(miner, tmp_path_factory):
    """Run all blocks of the page on signals, one after the other, and return the names they leave."""
    folder = tmp_path_factory.mktemp("docs")
    routing, rules = YAML.findall(SIGNALS_PAGE)
    (folder / "bureaux.yaml").write_text(routing, encoding="utf-8")
    (folder / "regles.yaml").write_text(rules, encoding="utf-8")
    texts = [f"{'Plus de réseau' if rank % 2 else 'Question sur ma facture'}, ligne {rank}." for rank in range(40)]
    labelled = miner.score(vm.Corpus.from_records([{"id": f"C{k}", "texte": text} for k, text in enumerate(texts)]))
    left = {"labelled_analysis": labelled, "labels": {f"C{rank}": rank % 2 == 1 for rank in range(40)}}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(vm, "Miner", lambda: miner)  # Loaded once for all tests.
        for block in PYTHON.findall(SIGNALS_PAGE):
            exec(block, left)
    return left | {"folder": folder}


def test_its_python_runs_and_finds_what_it_says(names):
    contact = names["analysis"].contacts.iloc[0]
    assert "repeat_contact" in contact["signals"]
    assert names["state"].new[0][0] == "repeat_contact"
    assert names["wanted"].cross_validated_["examples"] == 40
    assert (names["folder"] / "panne" / "signal.json").exists()


def test_its_routing_is_one_that_the_queue_reads(names):
    vm.signals.escalation_queue(names["analysis"], routing=names["folder"] / "bureaux.yaml")


@pytest.mark.parametrize(
    ("speaker", "text", "signal"),
    [
        ("client", "Plus de réseau depuis midi.", "panne_quartier"),
        ("client", "Une coupure générale, encore.", "panne_quartier"),
        ("client", "Une coupure générale d’impôts est votée.", None),
        ("client", "Je vous rappelle demain.", None),
        ("conseiller", "Je vous rappelle lundi.", "promesse_de_rappel"),
    ],
)
def test_its_rules_find_what_their_remarks_say(names, speaker, text, signal):
    rules = vm.signals.SignalRules.from_yaml(names["folder"] / "regles.yaml")
    found = rules.score(vm.Corpus.from_records([{"locuteur": speaker, "texte": text}])).spans["label"].tolist()
    assert found == ([signal] if signal else [])


def test_it_lists_every_signal_in_order():
    table = SIGNALS_PAGE.split("| signal |")[1].split("\n\n")[0]
    assert tuple(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == SIGNALS


def test_the_columns_it_names_are_there():
    table = SIGNALS_PAGE.split("## What comes out")[1].split("**Spans.**")[0]
    firsts = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {name for first in firsts for name in re.findall(r"`([a-z]\w+)`", first)}
    assert len(named) > 5
    assert named - {"styles"} <= set(CONTACT_SCORES.names)


def test_it_names_every_reason_of_the_queue():
    assert set(REASONS) <= set(re.findall(r"`(\w+)`", SIGNALS_PAGE))


def test_the_page_on_agents_runs():
    group = calls("frais", 40, defensive=30), calls("colis", 40)
    records = [row | {"cause": row["motif"]} for given, _ in group for row in given]
    left = {"analysis": analysis_of((records, [span for _, spans in group for span in spans]))}
    for block in PYTHON.findall(AGENTS_PAGE):
        exec(block, left)
    assert left["found"].loc[left["found"]["indefensible"], "cause"].tolist() == ["frais"]


def test_pages_lead_to_pages_that_are_there():
    for page in (SIGNALS_PAGE, AGENTS_PAGE):
        for target in re.findall(r"\]\((\w+\.md)\)", page):
            assert (DOCS / target).exists()
