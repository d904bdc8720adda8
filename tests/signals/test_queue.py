"""The contacts to look at first: those of a day, the greatest risk first, with reasons, words and a desk."""

from __future__ import annotations

import pandas as pd
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed, heard, unheard
from vocmine.errors import InputError
from vocmine.schema import SIGNALS
from vocmine.signals import escalation_queue, queue_precision
from vocmine.signals.queue import COLUMNS, REASONS, WEIGHTS

SIGNAL_OF = {reason: signals[0] for reason, signals in REASONS.items() if signals}


def message(name, text="Je résilie mon abonnement.", date="2026-03-14 10:00", **columns):
    return {"id": name, "date": date, "canal": "mail", "texte": text} | columns


def queue_of(scores, **options):
    return escalation_queue(analysed([message(name) for name in scores], scores), **options)


def risk_of(*signals, **columns):
    (risk,) = queue_of({"A": heard(*signals, **columns)})["risk"]
    return risk


# What is in it, and in what order


def test_the_greatest_risk_comes_first_and_contacts_without_any_are_not_there():
    queue = queue_of(
        {
            "calme": heard(),
            "superieur": heard("escalation_request"),
            "part": heard("churn_intent"),
            "part_et_saisit": heard("churn_intent", "legal_threat"),
        }
    )
    assert tuple(queue.columns) == COLUMNS
    assert queue["contact_id"].tolist() == ["part_et_saisit", "part", "superieur"]
    assert queue["rank"].tolist() == [1, 2, 3]
    assert queue["risk"].between(0, 1).all()


@pytest.mark.parametrize("signal", SIGNAL_OF.values())
def test_risk_grows_with_the_probability_of_a_signal(signal):
    risks = [risk_of(signal, p=p) for p in (0.5, 0.7, 0.99)]
    assert risks == sorted(set(risks))


@pytest.mark.parametrize("signal", SIGNAL_OF.values())
def test_one_more_reason_never_lowers_the_risk(signal):
    assert risk_of("harm", signal) >= risk_of("harm")
    assert risk_of(signal, frustration=2) > risk_of(signal)


def test_signals_that_are_not_reported_add_nothing():
    assert queue_of({"A": heard(p_legal_threat=0.45)}).empty


@pytest.mark.parametrize("signal", sorted(set(SIGNALS) - set(SIGNAL_OF.values())))
def test_other_signals_alone_bring_nobody_into_the_queue(signal):
    assert queue_of({"A": heard(signal)}).empty


def test_the_risk_is_what_the_formula_says():
    expected = 1 - (1 - WEIGHTS["legal"] * 0.8) * (1 - WEIGHTS["harm"] * 0.8)
    assert risk_of("legal_threat", "harm", p=0.8) == pytest.approx(expected)


def test_severe_frustration_weighs_more_than_clear_and_mild_weighs_nothing():
    queue = queue_of({f"niveau{level}": heard(frustration=level) for level in range(4)})
    assert queue["contact_id"].tolist() == ["niveau3", "niveau2"]
    assert queue["reasons"].tolist() == [["severe"], ["severe"]]


def test_a_decided_departure_weighs_more_than_a_conditional_one_and_that_more_than_a_thought():
    levels = (None, "stated", "conditional", "weighing")
    unknown, stated, conditional, weighing = (risk_of("churn_intent", churn_level=level) for level in levels)
    assert unknown == stated > conditional > weighing > 0


def test_half_of_the_risk_is_left_where_the_matter_is_solved():
    assert risk_of("harm", "resolved") == pytest.approx(risk_of("harm") / 2)


def test_equals_stay_in_the_order_of_the_contacts():
    names = ["Z", "A", "M"]
    assert queue_of({name: heard("harm") for name in names})["contact_id"].tolist() == names


def test_the_same_analysis_gives_the_same_queue():
    analysis = analysed([message("A"), message("B")], {"A": heard("harm"), "B": heard("legal_threat", frustration=3)})
    pd.testing.assert_frame_equal(escalation_queue(analysis), escalation_queue(analysis))


