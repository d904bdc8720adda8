"""A sample to read by hand, and the shares that it corrects."""

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from vocmine.errors import ColumnError, InputError, NotScoredError, ReadError
from vocmine.outcomes.audit import UNVERIFIED, allocate


def records(n=240):
    """Two reasons, of which the classifier calls half of the second the first; three channels."""
    return [
        {
            "id": f"K{place:03d}",
            "date": "2026-03-02 10:00",
            "canal": ("email", "phone", "chat")[place % 3],
            "texte": f"message {place}",
            "truth": "a" if place % 4 < 2 else "b",
            "found": "a" if place % 4 < 3 else "b",
        }
        for place in range(n)
    ]


@pytest.fixture(scope="module")
def analysis():
    return analysed(records())


@pytest.fixture
def labels(analysis):
    sample = vm.audit(analysis, 80, column="found")
    truth = analysis.contacts.set_index("contact_id")["truth"]
    return sample.assign(label=truth.reindex(sample["contact_id"]).to_numpy())


def test_the_sample_has_what_a_reader_needs_and_nothing_filled_in(analysis):
    sample = vm.audit(analysis, 50, column="found")
    assert len(sample) == 50
    assert (sample["label"] == "").all()
    assert sample["text"].str.startswith("message").all()
    assert set(sample["stratum"]) == {
        f"{value} · channel={one}" for value in "ab" for one in ("email", "phone", "chat")
    }


def test_the_sample_does_not_depend_on_the_order_of_the_rows(analysis):
    turned = analysed(records()[::-1])
    mine, theirs = (vm.audit(one, 50, column="found", seed=3) for one in (analysis, turned))
    assert set(mine["contact_id"]) == set(theirs["contact_id"])
    assert set(mine["contact_id"]) != set(vm.audit(analysis, 50, column="found", seed=4)["contact_id"])


def test_allocation_favours_small_strata_and_takes_no_more_than_there_are():
    strata = np.repeat([0, 1, 2], [900, 90, 2])
    drawn = strata[allocate(strata, 60, np.random.default_rng(0))]
    counts = np.bincount(drawn)
    assert counts.sum() == 60
    assert counts[2] == 2
    assert counts[1] / 90 > counts[0] / 900
    assert len(allocate(strata, 5000, np.random.default_rng(0))) == len(strata)


def test_without_an_audit_every_share_says_so(analysis):
    found = vm.audited_shares(analysis, column="found")
    assert (found["status"] == UNVERIFIED).all()
    assert not found["verified"].any()
    assert found.set_index("value").loc["a", "share"] == pytest.approx(0.75)
    assert found["contact_ids"].map(len).tolist() == found["n"].tolist()


def test_an_audit_takes_the_errors_back(analysis, labels):
    found = vm.audited_shares(analysis, labels, column="found").set_index("value")
    assert found.loc["b", "low"] < 0.5 < found.loc["b", "high"]
    assert found.loc["b", "share"] > 0.4
    assert (found["status"] == "vérifié sur 80 contacts").all()
    assert found["share"].sum() == pytest.approx(1)


def test_a_file_of_labels_is_the_same(analysis, labels, tmp_path):
    labels.to_csv(tmp_path / "audit.csv", index=False)
    own = vm.audited_shares(analysis, labels, column="found")
    pd.testing.assert_frame_equal(vm.audited_shares(analysis, tmp_path / "audit.csv", column="found"), own)
    with pytest.raises(ReadError, match="cannot read the labels"):
        vm.audited_shares(analysis, tmp_path / "none.csv", column="found")


def test_groups_are_corrected_by_their_own_labels(analysis, labels):
    few = labels.assign(label=np.where(labels["channel"] == "chat", "", labels["label"]))
    found = vm.audited_shares(analysis, few, column="found", by="channel").set_index(["channel", "value"])
    assert found.loc[("chat", "b"), "status"] == UNVERIFIED
    assert found.loc[("email", "b"), "verified"]
    assert found.loc[("email", "b"), "low"] < 0.5 < found.loc[("email", "b"), "high"]


def test_a_label_that_the_classifier_never_gave_is_a_class(analysis, labels):
    found = vm.audited_shares(analysis, labels.assign(label="autre"), column="found").set_index("value")
    assert found.loc["autre", "share"] == pytest.approx(1)
    assert found.loc["autre", "n"] == 0


def test_labels_of_other_contacts_or_columns_are_refused(analysis, labels):
    with pytest.raises(InputError, match="are not in this analysis"):
        vm.audited_shares(analysis, labels.assign(contact_id="X" + labels["contact_id"]), column="found")
    with pytest.raises(InputError, match="no label is filled in"):
        vm.audited_shares(analysis, labels.assign(label=""), column="found")
    with pytest.raises(InputError, match="labelled twice"):
        vm.audited_shares(analysis, pd.concat([labels, labels]), column="found")
    with pytest.raises(InputError, match="is not of 'channel'"):
        vm.audited_shares(analysis, labels, column="channel")
    with pytest.raises(ColumnError, match="has no column 'stratum'"):
        vm.audited_shares(analysis, labels.drop(columns="stratum"), column="found")
    with pytest.raises(NotScoredError, match="no column 'cause'"):
        vm.audit(analysis)
    with pytest.raises(InputError, match="expected one contact or more"):
        vm.audit(analysis, 0, column="found")
