"""Shares by segment say nothing of small ones, and comparisons that turn round are told."""

import numpy as np
import pandas as pd
import pytest

from vocmine.errors import ColumnError, InputError
from vocmine.outcomes.segments import by_segment, simpson
from vocmine.stats.intervals import wilson


def contacts(*cells, columns=("channel", "segment")):
    """Contacts of cells (values..., number, number that are negative)."""
    rows = [(*values, place < yes) for *values, n, yes in cells for place in range(n)]
    frame = pd.DataFrame(rows, columns=[*columns, "negative"])
    return frame.assign(contact_id=[f"K{place}" for place in range(len(frame))])


def drawn(seed, shares_b, rates, n=1200):
    """Contacts of two teams; `shares_b` is the share of team b by kind of matter, `rates` that of the outcome."""
    random = np.random.default_rng(seed)
    kind = random.integers(len(rates), size=n)
    team = np.where(random.random(n) < np.asarray(shares_b)[kind], "b", "a")
    yes = random.random(n) < np.asarray(rates)[kind]
    return pd.DataFrame({"contact_id": np.arange(n).astype(str), "team": team, "kind": kind, "yes": yes})


def test_shares_have_their_wilson_intervals_and_contacts():
    frame = contacts(("phone", 40, 10), ("chat", 20, 15), columns=("channel",))
    table = by_segment(frame, "negative", "channel").set_index("segment")
    assert table.index.tolist() == ["chat", "phone"]
    assert table.loc["phone", ["share", "low", "high"]].tolist() == list(wilson(10, 40))
    assert table["n"].to_dict() == {"chat": 20, "phone": 40}
    assert table.loc["chat", "contact_ids"] == [f"K{place}" for place in range(40, 60)]
    assert by_segment(frame, "negative", "channel", level=0.5)["high"].max() < table["high"].max()


def test_small_segment_leaks_neither_itself_nor_by_difference():
    frame = contacts(("phone", 40, 10), ("chat", 20, 15), ("email", 9, 9), columns=("channel",))
    table = by_segment(frame, "negative", "channel").set_index("segment")
    # The mail is too small; without the chat too, total minus the rest would give it.
    assert table["suppressed"].to_dict() == {"chat": True, "email": True, "phone": False}
    assert table.loc[["chat", "email"], ["n", "share", "low", "high"]].isna().all(axis=None)
    assert table.loc["email", "contact_ids"] == []
    assert by_segment(frame, "negative", "channel", min_contacts=9)["suppressed"].sum() == 0


def test_two_small_segments_need_no_third():
    frame = contacts(("phone", 40, 10), ("chat", 3, 1), ("email", 9, 9), columns=("channel",))
    assert by_segment(frame, "negative", "channel")["suppressed"].tolist() == [True, True, False]


def test_one_segment_alone_is_suppressed_alone():
    frame = contacts(("phone", 4, 1), columns=("channel",))
    assert by_segment(frame, "negative", "channel")["suppressed"].tolist() == [True]


def test_crossed_cells_leak_by_no_line():
    cells = [(channel, part, n, 5) for channel in ("chat", "email", "phone") for part, n in (("B2B", 20), ("B2C", 30))]
    cells[0] = ("chat", "B2B", 5, 1)
    table = by_segment(contacts(*cells), "negative", ["channel", "segment"])
    hidden = [tuple(name.split(" × ")) for name in table.loc[table["suppressed"], "segment"]]
    assert ("chat", "B2B") in hidden
    for place in (0, 1):
        assert all(sum(cell[place] == value for cell in hidden) != 1 for value in {cell[place] for cell in hidden})
    assert len(table) == 6
    assert not table["suppressed"].all()


@pytest.mark.parametrize("seed", range(20))
def test_no_total_has_a_single_suppressed_cell(seed):
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 40, size=(3, 4))
    frame = contacts(*[(f"c{i}", f"s{j}", int(n), 1) for (i, j), n in np.ndenumerate(sizes)])
    table = by_segment(frame, "negative", ["channel", "segment"])
    hidden = table["suppressed"].to_numpy().reshape(3, 4)
    assert hidden[sizes < 10].all()
    assert 1 not in {*hidden.sum(axis=0), *hidden.sum(axis=1), hidden.sum()}


