"""One file of folds, read strictly: a text held out by one model is held out by all."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import vocmine as vm
from vocmine.errors import InputError, ReadError
from vocmine.evaluation import Folds, read_folds

COMMITTED = Path(__file__).parents[2] / "benchmarks" / "folds" / "services_publics_plus.csv"


def test_the_committed_folds_are_five_of_like_size_and_hold_nothing_but_ids():
    folds = read_folds(COMMITTED)
    assert (len(folds.of), folds.n) == (599, 5)
    assert set(Counter(folds.of.values()).values()) == {119, 120}
    assert COMMITTED.read_text(encoding="utf-8").splitlines()[0] == "contact_id,fold"


@pytest.mark.data
def test_the_committed_folds_are_those_of_the_data_and_keep_the_shares_of_the_declared_labels(development_data):
    contacts = vm.read(development_data / "services_publics_plus" / "dev.csv").to_pandas("contacts")
    folds = read_folds(COMMITTED)
    assert set(folds.of) == set(contacts["contact_id"])
    counts = contacts.groupby([folds.assign(contacts["contact_id"]), "sentiment_declared"]).size().unstack()
    assert ((counts.max() - counts.min()) <= 4).all()


def test_every_text_is_held_out_once_and_never_trained_on_then():
    folds = Folds({"a": 0, "b": 1, "c": 2, "d": 1})
    ids = ["d", "a", "c", "b", "a"]
    held_out = []
    for train, test in folds.splits(ids):
        assert not set(np.array(ids)[train]) & set(np.array(ids)[test])
        assert sorted([*train, *test]) == list(range(5))
        held_out.extend(test)
    assert sorted(held_out) == list(range(5))


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["a", "z9"], "got 1 ids that are in no fold, the first 'z9'"),
        (["a", None], "got 1 ids missing or not strings among 2"),
        (["a", float("nan")], "got 1 ids missing or not strings among 2"),
        ([42], "read them as text"),
    ],
)
def test_an_id_that_has_no_fold_is_refused(ids, message):
    with pytest.raises(InputError, match=message):
        Folds({"a": 0, "42": 1}).assign(ids)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "expected the columns contact_id, fold"),
        ("id,fold\n1,0\n", "expected the columns contact_id, fold"),
        ("contact_id,fold\n1,0\n1,2\n", "line 3"),
        ("contact_id,fold\n,0\n", "line 2"),
        ("contact_id,fold\n1,first\n", "line 2"),
        ("contact_id,fold\n1\n", "line 2"),
    ],
)
def test_a_file_that_is_no_fold_file_is_refused(tmp_path, content, message):
    (tmp_path / "folds.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match=message):
        read_folds(tmp_path / "folds.csv")


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(ReadError, match="where there is no file"):
        read_folds("nulle/part.csv")
