"""Whom an issue affects, and whom it is likely to affect."""

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from vocmine.errors import InputError
from vocmine.issues.outreach import customers_of


def contacts(n=12):
    return [
        {"id": f"K{rank}", "client": f"C{rank % 10}", "date": f"2026-05-{rank + 1:02d} 10:00", "texte": "Plus de box."}
        for rank in range(n)
    ]


@pytest.fixture(scope="module")
def analysis():
    return analysed(contacts())


@pytest.fixture(scope="module")
def customers():
    """Two hundred customers: those who wrote, and 40 others, have the new box; it tells, and the age does not."""
    rng = np.random.default_rng(0)
    rows = [{"customer_id": f"C{rank}", "box": "v6" if rank < 50 else "v5"} for rank in range(200)]
    return pd.DataFrame(rows).assign(age=rng.choice(["moins de 40", "plus de 40"], 200), email=range(200))


def test_who_wrote_is_affected_with_how_often_and_when(analysis):
    found = customers_of(analysis, ["K0", "K1", "K10"])
    assert found["status"].tolist() == ["affected", "affected"]
    assert found.loc["C0", "n_contacts"] == 2
    assert found.loc["C0", "last_contact"].day == 11


def test_who_has_what_those_have_is_likely_to_be(analysis, customers):
    ids = [f"K{rank}" for rank in range(10)]
    found = customers_of(analysis, ids, customers)
    assert (found["status"] == "affected").sum() == 10
    likely = found[found["status"] == "likely"]
    assert set(likely.index) == {f"C{rank}" for rank in range(10, 50)}
    assert likely["lift"].is_monotonic_decreasing
    assert (likely["n_contacts"] == 0).all()


def test_few_who_wrote_tell_of_nobody_else(analysis, customers):
    found = customers_of(analysis, ["K0", "K1"], customers)
    assert found["status"].tolist() == ["affected", "affected"]
    assert found["lift"].isna().all()


def test_what_cannot_be_joined_is_said(analysis, customers):
    with pytest.raises(InputError, match="expected customer_id among them"):
        customers_of(analysis, ["K0"], customers.rename(columns={"customer_id": "client"}))
    with pytest.raises(InputError, match="is there twice"):
        customers_of(analysis, ["K0"], pd.concat([customers, customers.head(1)]))
    with pytest.raises(InputError, match="no column of kinds"):
        customers_of(analysis, ["K0"], customers[["customer_id", "email"]])
    with pytest.raises(InputError, match="without any contact of the alert"):
        customers_of(analysis, ["K99"])
    nobody = analysed([{"id": "K0", "texte": "Plus de box."}])
    with pytest.raises(InputError, match="without customers"):
        customers_of(nobody, ["K0"])


def test_alerts_ask_for_their_own():
    with pytest.raises(InputError, match="got no alert 'x'"):
        vm.Alerts.empty(budget=0.25).customers("x", analysed(contacts()))
