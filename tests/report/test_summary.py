"""The figures of the summary, against counts made by hand."""

import json

import pytest

import vocmine as vm
from vocmine.errors import InputError
from vocmine.report import summarise
from vocmine.report.groups import FEWEST

COMPLAINT, PRAISE, QUESTION = "C’est inadmissible, vraiment.", "Tout est parfait, merci.", "Quel est le tarif ?"


def test_volume(eight):
    volume = summarise(eight)["volume"]
    assert (volume["contacts"], volume["customers"], volume["undated"]) == (8, 4, 0)
    assert (volume["first_day"], volume["last_day"]) == ("2026-03-02", "2026-03-18")
    assert (volume["days"], volume["silent_days"], volume["unit"]) == (17, 9, "day")
    assert volume["by_channel"] == {"email": 4, "phone": 3, "chat": 1}


def test_weeks_have_no_hole_and_say_how_many_of_their_days_count(eight):
    weeks = summarise(eight)["volume"]["by_week"]
    assert weeks["starts"] == ["2026-03-02", "2026-03-09", "2026-03-16"]
    assert weeks["days"] == [7, 7, 3]
    assert weeks["contacts"] == [3, 3, 2]
    assert weeks["channels"] == {"email": [3, 0, 1], "phone": [0, 3, 0], "chat": [0, 0, 1]}


def test_a_silent_week_within_the_period_is_a_zero(analyse):
    weeks = summarise(analyse(dated(["2026-03-02", "2026-03-16"])))["volume"]["by_week"]
    assert weeks["contacts"] == [1, 0, 1]


def test_days_are_those_of_the_contact_s_own_zone(analyse):
    late = [{"message": QUESTION, "date": "2026-03-02T23:30:00Z"}]
    in_paris, in_montreal = (
        summarise(analyse(late, timezone=zone))["volume"] for zone in ("Europe/Paris", "America/Montreal")
    )
    assert (in_paris["first_day"], in_montreal["first_day"]) == ("2026-03-03", "2026-03-02")


def test_sentiment(eight):
    sentiment = summarise(eight)["sentiment"]
    overall = sentiment["overall"]
    assert (overall["contacts"], overall["n"]) == (8, 7)
    assert {name: share["count"] for name, share in overall["shares"].items()} == {
        "negative": 4,
        "neutral": 1,
        "positive": 2,
        "mixed": 0,
    }
    negative = overall["shares"]["negative"]
    assert (negative["value"], negative["low"], negative["high"]) == pytest.approx((4 / 7, 0.2505, 0.8418), abs=5e-5)
    assert overall["net"] == pytest.approx(-2 / 7)
    assert [(name, tally["contacts"], tally["n"]) for name, tally in sentiment["by_channel"].items()] == [
        ("email", 4, 3),
        ("phone", 3, 3),
        ("chat", 1, 1),
    ]
    assert {week: tally["shares"]["negative"]["count"] for week, tally in sentiment["by_week"].items()} == {
        "2026-03-02": 3,
        "2026-03-09": 0,
        "2026-03-16": 1,
    }


def test_a_channel_is_the_tensest_only_if_chance_would_not_make_it_so(analyse):
    def of(negative_by_mail):
        mail = [COMPLAINT] * negative_by_mail + [QUESTION] * (40 - negative_by_mail)
        phone = [COMPLAINT] * 10 + [QUESTION] * 30
        rows = [{"message": text, "canal": name} for name, texts in (("mail", mail), ("tel", phone)) for text in texts]
        return summarise(analyse(rows))["sentiment"]["tensest"]

    assert of(12) is None
    tensest = of(30)
    assert tensest["channel"] == "email"
    assert tensest["above_others"]["value"] == pytest.approx(0.5)


def test_the_trend_compares_as_many_days_and_needs_enough_contacts(analyse):
    days = [f"2026-03-{day:02d}" for day in range(2, 16)]
    texts = [QUESTION] * 7 + [COMPLAINT] * 7
    five_a_day = [(day, text) for day, text in zip(days, texts, strict=True) for _ in range(5)]
    trend = summarise(analyse([{"message": text, "date": day} for day, text in five_a_day]))["sentiment"]["trend"]
    assert (trend["days"], trend["recent"]["contacts"], trend["before"]["contacts"]) == (7, 35, 35)
    assert trend["change"]["value"] == 1.0
    few = analyse([{"message": text, "date": day} for day, text in zip(days, texts, strict=True)])
    assert summarise(few)["sentiment"]["trend"]["change"] is None
    assert summarise(analyse(dated(days[:13])))["sentiment"]["trend"] is None


