"""The report's sections on decisions: the questions a head of customer service asks, each with its answer."""

import json
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from tests.outcomes.test_effect import daily
from vocmine.outcomes.effect import effect_of
from vocmine.report import report, summarise

SAID = {
    "Le technicien n'est jamais venu, j'ai attendu toute la journée.": 24,
    "Quels sont vos horaires d'ouverture le samedi ?": 12,
    "J'ai été prélevé deux fois pour la même facture, écrivez à jeanne.morel@exemple.fr <script>alert(1)</script>": 12,
    "Merci beaucoup à toute l'équipe, service impeccable !": 8,
}
QUESTIONS = (
    "Que faire",
    "Quelles sont les causes premières des contacts",
    "Qui doit les corriger",
    "Quels services provoquent des contacts indésirables de façon structurelle",
    "Avons-nous mesuré nos mesures",
    "Les contacts ont-ils vraiment diminué",
    "Combien de fois les clients doivent-ils revenir",
    "Que pourrait-on répondre une fois pour toutes",
)


@pytest.fixture(scope="module")
def analysis(miner):
    texts = [text for text, n in SAID.items() for _ in range(n)]
    days = pd.date_range("2026-03-02", periods=len(texts), freq="36h")
    records = [
        {"id": f"K{place}", "client": f"C{place % 40}", "date": str(day), "canal": "email", "texte": text}
        for place, (text, day) in enumerate(zip(texts, days, strict=True))
    ]
    return vm.CauseModel().assign(miner.score(vm.Corpus.from_records(records)))


@pytest.fixture(scope="module")
def found(analysis):
    return vm.decisions(analysis, cost={"default": 5, "currency": "EUR"})


@pytest.fixture(scope="module")
def effects():
    return [
        effect_of(daily(np.random.default_rng(0), change=0.5)),
        effect_of(daily(np.random.default_rng(1), history=90)),
    ]


def test_each_question_has_its_section(analysis, found, effects, tmp_path):
    page = report(analysis, tmp_path / "voc.html", outcomes=found, effects=effects).read_text(encoding="utf-8")
    for question in QUESTIONS:
        assert question in page
    assert "estimation non vérifiée" in page
    assert "jours d’historique" in page  # the effect that was refused says why
    assert "<script>alert(1)" not in page
    assert "jeanne.morel" not in page
    assert "interventions" in page
    owners = page.split('id="owners"')[1].split("</section>")[0]
    assert ("non attribué" in owners) == found.departments["department"].eq("non attribué").any()


def test_without_decisions_there_are_no_such_sections(analysis, tmp_path):
    page = report(analysis, tmp_path / "voc.html").read_text(encoding="utf-8")
    assert not any(question in page for question in QUESTIONS)


def test_in_english(analysis, found, effects, tmp_path):
    page = report(analysis, tmp_path / "voc.html", language="en", outcomes=found, effects=effects).read_text("utf-8")
    assert "Did the contacts actually fall?" in page
    assert "refused" in page


def test_the_summary_is_plain_and_its_figures_are_those_of_the_tables(analysis, found, effects):
    told = json.loads(json.dumps(summarise(analysis, outcomes=found, effects=effects)))["outcomes"]
    assert sum(line["contacts"] for line in told["departments"]) == len(analysis)
    assert told["measures"][0]["owner"] == "interventions"
    assert told["cost"]["all"]["value"] == 5 * len(analysis)
    assert told["effects"][0]["verdict"] == "baisse"
    assert told["effects"][0]["since"] == date(2026, 3, 2).isoformat()
    assert len(told["effects"][0]["weeks"]) >= 26
    assert told["effects"][1]["change"]["value"] is None


def test_measures_are_ranked_and_lead_to_contacts(analysis, found):
    measures = found.measures
    assert measures["low"].is_monotonic_decreasing
    assert measures["contact_ids"].map(len).gt(0).all()
    assert set(measures["contact_ids"].explode()) <= set(analysis.contacts["contact_id"])
    assert len(measures) <= 10
    assert (measures["cost"] / measures["per_month"]).round(6).eq(5).all()


def test_a_small_corpus_and_an_empty_one_do_not_break_it(miner, tmp_path):
    one = vm.CauseModel().assign(miner.score(vm.Corpus.from_records(["Ma box est en panne."])))
    page = report(one, tmp_path / "one.html", outcomes=vm.decisions(one))
    assert re.search("Que faire|causes premières", page.read_text(encoding="utf-8"))
