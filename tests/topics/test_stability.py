"""Stability: the same topics come back when rows, order and seed change, or it is seen that they do not."""

from itertools import islice

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from vocmine.errors import InputError
from vocmine.topics.stability import agreement, perturbations, stability

TRUTH = np.repeat([0, 1, 2, -1], [40, 30, 20, 10])


def renamed(rows, seed):
    """The same topics in every run, under names that change with the seed; rows without a topic stay without."""
    names = np.random.default_rng(seed).permutation(3) + 10
    return np.where(TRUTH[rows] < 0, -1, names[TRUTH[rows]])


def at_random(rows, seed):
    return np.random.default_rng(seed).integers(0, 3, size=len(rows))


def test_names_of_topics_are_of_no_account():
    found = agreement([0, 0, 1, 1, 2, -1], [5, 5, 9, 9, 0, -1])
    assert (found.ari, found.nmi, found.ari_assigned, found.nmi_assigned) == pytest.approx((1, 1, 1, 1))
    assert (found.n_rows, found.n_assigned) == (6, 5)


def test_rows_without_a_topic_are_a_cluster_of_their_own_or_left_out():
    first, second = [0, 0, 1, 1, -1, -1], [0, 0, 1, 1, 0, 1]
    found = agreement(first, second)
    assert found.ari == adjusted_rand_score(first, second) < 1
    assert found.nmi == normalized_mutual_info_score(first, second) < 1
    assert (found.ari_assigned, found.nmi_assigned, found.n_assigned) == pytest.approx((1, 1, 4))


def test_series_go_together_by_their_index():
    first = pd.Series([0, 0, 1, 1], index=["a", "b", "c", "d"])
    second = pd.Series([7, 7, 8, 8, 8], index=["d", "c", "b", "a", "z"])
    found = agreement(first, second)
    assert (found.ari, found.n_rows) == (1, 4)
    assert agreement(first, second[["a", "c", "z"]]).n_rows == 2


def test_partitions_without_common_rows_agree_in_nothing_known():
    found = agreement(pd.Series([0], index=["a"]), pd.Series([0], index=["b"]))
    assert np.isnan([found.ari, found.nmi, found.ari_assigned, found.nmi_assigned]).all()
    assert np.isnan(agreement([0, -1], [-1, 0]).ari_assigned)


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), min_size=1, max_size=60))
def test_agreement_turns_with_its_sides(pairs):
    first, second = zip(*pairs, strict=True)
    there, back = agreement(first, second), agreement(second, first)
    np.testing.assert_allclose([there.ari, there.nmi], [back.ari, back.nmi])
    np.testing.assert_allclose([there.ari_assigned, there.nmi_assigned], [back.ari_assigned, back.nmi_assigned])
    assert agreement(first, first).ari == 1


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ([0, 1], [0, 1, 1], "got 2 and 3 labels"),
        ([0.5, 1], [0, 1], "of type float64; expected whole numbers"),
        (pd.Series([0, None], dtype="Int64"), pd.Series([0, 1]), "got missing labels"),
        (["facture", "colis"], [0, 1], "expected whole numbers"),
        (pd.Series([0, 1], index=[3, 3]), pd.Series([0, 1]), "a row twice"),
    ],
)
def test_labels_that_do_not_go_together_are_refused(first, second, message):
    with pytest.raises(InputError, match=message):
        agreement(first, second)


def test_a_perturbation_leaves_rows_out_and_turns_their_order():
    samples = list(islice(perturbations(200, seed=1), 20))
    for rows in samples:
        assert len(set(rows.tolist())) == len(rows) == 180
        assert set(rows.tolist()) <= set(range(200))
        assert (np.diff(rows) < 0).any()
    assert len({rows.tobytes() for rows in samples}) == 20
    # Every row is left out sometimes.
    assert len(set.intersection(*(set(rows.tolist()) for rows in samples))) < 200 * 0.9


def test_perturbations_come_back_with_their_seed():
    for first, second in zip(islice(perturbations(50, seed=2), 3), perturbations(50, seed=2), strict=False):
        np.testing.assert_array_equal(first, second)
    assert not np.array_equal(next(perturbations(50, seed=2)), next(perturbations(50, seed=3)))


def test_a_share_of_one_shuffles_and_a_small_one_keeps_a_row():
    assert sorted(next(perturbations(30, share=1, seed=0))) == list(range(30))
    assert next(perturbations(1, share=0.1, seed=0)).tolist() == [0]