def test_reasons_are_the_weightiest_first_and_the_first_tells_the_desk():
    queue = queue_of({"A": heard("escalation_request", "legal_threat", frustration=3)})
    assert queue["reasons"].tolist() == [["legal", "severe", "escalation"]]
    assert queue["route"].tolist() == ["service réclamations"]


def test_contacts_that_were_not_scored_are_no_risk():
    assert queue_of({"A": unheard(), "B": heard("harm")})["contact_id"].tolist() == ["B"]


def test_evidence_is_written_where_one_of_its_signals_is_known_on_invented_texts_only():
    queue = queue_of({"A": heard("churn_intent", "harm"), "B": heard("harm"), "C": heard(frustration=2)})
    assert queue.set_index("contact_id")["evidence"].to_dict() == {"A": "written", "B": "real", "C": "real"}


# Whose day it is


@pytest.fixture(scope="module")
def three_days():
    dates = {"A": "2026-03-13 23:30", "B": "2026-03-14 08:00", "C": "2026-03-14 23:30", "D": None}
    records = [message(name, date=date) for name, date in dates.items()]
    return analysed(vm.Corpus.from_records(records, timezone="America/Montreal"), dict.fromkeys(dates, heard("harm")))


def test_by_default_the_last_day_in_the_local_time_of_the_contact(three_days):
    queue = escalation_queue(three_days)
    assert queue["contact_id"].tolist() == ["B", "C"]  # In UTC, C is of the 15th.
    assert set(queue["day"]) == {"2026-03-14"}


def test_a_day_asked_for(three_days):
    assert escalation_queue(three_days, day="2026-03-13")["contact_id"].tolist() == ["A"]


def test_all_days_have_a_queue_each_and_contacts_without_a_date_the_last(three_days):
    queue = escalation_queue(three_days, day="all", n=1)
    assert queue["contact_id"].tolist() == ["A", "B", "D"]
    assert queue["rank"].tolist() == [1, 1, 1]
    assert queue["day"].isna().tolist() == [False, False, True]


def test_n_bounds_the_contacts_of_a_day(three_days):
    assert escalation_queue(three_days, day="all", n=2)["contact_id"].tolist() == ["A", "B", "C", "D"]


def test_a_corpus_without_dates_is_one_queue():
    analysis = analysed([{"id": "A", "texte": "Je résilie."}], {"A": heard("churn_intent")})
    assert escalation_queue(analysis)["contact_id"].tolist() == ["A"]


@pytest.mark.parametrize("day", ["2026-03-12", "14/03/2026", "hier", ""])
def test_a_day_that_is_not_there_is_refused(three_days, day):
    with pytest.raises(InputError, match="days from 2026-03-13 to 2026-03-14; give one as 2026-03-14, or 'all'"):
        escalation_queue(three_days, day=day)


def test_automatic_and_repeated_messages_are_left_out_and_counted():
    texts = ["Je suis absent du bureau jusqu’au 20 mars, je répondrai à mon retour.", "Je résilie mon contrat."]
    records = [message(name, text) for name, text in zip("AB", texts, strict=True)]
    corpus = vm.Corpus.from_records(records).flag_duplicates()
    queue = escalation_queue(analysed(corpus, dict.fromkeys("AB", heard("churn_intent"))))
    assert queue["contact_id"].tolist() == ["B"]
    assert queue.attrs["left_out"] == 1


# The words


CARD = "Mon numéro est le 06 12 34 56 78 et je vais résilier"


def quote_of(*spans, signals=("churn_intent",), text=CARD, **options):
    analysis = analysed([message("A", text)], {"A": heard(*signals)}, spans=[("A", 0, *span) for span in spans])
    (quote,) = escalation_queue(analysis, **options)["quote"]
    return quote


