"""The committed sample holds what its README says, and the generator gives it again."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
sys.path.insert(0, str(EXAMPLES))

from generator import affinity, generate, write  # noqa: E402
from generator.parts import parse_line  # noqa: E402

DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def turns() -> pd.DataFrame:
    return pd.read_csv(EXAMPLES / "contacts.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def planted() -> dict[str, object]:
    return json.loads((EXAMPLES / "truth" / "planted.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def contacts(turns: pd.DataFrame) -> pd.DataFrame:
    """One row a contact: attributes, whole text and truth."""
    truth = pd.read_csv(EXAMPLES / "truth" / "contacts.csv", keep_default_na=False)
    grouped = turns.groupby("contact_id", sort=False)
    frame = grouped[["customer_id", "channel", "variant", "language", "region", "product", "started_at"]].first()
    frame["text"] = grouped["text"].agg(" ".join)
    frame["time"] = pd.to_datetime(frame["started_at"], format="%d/%m/%Y %H:%M")
    frame["day"] = frame["time"].dt.normalize()
    return frame.join(truth.set_index("contact_id"))


def per_day(contacts: pd.DataFrame, reason: str, first: str, last: str) -> float:
    """Mean daily contacts of `reason` from `first` to `last`, both included."""
    days = (pd.Timestamp(last) - pd.Timestamp(first)) / DAY + 1
    chosen = (contacts["reason"] == reason) & contacts["day"].between(first, last)
    return float(chosen.sum() / days)


def test_there_are_enough_contacts_with_unique_ids(turns: pd.DataFrame, contacts: pd.DataFrame) -> None:
    assert len(contacts) >= 6000
    assert not turns.duplicated(["contact_id", "turn"]).any()
    assert contacts["reason"].notna().all()
    labelled = pd.read_csv(EXAMPLES / "truth" / "turns.csv", keep_default_na=False)
    assert labelled[["contact_id", "turn"]].equals(turns[["contact_id", "turn"]])


def test_shares_of_languages_and_unknown_customers(contacts: pd.DataFrame) -> None:
    shares = contacts["variant"].value_counts(normalize=True)
    assert 0.13 <= shares["fr-CA"] <= 0.17
    assert 0.03 <= shares["en"] + shares["es"] <= 0.05
    assert 0.05 <= (contacts["customer_id"] == "").mean() <= 0.10


def test_mean_length_is_about_forty_words(contacts: pd.DataFrame) -> None:
    assert 38 <= contacts["text"].str.split().str.len().mean() <= 42


def test_sentiments_are_spread(contacts: pd.DataFrame) -> None:
    shares = contacts["sentiment"].value_counts(normalize=True)
    wanted = {"negative": 0.55, "neutral": 0.27, "positive": 0.11, "mixed": 0.07}
    for name, share in wanted.items():
        assert shares[name] == pytest.approx(share, abs=0.04)


def near_copy_share(texts: pd.Series) -> float:
    """Share of texts with over 80 % of their distinct words in one other text."""
    bags = [set(re.findall(r"\w+", text.lower())) for text in texts]
    columns = {word: i for i, word in enumerate(sorted(set().union(*bags)))}
    rows = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
    found = np.array([columns[word] for bag in bags for word in sorted(bag)])
    incidence = sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, found)))
    sizes = np.asarray(incidence.sum(axis=1)).ravel()
    copies = 0
    for start in range(0, len(bags), 500):
        shared = (incidence[start : start + 500] @ incidence.T).toarray()
        shared[np.arange(shared.shape[0]), np.arange(start, start + shared.shape[0])] = 0
        copies += int((shared.max(axis=1) / sizes[start : start + 500] > 0.8).sum())
    return copies / len(bags)


def test_hardly_any_contact_copies_another(contacts: pd.DataFrame) -> None:
    assert near_copy_share(contacts["text"]) <= 0.05


def test_nothing_is_left_unexpanded(turns: pd.DataFrame) -> None:
    assert not turns["text"].str.contains(r"[{}\[\]|\ue000-\uf8ff]").any()
    assert (turns["text"].str.strip() != "").all()


def test_no_contact_starts_in_an_hour_that_a_change_of_clocks_skips_or_repeats(contacts: pd.DataFrame) -> None:
    contacts["time"].dt.tz_localize("Europe/Paris", ambiguous="raise", nonexistent="raise")
    assert contacts["day"].min() >= pd.Timestamp("2025-09-01")
    assert contacts["day"].max() <= pd.Timestamp("2026-10-31")


def test_weeks_have_a_rhythm(contacts: pd.DataFrame) -> None:
    counts = contacts["day"].dt.day_of_week.value_counts().sort_index().to_numpy()
    assert counts[0] == counts.max()
    assert counts[5] < 0.6 * counts[:5].mean()
    assert counts[6] < 0.3 * counts[:5].mean()


def test_incident_is_large_and_said_in_many_ways(contacts: pd.DataFrame, planted: dict[str, object]) -> None:
    fact = planted["incident"]
    found = contacts[contacts["incident"] == 1]
    daily = found.groupby("day").size()
    assert len(daily) == len(fact["extra_contacts_per_day"])
    assert (daily >= 4 * fact["daily_sd_before"]).all()
    assert daily.iloc[:3].sum() > daily.iloc[-3:].sum()
    assert found["text"].nunique() >= 30
    assert fact["wordings"] >= 44
    assert len(found) >= fact["wordings"]


def test_new_topic_is_born_in_month_seven(contacts: pd.DataFrame) -> None:
    esim = contacts[contacts["reason"] == "telecom.esim"]
    assert esim["day"].min() >= pd.Timestamp("2026-03-01")
    assert per_day(contacts, "telecom.esim", "2026-03-15", "2026-10-31") > 0.3


def test_one_measure_worked_and_one_did_not(contacts: pd.DataFrame) -> None:
    ratios = {}
    for reason in ("parcel.no_passage", "bank.app_login"):
        before = per_day(contacts, reason, "2025-09-01", "2026-08-31")
        assert before >= 1.2
        ratios[reason] = per_day(contacts, reason, "2026-09-01", "2026-10-31") / before
    assert 0.42 <= ratios["parcel.no_passage"] <= 0.65
    assert 0.88 <= ratios["bank.app_login"] <= 1.12


def test_structural_cause_lasts_and_the_letter_does_not(contacts: pd.DataFrame) -> None:
    bill = "energy.bill_incomprehensible"
    lift = per_day(contacts, bill, "2026-01-01", "2026-10-31") / per_day(contacts, bill, "2025-09-01", "2025-12-31")
    assert lift == pytest.approx(1.6, abs=0.2)
    letter = "energy.price_letter"
    usual = per_day(contacts, letter, "2025-09-01", "2026-06-07")
    assert per_day(contacts, letter, "2026-06-08", "2026-06-28") > 4 * usual
    assert per_day(contacts, letter, "2026-07-15", "2026-10-31") < 3 * usual


def test_chains_keep_their_customer_matter_and_order(contacts: pd.DataFrame) -> None:
    for _, chain in contacts.groupby("chain_id"):
        if len(chain) > 1:
            assert len(chain[["customer_id", "reason", "product", "region"]].drop_duplicates()) == 1
            assert chain["customer_id"].iloc[0] != ""
            ordered = chain.sort_values("chain_position")
            gaps = ordered["day"].diff().dropna() / DAY
            assert gaps.between(1, 12).all()
            assert ordered["resolved"].iloc[:-1].eq(0).all()


def test_repeat_rates_and_references_to_the_earlier_contact(contacts: pd.DataFrame) -> None:
    length = contacts.groupby("chain_id")["chain_position"].max()
    reason = contacts[contacts["chain_position"] == 1].set_index("chain_id")["reason"]
    driver = reason == "telecom.technician_missed"
    assert (length[driver] > 1).mean() == pytest.approx(0.55, abs=0.12)
    assert (length[~driver] > 1).mean() == pytest.approx(0.14, abs=0.02)
    later = contacts[contacts["chain_position"] > 1]
    assert later["refers_back"].mean() == pytest.approx(0.70, abs=0.06)
    assert later.loc[later["refers_back"] == 1, "signals"].str.contains("repeat_contact").all()


def test_some_customers_have_two_unrelated_matters(contacts: pd.DataFrame) -> None:
    known = contacts[contacts["customer_id"] != ""]
    matters = known[["customer_id", "chain_id"]].drop_duplicates()
    assert matters["customer_id"].duplicated().sum() > 50


def test_questions_are_answered_both_ways(contacts: pd.DataFrame) -> None:
    asked = contacts[contacts["contradiction_id"] != ""]
    sides = pd.crosstab(asked["contradiction_id"], asked["contradiction_side"])
    assert len(sides) == 10
    assert (sides["A"] == sides["B"]).all()
    assert sides.sum(axis=1).between(6, 10).all()


def test_public_replies_suit_the_mention(turns: pd.DataFrame, contacts: pd.DataFrame) -> None:
    replies = turns[(turns["channel"] == "social") & (turns["speaker"] == "agent")]
    mood = contacts.loc[replies["contact_id"], "sentiment"].to_numpy()
    sorry = replies["text"].str.contains(r"désolé|navré|mécontentement|fâchant")
    glad = replies["text"].str.contains(r"plaisir à lire|gentil|ravis|remercie|apprécier|passe le mot")
    assert not sorry[np.isin(mood, ["positive", "neutral"])].any()
    assert not glad[mood != "positive"].any()
    assert glad[mood == "positive"].all()


def test_nobody_hangs_up_in_writing(turns: pd.DataFrame) -> None:
    written = turns[(turns["channel"] != "phone") & (turns["variant"].str.startswith("fr"))]
    spoken = r"\bje (?:ne )?raccroche|à l['’]appareil|vous m['’]entendez|votre appel, au revoir"
    assert not written["text"].str.contains(spoken, case=False).any()


def test_answers_speak_of_what_was_said_or_of_nothing_particular() -> None:
    said = [parse_line(f"J'ai fait des tests complets de la ligne {n}") for n in range(2)]
    said += [parse_line(f"L'image se fige le soir {n}") for n in range(8)]
    praise = parse_line("Merci pour ces tests très complets. || empathic")
    plain = parse_line("Je regarde tout de suite votre dossier. || empathic")
    assert affinity.closest([praise, plain], "Mes tests sont complets.", said) == [praise]
    assert affinity.closest([praise, plain], "L'image se fige.", said) == []
    assert affinity.unparticular([praise, plain], said) == [plain]


def test_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write(generate(seed=3, n_contacts=300), tmp_path / name)
    files = ["contacts.csv", "truth/contacts.csv", "truth/turns.csv", "truth/planted.json"]
    for file in files:
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()
    assert len(pd.read_csv(tmp_path / "first" / "truth" / "contacts.csv")) == 300