def test_missing_values_are_a_segment_and_missing_outcomes_are_not_counted():
    frame = contacts(("phone", 20, 5), (None, 20, 5), (" ", 5, 5), columns=("channel",))
    outcome = frame["negative"].astype("boolean").where(frame.index > 3)
    table = by_segment(frame, outcome, "channel").set_index("segment")
    assert table["n"].to_dict() == {"phone": 16, "non renseigné": 25}
    assert table.loc["phone", "share"] == 1 / 16
    assert table.index[-1] == "non renseigné"


def test_index_of_the_contacts_may_repeat():
    frame = contacts(("phone", 20, 5), ("chat", 20, 10), columns=("channel",))
    frame.index = [0] * 40
    assert by_segment(frame, frame["negative"], "channel")["share"].tolist() == [0.5, 0.25]


def test_what_is_not_understood_is_refused():
    frame = contacts(("phone", 20, 5), columns=("channel",)).assign(topics=[["a"]] * 20, mark=1)
    for outcome, by, said in [
        ("negative", "region", "region"),
        ("absent", "channel", "absent"),
        ("mark", "channel", "truth values"),
        (frame["negative"].iloc[::-1], "channel", "reindex"),
        ([True], "channel", "align"),
        ("negative", "topics", "lists"),
        ("negative", [], "by="),
    ]:
        with pytest.raises(ColumnError, match=said):
            by_segment(frame, outcome, by)
    with pytest.raises(ColumnError, match="contact_id"):
        by_segment(frame.drop(columns="contact_id"), "negative", "channel")
    with pytest.raises(InputError, match="min_contacts"):
        by_segment(frame, "negative", "channel", min_contacts=0)


_BERKELEY = [  # men and women, by department: applicants and admitted (Bickel, Hammel and O'Connell 1975)
    ("men", "A", 825, 512), ("women", "A", 108, 89), ("men", "B", 560, 353), ("women", "B", 25, 17),
    ("men", "C", 325, 120), ("women", "C", 593, 202), ("men", "D", 417, 138), ("women", "D", 375, 131),
    ("men", "E", 191, 53), ("women", "E", 393, 94), ("men", "F", 373, 22), ("women", "F", 341, 24),
]  # fmt: skip


def test_reversal_like_berkeley_is_told_with_its_figures():
    # The departments where women are admitted more often; of all six, the gap vanishes but is not reversed.
    frame = contacts(*[cell for cell in _BERKELEY if cell[1] in "ABDF"], columns=("sex", "department"))
    (found,) = simpson(frame, "negative", "sex", within="department")
    assert found.values == ("men", "women")  # noqa: PD011 -- no frame
    assert found.total_difference == pytest.approx(1025 / 2175 - 261 / 849)
    # By hand: gaps -.2035, -.0496, -.0184, -.0114, weights 95.5, 23.9, 197.4, 178.1.
    assert found.adjusted_difference == pytest.approx(-0.0531, abs=1e-4)
    assert found.strata["stratum"].tolist() == ["A", "B", "D", "F"]
    assert (found.strata["difference"] < 0).all()
    assert found.strata["n_a"].tolist() == [825, 560, 417, 373]
    assert found.sentence() == (
        "Au total, la part « negative » de men est 16,4 points au-dessus de celle de women, mais à department égal "
        "elle est 5,3 points au-dessous (sens contraire dans 4 groupes sur 4) : comparez par department."
    )
    assert "16.4 points above that of women, but at equal department it is 5.3 points below" in found.sentence("en")
    with pytest.raises(InputError, match="'en'"):
        found.sentence("de")


def test_gap_that_vanishes_is_no_reversal():
    assert simpson(contacts(*_BERKELEY, columns=("sex", "department")), "negative", "sex", within="department") == []


