"""The speed benchmark: its arithmetic, what the contestants are given, and what is written."""

import importlib
import itertools
import json
import os
import statistics
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from vocmine.errors import InputError
from vocmine.inference import EncoderConfig, Model
from vocmine.miner import Miner

SIZES = {
    "vocab_size": 20,
    "hidden_size": 8,
    "intermediate_size": 24,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "max_position_embeddings": 12,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
    "pad_token_id": 1,
}


def imported(name):
    """Return a fixture: scripts can be imported only once their folder is known."""

    @pytest.fixture(scope="module", name=name)
    def fixture(_benchmarks_can_be_imported):
        return importlib.import_module(name)

    return fixture


speed = imported("speed")
speed_bars = imported("speed_bars")
speed_contestant = imported("speed_contestant")
speed_export = imported("speed_export")
speed_fresh = imported("speed_fresh")
speed_labels = imported("speed_labels")
speed_memory = imported("speed_memory")
speed_ours = imported("speed_ours")
speed_peaks = imported("speed_peaks")
speed_peers = imported("speed_peers")
speed_report = imported("speed_report")
speed_rounds = imported("speed_rounds")
speed_texts = imported("speed_texts")


@pytest.fixture(scope="module")
def model():
    return Model.from_pretrained("embedded")


@pytest.fixture(scope="module")
def samples(speed_texts, model):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("VOCMINE_DATA", raising=False)
        return [speed_texts.sample(kind, 3, model) for kind in speed_texts.KINDS]


class TestOperations:
    def test_are_those_that_pytorch_counts(self, speed_peaks):
        from transformers import BertConfig, BertModel

        encoder = BertModel(BertConfig(**SIZES, attn_implementation="eager"), add_pooling_layer=False)
        counter = FlopCounterMode(display=False)
        with torch.no_grad(), counter:
            for tokens in (5, 9):
                encoder(input_ids=torch.zeros(1, tokens, dtype=torch.long))
        assert speed_peaks.operations(EncoderConfig(**SIZES), np.array([5, 9])) == counter.get_total_flops()

    def test_of_a_peak_are_those_of_its_product(self, speed_peaks):
        now = itertools.count()
        rate = speed_peaks.rate(lambda: next(now), (3, 4, 5), seconds=1e-3)
        assert rate > 0
        assert next(now) > 2  # the first warms up

    def test_a_peak_is_the_best_of_all_libraries_and_shapes(self, speed_peaks):
        found = speed_peaks.Peaks(1, shapes=((8, 16, 8), (64, 64, 64))).measure()
        assert set(found) == {"float32", "int8"}
        assert all(peak.shape == (64, 64, 64) for peak in found.values())


class TestReport:
    TIMES: ClassVar = {"transformers pipeline": [2.0, 9.0, 2.0], "ours": [1.0, 3.0, 1.0]}

    @pytest.fixture
    def rows(self, speed_report):
        timings = [
            speed_report.Timing("contacts", name, "float32", seconds, 0.0, None) for name, seconds in self.TIMES.items()
        ]
        work = {"contacts": speed_report.Work(texts=10, tokens=600, operations=3e9)}
        return speed_report.rows(timings, work, {"float32": [6e9, 2e9, 6e9]})

    def test_ratios_are_taken_within_rounds(self, rows):
        assert rows[1]["ratio"] == {"median": 2.0, "min": 2.0, "max": 3.0}

    def test_the_share_of_the_peak_is_that_of_the_same_round(self, rows):
        assert rows[1]["peak_share"] == {"median": 0.5, "min": 0.5, "max": 0.5}

    def test_rates_are_by_the_second(self, rows):
        assert rows[0]["texts_a_second"]["median"] == 5
        assert rows[0]["tokens_a_second"]["max"] == 300

    def test_the_table_has_a_line_for_each(self, rows, speed_report):
        lines = speed_report.markdown(rows, "contacts").splitlines()
        assert lines[3] == "| ours | float32 | 2.00 [2.00, 3.00] | 10.0 | 600 | 50% | 0.0% |"
        assert len(speed_report.markdown(rows, "segments").splitlines()) == 2

    def test_more_cores_are_compared_with_one(self, rows, speed_report):
        faster = [{**row, "tokens_a_second": {"median": 2 * row["tokens_a_second"]["median"]}} for row in rows]
        assert set(speed_report.gains(rows, faster).values()) == {2}
        assert list(speed_report.gains(rows, faster[:1])) == ["contacts: transformers pipeline, float32"]