def test_the_quote_is_of_the_weightiest_reason_that_has_words():
    text = "C’est honteux, je vais résilier et saisir le juge."
    spans = ("anger", "C’est honteux"), ("churn_intent", "je vais résilier"), ("legal_threat", "saisir le juge")
    assert quote_of(*spans, text=text, signals=("churn_intent", "anger")) == "je vais résilier"
    assert quote_of(spans[0], text=text) == "C’est honteux"
    assert quote_of(text=text) is None


def test_personal_data_in_the_quote_are_masked_unless_asked_otherwise():
    assert "06 12" not in quote_of(("churn_intent", CARD))
    assert "je vais résilier" in quote_of(("churn_intent", CARD))
    assert quote_of(("churn_intent", CARD), mask=False) == CARD


# Weights and desks


def test_weights_replace_those_of_the_package():
    scores = {"A": heard("harm"), "B": heard("legal_threat")}
    assert queue_of(scores)["contact_id"].tolist() == ["B", "A"]
    assert queue_of(scores, weights={"harm": 1, "legal": 0.1})["contact_id"].tolist() == ["A", "B"]
    assert queue_of(scores, weights={"legal": 0})["contact_id"].tolist() == ["A"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"n": 0}, "n is 0, expected 1 or more contacts a day"),
        ({"weights": {"colere": 1}}, "got weights for colere, expected some of leaving, legal, harm"),
        ({"weights": {"harm": 1.5}}, "the weight of harm is 1.5, expected 0 to 1"),
        ({"weights": {"harm": float("nan")}}, "the weight of harm is nan, expected 0 to 1"),
    ],
)
def test_what_is_not_as_expected_is_refused(options, says):
    with pytest.raises(InputError, match=says):
        queue_of({"A": heard("harm")}, **options)


def test_an_analysis_without_signals_is_refused():
    with pytest.raises(InputError, match=r"no signals; score it with vm.Miner\(signals=True\)"):
        queue_of({"A": unheard()})


def test_own_desks_stand_beside_those_of_the_package(tmp_path):
    path = tmp_path / "bureaux.yaml"
    path.write_text("harm: cellule vulnérabilité\n", encoding="utf-8")
    routes = queue_of({"A": heard("harm"), "B": heard("churn_intent")}, routing=path).set_index("contact_id")["route"]
    assert routes.to_dict() == {"A": "cellule vulnérabilité", "B": "fidélisation"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("harm: [un, deux]", "is not reason: desk lines"),
        ("- harm", "is not reason: desk lines"),
        ("", "is not reason: desk lines"),
        ("harm: 3", "is not reason: desk lines"),
        ("harm: {", "cannot be read"),
        ("colere: bureau 12", "the routing names 'colere', expected some of leaving"),
        ("harm: \udce9", "cannot be read"),
        ("harm: 2026-13-45", "cannot be read .ValueError."),
        ("[" * 5000, "cannot be read .RecursionError."),
        (None, "cannot be read"),
    ],
)
def test_a_routing_that_is_not_understood_is_refused_by_name(tmp_path, text, says):
    path = tmp_path / "bureaux.yaml"
    if text is not None:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=says) as caught:
        queue_of({"A": heard("harm")}, routing=path)
    assert str(tmp_path) not in str(caught.value)


# How good it is


def test_precision_is_the_share_of_the_queue_that_was_wanted():
    records = [message(f"{day}{rank}", date=f"2026-03-{day} 10:00") for day in (13, 14) for rank in range(4)]
    queue = escalation_queue(analysed(records, {row["id"]: heard("harm") for row in records}), day="all")
    assert queue_precision(queue, set(queue["contact_id"])).value == 1
    assert queue_precision(queue, set()).value == 0
    half = queue_precision(queue, {row["id"] for row in records[:4]})
    assert (half.value, half.low, half.high) == (0.5, 0, 1)  # One day all right, the other all wrong.
    assert half == queue_precision(queue, {row["id"] for row in records[:4]})


def test_an_empty_queue_has_no_precision():
    with pytest.raises(InputError, match="nothing to measure"):
        queue_precision(queue_of({"A": heard()}), {"A"})
