"""The benchmark of signals, on a few texts made up here: each measure, and what it says of a bar that is missed."""

import importlib

import numpy as np
import pandas as pd
import pytest

from vocmine.errors import ReadError
from vocmine.schema import SIGNALS

LINE = "\t".join(
    (
        *("telecom", "chat", "fr-CA", "2", "negative", "complaint", "churn_intent,waiting"),
        "C: [toujours  pas de réseau|unresolved] et [j'en ai assez|anger,effort] // A: [Je comprends|empathic].",
    )
)


@pytest.fixture
def load():
    return importlib.import_module


def by_name(lines):
    return {(line.of, line.measure): line for line in lines}


def answers(said):
    """Make held-out answers that say anger and nothing else."""
    n = len(said)
    columns = {f"{kind}_{signal}": np.zeros(n) for signal in SIGNALS for kind in ("p", "said")}
    columns |= {"p_anger": np.where(said, 0.9, 0.1), "said_anger": np.array(said, dtype=int)}
    ids = [str(rank) for rank in range(n)]
    return pd.DataFrame({"contact_id": ids, "fold": np.arange(n) % 5, "frustration": np.array(said) * 2, **columns})


def labels(true):
    return {
        str(rank): {"signals": {"anger": "c'est honteux"} if there else {}, "frustration": 2 * int(there)}
        for rank, there in enumerate(true)
    }


class TestSuites:
    def test_reads_turns_marks_and_traps(self, load, tmp_path):
        suites = load("signals_suites")
        path = tmp_path / "some.tsv"
        path.write_text(LINE + "\n", encoding="utf-8")
        (contact,) = suites.read_suite(path)
        customer, agent = contact.turns
        assert contact.variant == "fr-CA"
        assert contact.traps == {"churn_intent", "waiting"}
        assert contact.labels == {"unresolved", "anger", "effort", "empathic"}
        assert [(customer.text[start:end], label) for start, end, label in customer.marks] == [
            ("toujours pas de réseau", "unresolved"),
            ("j'en ai assez", "anger"),
            ("j'en ai assez", "effort"),
        ]
        assert (agent.agent, agent.text) == (True, "Je comprends.")

    def test_offsets_count_in_the_text_of_the_corpus(self, load, tmp_path):
        suites = load("signals_suites")
        path = tmp_path / "some.tsv"
        path.write_text(LINE + "\n", encoding="utf-8")
        contacts = suites.read_suite(path)
        turns = suites.corpus_of(contacts).turns
        assert turns["text"].to_pylist() == [turn.text for turn in contacts[0].turns]
        assert turns["speaker"].to_pylist() == ["customer", "agent"]

    def test_says_where_a_line_is_broken(self, load, tmp_path):
        path = tmp_path / "some.tsv"
        path.write_text(f"{LINE}\ntelecom\tchat\n", encoding="utf-8")
        with pytest.raises(ReadError, match="line 2: got 2 fields, expected 8"):
            load("signals_suites").read_suite(path)


class TestHeldOut:
    def test_counts_each_signal_and_frustration(self, load):
        true = [True] * 40 + [False] * 40
        said = [True] * 30 + [False] * 10 + [True] * 10 + [False] * 30
        lines = by_name(load("signals_accounts").held_out(answers(said), labels(true)))
        assert lines["anger", "F1"].value == pytest.approx(0.75)
        assert lines["anger", "F1"].low < 0.75 < lines["anger", "F1"].high
        assert lines["anger", "precision"].value == lines["anger", "recall"].value == 0.75
        assert lines["anger", "F1 of always yes"].value == pytest.approx(2 / 3, abs=1e-4)
        assert lines["anger", "lift over always yes"].value == pytest.approx(1 / 12, abs=1e-4)
        assert lines["frustration", "quadratic kappa"].value == pytest.approx(0.5)
        assert lines["frustration 2 or more", "F1"].value == pytest.approx(0.75)
        assert lines["anger", "F1, folds 3 and 4"].n == 16

    def test_bars_hold_for_frequent_signals_on_all_folds(self, load):
        accounts = load("signals_accounts")
        few, many = [True] * 20 + [False] * 60, [True] * 30 + [False] * 50
        assert by_name(accounts.held_out(answers(few), labels(few)))["anger", "F1"].met is None
        lines = by_name(accounts.held_out(answers(many), labels(many)))
        assert lines["anger", "F1"].met is True
        assert lines["anger", "F1, folds 3 and 4"].met is None

    def test_answers_that_are_not_there(self, load, tmp_path):
        with pytest.raises(ReadError, match=r"build_signals\.py writes it"):
            load("signals_accounts").read_answers(tmp_path / "none.csv")


