"""Themes that come up in texts: found within days, named by what is said, and not where nothing begins."""

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from vocmine.errors import InputError
from vocmine.issues.documents import Documents
from vocmine.issues.themes import ThemeScan, follow_themes

DAYS, EACH, WIDTH, ONSET = 90, 20, 48, 80
FIRST = pd.Timestamp("2026-01-05")
USUAL = [f"mot{number}" for number in range(60)]


def drawn(rate=0, *, seed=0, days=DAYS, words=True, near=True):
    """Twenty a day of ten reasons; from day 80 on so many a day about the pump: a word, a place, or both."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 1, (11, WIDTH))
    ids, when, vectors, terms = [], [], [], []
    for day in range(days):
        for rank in range(EACH + (rate if day >= ONSET else 0)):
            new = rank >= EACH
            reason = 10 if new and near else int(rng.integers(10))
            ids.append(f"{'N' if new else 'A'}{day}-{rank}")
            when.append(day)
            vectors.append(centres[reason] + rng.normal(0, 1.2, WIDTH))
            terms.append({*rng.choice(USUAL, 4), *({"pompe"} if new and words else ())})
    return Documents.made(np.array(ids, dtype=object), np.array(when), np.array(vectors), terms, FIRST)


@pytest.mark.parametrize(("words", "near"), [(True, True), (True, False), (False, True)])
def test_what_begins_is_found_within_days_by_its_words_or_its_place(words, near):
    documents = drawn(6, words=words, near=near)
    (theme,) = follow_themes(ThemeScan(documents), 6.0, first=60)
    assert ONSET <= theme.raised <= ONSET + 5
    assert abs(theme.onset - ONSET) <= 2
    names = documents.contact_ids[list(theme.members)]
    assert np.mean([name.startswith("N") for name in names]) > 0.4
    assert (theme.term == "pompe") == words
    assert theme.p_value < 1e-4


@pytest.mark.parametrize(("kind", "words", "near"), [("density", True, False), ("bursts", False, True)])
def test_each_evidence_is_blind_to_the_other(kind, words, near):
    documents = drawn(6, words=words, near=near)
    assert follow_themes(ThemeScan(documents, kind), 6.0, first=60) == []


def test_nothing_is_found_where_nothing_begins():
    found = [follow_themes(ThemeScan(drawn(seed=seed)), 6.0, first=60) for seed in range(3)]
    assert found == [[], [], []]


def test_days_to_come_change_nothing():
    whole, cut = drawn(6), drawn(6, days=ONSET + 4)
    day = ONSET + 3
    scores = [[theme.score for theme in ThemeScan(one).themes(day)] for one in (whole, cut)]
    np.testing.assert_allclose(scores[0], scores[1], atol=1e-5)


def test_a_theme_is_told_once_and_grows():
    documents = drawn(6)
    (theme,) = follow_themes(ThemeScan(documents), 6.0, first=60)
    assert theme.last == DAYS - 1
    assert len(theme.members) >= 40


def test_a_short_history_has_no_themes():
    assert ThemeScan(drawn(days=30)).themes(29) == []
    empty = Documents.made(np.array([], dtype=object), np.array([], dtype=int), np.zeros((0, 3)), [], FIRST)
    assert follow_themes(ThemeScan(empty), 6.0) == []


def test_what_makes_no_sense_says_so():
    with pytest.raises(InputError, match="expected both, density or bursts"):
        ThemeScan(drawn(days=3), "magic")
    with pytest.raises(InputError, match="day is -1"):
        ThemeScan(drawn(days=3)).themes(-1)
    with pytest.raises(InputError, match="as many of each"):
        Documents.made(np.array(["a"], dtype=object), np.array([1, 2]), np.zeros((1, 3)), [set()], FIRST)


@pytest.fixture(scope="module")
def analysis():
    """Six bills a day in many words; from day 60 on twelve heat pumps, elsewhere in space."""
    rng = np.random.default_rng(0)
    rows, vectors = [], []
    for day in range(66):
        for rank in range(6 + (12 if day >= 60 else 0)):
            pump = rank >= 6
            word = rng.choice(USUAL)
            bill, noise = f"Ma facture d'électricité de {word} a augmenté.", f"Ma pompe à chaleur {word} fait du bruit."
            said = noise if pump else bill
            when = FIRST + pd.Timedelta(days=day, hours=9)
            rows.append({"id": f"A{len(rows)}", "client": f"C{len(rows)}", "texte": said, "date": str(when)})
            rows[-1] |= {"locuteur": "client", "langue": "fr"}
            vectors.append(np.eye(8)[int(pump)] + rng.normal(0, 0.2, 8))
    return analysed(rows, embeddings=np.array(vectors))


def test_an_alert_of_a_theme_is_named_counted_and_quoted(analysis):
    alerts = vm.emerging_themes(analysis)
    (told,) = list(alerts)
    assert told["kind"] == "theme"
    assert "pompe" in told["label"]
    assert (FIRST + pd.Timedelta(days=60)).date() <= told["raised"] <= (FIRST + pd.Timedelta(days=62)).date()
    assert told["observed"] == len(told["contact_ids"]) >= 25
    assert told["expected"] < 3 < told["ratio_low"]
    assert "pompe" in told["quotes"][0]
    assert told["customers"] == told["observed"]
    assert alerts.days.num_rows == 28 + 6


def test_themes_and_counts_add_up_and_tell_one_thing_once(analysis):
    counts, themes = vm.IssueDetector().detect(analysis, ["channel"]), vm.emerging_themes(analysis)
    assert len(counts) == len(themes) == 1  # both see the pumps
    both = counts + themes
    assert both.budget == pytest.approx(0.35)
    (told,) = list(both)
    assert told["score"] == max(row["score"] for row in [*counts, *themes])
    assert set(both.days["alert_id"].to_pylist()) == {told["alert_id"]}
    assert len(counts + counts.empty(budget=0.1)) == 1


def test_fewer_false_themes_take_more_evidence(analysis):
    with pytest.raises(InputError, match="more than 0"):
        vm.emerging_themes(analysis, false_alerts_per_week=0)
    assert len(vm.emerging_themes(analysis, false_alerts_per_week=1e-120)) == 0


def test_contacts_without_dates_have_no_themes():
    assert len(vm.emerging_themes(analysed([{"id": "A", "texte": "Ma pompe à chaleur."}]))) == 0
