"""An analysis with topics."""

import json
import logging
import re

import pandas as pd
import pyarrow as pa
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from tests.topics.made_up import FEW
from vocmine.errors import SavedAnalysisError


def test_with_tables_wrong_schema(analysis):
    with pytest.raises(SavedAnalysisError, match="topics"):
        analysis.with_tables(topics=pa.table({"x": [1]}))


def test_with_tables_other_contacts(told, analysis):
    short = told.tables["contact_topics"].slice(1)
    with pytest.raises(SavedAnalysisError):
        _ = analysis.with_tables(contact_topics=short).contacts


def test_columns_and_copy(told, analysis):
    assert [c for c in told.contacts if c not in analysis.contacts] == ["topic_id", "topic", "topics"]
    assert all(isinstance(x, list) for x in told.contacts["topics"])
    mine = told.topics
    mine["label"] = "x"
    assert (told.topics["label"] != "x").all()
    assert "topics" not in analysis.tables


def test_v4_read(analysis, told, tmp_path):
    folder = analysis.save(tmp_path / "a")
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format_version": 4}))
    assert vm.Analysis.load(folder) == analysis


def test_resave_without_topics(analysis, told, tmp_path):
    told.save(tmp_path)
    analysis.save(tmp_path)
    assert vm.Analysis.load(tmp_path) == analysis


def test_own_column_topic(made, fitted):
    texts, points, _ = made
    a = analysed(
        vm.Corpus.from_pandas(pd.DataFrame({"texte": texts[:4], "topic": list("wxyz")})), embeddings=points[:4]
    )
    c = fitted.assign(a).contacts
    assert c["topic_given"].tolist() == list("wxyz")


def test_assign_twice(told, fitted, analysis):
    assert fitted.assign(told) == told


def test_nothing_logged(made, caplog):
    with caplog.at_level(logging.DEBUG):
        vm.TopicModel(**FEW).fit(made[0], embeddings=made[1])
    assert not any(re.search("facture|colis", r.getMessage()) for r in caplog.records)