def test_course(analyse):
    calls = {
        "calmed": (COMPLAINT, PRAISE),
        "angry to the end": (COMPLAINT, QUESTION, COMPLAINT),
        "angry in the middle": (QUESTION, COMPLAINT, PRAISE),
        "content": (PRAISE, PRAISE),
        "one word only": (COMPLAINT,),
    }
    turns = [{"id": name, "locuteur": "client", "message": text} for name, texts in calls.items() for text in texts]
    course = summarise(analyse(turns))["course"]
    assert course["conversations"] == 4
    assert course["start"] == {"unhappy": 2, "between": 1, "content": 1}
    assert course["end"] == {"unhappy": 1, "between": 0, "content": 3}
    assert (course["recovered"]["count"], course["recovered"]["n"]) == (2, 3)
    assert (course["recovered_from_start"]["count"], course["recovered_from_start"]["n"]) == (1, 2)


def test_groups_under_ten_scored_contacts_are_only_counted(analyse):
    rows = [{"message": QUESTION, "produit": "Box"}] * FEWEST
    rows += [{"message": QUESTION, "produit": "Mobile"}] * (FEWEST - 1) + [{"message": "12 ?", "produit": "Mobile"}]
    rows += [{"message": QUESTION, "produit": None}] * 2
    groups = summarise(analyse(rows))["groups"]
    assert groups.keys() == {"product"}
    assert list(groups["product"]["shown"]) == ["Box"]
    assert (groups["product"]["too_small"], groups["product"]["unnamed"]) == (1, 2)


def test_a_team_of_fewer_than_three_agents_is_not_shown(analyse):
    def rows(team, agents):
        return [{"message": QUESTION, "equipe": team, "agent": f"{team}{k % agents}"} for k in range(12)]

    teams = summarise(analyse(rows("Nord", 3) + rows("Sud", 2), team="equipe", agent_id="agent"))["groups"]["team"]
    assert list(teams["shown"]) == ["Nord"]
    assert teams["too_small"] == 1


def test_only_the_largest_groups_are_shown(analyse):
    rows = [{"message": QUESTION, "produit": f"P{k:02d}"} for k in range(20) for _ in range(10 + (k == 7))]
    products = summarise(analyse(rows))["groups"]["product"]
    assert list(products["shown"])[:2] == ["P07", "P00"]
    assert (len(products["shown"]), products["beyond"]) == (15, 5)


def test_reading_accounts_for_every_row(analyse):
    rows = [
        {"message": COMPLAINT},
        {"message": ""},
        {"message": None},
        {"message": "12 34"},
        {"message": "Привет, как дела"},
    ]
    reading = summarise(analyse(rows, text="message"))["reading"]
    assert (reading["rows"], reading["contacts"], reading["scored"]) == (5, 3, 1)
    assert reading["not_scored"] == {"no_letters": 1, "unsupported_script": 1}
    assert sum(reading["rejected"].values()) == 2
    assert reading["model_id"].startswith("by-hand@1.0")
    assert reading["started_at"].startswith("2026-05-04T08:00")


def test_columns_of_the_user_s_own_that_bear_the_names_of_scores_do_no_harm(analyse):
    rows = [{"message": COMPLAINT, "sentiment": "content", "day": "lundi", "week": 3, "reason": "x", "row": 9}]
    assert summarise(analyse(rows, text="message"))["sentiment"]["overall"]["shares"]["negative"]["count"] == 1


def test_a_summary_is_plain_and_goes_through_json_unchanged(eight):
    summary = summarise(eight)
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary


def test_a_saved_analysis_gives_the_same_summary(eight, tmp_path):
    assert summarise(vm.Analysis.load(eight.save(tmp_path / "saved"))) == summarise(eight)


def test_a_negative_number_of_quotes_is_refused(eight):
    with pytest.raises(InputError, match="got n_quotes=-1, expected 0 or more"):
        summarise(eight, n_quotes=-1)


def dated(days):
    return [{"message": QUESTION, "date": day} for day in days]
