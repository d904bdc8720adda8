import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vocmine.inference.batching import batches, longest_first

LENGTHS = st.lists(st.integers(1, 600), max_size=80).map(lambda values: np.array(values, dtype=np.intp))
BUDGETS = st.integers(1, 4_000)


@given(LENGTHS, BUDGETS)
def test_the_batches_together_are_a_permutation_of_the_rows(lengths, budget):
    rows = [row for batch in batches(lengths, budget) for row in batch]
    assert sorted(rows) == list(range(len(lengths)))


@given(LENGTHS, BUDGETS)
def test_a_batch_of_several_texts_keeps_to_the_budget_padding_included(lengths, budget):
    for batch in batches(lengths, budget):
        assert len(batch) == 1 or lengths[batch].max() * len(batch) <= budget


@given(LENGTHS, BUDGETS)
def test_without_padding_a_batch_holds_texts_of_one_length(lengths, budget):
    cut = list(batches(lengths, budget, padded=False))
    assert sorted(row for batch in cut for row in batch) == list(range(len(lengths)))
    assert all(len(set(lengths[batch])) == 1 for batch in cut)


def test_texts_go_from_the_longest_to_the_shortest_and_ties_keep_their_order():
    assert longest_first(np.array([3, 9, 3, 12])).tolist() == [3, 1, 0, 2]


def test_sorting_removes_the_padding_that_the_order_of_arrival_costs():
    lengths = np.array([500, 10] * 50)
    computed = sum(lengths[batch].max() * len(batch) for batch in batches(lengths, 1_024))
    assert computed / lengths.sum() < 1.03
