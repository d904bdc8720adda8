"""`TopicModel.update` and what is asked of an analysis with topics."""

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from tests.topics.made_up import SAID, texts_and_vectors
from vocmine.errors import InputError, NotScoredError
from vocmine.topics import over_time, panel

NEW = "Activation de mon esim impossible sur ce téléphone neuf numéro"


def month(texts, vectors, *, start, prefix):
    days = pd.date_range(start, periods=len(texts), freq="6h", tz="Europe/Paris")
    records = [
        {"id": f"{prefix}{place}", "texte": text, "date": day.isoformat(), "locuteur": "client", "langue": "fr"}
        for place, (text, day) in enumerate(zip(texts, days, strict=True))
    ]
    return analysed(records, embeddings=vectors)


@pytest.fixture(scope="module")
def first():
    texts, points, _ = texts_and_vectors(40)
    return month(texts, points, start="2026-01-05", prefix="A")


@pytest.fixture(scope="module")
def model(first):
    return vm.TopicModel(3, n_runs=8).fit(first)


@pytest.fixture(scope="module")
def second():
    texts, points, _ = texts_and_vectors(20, seed=5)
    new = np.zeros((12, points.shape[1]), dtype=np.float32)
    new[:, 9] = 1
    new += np.random.default_rng(2).normal(0, 0.1, new.shape)
    return month(
        [*texts, *[f"{NEW} {place}b" for place in range(12)]],
        np.concatenate([points, new]).astype(np.float32),
        start="2026-02-02",
        prefix="B",
    )


def test_contacts_have_their_topic(first, model):
    analysis = model.assign(first)
    contacts = analysis.contacts
    told = [next((word for word in SAID if word in text.lower()), "") for text in analysis.turns["text"]]
    assert set(contacts["topic"]) <= set(model.topics["label"])
    named = contacts["topic_id"] >= 0
    assert [word in topic for word, topic in zip(np.array(told)[named], contacts["topic"][named], strict=True)].count(
        False
    ) < 0.1 * len(told)
    assert analysis.topics["contacts"].sum() == len(first)
    assert analysis.topics["share"].sum() == pytest.approx(1)
    assert analysis.segments["topic_id"].notna().all()
    assert "topic_id" not in first.contacts


def test_assigned_topics_are_saved_with_the_analysis(first, model, tmp_path):
    analysis = model.assign(first)
    assert vm.Analysis.load(analysis.save(tmp_path)) == analysis
    with pytest.raises(NotScoredError, match="without topics"):
        _ = first.topics


def test_a_new_matter_is_a_new_topic_and_the_others_keep_their_ids(model, second):
    after = model.update(second)
    assert set(model.topics["topic_id"]) <= set(after.topics["topic_id"])
    born = after.topics[after.topics["status"] == "new"]
    assert born["topic_id"].tolist() == [3]
    assert "esim" in born["label"].iloc[0]
    contacts = after.assign(second).contacts
    texts = second.turns["text"].to_numpy()
    assert (contacts["topic_id"].to_numpy() == 3).tolist() == [NEW in text for text in texts]
    old = model.assign(second).contacts["topic_id"].to_numpy()
    same = ~np.array([NEW in text for text in texts])
    assert np.array_equal(contacts["topic_id"].to_numpy()[same], old[same])
    assert len(model.topics) == 4


def test_nothing_new_gives_birth_to_nothing(model):
    texts, points, _ = texts_and_vectors(20, seed=7)
    after = model.update(month(texts, points, start="2026-02-02", prefix="C"))
    assert after.topics["topic_id"].tolist() == model.topics["topic_id"].tolist()


def test_a_silent_topic_is_dead_and_comes_back(model):
    texts, points, owner = texts_and_vectors(30, seed=8)
    kept = owner != 0
    silent = month([t for t, k in zip(texts, kept, strict=True) if k], points[kept], start="2026-02-02", prefix="D")
    whole = month(texts, points, start="2026-03-02", prefix="E")
    lost = model.predict(["Ma facture a doublé"], embeddings=np.eye(1, points.shape[1], dtype=np.float32))[0]
    dead = model.update(silent)
    assert dead.topics.set_index("topic_id").loc[lost, "status"] == "dead"
    back = dead.update(whole)
    assert back.topics.set_index("topic_id").loc[lost, "status"] == "active"
    events = back.lineage[back.lineage["topic_id"] == lost]
    assert events["event"].tolist() == ["born", "died", "revived"]
    assert events["update"].tolist() == [0, 1, 2]


def test_counts_over_time_add_up(first, model):
    analysis = model.assign(first)
    table = over_time(analysis, "W")
    by_topic = table.groupby("topic_id")["contacts"].sum()
    counted = analysis.topics.set_index("topic_id")["contacts"]
    assert by_topic.to_dict() == {topic: counted[topic] for topic in by_topic.index}
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()
    with pytest.raises(InputError, match="freq"):
        over_time(analysis, "Y")
    with pytest.raises(NotScoredError):
        over_time(first)


