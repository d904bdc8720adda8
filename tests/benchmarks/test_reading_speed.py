"""What is read, and what is divided by what."""

import importlib
import json
import sys

import pandas as pd
import pytest

import vocmine as vm


@pytest.fixture
def reading_speed():
    return importlib.import_module("reading_speed")


def test_each_table_is_read_by_both_in_each_format(reading_speed, tmp_path):
    files = dict.fromkeys(reading_speed.written(tmp_path, 1, 30))
    assert [(name, path.suffix) for name, path in files] == [
        ("turns", ".csv"),
        ("turns", ".parquet"),
        ("contacts", ".csv"),
        ("contacts", ".parquet"),
    ]
    for _, path in files:
        frame = reading_speed.PANDAS[path.suffix[1:]](path)
        assert vm.read(path, clean=False).rows_in == len(frame)


def test_no_long_text_is_there_twice(reading_speed):
    frame = reading_speed.long_texts(pd.read_csv(reading_speed.SAMPLE), 200)
    assert frame["commentaire"].is_unique
    assert frame["commentaire"].str.len().ge(reading_speed.LENGTH).all()


def test_ratios_are_taken_within_rounds(reading_speed, monkeypatch, tmp_path):
    path = tmp_path / "turns.csv"
    path.write_text("id,texte\n1,Bonjour\n", encoding="utf-8")
    # The first round warms up: its figures would spoil the ratios.
    timings = iter([1.0, 90.0, 1.0, 2.0, 2.0, 8.0, 5.0, 6.0])
    monkeypatch.setattr(reading_speed, "seconds", lambda _read, _path: next(timings))
    row = reading_speed.measured("turns", path, 2)
    assert row["ratio"] == {"median": 3.0, "min": 2.0, "max": 4.0}
    assert row["with"] == {"languages": 5.0, "languages and cleaning": 6.0}
    assert "3.00 times [2.00, 4.00]" in reading_speed.line(row)


def test_the_report_tells_what_the_figures_depend_on(reading_speed, monkeypatch, tmp_path, capsys):
    out = tmp_path / "reading_speed.json"
    arguments = ["--rounds", "1", "--copies", "1", "--contacts", "20", "--threads", "1", "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["reading_speed.py", *arguments])
    monkeypatch.setattr(reading_speed, "ABOVE", {})
    monkeypatch.setattr(reading_speed, "pin", lambda _threads: None)
    monkeypatch.setattr(reading_speed.pa, "set_cpu_count", lambda _threads: None)
    reading_speed.main()
    report = json.loads(out.read_text(encoding="utf-8"))
    assert {"pandas", "pyarrow"} <= report["about"]["versions"].keys()
    assert len(report["rows"]) == len(capsys.readouterr().out.splitlines()) == 4
