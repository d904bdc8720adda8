"""How agents answer, compared by cause, product or team; never by person."""

from __future__ import annotations

import pandas as pd
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed, heard
from vocmine.errors import InputError
from vocmine.signals import policies

ANSWER = "Je comprends, mais ce n’est pas de notre faute, c’est le règlement."


def calls(cause, n, *, defensive=0, agents=5, team="Nantes"):
    """Return the records of calls on one cause, and the spans of the first answers, which are defensive."""
    ids = [f"{cause}-{team}-{rank}" for rank in range(n)]
    records = [
        {"id": one, "motif": cause, "equipe": team, "conseiller": f"A{rank % agents}", "locuteur": who, "texte": text}
        for rank, one in enumerate(ids)
        for who, text in (("client", "Où est mon remboursement ?"), ("conseiller", ANSWER))
    ]
    return records, [(one, 1, "style:defensive", "ce n’est pas de notre faute") for one in ids[:defensive]]


def analysis_of(*groups, contacts=None):
    records = [row for given, _ in groups for row in given]
    corpus = vm.Corpus.from_records(records, team="equipe", agent_id="conseiller", speaker="locuteur")
    return analysed(corpus, contacts, spans=[span for _, spans in groups for span in spans])


@pytest.fixture(scope="module")
def planted():
    """Three causes; the answers on the second are defensive far more often."""
    return analysis_of(
        calls("colis", 60, defensive=6), calls("frais", 40, defensive=24), calls("code", 50, defensive=5)
    )


def test_the_group_whose_answers_are_defensive_stands_first_and_alone(planted):
    found = policies(planted, "motif")
    assert found["motif"].tolist() == ["frais", "code", "colis"]
    assert found["contacts"].tolist() == [40, 50, 60]
    assert found["indefensible"].tolist() == [True, False, False]
    first = found.iloc[0]
    assert first["defensive"] == pytest.approx(0.6)
    assert first["elsewhere"] == pytest.approx(11 / 110)
    assert first["quotes"] == ["ce n’est pas de notre faute"]


def test_every_share_has_its_interval_around_it(planted):
    found = policies(planted, "motif")
    for name in ("defensive", "cannot", "empathic", "worse_after"):
        assert ((found[f"{name}_low"] <= found[name]) & (found[name] <= found[f"{name}_high"])).all()


def test_no_group_is_named_where_all_answer_alike():
    alike = analysis_of(*(calls(f"motif{rank}", 40, defensive=8) for rank in range(5)))
    assert not policies(alike, "motif")["indefensible"].any()


def test_what_holds_among_two_groups_need_not_hold_among_many():
    """Holm's correction: the more groups are compared, the more it takes."""
    one, rest = calls("frais", 40, defensive=8), [calls(f"motif{rank}", 40, defensive=4) for rank in range(12)]
    first = policies(analysis_of(one, *rest), "motif").iloc[0]
    assert first["motif"] == "frais"
    assert first["p"] < 0.05
    assert not first["indefensible"]


def test_groups_of_fewer_than_thirty_answered_contacts_are_left_out_and_counted(planted):
    groups = analysis_of(calls("colis", 30), calls("frais", 29, defensive=29))
    found = policies(groups, "motif")
    assert found["motif"].tolist() == ["colis"]
    assert found.attrs["left_out"] == 1
    assert policies(planted, "motif", min_contacts=45)["motif"].tolist() == ["code", "colis"]


def test_contacts_that_no_agent_answered_do_not_count():
    records, _ = calls("colis", 40)
    asked = [row for row in records if row["locuteur"] == "client"]
    found = policies(analysis_of((asked[:20] + records[40:], [])), "motif")
    assert found.empty
    assert found.attrs["left_out"] == 1


def test_a_team_of_one_or_two_agents_is_persons_and_left_out():
    teams = [calls("colis", 40, agents=agents, team=team) for agents, team in ((2, "Brest"), (3, "Lille"))]
    assert policies(analysis_of(*teams), "team")["team"].tolist() == ["Lille"]
    assert policies(analysis_of(*teams), ["motif", "team"])["team"].tolist() == ["Lille"]


def test_two_columns_make_groups_together():
    found = policies(analysis_of(calls("colis", 30), calls("colis", 30, team="Brest")), ["motif", "team"])
    assert found[["motif", "team"]].to_numpy().tolist() == [["colis", "Brest"], ["colis", "Nantes"]]


def test_a_customer_angrier_at_the_end_is_worse_after():
    group = calls("colis", 30)
    ids = sorted({row["id"] for row in group[0]})
    worse = dict.fromkeys(ids[:6], heard(frustration=3, frustration_start=1, frustration_end=3))
    better = dict.fromkeys(ids[6:9], heard(frustration=3, frustration_start=3, frustration_end=1))
    assert policies(analysis_of(group, contacts=worse | better), "motif")["worse_after"].tolist() == [0.2]


def test_cannot_counts_where_nothing_is_said_of_what_can_be_done():
    records, _ = calls("colis", 30)
    first, second = records[0]["id"], records[2]["id"]
    spans = [(name, 1, "phrasing:cannot", "ce n’est pas") for name in (first, second)]
    spans += [(second, 1, "phrasing:can", "Je comprends")]
    assert policies(analysis_of((records, spans)), "motif")["cannot"].tolist() == [pytest.approx(1 / 30)]


def test_the_same_analysis_gives_the_same_table(planted):
    pd.testing.assert_frame_equal(policies(planted, "motif"), policies(planted, ["motif"]))


# What is refused


@pytest.mark.parametrize("by", ["agent_id", "AGENT", "conseiller", ["motif", "agent_id"], ["team", "agent_name"]])
def test_single_agents_are_never_compared(planted, by):
    with pytest.raises(InputError, match=r"surveillance of staff; group by cause, product or team \(docs/agents.md"):
        policies(planted, by)


def test_groups_that_are_persons_under_another_name_are_left_out():
    records, _ = calls("colis", 90, agents=3)
    copied = [row | {"poste": row["conseiller"]} for row in records]
    found = policies(analysis_of((copied, [])), "poste")
    assert found.empty
    assert found.columns.tolist() == ["poste", *policies(analysis_of((copied, [])), "motif").columns[1:]]
    assert found.attrs["left_out"] == 3


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"by": "cause"}, "the contacts have no column 'cause'; they have contact_id"),
        ({"by": "motif", "min_contacts": 29}, "min_contacts is 29, expected 30 or more: fewer say nothing"),
        ({"by": "signals"}, "column 'signals' holds lists, expected one value a contact"),
        ({"by": []}, "by names no column, expected a cause, a product or a team"),
    ],
)
def test_what_is_not_as_expected_is_refused(planted, options, says):
    with pytest.raises(InputError, match=says):
        policies(planted, **options)


def test_personal_data_in_the_quotes_are_masked():
    records, _ = calls("colis", 30)
    said = "Appelez le 06 12 34 56 78, ce n’est pas de notre faute."
    records[1]["texte"] = said
    found = policies(analysis_of((records, [(records[1]["id"], 1, "style:defensive", said)])), "motif")
    (quote,) = found["quotes"].item()
    assert "06 12" not in quote
    assert "pas de notre faute" in quote


def test_no_message_holds_a_customers_words(planted):
    with pytest.raises(InputError) as caught:
        policies(planted, "texte")
    assert "remboursement" not in str(caught.value)