def test_the_panel_measures_each_topic_and_the_whole(first, model):
    table = panel(model, first)
    assert table.index.tolist() == [0, 1, 2, -1]
    assert table.loc[-1, "diversity"] > 0.8
    assert table["npmi"].between(-1, 1).all()
    assert table.loc[-1, "outlier_share"] == pytest.approx(0.1, abs=0.01)


def test_agents_and_courtesies_are_no_units(model):
    turns = [
        ("client", "Ma facture de mars a doublé sans explication"),
        ("conseiller", "Votre facture de mars comporte une régularisation"),
        ("client", "D'accord, merci beaucoup"),
    ]
    records = [{"id": "F1", "locuteur": who, "texte": said} for who, said in turns]
    analysis = model.assign(analysed(records, embeddings=np.eye(3, 32)))
    assert analysis.segments["topic_reason"].tolist()[1:] == ["agent", "courtesy"]
    assert analysis.segments["topic_id"].isna().tolist() == [False, True, True]


def test_a_born_topic_stays_and_is_no_longer_new(model, second):
    after = model.update(second)
    texts, points, _ = texts_and_vectors(20, seed=9)
    again = np.zeros((6, points.shape[1]), dtype=np.float32)
    again[:, 9] = 1
    third = month(
        [*texts, *[f"{NEW} {place}c" for place in range(6)]],
        np.concatenate([points, again]),
        start="2026-03-02",
        prefix="G",
    )
    later = after.update(third)
    assert later.topics["topic_id"].tolist() == after.topics["topic_id"].tolist()
    assert later.topics.set_index("topic_id")["label"].equals(after.topics.set_index("topic_id")["label"])
    assert later.topics.set_index("topic_id")["status"].to_dict() == {
        0: "active",
        1: "active",
        2: "active",
        3: "active",
        -1: "active",
    }
    events = later.lineage[later.lineage["topic_id"] == 3]
    assert events["event"].tolist() == ["born", "kept"]
    assert events["update"].tolist() == [1, 2]
    assert events["segments"].tolist() == [12, 6]


def test_the_lineage_tells_of_every_topic_in_every_update(first, model, second):
    after = model.update(second)
    assert after.lineage.groupby("update")["topic_id"].apply(list).to_dict() == {0: [0, 1, 2], 1: [0, 1, 2, 3]}
    for update, analysis in enumerate((first, second)):
        rows = after.lineage[after.lineage["update"] == update]
        placed = (model if update == 0 else after).assign(analysis).segments["topic_id"].value_counts()
        assert rows.set_index("topic_id")["segments"].to_dict() == placed.drop(-1, errors="ignore").to_dict()
        assert rows["share"].tolist() == pytest.approx((rows["segments"] / len(analysis.segments)).tolist())
        days = pd.to_datetime(analysis.contacts["started_at"], utc=True)
        assert (rows["since"].iloc[0], rows["until"].iloc[0]) == (days.min(), days.max())
    assert after.lineage["drift"].between(0, 2).all()
    assert (after.lineage.loc[after.lineage["update"] == 0, "drift"] == 0).all()


def test_an_update_leaves_the_model_as_it_was(first, model, second):
    before = model.topics, model.lineage, model.assign(first)
    model.update(second)
    pd.testing.assert_frame_equal(model.topics, before[0])
    pd.testing.assert_frame_equal(model.lineage, before[1])
    assert model.assign(first) == before[2]


def test_an_update_is_the_same_in_any_order_of_its_rows(model, second):
    turned = np.random.default_rng(4).permutation(len(second))
    texts = second.turns["text"].to_numpy()[turned].tolist()
    shuffled = month(texts, second.embeddings[turned], start="2026-02-02", prefix="B")
    here, there = model.update(second), model.update(shuffled)
    told = ["topic_id", "label", "contacts", "segments", "share", "status"]
    pd.testing.assert_frame_equal(here.topics[told], there.topics[told])
    assert here.topics["terms"].tolist() == there.topics["terms"].tolist()


def test_an_update_without_a_unit_changes_no_topic(model):
    silent = month(["Bonjour", "Merci beaucoup"], np.eye(2, 32), start="2026-02-02", prefix="H")
    after = model.update(silent)
    assert after.topics["topic_id"].tolist() == model.topics["topic_id"].tolist()
    assert after.topics["status"].tolist() == model.topics["status"].tolist()
    assert after.lineage["event"].tolist() == ["born"] * 3 + ["kept"] * 3
    assert after.lineage["segments"].tolist()[3:] == [0, 0, 0]


def test_a_corpus_of_very_short_messages_has_topics_too():
    said = ["facture ?", "colis perdu", "facture", "colis", "ma facture svp", "mon colis"] * 2
    records = [{"id": f"S{place}", "texte": f"{text} {place}"} for place, text in enumerate(said)]
    points = np.array(
        [[1.0, 0.1 * (place % 3)] if "facture" in text else [0.1 * (place % 3), 1.0] for place, text in enumerate(said)]
    )
    found = vm.TopicModel(2, n_runs=4, outlier_share=0).fit(analysed(records, embeddings=points))
    assert len({*found.labels_.tolist()}) == 2
