"""Contacts by the million on several machines: batches of rows come in, batches of scores of one fixed schema go out.

`score_frames` is all there is to it: an iterator of frames in, an iterator of frames out. `score_parquet` runs it on
Ray Data, a model on each actor, from Parquet to Parquet; `spark_scorer` and `spark_schema` run it in Spark's
``mapInPandas``. Whatever the engine, columns are named and never guessed, so that all workers read them alike, and
each row given is one row's turn in the result or a rejected row with its reason.
"""

from vocmine.scale.batches import BatchScorer, TableName, output_schema
from vocmine.scale.frames import score_frames
from vocmine.scale.ray_data import score_parquet
from vocmine.scale.scale_run import ScaleRun
from vocmine.scale.spark import SparkScorer, spark_schema, spark_scorer

__all__ = [
    "BatchScorer",
    "ScaleRun",
    "SparkScorer",
    "TableName",
    "output_schema",
    "score_frames",
    "score_parquet",
    "spark_schema",
    "spark_scorer",
]
