"""In Spark's ``mapInPandas``: a scorer that travels light and loads its model once a process."""

import gc
import os
import pickle
import shutil
import sys

import pandas as pd
import pytest

from tests.scale.conftest import CONTACTS, TURNS, contacts, in_order, turns
from vocmine import Miner
from vocmine.errors import InputError
from vocmine.scale import output_schema, score_frames, spark_schema, spark_scorer


def test_the_schema_is_the_one_of_the_scores():
    for table in ("contacts", "turns"):
        named = [column.split()[0] for column in spark_schema(table).split(", ")]
        assert named == output_schema(table).names


def test_it_scores_as_frames_are_scored(tiny_miner):
    frame = contacts(40)
    scores = list(spark_scorer(tiny_miner, **CONTACTS)(iter([frame[:15], frame[15:]])))
    expected = list(score_frames([frame[:15], frame[15:]], tiny_miner, **CONTACTS))
    pd.testing.assert_frame_equal(pd.concat(scores), pd.concat(expected))


def test_it_travels_without_the_model():
    assert len(pickle.dumps(spark_scorer(Miner(), **CONTACTS))) < 2_000


def test_tasks_of_one_process_share_the_model_and_other_miners_do_not(tiny_miner):
    sent = pickle.dumps(spark_scorer(tiny_miner, **CONTACTS))
    first, second = pickle.loads(sent), pickle.loads(sent)
    other = pickle.loads(pickle.dumps(spark_scorer(Miner(tiny_miner.model, min_confidence=0.9), **CONTACTS)))
    assert first.miner is second.miner
    assert first.miner is not other.miner


def test_wrong_columns_are_told_before_spark_starts(tiny_miner):
    with pytest.raises(InputError, match="got no text"):
        spark_scorer(tiny_miner, contact_id="id")


@pytest.fixture(scope="module")
def spark():
    pyspark_sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed: pip install pyspark")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("there is no Java on this machine, which Spark runs on")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        pyspark_sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "300")
        .getOrCreate()
    )
    yield session
    session.stop()
    gc.collect()


@pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark", "ignore::FutureWarning:pyspark")
@pytest.mark.parametrize(
    ("frame", "columns"), [(contacts(2000), CONTACTS), (turns(500, each=4), TURNS)], ids=["row a contact", "row a turn"]
)
def test_spark_gives_the_table_of_one_process(spark, tiny_miner, frame, columns):
    key = columns["contact_id"]
    together = spark.createDataFrame(frame.sample(frac=1, random_state=0)).repartition(key).sortWithinPartitions(key)
    scored = together.mapInPandas(spark_scorer(tiny_miner, **columns), schema=spark_schema())
    expected = pd.concat(score_frames([frame], tiny_miner, **columns))
    # Spark's own frames have no nullable numbers and flags.
    nullable = {name: dtype for name, dtype in expected.dtypes.items() if str(dtype) in {"boolean", "Int8", "Int32"}}
    found = scored.toPandas().astype(nullable)
    pd.testing.assert_frame_equal(in_order(found), in_order(expected), rtol=0, atol=1e-5, check_dtype=False)