class TestBars:
    def rows(self, speed_report, ours):
        seconds = {
            speed_report.BASE: 2.0,
            speed_report.BATCHED: 5.0,
            speed_report.PLAIN: 1.0,
            "ours": ours,
        }
        timings = [
            speed_report.Timing(
                "contacts", name, "int8" if name in {"ours", speed_report.PLAIN} else "float32", [each], 0.0, None
            )
            for name, each in seconds.items()
        ]
        work = {"contacts": speed_report.Work(1, 1, 1e9)}
        return speed_report.rows(timings, work, {"float32": [1e9], "int8": [1e9]})

    @pytest.mark.parametrize(("ours", "held"), [(1.0, 4), (1.04, 3), (1.06, 2), (1.25, 1), (2.0, 0)])
    def test_hold_or_fail_one_by_one(self, speed_bars, speed_report, ours, held):
        bars = list(speed_bars.speed_bars(self.rows(speed_report, ours), "ours"))
        assert len(bars) == 4
        assert sum(bar.holds for bar in bars) == held

    def test_of_memory_are_limits_to_stay_under(self, speed_bars):
        memory = [{"way": "Miner.score", "precision": name, "peak_mb": 500.0} for name in ("int8", "float32")]
        (bar,) = speed_bars.memory_bars(memory)
        assert not bar.holds
        assert str(bar) == "FAILS  Miner.score, int8: peak memory in MB: 500.00, wanted ≤ 450"


class TestSamples:
    def test_are_distinct_texts_with_the_tokens_that_our_engine_counts(self, samples, model):
        for sample in samples:
            assert len({*sample.texts}) == 3
            assert sample.lengths.tolist() == [len(model.tokenizer.encode(text).ids) for text in sample.read]

    def test_are_refused_where_there_are_not_so_many(self, speed_texts, model, monkeypatch):
        monkeypatch.delenv("VOCMINE_DATA", raising=False)
        with pytest.raises(InputError, match="100000 segments are asked for"):
            speed_texts.sample("segments", 100_000, model)

    def test_windows_are_the_same_each_time(self, speed_texts):
        words = ["Toujours rien reçu depuis lundi, je veux mon argent"]
        first, again = (list(itertools.islice(speed_texts.windows(words, median_words=3), 20)) for _ in range(2))
        assert first == again
        assert all(window in words[0] for window in first)
        assert 1 <= statistics.median(len(window.split()) for window in first) <= 6

    def test_keep_the_lengths_of_all_texts_and_find_their_like_beside_them(self, speed_texts):
        lengths = np.random.default_rng(0).integers(20, 60, 5_000)
        drawn = lengths[speed_texts.as_in_a_large_run(lengths, 200)]
        assert np.percentile(drawn, [25, 50, 75]) == pytest.approx(np.percentile(lengths, [25, 50, 75]), abs=4)
        assert np.unique(drawn, return_counts=True)[1].mean() > 5
        assert not (np.diff(drawn) <= 0).all()

    def test_may_be_all_the_texts_there_are(self, speed_texts):
        assert sorted(speed_texts.as_in_a_large_run(np.array([9, 3, 9, 4]), 4)) == [0, 1, 2, 3]

    def test_contacts_are_as_long_as_real_ones(self, speed_texts, model, monkeypatch):
        monkeypatch.delenv("VOCMINE_DATA", raising=False)
        assert 110 < speed_texts.sample("contacts", 500, model).lengths.mean() < 170


class TestContestants:
    def test_pad_as_their_batches_make_them(self, speed_contestant, speed_texts):
        lengths = (2, 4, 4)
        sample = speed_texts.Sample("contacts", "", ["a", "b", "c"], ["a", "b", "c"], [np.ones(n) for n in lengths])
        share = {
            cut.__name__: speed_contestant.Contestant("", "", None, cut).padding_share(sample)
            for cut in (speed_contestant.one_by_one, speed_contestant.in_order, speed_contestant.by_length)
        }
        assert share == {"one_by_one": 0, "in_order": pytest.approx(1 / 6), "by_length": 0}

    def test_that_are_not_installed_are_left_out_aloud(self, speed_peers, capsys):
        assert speed_peers.made(lambda: importlib.import_module("a_package_that_is_not_there")) == []
        assert "LEFT OUT: No module named" in capsys.readouterr().out

    def test_read_the_tokens_that_we_read(self, speed_export, model, samples, tmp_path):
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(speed_export.save_transformers(model, tmp_path))
        for sample in samples:
            assert tokenizer(sample.read)["input_ids"] == [row.tolist() for row in sample.ids]


@pytest.fixture(scope="module")
def run(speed, speed_rounds, speed_peers, speed_ours, speed_export, speed_peaks, model, samples, tmp_path_factory):
    """What a run writes, with the contestants that are dependencies."""
    bert = speed_export.save_transformers(model, tmp_path_factory.mktemp("bert"))
    contestants = [*speed_peers.pipelines(bert), *speed_peers.onnx_runtime(model, 1), *speed_ours.ours(model, 1)]
    expected = {sample.kind: speed_ours.reference(model, sample) for sample in samples}
    peaks = speed_peaks.Peaks(1, shapes=((64, 64, 64),))
    found = speed_rounds.measure(contestants, samples, peaks, n_rounds=1, expected=expected)
    return json.loads(json.dumps(speed.summary(model, samples, found)))


