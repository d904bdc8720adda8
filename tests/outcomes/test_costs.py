"""Costs are exact to the cent, never assumed, and lead back to their contacts."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vocmine.errors import ColumnError, InputError, ReadError, VocmineError
from vocmine.outcomes.costs import Costs, with_costs_table
from vocmine.outcomes.rates import Fault

_EXAMPLES = Path(__file__).parents[2] / "examples"
_BY_HAND = {  # channel, segment: contacts of contacts.csv, their sum by the amounts of costs.yaml
    ("phone", "B2C"): (1385, "9418.00"),
    ("phone", "B2B"): (203, "1908.20"),
    ("email", "B2C"): (1410, "5781.00"),
    ("email", "B2B"): (191, "1069.60"),
    ("chat", "B2C"): (1002, "3206.40"),
    ("chat", "B2B"): (150, "645.00"),
    ("social", "B2C"): (1468, "3082.80"),
    ("social", "B2B"): (191, "496.60"),
}
_ONE = {"default": 5.0, "currency": "EUR"}


@pytest.fixture(scope="module")
def sample():
    turns = pd.read_csv(_EXAMPLES / "contacts.csv", usecols=["contact_id", "channel", "started_at", "turn", "segment"])
    contacts = turns[turns["turn"] == 0].drop(columns="turn")
    return contacts.assign(started_at=pd.to_datetime(contacts["started_at"], dayfirst=True))


def contacts(n, days=28, **columns):
    moments = pd.date_range("2026-01-05 12:00", periods=days)[np.arange(n) % days]
    frame = pd.DataFrame({"contact_id": [f"K{place}" for place in range(n)], "started_at": moments})
    return frame.assign(**{"channel": "phone", "segment": "B2C", **columns})


def arrivals(seed, days=84, mean=5.0, dispersion=1.0):
    """Contacts of so many days, their daily counts drawn with a variance of `dispersion` times the mean."""
    random = np.random.default_rng(seed)
    extra = dispersion - 1
    means = random.gamma(mean / extra, extra, size=days) if extra else np.full(days, mean)
    moments = np.repeat(pd.date_range("2026-01-05", periods=days), random.poisson(means))
    channel = random.choice(["phone", "email"], size=len(moments))
    return pd.DataFrame({"contact_id": np.arange(len(moments)).astype(str), "started_at": moments, "channel": channel})


def test_totals_are_those_worked_out_by_hand(sample):
    total = Costs.from_yaml(_EXAMPLES / "costs.yaml").total(sample)
    assert total.amount == Decimal("25607.60")
    assert {(channel, part): str(amount) for channel, parts in total.by.items() for part, amount in parts.items()} == {
        cell: amount for cell, (_, amount) in _BY_HAND.items()
    }
    assert (total.n, total.n_without, total.currency) == (6000, 0, "EUR")
    assert set(total.contact_ids) == set(sample["contact_id"])
    assert total.low < total.amount < total.high
    assert "costs.yaml" in total.source
    assert "inventés" in str(total)


def test_table_has_counts_and_sums_of_each_cell(sample):
    table = with_costs_table(sample, Costs.from_yaml(_EXAMPLES / "costs.yaml"))
    cells = {(row.channel, row.segment): (row.n, str(row.sum)) for row in table.itertuples()}
    assert cells == _BY_HAND
    assert [len(ids) for ids in table["contact_ids"]] == table["n"].tolist()


def test_rounding_is_half_up_and_only_at_the_end():
    costs = Costs.of({"phone": 0.335, "currency": "EUR"})
    # 0.335 × 3 = 1.005: a sum of rounded costs would be 1.02, a binary one 1.00.
    assert costs.total(contacts(3)).amount == Decimal("1.01")
    assert costs.each(contacts(1)).iloc[0] == Decimal("0.335")


def test_most_precise_amount_counts_whatever_the_capitals():
    costs = Costs.of({"phone": {"B2C": 1, "default": 2}, "default": {"B2B": 3, "default": 4}, "currency": "eur"})
    frame = contacts(5, channel=["Phone", "phone", "CHAT", "chat", None], segment=["b2c", "B2B", "b2b", None, "B2B"])
    frame = frame.rename(columns={"segment": "Segment"})
    assert costs.each(frame).tolist() == [1, 2, 3, 4, 3]
    assert costs.currency == "EUR"
    assert set(costs.total(frame).by) == {"phone", "CHAT", "non renseigné"}


def test_contact_without_a_cost_is_counted_and_not_guessed():
    costs = Costs.of({"phone": {"B2C": 6.8}, "currency": "EUR"})
    frame = contacts(4, channel=["phone", "fax", "phone", "phone"], segment=["B2C", "B2C", "B2B", None])
    assert costs.each(frame).tolist() == [Decimal("6.8"), None, None, None]
    total = costs.total(frame)
    assert (total.amount, total.n, total.n_without, total.contact_ids) == (Decimal("6.80"), 1, 3, ("K0",))
    assert with_costs_table(frame, costs)["sum"].isna().sum() == 3


def test_costs_that_differ_by_segment_ask_for_the_column():
    frame = contacts(2).drop(columns="segment")
    with pytest.raises(ColumnError, match="segment"):
        Costs.of({"phone": {"B2C": 6.8}, "currency": "EUR"}).each(frame)
    assert Costs.of({"phone": {"B2C": 6.8, "default": 7}, "currency": "EUR"}).each(frame).tolist() == [7, 7]
    with pytest.raises(ColumnError, match="channel"):
        Costs.of({"phone": 6.8, "currency": "EUR"}).each(frame.drop(columns="channel"))
    assert Costs.of(_ONE).each(frame.drop(columns="channel")).tolist() == [5, 5]


def test_segment_may_have_another_name():
    frame = contacts(2, Market=["B2B", "B2C"])
    costs = Costs.of({"phone": {"B2C": 1, "B2B": 2}, "currency": "EUR"})
    assert costs.each(frame, segment="market").tolist() == [2, 1]
    assert costs.total(frame, segment="market").amount == 3
    with pytest.raises(ColumnError, match="capitals"):
        costs.each(frame.assign(MARKET="B2B"), segment="market")


def test_nothing_is_assumed():
    assert Costs.of(None) is None
    costs = Costs.of(_ONE)
    assert Costs.of(costs) is costs
    with pytest.raises(InputError, match="currency"):
        Costs.of({"default": 5.0})
    with pytest.raises(InputError, match="'currency': 'EUR'"):
        Costs.of(5.0)


def test_hbr_is_named_with_its_source_and_its_floor():
    costs = Costs.of("hbr2017")
    assert costs.each(contacts(3, segment=["B2C", "B2B", "VIP"])).tolist() == [7, 13, None]
    assert costs.currency == "USD"
    assert "Harvard Business Review 2017" in costs.source
    assert "plancher" in costs.source


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"phone": 5, "currency": "€"}, "ISO 4217"),
        ({"currency": "EUR"}, "no cost"),
        ({"phone": -1, "currency": "EUR"}, "per_contact, phone"),
        ({"phone": True, "currency": "EUR"}, "per_contact, phone"),
        ({"phone": {"B2C": "6,80"}, "currency": "EUR"}, "phone, B2C"),
        ({"phone": float("nan"), "currency": "EUR"}, "at least 0"),
        ({"phone": None, "currency": "EUR"}, "at least 0"),
        ({"phone": 1, "Phone": 2, "currency": "EUR"}, "twice"),
        ({False: 1, "currency": "EUR"}, "quotes"),
        ({"per_contact": {"phone": 1}, "currency": "EUR", "fault": {}}, "'fault'"),
        ({"per_contact": 5, "currency": "EUR"}, "per_contact"),
        ({**_ONE, "faults": {"lost": {"replacment": 3}}}, "lost"),
        ({**_ONE, "faults": {"lost": {"share": 0.5}}}, "lost"),
        ({**_ONE, "faults": {"lost": {"replacement": 3, "share": 25}}}, "0 to 1"),
    ],
)
def test_what_is_not_understood_is_refused(mapping, said):
    with pytest.raises(InputError, match=said):
        Costs.of(mapping)


def test_files_that_hold_no_costs_are_refused(tmp_path):
    for text in ("- 5\n", "phone: [1\n", ""):
        (tmp_path / "costs.yaml").write_text(text)
        with pytest.raises(ReadError, match=r"costs\.yaml"):
            Costs.from_yaml(tmp_path / "costs.yaml")
    with pytest.raises(ReadError):
        Costs.of(str(tmp_path / "none.yaml"))


def test_rows_are_selected_and_checked():
    frame = contacts(4, channel=["phone", "email"] * 2)
    frame.index = [0, 0, 1, 1]
    costs = Costs.of({"phone": 2, "email": 3, "currency": "EUR"})
    total = costs.total(frame, rows=frame["channel"] == "email")
    assert (total.amount, total.contact_ids) == (6, ("K1", "K3"))
    for rows in ([0, 1], [True]):
        with pytest.raises(InputError, match="truth value"):
            costs.total(frame, rows=rows)
    with pytest.raises(InputError, match="level"):
        costs.total(frame, level=95)


def test_interval_of_one_cost_is_that_of_the_count():
    total = Costs.of(_ONE).total(contacts(10).drop(columns="started_at"))
    # Garwood: ten contacts, 4.795 to 18.390.
    assert float(total.low) == pytest.approx(5 * 4.795, rel=0.02)
    assert float(total.high) == pytest.approx(5 * 18.390, rel=0.02)
    assert total.dispersion is None


def test_no_contact_costs_nothing_but_might_have():
    total = Costs.of(_ONE).total(contacts(5), rows=np.zeros(5, dtype=bool))
    assert (total.amount, total.low, total.n, total.by) == (0, 0, 0, {})
    assert float(total.high) == pytest.approx(5 * 3.689, rel=0.03)


@pytest.mark.parametrize("dispersion", [1.0, 4.0])
def test_interval_holds_the_mean_of_such_periods(dispersion):
    costs = Costs.of({"phone": 10, "email": 2, "currency": "EUR"})
    truth = 84 * 5 * 6
    totals = [costs.total(arrivals(seed, dispersion=dispersion)) for seed in range(150)]
    covered = np.mean([total.low <= truth <= total.high for total in totals])
    assert 0.9 <= covered <= 0.995


def test_days_of_the_week_are_no_overdispersion():
    days = pd.date_range("2026-01-05", periods=70)
    random = np.random.default_rng(0)
    counts = random.poisson(np.where(days.day_of_week < 5, 20, 2))
    frame = contacts(counts.sum()).assign(started_at=np.repeat(days, counts))
    assert Costs.of(_ONE).total(frame).dispersion < 1.5
    burst = np.where(np.arange(70) % 10 == 3, 60, 10)
    frame = contacts(burst.sum()).assign(started_at=np.repeat(days, burst))
    assert Costs.of(_ONE).total(frame).dispersion > 5


def test_quiet_days_of_the_period_count():
    frame = contacts(60, days=30)
    rows = (frame["started_at"] < "2026-01-08").to_numpy()
    assert Costs.of(_ONE).total(frame, rows=rows).dispersion > Costs.of(_ONE).total(frame).dispersion


def test_interval_is_the_same_for_the_same_seed_and_text_dates_are_refused(sample):
    costs = Costs.from_yaml(_EXAMPLES / "costs.yaml")
    assert costs.total(sample, seed=3) == costs.total(sample, seed=3)
    with pytest.raises(ColumnError, match="to_datetime"):
        costs.total(sample.assign(started_at=sample["started_at"].astype(str)))


def test_faults_are_added_for_their_share():
    faults = {"Lost": {"replacement": 40, "second_shipping": 6.5, "share": 0.25}, "late": {"second_shipping": 3}}
    costs = Costs.of({**_ONE, "faults": faults})
    assert costs.faults["late"] == Fault(second_shipping=Decimal(3))
    table = costs.faults_of(contacts(7, cause=["lost"] * 3 + ["late"] * 2 + ["rude", None])).set_index("cause")
    lost = ["contact_cost", "replacement", "second_shipping", "total"]
    # Three quarters of a replacement, and 4.875 of shipping.
    assert table.loc["Lost", lost].map(str).tolist() == ["15.00", "30.00", "4.88", "49.88"]
    assert table.loc["late", lost].tolist() == [10, None, 6, 16]
    assert table.loc["rude", lost].tolist() == [5, None, None, 5]
    assert table.index.tolist() == ["Lost", "late", "non renseigné", "rude"]
    assert table.loc["Lost", "contact_ids"] == ["K0", "K1", "K2"]
    assert table["contacts"].tolist() == [3, 2, 1, 1]


def test_fault_of_contacts_without_a_cost_is_known_all_the_same():
    costs = Costs.of({"phone": 5, "currency": "EUR", "faults": {"lost": {"replacement": 40}}})
    table = costs.faults_of(contacts(2, channel=["fax", "fax"], cause=["lost", "late"])).set_index("cause")
    assert table.loc["lost", ["contact_cost", "total"]].tolist() == [None, 40]
    assert table.loc["late", "total"] is None
    with pytest.raises(ColumnError, match="cause="):
        costs.faults_of(contacts(2))


def test_messages_hold_no_text_of_a_customer():
    frame = contacts(2, started_at=["mon secret", "mon secret"])
    with pytest.raises(VocmineError) as error:
        Costs.of(_ONE).total(frame)
    assert "secret" not in str(error.value)


def test_no_contacts_at_all():
    empty = contacts(3, cause="lost").iloc[:0]
    assert Costs.of(_ONE).total(empty).amount == 0
    assert Costs.of(_ONE).faults_of(empty).empty
    assert with_costs_table(empty, Costs.of(_ONE)).empty