def test_same_sign_within_is_no_reversal():
    frame = contacts(("b", "x", 300, 90), ("a", "x", 300, 150), ("b", "y", 300, 60), ("a", "y", 300, 120))
    assert simpson(frame, "negative", "channel", within="segment") == []


def test_strata_that_all_agree_are_enough_if_there_are_six():
    # Six kinds, 4 points the other way in each: too few contacts for the pooled difference to be significant.
    cells = [(value, f"s{k}", n, yes) for k in range(3) for value, n, yes in (("a", 100, 68), ("b", 25, 18))]
    cells += [(value, f"t{k}", n, yes) for k in range(3) for value, n, yes in (("a", 25, 4), ("b", 100, 20))]
    (found,) = simpson(contacts(*cells), "negative", "channel", within="segment")
    assert found.total_difference > 0 > found.adjusted_difference
    fewer = [cell for cell in cells if cell[1][1] != "0"]
    assert simpson(contacts(*fewer), "negative", "channel", within="segment") == []


def test_three_values_are_compared_two_by_two_and_small_strata_are_not_shown():
    cells = [*_BERKELEY, ("other", "A", 100, 40), ("other", "F", 100, 40), ("rare", "A", 5, 5), ("men", "Z", 4, 2)]
    cells = [cell for cell in cells if cell[1] in "ABDFZ"] + [("women", "Z", 40, 20), (None, "A", 500, 0)]
    found = simpson(contacts(*cells, columns=("sex", "department")), "negative", "sex", within="department")
    by_pair = {each.values: each for each in found}  # noqa: PD011 -- no frame
    assert ("men", "women") in by_pair
    assert not any({"rare", "non renseigné"} & set(pair) for pair in by_pair)
    hidden = by_pair["men", "women"].strata.set_index("stratum").loc["Z"]
    assert hidden["suppressed"]
    assert hidden[["n_a", "share_a", "n_b", "share_b", "difference"]].isna().all()
    assert [abs(each.total_difference) for each in found] == sorted(
        (abs(each.total_difference) for each in found), reverse=True
    )


def test_simulated_reversals_are_found():
    def reversed_by(seed):
        frame = drawn(seed, [0.8, 0.2], [0.2, 0.6], n=3000)
        random = np.random.default_rng(seed + 1000)
        more = (frame["team"] == "b") & (random.random(len(frame)) < 0.15)
        return bool(simpson(frame, frame["yes"] | more, "team", within="kind"))

    assert np.mean([reversed_by(seed) for seed in range(20)]) >= 0.9


@pytest.mark.parametrize(
    ("shares_b", "rates"),
    [
        ([0.5] * 4, [0.3] * 4),  # all alike
        ([0.5] * 4, [0.1, 0.2, 0.4, 0.6]),  # kinds differ, teams do not
        ([0.8, 0.2], [0.2, 0.6]),  # the total differs by the kinds alone, two of them
        ([0.8, 0.6, 0.4, 0.3, 0.2], [0.1, 0.3, 0.4, 0.5, 0.7]),  # the same with five
        ([0.8, 0.7, 0.6, 0.4, 0.3, 0.2], [0.1, 0.2, 0.3, 0.4, 0.5, 0.7]),  # and with six
    ],
)
def test_no_effect_within_gives_few_warnings(shares_b, rates):
    warned = [bool(simpson(drawn(seed, shares_b, rates), "yes", "team", within="kind")) for seed in range(200)]
    assert np.mean(warned) <= 0.05


def test_no_contacts_or_no_overlap():
    frame = contacts(("a", "x", 100, 10), ("b", "y", 100, 60))
    assert simpson(frame, "negative", "channel", within="segment") == []
    assert simpson(frame.iloc[:0], "negative", "channel", within="segment") == []
    assert by_segment(frame.iloc[:0], "negative", ["channel", "segment"]).empty
    assert simpson(frame, "negative", "channel", within=["segment", "channel"]) == []