class TestSuiteFigures:
    def test_traps_and_quebec(self, load):
        truth = np.array([True] * 8 + [False] * 8)
        quebec = np.tile([True, False], 8)
        found = truth.copy()
        found[0] = False  # a case from Quebec is overlooked
        found[9] = True  # a trap from France is taken
        figures = load("signals_suite").signal_figures(truth, found, ~truth, quebec)
        assert figures["precision"].value == pytest.approx(7 / 8)
        assert figures["recall"].value == pytest.approx(7 / 8)
        assert figures["traps taken"].value == pytest.approx(1 / 8)
        assert figures["Quebec less France, recall"].value == pytest.approx(-1 / 4)
        assert figures["Quebec less France, precision"].value == pytest.approx(1 / 5)

    def test_styles_by_turn(self, load):
        told = pd.Series([["solution"], ["empathic"], []])
        lines = by_name(load("signals_suite").style_lines([{"solution"}, {"solution"}, {"empathic"}], told))
        assert lines["solution", "precision by turn"].value == 1
        assert lines["solution", "recall by turn"].value == 0.5
        assert lines["empathic", "precision by turn"].value == 0


class TestWords:
    TEXT = "Bonjour, j’en ai ras le bol, toujours pas de réponse."

    def test_half_of_the_quote_is_enough(self, load):
        words = load("signals_words")
        quote = (0, *words.place(self.TEXT, "j'en ai  ras le bol"))
        half = (0, *words.place(self.TEXT, "ras le bol"))
        less = (0, *words.place(self.TEXT, "le bol, toujours"))
        assert words.Shown.of([self.TEXT], [half], [quote]) == words.Shown(True, (3,), (6,))
        assert not words.Shown.of([self.TEXT], [less], [quote]).covered

    def test_spans_that_are_too_long_or_beside_miss_the_bars(self, load):
        words = load("signals_words")
        pairs = [words.Shown(True, (9,), (3,)), words.Shown(False, (6,), (3,))]
        covered, length = words.span_lines("accounts", pairs)
        assert (covered.value, length.value) == (0.5, 2.5)
        assert (covered.met, length.met) == (False, False)

    def test_only_right_pairs_count(self, load):
        spans = pd.DataFrame(
            [("1", "anger", 9, 27), ("1", "harm", 0, 7), ("2", "anger", 0, 7)],
            columns=["contact_id", "signal", "start", "end"],
        )
        known = {"1": {"signals": {"anger": "ras le bol"}, "frustration": 2}}
        (pair,) = load("signals_words").pairs_of_accounts(spans, known, {"1": self.TEXT})
        assert pair.covered

    def test_a_quote_that_is_nowhere_is_not_told(self, load):
        with pytest.raises(ReadError) as error:
            load("signals_words").place(self.TEXT, "jamais dit")
        assert "jamais" not in str(error.value)


class TestCost:
    def test_both_run_in_every_round(self, load):
        runs = []
        ratios = load("signals_cost").time_ratios(lambda: runs.append("full"), lambda: runs.append("bare"), rounds=3)
        assert len(ratios) == 3
        assert runs == ["full", "bare", "bare", "full", "full", "bare", "bare", "full"]

    def test_the_median_is_held_against_the_bar(self, load):
        line = load("signals_cost").cost_line("accounts", [1.1, 1.3, 1.25])
        assert (line.value, line.low, line.high, line.met) == (1.25, 1.1, 1.3, False)


class TestQueue:
    def test_wanted_are_the_grave_and_the_furious(self, load):
        truth = pd.DataFrame(
            {
                "contact_id": list("abcd"),
                "signals": ["harm anger", "anger", None, "legal_threat"],
                "frustration": [2, 2, 3, 1],
            }
        )
        assert load("signals_queue").wanted_contacts(truth) == {"a", "c", "d"}

    def test_precision_beside_chance_and_sentiment(self, load):
        ids = [f"{day}-{rank}" for day in (1, 2) for rank in range(10)]
        others = pd.DataFrame({"contact_id": ids, "day": ["1"] * 10 + ["2"] * 10, "p_negative": np.arange(20) % 10})
        queue = others[others["contact_id"].str[-1] < "5"].assign(rank=[1, 2, 3, 4, 5] * 2)
        wanted = {name for name in ids if name[-1] < "4"}
        lines = by_name(load("signals_queue").queue_lines(queue, others, wanted))
        assert lines["all candidates", "share wanted"].value == pytest.approx(0.4)
        assert lines["queue", "precision at 5 a day"].value == pytest.approx(0.8)
        assert lines["most negative first", "precision at 5 a day"].value == 0


class TestReport:
    def test_a_missed_bar_is_printed_as_missed(self, load):
        measured = load("signals_figures").Measured
        missed = measured("anger", "recall", 0.8, 60, 0.7, 0.9, at_least=0.85)
        met = measured("traps", "taken", 0.05, 60, at_most=0.08)
        first, second = load("signals").table({"suite": [missed, met]}).splitlines()[2:]
        assert first.endswith("≥ 0.85  MISSED")
        assert second.endswith("≤ 0.08  met")

    def test_lines_come_back_from_json(self, load):
        measured = load("signals_figures").Measured
        line = measured("anger", "recall", 0.8, 60, 0.7, 0.9, at_least=0.85)
        assert measured.from_json(line.to_json()) == line