def test_topics_that_come_back_are_stable():
    found = stability(renamed, len(TRUTH))
    assert found.ari == (1, 1, 1)
    assert found.sd == 0
    assert found.topics.to_numpy() == pytest.approx(np.ones(3))
    assert sorted(found.topics.index) == [10, 11, 12]
    assert len(found.pairs) == 10
    assert (found.pairs["n_rows"] < 90).all()
    assert str(found) == "ARI 1.000 [1.000, 1.000], sd 0.000 over 10 pairs of runs"


def test_topics_drawn_at_random_are_not():
    found = stability(at_random, 300, n_runs=4)
    assert abs(found.ari.value) < 0.05
    assert found.ari.low <= found.ari.value <= found.ari.high
    assert (found.topics < 0.5).all()


def test_labels_may_be_of_all_rows():
    found = stability(lambda rows, seed: TRUTH, len(TRUTH), n_runs=3)
    assert found.ari.value == 1
    assert (found.pairs["n_rows"] == 100).all()


def test_with_a_share_of_one_labels_are_in_the_order_of_the_rows():
    assert stability(lambda rows, seed: TRUTH[rows], len(TRUTH), share=1).ari.value == 1
    assert stability(lambda rows, seed: TRUTH, len(TRUTH), share=1).ari.value < 0.2


def test_each_run_has_its_rows_and_its_seed():
    calls = []

    def fit(rows, seed):
        calls.append((rows, seed))
        return TRUTH[rows]

    stability(fit, len(TRUTH), n_runs=3, seed=7)
    assert [seed for _, seed in calls] == [7, 8, 9]
    for (rows, _), drawn in zip(calls, perturbations(len(TRUTH), seed=7), strict=False):
        np.testing.assert_array_equal(rows, drawn)


def test_the_same_seed_gives_the_same_figures():
    first, second = (stability(at_random, 60, n_runs=4, seed=3) for _ in range(2))
    assert first.ari == second.ari
    pd.testing.assert_frame_equal(first.pairs, second.pairs)
    pd.testing.assert_series_equal(first.topics, second.topics)


def test_one_run_that_goes_its_own_way_widens_the_interval():
    found = stability(lambda rows, seed: at_random(rows, 0) if seed == 4 else renamed(rows, seed), len(TRUTH))
    alike = found.pairs["second"] < 4
    assert found.pairs.loc[alike, "ari"].tolist() == [1] * 6
    assert found.pairs.loc[~alike, "ari"].max() < 0.2
    assert found.ari.value == pytest.approx(found.pairs["ari"].mean())
    assert found.sd == pytest.approx(found.pairs["ari"].std())
    assert found.ari.low < 0.6
    assert found.ari.high == 1


def test_each_topic_has_its_own_stability():
    halved = np.where(TRUTH == 0, np.arange(len(TRUTH)) % 2, TRUTH + 10)
    found = stability(lambda rows, seed: halved if seed else TRUTH, len(TRUTH), n_runs=3)
    # The second and third run cut topic 0 in two halves and leave the others whole; the rows without a topic got one.
    assert found.topics.to_dict() == pytest.approx({0: 0.5, 1: 1, 2: 1})


def test_a_topic_whose_rows_lose_theirs_does_not_stay():
    emptied = np.where(TRUTH == 1, -1, TRUTH)
    found = stability(lambda rows, seed: emptied if seed else TRUTH, len(TRUTH), n_runs=2)
    assert found.topics.to_dict() == {0: 1, 1: 0, 2: 1}


def test_no_topic_at_all_is_a_table_without_rows():
    found = stability(lambda rows, seed: np.full(len(rows), -1), 20)
    assert found.topics.empty
    assert found.pairs["ari_assigned"].isna().all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_runs": 1}, "got n_runs=1, expected at least two"),
        ({"n_rows": 0}, "got n=0"),
        ({"share": 0}, "got share=0"),
        ({"share": 1.2}, "got share=1.2"),
        ({"fit": lambda rows, seed: [0, 1]}, r"got labels of shape \(2,\) from fit, expected \(90,\) or \(100,\)"),
        ({"share": 0.01}, "two runs have no row in common"),
    ],
)
def test_what_cannot_be_compared_is_refused(options, message):
    with pytest.raises(InputError, match=message):
        stability(**{"fit": renamed, "n_rows": len(TRUTH), **options})