class TestRun:
    def test_has_a_row_for_each_contestant_and_sample(self, run):
        keys = [(row["kind"], row["name"], row["precision"]) for row in run["rows"]]
        assert len(keys) == len(set(keys)) == 2 * 9
        assert {name for _, name, _ in keys} >= {"transformers pipeline", "ONNX Runtime", "vocmine"}

    def test_says_what_was_measured_on_what(self, run):
        assert [sample["texts"] for sample in run["samples"]] == [3, 3]
        assert run["samples"][0]["tokens_a_text"].keys() == {"mean", "p5", "p25", "p50", "p75", "p95", "p100"}
        assert run["peaks"].keys() == {"float32", "int8"}

    def test_has_every_figure_of_a_row(self, run, speed_report):
        for row in run["rows"]:
            assert row.keys() == speed_report.Row.__annotations__.keys()
            assert len(row["rounds"]) == 1
            assert row["seconds"]["min"] > 0

    def test_contestants_that_give_vectors_give_ours(self, run):
        agreed = {row["precision"]: row["agreement"] for row in run["rows"] if row["agreement"] is not None}
        assert agreed["float32"] > 0.9999
        assert agreed["int8"] > 0.98

    def test_can_be_held_to_the_bars(self, run, speed_bars, speed_ours):
        assert len(list(speed_bars.speed_bars(run["rows"], speed_ours.ALONE))) == 8


class TestFreshProcess:
    def test_has_no_more_cores_than_threads(self, speed_fresh, tmp_path):
        cores = os.sched_getaffinity(0)
        path = self.script(tmp_path, "import json, os; print(json.dumps({'cores': len(os.sched_getaffinity(0))}))")
        try:
            speed_fresh.pin(1)
            assert speed_fresh.in_fresh_process(path) == {"cores": 1}
            with pytest.raises(InputError, match="2 threads are asked for, this process may use 1"):
                speed_fresh.pin(2)
        finally:
            os.sched_setaffinity(0, cores)

    def script(self, tmp_path, text):
        path = tmp_path / "measure.py"
        path.write_text(text, encoding="utf-8")
        return path

    def test_gives_what_the_last_line_says(self, speed_fresh, tmp_path):
        path = self.script(tmp_path, "import sys; print('progress'); print('{\"threads\": ' + sys.argv[1] + '}')")
        assert speed_fresh.in_fresh_process(path, 2) == {"threads": 2}

    def test_that_fails_is_no_measurement(self, speed_fresh, tmp_path):
        with pytest.raises(InputError, match=r"measure\.py ended with status 3"):
            speed_fresh.in_fresh_process(self.script(tmp_path, "raise SystemExit(3)"))

    def test_the_peak_is_its_own_and_remembers_what_was_given_back(self, speed_fresh, tmp_path):
        ballast = np.ones(40_000_000)
        held = """
import json, sys
sys.path.insert(0, sys.argv[1])
from speed_fresh import peak_mb
before = peak_mb()
ballast = bytearray(range(256)) * 400_000
del ballast
print(json.dumps({"before": before, "after": peak_mb()}))
"""
        found = speed_fresh.in_fresh_process(self.script(tmp_path, held), Path(speed_fresh.__file__).parent)
        assert found["before"] < ballast.nbytes / 1e6
        assert found["after"] > found["before"] + 90


class TestMemory:
    def test_contacts_are_those_of_the_sample(self, speed_memory):
        first, *_ = contacts = speed_memory.messages(50)
        assert len(contacts) == 50
        assert first[0].startswith("Someone signed for my parcel")

    @pytest.mark.parametrize("way", ["score", "encode"])
    def test_is_measured_in_a_process_of_its_own(self, speed_memory, speed_fresh, way):
        script = Path(speed_memory.__file__)
        found = speed_fresh.in_fresh_process(script, way, "int8", "--contacts", 2)
        assert (found["precision"], found["contacts"]) == ("int8", 2)
        assert 0 < found["loaded_mb"] <= found["peak_mb"]


class TestLabels:
    def test_agree_with_themselves(self, speed_labels, model):
        miners = [Miner(model, device="cpu", precision=precision) for precision in ("float32", "float32", "int8")]
        texts = ["Merci beaucoup, dossier réglé en deux jours.", "Toujours pas remboursé, c'est honteux.", ""]
        alike = speed_labels.agreement("avis", texts, miners[:2])
        assert (alike["n"], alike["sentiment"], alike["satisfaction"], alike["largest_move"]) == (2, 1, 1, 0)
        assert speed_labels.agreement("avis", texts, miners[1:])["largest_move"] > 0

    def test_that_are_missing_in_both_are_the_same(self, speed_labels):
        one, other = pd.Series(["negative", None, None]), pd.Series(["negative", None, "positive"])
        assert speed_labels.same(one, other) == pytest.approx(2 / 3)
