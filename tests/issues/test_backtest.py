"""A back-test knows of each day only what was known before it, topics included."""

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from tests.topics.made_up import FEW, texts_and_vectors

FIRST, DAYS, ONSET = pd.Timestamp("2026-01-05"), 170, 150
EACH = 400


@pytest.fixture(scope="module")
def made():
    """Four or so contacts a day of three reasons, and six more about the card from day 150 on; with embeddings."""
    texts, points, owner = texts_and_vectors(EACH)
    rng = np.random.default_rng(1)
    ranks = {topic: iter(np.flatnonzero(owner == topic)) for topic in range(3)}
    rows, vectors = [], []
    for day in range(DAYS):
        drawn = [int(topic) for topic in rng.integers(0, 3, rng.poisson(4))] + [2] * (6 if day >= ONSET else 0)
        for topic in drawn:
            rank = next(ranks[topic])
            when = FIRST + pd.Timedelta(days=day, hours=9)
            rows.append({"id": f"A{len(rows)}", "texte": texts[rank], "date": str(when), "langue": "fr"})
            vectors.append(points[rank])
    return rows, np.array(vectors)


def backtest(rows, vectors):
    detector = vm.IssueDetector(false_alerts_per_week=0.1)
    found = detector.backtest(analysed(rows, embeddings=vectors), ["topic"], topics=vm.TopicModel(**FEW), warm_up=90)
    return detector, found.to_pandas()


@pytest.fixture(scope="module")
def whole(made):
    return backtest(*made)


def test_the_issue_is_told_of_the_topic_found_in_the_first_days(whole):
    detector, frame = whole
    assert len(frame) == 1
    told = frame.iloc[0]
    assert "carte" in told["label"]
    assert FIRST + pd.Timedelta(days=ONSET) <= pd.Timestamp(told["raised"]) <= FIRST + pd.Timedelta(days=ONSET + 2)
    assert len(detector.topics_.topics) >= 4


def test_days_to_come_change_nothing(made, whole):
    rows, vectors = made
    stop = FIRST + pd.Timedelta(days=ONSET + 4)
    known = np.array([pd.Timestamp(row["date"]) < stop for row in rows])
    _, cut = backtest([row for row, kept in zip(rows, known, strict=True) if kept], vectors[known])
    _, frame = whole
    assert cut["raised"].tolist() == frame["raised"].tolist()
    assert cut["topic_id"].tolist() == frame["topic_id"].tolist()


def test_topics_of_the_analysis_are_left_aside(made, whole):
    analysis = analysed(made[0], embeddings=made[1])
    assigned = vm.TopicModel(**FEW, seed=3).fit(analysis).assign(analysis)
    detector = vm.IssueDetector(false_alerts_per_week=0.1)
    found = detector.backtest(assigned, ["topic"], topics=vm.TopicModel(**FEW), warm_up=90)
    pd.testing.assert_frame_equal(found.to_pandas(), whole[1])
