"""Topics of a stream, part after part."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from tests.topics.made_up import texts_and_vectors
from vocmine.errors import InputError, SavedAnalysisError
from vocmine.topics import assign_stream, fit_stream

FEW = {"n_topics": 3, "n_runs": 6}


@pytest.fixture
def analysis():
    texts, points, _ = texts_and_vectors(20)
    turns = [{"id": f"A{place}", "texte": text, "locuteur": "client"} for place, text in enumerate(texts)]
    return analysed(turns, embeddings=points)


@pytest.fixture
def stream(analysis, tmp_path):
    """Write the tables of an analysis in two parts, as `Miner.stream` does."""
    tables = {
        "contacts": analysis.corpus.contacts,
        "turns": analysis.corpus.turns,
        "segments": analysis.tables["segments"],
        "embeddings": pa.table({"embedding": pa.FixedSizeListArray.from_arrays(analysis.embeddings.ravel(), 32)}),
    }
    for name, table in tables.items():
        (tmp_path / name).mkdir()
        for part, rows in enumerate((slice(0, 25), slice(25, 60))):
            pq.write_table(table.take(np.arange(60)[rows]), tmp_path / name / f"part-{part:06d}.parquet")
    return tmp_path


def test_parts_get_the_topics_of_the_whole(analysis, stream):
    model = fit_stream(vm.TopicModel(**FEW), stream)
    whole = model.assign(analysis)
    assign_stream(model, stream)
    assigned = pd.read_parquet(stream / "assignments")
    assert assigned["topic_id"].tolist() == whole.segments["topic_id"].tolist()
    assert pd.read_parquet(stream / "contact_topics")["topic"].tolist() == whole.contacts["topic"].tolist()
    counts = pd.read_parquet(stream / "topics.parquet").set_index("topic_id")
    assert counts["contacts"].to_dict() == whole.topics.set_index("topic_id")["contacts"].to_dict()
    assert counts["share"].to_numpy() == pytest.approx(whole.topics["share"].to_numpy())


def test_a_sample_makes_the_topics(stream):
    model = fit_stream(vm.TopicModel(**FEW, max_rows=30), stream)
    assert len(model.labels_) == 30
    again = fit_stream(vm.TopicModel(**FEW, max_rows=30), stream)
    assert np.array_equal(model.state_.rule.centres, again.state_.rule.centres)


def test_what_is_no_stream_is_refused(stream, tmp_path):
    model = vm.TopicModel(**FEW)
    with pytest.raises(SavedAnalysisError, match="no stream"):
        fit_stream(model, tmp_path / "segments")
    (stream / "turns" / "part-000001.parquet").write_bytes(b"cut")
    with pytest.raises(SavedAnalysisError, match="cannot read"):
        fit_stream(model, stream)
    for path in (stream / "embeddings").iterdir():
        path.unlink()
    (stream / "embeddings").rmdir()
    with pytest.raises(InputError, match="embeddings=True"):
        fit_stream(model, stream)
