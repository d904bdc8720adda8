"""Contacts that come again: chains, first-contact resolution, drivers, recovery."""

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from vocmine.errors import InputError
from vocmine.outcomes.drivers import expected_repeats, ranked
from vocmine.outcomes.repeats import Repeats

BOX = "Ma box ne s'allume plus, je n'ai plus internet."
BOX_AGAIN = "C'est la troisième fois que j'appelle : ma box ne s'allume toujours pas et je suis sans internet."
BILL = "Pourquoi ma facture a-t-elle doublé ce mois-ci ?"
CARD = "Je voudrais commander une deuxième carte pour mon fils."


def row(name, customer, day, text, channel="email", **more):
    return {"id": name, "client": customer, "date": f"2026-{day} 10:00", "canal": channel, "texte": text} | more


@pytest.fixture(scope="module")
def rows():
    """Twelve customers who come again about their box, twelve with one contact each, and some odd ones."""
    found = []
    for place in range(12):
        day = f"03-{1 + place:02d}"
        found.append(row(f"B{place}-1", f"C{place}", day, BOX))
        found.append(row(f"B{place}-2", f"C{place}", f"03-{3 + place:02d}", BOX_AGAIN, "phone"))
        found.append(row(f"S{place}", f"D{place}", day, BILL if place % 2 else CARD))
    found.append(row("B0-3", "C0", "03-06", BOX_AGAIN))
    found.append(row("late", "C1", "05-20", BOX_AGAIN))  # long after the window
    found.append(row("nobody", None, "03-09", BOX_AGAIN, "social"))
    found.append(row("end", "Z", "05-28", BILL))
    return found


@pytest.fixture(scope="module")
def analysis(miner, rows):
    return miner.score(vm.Corpus.from_records(rows))


@pytest.fixture(scope="module")
def repeats(analysis):
    return vm.repeat_contacts(analysis, "7D")


def test_contacts_about_one_matter_are_a_chain_across_channels(repeats):
    own = repeats.contacts.set_index("contact_id")
    assert own.loc["B0-2", "chain_id"] == "B0-1"
    assert own.loc["B0-2", "previous_id"] == "B0-1"
    assert own.loc["B0-1", "next_id"] == "B0-2"
    assert own.loc["B0-3", "position"] == 3
    assert own.loc["B0-2", "gap_days"] == pytest.approx(2)
    assert own.loc["B0-2", "by"] == "customer_id"
    assert pd.isna(own.loc["S3", "next_id"])


def test_what_comes_after_the_window_is_another_matter(repeats):
    own = repeats.contacts.set_index("contact_id")
    assert own.loc["late", "position"] == 1
    assert own.loc["late", "chain_id"] == "late"


def test_nothing_is_lost_and_the_order_is_kept(repeats, analysis):
    assert repeats.contacts["contact_id"].tolist() == analysis.contacts["contact_id"].tolist()
    assert repeats.contacts.index.equals(analysis.contacts.index)
    assert sum(map(len, repeats.matters["contact_ids"])) == len(analysis)


def test_rows_in_another_order_give_the_same_chains(miner, rows, repeats):
    turned = vm.repeat_contacts(miner.score(vm.Corpus.from_records(rows[::-1])), "7D")
    mine = repeats.contacts.set_index("contact_id")["chain_id"].sort_index()
    theirs = turned.contacts.set_index("contact_id")["chain_id"].sort_index()
    pd.testing.assert_series_equal(mine, theirs)


def test_resolution_counts_matters_once_and_those_of_known_customers(repeats):
    found = repeats.fcr().iloc[0]
    assert found["matters"] == 26  # 12 boxes, 12 alone, late, end; nobody is not known
    assert found["fcr"] == pytest.approx(14 / 26, abs=0.03)
    assert found["low"] < found["fcr"] < found["high"]
    assert found["censored"] > 0  # « end » came on the last day


def test_resolution_by_channel_and_of_small_groups(repeats):
    by = repeats.fcr("channel").set_index("channel")
    assert by.loc["email", "matters"] == 26
    assert np.isnan(by.loc["social", "fcr"])
    with pytest.raises(InputError, match="got no column 'shop'"):
        repeats.fcr("shop")


