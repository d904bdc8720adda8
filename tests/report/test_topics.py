"""The report's section on topics."""

import numpy as np
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from tests.topics.made_up import SAID, texts_and_vectors
from vocmine.report import report, summarise


@pytest.fixture(scope="module")
def analysis():
    texts, points, _ = texts_and_vectors(20)
    records = [
        {"id": f"A{place}", "texte": text, "date": f"2026-03-{1 + place % 28:02d}", "locuteur": "client"}
        for place, text in enumerate([*texts, "Ma facture <script>alert(1)</script> a doublé encore"])
    ]
    made = analysed(records, embeddings=np.concatenate([points, points[:1]]))
    return vm.TopicModel(3, n_runs=6).fit(made).assign(made)


def test_figures_add_up(analysis):
    found = summarise(analysis)["topics"]
    assert [line["rank"] for line in found["lines"]] == [1, 2, 3]
    assert sum(line["share"]["count"] for line in found["lines"]) + found["none"]["count"] == len(analysis)
    assert all(sum(line["weeks"]) == line["contacts"] for line in found["lines"])
    assert all(sum(line["channels"].values()) == line["contacts"] for line in found["lines"])
    assert found["half"] == 2
    labels = " ".join(line["label"] for line in found["lines"])
    assert all(word in labels for word in SAID)


def test_the_page_shows_topics_and_never_their_markup(analysis, tmp_path):
    page = report(analysis, tmp_path / "voc.html").read_text(encoding="utf-8")
    assert 'id="topics"' in page
    assert "Pourquoi ils contactent" in page
    assert "<script>alert(1)" not in page


def test_without_topics_there_is_no_section(tmp_path):
    made = analysed([{"id": "A1", "texte": "Ma facture a doublé"}])
    assert summarise(made)["topics"]["lines"] == []
    assert 'id="topics"' not in report(made, tmp_path / "voc.html").read_text(encoding="utf-8")