def test_coverage_says_what_cannot_be_known(repeats):
    found = repeats.coverage
    assert found["customer_id"] == pytest.approx(39 / 40)
    assert found["told"] == 0
    assert found["stated_unlinked"] > 0  # « late » and « nobody » say that they come again


def test_without_an_id_what_the_customer_gives_tells(miner):
    texts = [
        f"{BOX} Vous pouvez me joindre au 06 39 98 12 34.",
        f"{BOX_AGAIN} Mon numéro : 06.39.98.12.34",
        f"{BOX} Mon adresse est claude.martin@courriel.example",
        "Merci, rien d'autre.",
    ]
    records = [row(f"X{place}", None, f"03-0{1 + place}", text) for place, text in enumerate(texts)]
    found = vm.repeat_contacts(miner.score(vm.Corpus.from_records(records)), "7D")
    own = found.contacts.set_index("contact_id")
    assert own.loc["X1", "previous_id"] == "X0"
    assert own.loc["X1", "by"] == "phone"
    assert pd.isna(own.loc["X2", "previous_id"])
    assert found.coverage["told"] == pytest.approx(3 / 4)


def test_two_customers_who_give_the_same_number_stay_two(miner):
    text = f"{BOX} Votre ligne 06 39 98 12 34 sonne occupé."
    records = [row(f"Y{place}", f"C{place}", f"03-0{1 + place}", text) for place in range(2)]
    found = vm.repeat_contacts(miner.score(vm.Corpus.from_records(records)))
    assert (found.contacts["position"] == 1).all()


def test_copies_are_no_repeats(miner, rows):
    corpus = vm.Corpus.from_records([*rows, row("copy", "C5", "03-08", BOX_AGAIN, "phone")]).flag_duplicates()
    flagged = corpus.flags.to_pandas()
    assert "copy" in set(flagged.loc[flagged["of"].notna(), "contact_id"])
    own = vm.repeat_contacts(miner.score(corpus)).contacts.set_index("contact_id")
    assert pd.isna(own.loc["copy", "previous_id"])


def test_the_window_is_a_time(analysis):
    with pytest.raises(InputError, match="expected a time such as '7D'"):
        vm.repeat_contacts(analysis, "0D")


def matters(n, again, channel, reason):
    after = np.where(np.arange(n) < again, 2.0, np.nan)
    ids = [[f"{reason}{channel}{place}", f"{reason}{channel}{place}b"] for place in range(n)]
    return pd.DataFrame({"repeat_after": after, "channel": channel, "reason": reason, "contact_ids": ids})


def test_drivers_are_ranked_beyond_what_their_channel_explains():
    # The telephone brings people back whatever they call about; only the technician does so by itself.
    table = pd.concat(
        [
            matters(200, 80, "phone", "bill"),
            matters(200, 20, "email", "card"),
            matters(200, 80, "phone", "fees"),
            matters(60, 42, "phone", "technician"),
            matters(40, 16, "email", "technician"),
        ]
    )
    found = ranked(expected_repeats(table, "reason"), 20)
    assert found["reason"].iloc[0] == "technician"
    assert found["low"].iloc[0] > 0
    assert found["q_value"].iloc[0] < 0.01
    rest = found[found["reason"] != "technician"]
    assert (rest["low"] < 0).all()
    assert found["contact_ids"].map(len).tolist() == found["repeated"].tolist()


def test_recovery_needs_a_start_that_was_frustrated(repeats):
    found = repeats.recovery(min_matters=1)
    assert found["frustrated"].iloc[0] == (repeats.matters["start"] >= 2).sum()
    assert isinstance(repeats, Repeats)


def test_durations_go_down_with_the_horizon(repeats):
    found = repeats.durations().iloc[0]
    assert found["beyond_1"] >= found["beyond_3"] >= found["beyond_7"]
    assert found["one_contact"] == pytest.approx(14 / 26)
